// The pair's desk beyond its keys: what is typed goes to the server every few seconds, facts are added to the brief
// in place, the cursor says where to split, and a toast goes after ten seconds.

const AFTER_TYPING = 1500; // ms without a key before what was typed is sent
const RENEW = 180_000; // ms after which a sign of work renews the hold
const TOAST = 10_000; // ms

const form = document.querySelector("form[data-saves]");
const FIELDS = ["channel", "topic", "facts", "audience", "call_to_action", "output"];
const now = () => JSON.stringify(FIELDS.map((name) => form.elements[name]?.value));
const sending = { stored: form && now(), typedAt: 0, activeAt: 0, savedAt: Date.now(), request: null };
let leaving = false;

function say(sentence) {
  const place = form.querySelector("[data-saved-at]");
  if (place.textContent !== sentence) place.textContent = sentence;
}

async function save(keepalive = false) {
  const sent = now();
  const body = new FormData(form);
  body.set("act", "save");
  sending.request = new AbortController();
  sending.savedAt = Date.now();
  try {
    const { signal } = sending.request;
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual", keepalive, signal });
    if (answer.type === "opaqueredirect") return say("Not saved: you are signed out. What you typed stays in this browser.");
    if (!answer.ok) return say("Not saved: reload the page. What you typed stays in this browser.");
    const { said, version, flags } = await answer.json();
    say(said);
    if (version) stored(sent, version);
    if (sent === now()) show(flags);
  } catch (error) {
    if (error.name !== "AbortError") say("Not saved yet: no connection. What you typed stays in this browser.");
  } finally {
    sending.request = null;
  }
  return undefined;
}

function stored(sent, version) {
  sending.stored = sent;
  form.dispatchEvent(new CustomEvent("voicelab:stored", { bubbles: true, detail: version }));
  if (sent !== now()) form.dispatchEvent(new Event("input", { bubbles: true }));
}

function show(flags) {
  const place = form.querySelector("[data-flags]");
  if (place.dataset.shown === flags) return;
  const had = place.contains(document.activeElement);
  place.dataset.shown = flags;
  place.innerHTML = flags;
  if (had) (place.querySelector("button") ?? form.elements.facts).focus();
}

function tick() {
  const time = Date.now();
  if (leaving || sending.request) return;
  if (now() !== sending.stored) {
    if (time - sending.typedAt >= AFTER_TYPING && time - sending.savedAt >= AFTER_TYPING) save();
  } else if (sending.activeAt > sending.savedAt && time - sending.savedAt >= RENEW) save();
}

function addFact(button) {
  const { facts } = form.elements;
  facts.value = `${facts.value.trimEnd()}\n${button.dataset.add}`.trimStart();
  const rest = [...form.querySelectorAll("[data-add]")].filter((one) => one !== button);
  if (button === document.activeElement) (rest[0] ?? facts).focus();
  rest[0]?.setAttribute("data-key", "f");
  if (rest.length) button.remove();
  else button.closest("p").remove();
  facts.dispatchEvent(new Event("input", { bubbles: true }));
  sending.typedAt = 0;
}

// Counted in characters as the server does, not in UTF-16 units.
function splitAtCursor() {
  const { at, output } = form.elements;
  if (!at.value) at.add(new Option("", [...output.value.slice(0, output.selectionStart)].length, true, true));
}

if (form) {
  form.addEventListener("input", () => (sending.typedAt = Date.now()));
  form.addEventListener("click", (event) => {
    const add = event.target.closest("[data-add]");
    if (add) {
      event.preventDefault();
      addFact(add);
    }
    if (event.target.closest("[value=split]")) splitAtCursor();
  });
  for (const name of ["keydown", "pointermove", "scroll", "wheel"]) {
    document.addEventListener(name, () => (sending.activeAt = Date.now()), { passive: true });
  }
  setInterval(tick, 500);
  window.addEventListener("pagehide", () => {
    if (!leaving && now() !== sending.stored) save(true);
  });
}

document.addEventListener("submit", () => {
  leaving = true;
  sending.request?.abort();
});
window.addEventListener("pageshow", () => (leaving = false));
// Between a decision and the next pair a key would land on the one that is leaving.
window.addEventListener(
  "keydown",
  (event) => {
    if (!leaving) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  true,
);

const toast = document.querySelector("[data-toast]");
function hideToast() {
  if (toast.matches(":hover, :focus-within")) setTimeout(hideToast, 1000);
  else toast.classList.add("aside");
}
if (toast) setTimeout(hideToast, TOAST);
