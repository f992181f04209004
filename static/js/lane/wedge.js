// A wedge scanner types the code like a very fast keyboard and ends with Enter. It works anywhere on the page. Fields keep
// their keys (the form beside the camera knows what to do with a code), except that a whole code leaves a field marked
// `data-wedge`. The server handles the prefixes of readers (]Q1, \000026).

const GAP_MS = 500; // a pause this long ends a burst; outside fields nobody types by hand
const MIN_KEYS = 7; // the shortest passport number; a booking code has 8
const CODE_KEYS = 29; // a whole pickup code: no plate and no queue number is as long
const MAX_KEYS = 512;

/**
 * @typedef {object} WedgeOptions
 * @property {(code: string) => void} onCode for every burst of keys that ends with Enter
 * @property {() => boolean} isActive
 */

/** Listen for a wedge scanner from now on. @param {WedgeOptions} options */
export function listenToWedge(options) {
  const wedge = new Wedge(options);
  document.addEventListener("keydown", (event) => wedge.onKey(event), { capture: true });
}

class Wedge {
  #options;
  #typed = "";
  #lastAt = 0;

  /** @param {WedgeOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    const field = fieldAt(event.target);
    if (!this.#options.isActive() || (field && !("wedge" in field.dataset)) || event.ctrlKey || event.metaKey) return;
    if (event.timeStamp - this.#lastAt > GAP_MS) this.#typed = "";
    if (event.key.length === 1 && this.#typed.length < MAX_KEYS) {
      this.#typed += event.key;
      this.#lastAt = event.timeStamp;
    } else if (event.key === "Enter" && this.#typed.length >= (field ? CODE_KEYS : MIN_KEYS)) {
      this.#finish(event, field);
    }
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement | null} field
   */
  #finish(event, field) {
    event.preventDefault(); // Enter must not press the focused button
    event.stopPropagation();
    if (field instanceof HTMLInputElement) empty(field);
    const code = this.#typed;
    this.#typed = "";
    this.#options.onCode(code);
  }
}

/** @param {HTMLInputElement} field */
function empty(field) {
  field.value = "";
  field.dispatchEvent(new Event("input"));
}

/**
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function fieldAt(target) {
  const isField = target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]");
  return isField ? target : null;
}
