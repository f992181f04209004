// A wedge scanner types the code like a very fast keyboard and ends with Enter. It works anywhere on the page; fields
// keep their keys (the form beside the camera knows what to do with a code), except that a whole code leaves a field marked
// `data-wedge`. Prefixes of readers (]Q1, \000026) are the server's business.

const GAP_MS = 500; // a pause this long ends a burst; outside fields nobody types by hand
const MIN_KEYS = 7; // the shortest passport number; a booking code has 8
const CODE_KEYS = 29; // a whole pickup code: no plate and no queue number is as long
const MAX_KEYS = 512;

/** `onCode(text)` for every burst of keys that ends with Enter while `isActive()`. */
export function wedge({ onCode, isActive }) {
  let typed = "";
  let lastAt = 0;

  document.addEventListener(
    "keydown",
    (event) => {
      const field = isField(event.target) ? event.target : null;
      if (!isActive() || (field && !("wedge" in field.dataset)) || event.ctrlKey || event.metaKey) return;
      if (event.timeStamp - lastAt > GAP_MS) typed = "";
      if (event.key.length === 1 && typed.length < MAX_KEYS) {
        typed += event.key;
        lastAt = event.timeStamp;
      } else if (event.key === "Enter" && typed.length >= (field ? CODE_KEYS : MIN_KEYS)) {
        event.preventDefault(); // the focused button is not meant
        event.stopPropagation();
        if (field) empty(field);
        onCode(typed);
        typed = "";
      }
    },
    { capture: true },
  );
}

function empty(field) {
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

function isField(target) {
  return target.matches?.("input, textarea, select, [contenteditable]") ?? false;
}
