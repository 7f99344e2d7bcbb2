// Keeps what is typed in a form with data-keep: a reload, a lost connection, a sign-in in between or a skip that is
// taken back costs nothing. One entry a form, in this tab alone, until it closes.

const forms = () => document.querySelectorAll("form[data-keep]");
const place = (form) => `voicelab:${location.pathname}:${form.dataset.keep}`;
const kept = (field) => field.name && !["hidden", "submit"].includes(field.type) && field.tagName !== "BUTTON";

function keep(form) {
  const values = [...form.elements].filter((field) => kept(field) && (field.type !== "radio" || field.checked));
  sessionStorage.setItem(place(form), JSON.stringify(values.map((field) => [field.name, field.value])));
}

function restore(form) {
  // What the server shows after an error is newer than what is kept.
  if (form.dataset.restored || form.querySelector(".errorlist")) return;
  form.dataset.restored = "yes";
  for (const [name, value] of JSON.parse(sessionStorage.getItem(place(form)) ?? "[]")) {
    const field = form.elements.namedItem(name);
    if (field) field.value = value;
  }
}

function say(form, sentence) {
  const trouble = form.querySelector("[data-trouble]") ?? document.querySelector("[data-trouble]");
  if (trouble) trouble.textContent = sentence;
}

for (const name of ["input", "change"]) {
  document.addEventListener(name, (event) => {
    const form = event.target.closest("form[data-keep]");
    if (form) keep(form);
  });
}

// The server has it now under this version; another machine may go on from there, so the older entry goes.
document.addEventListener("voicelab:stored", (event) => {
  sessionStorage.removeItem(place(event.target));
  event.target.dataset.keep = event.detail;
});

document.addEventListener("htmx:beforeRequest", (event) => say(event.target, ""));
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if (xhr.responseURL && new URL(xhr.responseURL).pathname !== location.pathname) {
    // Signed out meanwhile: the answer is the sign-in page. It leads back here, and what was typed is kept.
    event.detail.shouldSwap = false;
    location.reload();
  }
});
document.addEventListener("htmx:afterSwap", () => forms().forEach(restore));
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) =>
    say(event.target, "We could not reach VoiceLab. Your answer is still here: submit it again in a moment."),
  );
}
document.addEventListener("htmx:responseError", (event) =>
  say(
    event.target,
    event.detail.xhr.status < 500
      ? "This page is out of date, so your answer was not saved. Reload it: what you entered stays."
      : "VoiceLab could not save this. Your answer is still here: submit it again in a moment.",
  ),
);
forms().forEach(restore);
for (const saved of document.querySelectorAll("[data-saved]")) {
  sessionStorage.removeItem(`voicelab:${location.pathname}:${saved.dataset.saved}`);
}
