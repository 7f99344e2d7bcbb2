// Keys of the review desk. One listener on the document, so it keeps working after a swap.

const form = () => document.querySelector("[data-desk]");
const typing = (target) => target.closest("textarea, select, input:not([type=radio])") !== null;

function nextCriterion() {
  const held = document.activeElement?.closest("[data-criterion]");
  if (held && !held.querySelector(":checked")) return held;
  return [...document.querySelectorAll("[data-criterion]")].find((one) => !one.querySelector(":checked")) ?? held;
}

function mark() {
  const next = nextCriterion();
  for (const one of document.querySelectorAll("[data-criterion]")) one.classList.toggle("current", one === next);
}

function rate(digit) {
  const criterion = nextCriterion();
  const step = criterion?.querySelector(`input[value="${digit}"]`);
  if (!step) return;
  step.checked = true;
  const after = nextCriterion();
  (after?.querySelector(":checked") ?? after?.querySelector("input") ?? step).focus();
  mark();
}

function takeBack() {
  const rated = [...document.querySelectorAll("[data-criterion]")].filter((one) => one.querySelector(":checked"));
  const last = rated.at(-1)?.querySelector(":checked");
  if (!last) return;
  last.checked = false;
  last.focus();
  mark();
}

function vote(verdict) {
  const choice = document.querySelector(`input[name=verdict][value=${verdict}]`);
  if (!choice) return;
  choice.checked = true;
  choice.focus();
}

const votes = { ArrowLeft: "left", a: "left", ArrowRight: "right", b: "right", "=": "equal", x: "both_bad" };

document.addEventListener("keydown", (event) => {
  const desk = form();
  if (!desk || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (document.querySelector("dialog[open]") || typing(event.target)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (key === "?") {
    document.getElementById("keys").showModal();
  } else if (key === "g") {
    const guidelines = document.querySelector("[data-guidelines]");
    guidelines.open = !guidelines.open;
  } else if (key === "Enter" && !event.target.closest("a, button, summary")) {
    desk.requestSubmit(desk.querySelector("[value=submit]"));
  } else if (desk.dataset.desk === "score" && /^[1-5]$/.test(key)) {
    rate(key);
  } else if (desk.dataset.desk === "score" && key === "u") {
    takeBack();
  } else if (desk.dataset.desk === "score" && key === "e") {
    document.querySelector("[data-key=e]").click();
  } else if (desk.dataset.desk === "compare" && votes[key]) {
    vote(votes[key]);
  } else {
    return;
  }
  event.preventDefault();
});

document.addEventListener("change", mark);
document.addEventListener("focusin", mark);
document.addEventListener("htmx:afterSwap", () => {
  const error = document.querySelector("[data-desk] .errorlist");
  if (error) error.closest("fieldset")?.querySelector("input")?.focus();
  else document.querySelector("[data-focus], .empty h1")?.focus();
  if (!error) window.scrollTo({ top: 0 });
  mark();
});
document.addEventListener("htmx:sendError", () => {
  const status = document.querySelector("[role=status]");
  if (status) status.textContent = "We could not reach VoiceLab. Your answer is still here: submit it again in a moment.";
});
mark();
