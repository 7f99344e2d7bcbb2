// Keys of the desks (score, compare, validate, pair). One listener on the document, so it keeps working after a swap.

const desk = () => document.querySelector("[data-desk]");
const criteria = () => [...document.querySelectorAll("[data-criterion]")];
const typing = (target) => target.closest("textarea, select, input:not([type=radio])") !== null;

function nextCriterion() {
  const held = document.activeElement?.closest("[data-criterion]");
  if (held && !held.querySelector(":checked")) return held;
  return criteria().find((one) => !one.querySelector(":checked")) ?? held;
}

function mark() {
  const next = nextCriterion();
  for (const one of criteria()) one.classList.toggle("current", one === next);
}

function choose(input) {
  if (!input) return;
  input.checked = true;
  input.focus();
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

function rate(digit) {
  choose(nextCriterion()?.querySelector(`input[value="${digit}"]`));
  const after = nextCriterion();
  (after?.querySelector(":checked") ?? after?.querySelector("input"))?.focus();
}

const vote = (verdict) => choose(document.querySelector(`input[name=verdict][value=${verdict}]`));

// The last mark on this page first; when there is none, the answer before it.
function takeBack() {
  const last = [...document.querySelectorAll("[data-desk] :checked")].at(-1);
  if (!last) {
    document.querySelector("[data-take-back]")?.requestSubmit();
    return;
  }
  last.checked = false;
  last.focus();
  last.dispatchEvent(new Event("change", { bubbles: true }));
}

function showGuidelines() {
  const guidelines = document.querySelector("[data-guidelines]");
  if (!guidelines) return;
  guidelines.open = !guidelines.open;
  if (guidelines.open) guidelines.querySelector("summary").focus();
  else document.querySelector("[data-focus]")?.focus();
}

const press = (selector) => document.querySelector(selector)?.click();
// Of the buttons of a form, the one that Enter means; its first may be there for another reason.
const meant = (form) => form.querySelector("[value=submit], [value=accept], [value=reject]") ?? form.querySelector("button");
const submit = (form) => form.requestSubmit(meant(form));

// Keys that the page itself gives to its elements: data-key presses one, data-focus-key goes to one. Those inside
// data-keys="r" work while the focus is there, and R leads there.
function onPage(key) {
  const all = `[data-key="${CSS.escape(key)}"], [data-focus-key="${CSS.escape(key)}"]`;
  const free = (one) => !one.closest("[data-keys]");
  const group = document.activeElement?.closest("[data-keys]");
  const one = group?.querySelector(all) ?? [...document.querySelectorAll(all)].find(free);
  const entry = one ?? document.querySelector(`[data-keys="${CSS.escape(key)}"] [data-key]`);
  if (!entry) return undefined;
  return () => (one?.hasAttribute("data-key") ? one.click() : entry.focus());
}
const everywhere = {
  "?": () => document.getElementById("keys").showModal(),
  g: showGuidelines,
  s: () => press("[data-desk] [value=skip], a[data-skip]"),
};
const judging = { u: takeBack, c: () => document.getElementById("id_comment").focus(), f: () => press("[data-desk] [value=flag]") };
const keys = {
  score: { ...everywhere, ...judging, e: () => press("[data-edit]") },
  compare: {
    ...everywhere,
    ...judging,
    ArrowLeft: () => vote("left"),
    a: () => vote("left"),
    ArrowRight: () => vote("right"),
    b: () => vote("right"),
    "=": () => vote("equal"),
    x: () => vote("both_bad"),
  },
  validate: { ...everywhere, ...judging },
  edit: { g: showGuidelines },
  pair: { "?": everywhere["?"], g: showGuidelines },
};
for (const digit of "12345") keys.score[digit] = () => rate(digit);

document.addEventListener("keydown", (event) => {
  const form = desk();
  if (event.isComposing || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape") {
    if (typing(event.target)) event.target.blur();
    else if (document.querySelector("[data-guidelines][open]")) showGuidelines();
    return;
  }
  if (!form) {
    if (event.key === "u" && !typing(event.target)) takeBack();
    return;
  }
  const from = event.target.closest("form");
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing(event.target) && from) {
    submit(from);
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  // Between a post and its answer a key would land on the task that is leaving.
  if (document.querySelector(".htmx-request")) return event.preventDefault();
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = keys[form.dataset.desk][key] ?? onPage(event.key) ?? onPage(key);
  if (act) act();
  else if (event.key === "Enter" && !event.repeat && !event.target.closest("a, button, summary")) submit(form);
  else return;
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-show-keys]")) document.getElementById("keys").showModal();
});
document.addEventListener("change", mark);
document.addEventListener("focusin", mark);
document.addEventListener("htmx:afterSwap", () => {
  const error = document.querySelector("[data-desk] .errorlist");
  if (error) error.closest("fieldset, form").querySelector("input:not([type=hidden])")?.focus();
  else document.querySelector("[data-focus]")?.focus();
  if (!error) window.scrollTo({ top: 0 });
  mark();
});
mark();
