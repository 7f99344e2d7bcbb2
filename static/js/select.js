// Ticking pairs: one box for all rows of the page, and how many are ticked. Without this, each row has its box.

const form = document.querySelector("[data-select]");

if (form) {
  const all = form.querySelector("[data-select-all]");
  const everything = form.querySelector("[data-select-everything]");
  const told = form.querySelector("[data-select-count]");
  const boxes = () => [...form.querySelectorAll("input[name='pair']")];

  const tell = () => {
    const ticked = boxes().filter((box) => box.checked).length;
    all.checked = ticked === boxes().length;
    all.indeterminate = ticked > 0 && !all.checked;
    for (const box of [...boxes(), all]) box.disabled = Boolean(everything?.checked);
    if (everything?.checked) told.textContent = "With all that match:";
    else told.textContent = ticked ? `With the ${ticked} ticked:` : "With the ticked pairs:";
  };

  all.hidden = false;
  form.addEventListener("change", (event) => {
    if (event.target === all) for (const box of boxes()) box.checked = all.checked;
    tell();
  });
  // The browser keeps ticks over a reload and on the way back.
  addEventListener("pageshow", tell);
}
