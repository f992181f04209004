// A wedge scanner types the code like a very fast keyboard and ends with Enter. It works anywhere on the page; what
// people type into a field is left alone. Prefixes of readers (]Q1, \000026) are the server's business.

const GAP_MS = 90; // between two keys; hands are slower over this many
const MIN_KEYS = 8; // a booking code
const MAX_KEYS = 512;

/** `onCode(text)` for every complete burst of keys while `isActive()`. */
export function wedge({ onCode, isActive }) {
  let typed = "";
  let lastAt = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      if (!isActive() || isOthersField(event.target) || event.ctrlKey || event.metaKey) return;
      if (event.timeStamp - lastAt > GAP_MS) typed = "";
      if (event.key.length === 1 && typed.length < MAX_KEYS) {
        typed += event.key;
        lastAt = event.timeStamp;
      } else if (event.key === "Enter" && typed.length >= MIN_KEYS) {
        event.preventDefault(); // neither the focused button nor the form
        event.stopPropagation();
        const code = typed;
        typed = "";
        if (event.target.matches?.("[data-wedge]")) event.target.value = "";
        onCode(code);
      }
    },
    { capture: true },
  );
}

function isOthersField(target) {
  return target.matches?.("input, textarea, select, [contenteditable]") && !target.matches("[data-wedge]");
}
