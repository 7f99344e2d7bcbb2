// Active seconds of an edit: the gaps between a person's own events while the page is visible, each counted
// for a minute at most, so that a phone call is not work. It goes on after a reload.

const field = document.querySelector("[data-clock]");
const longest = 60;
const place = `voicelab:clock:${location.pathname}`;
let active = Number(sessionStorage.getItem(place) ?? 0);
let last = performance.now();

function count() {
  const now = performance.now();
  active += Math.min((now - last) / 1000, longest);
  last = now;
  field.value = active.toFixed(1);
  sessionStorage.setItem(place, field.value);
}

if (field) {
  for (const name of ["keydown", "input", "pointerdown", "scroll"]) document.addEventListener(name, count, { passive: true });
  document.addEventListener("visibilitychange", () => (document.hidden ? count() : (last = performance.now())));
  field.form.addEventListener("submit", count);
} else {
  sessionStorage.removeItem(place);
}
