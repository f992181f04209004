// A wedge scanner works anywhere on a page. Fields keep their keys, except that a whole code leaves a field marked
// `data-wedge`. The server handles the prefixes of readers (]Q1, \000026).

import { KeyBurst, QUIET_MS } from "./key-burst.js";

/**
 * @typedef {object} WedgeOptions
 * @property {(code: string) => void} onCode for every code that a scanner has typed
 * @property {() => boolean} isActive
 */

/** Listen for a wedge scanner from now on. @param {WedgeOptions} options */
export function listenToWedge(options) {
  const wedge = new Wedge(options);
  document.addEventListener("keydown", (event) => wedge.onKey(event), { capture: true });
  document.addEventListener("focusin", () => wedge.onMoved());
  for (const event of ["pointerdown", "input"])
    document.addEventListener(event, (happened) => wedge.onTouched(happened), { capture: true });
}

class Wedge {
  #options;
  #burst = new KeyBurst();
  /** @type {number | undefined} */
  #quiet;

  /** @param {WedgeOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.#options.isActive() || event.metaKey || event.altKey || event.isComposing) return;
    clearTimeout(this.#quiet);
    const field = fieldAt(event.target);
    const place = !field ? "page" : "wedge" in field.dataset ? "marked" : "field";
    const press = { key: event.key, at: event.timeStamp, isControl: event.ctrlKey, place };
    const { isSwallowed, code } = this.#burst.press(/** @type {import("./key-burst.js").Press} */ (press));
    if (isSwallowed) {
      event.preventDefault(); // it must not press the focused button, nor move the focus
      event.stopPropagation();
    }
    if (code) this.#take(code, field);
    else if (place !== "field") this.#awaitQuiet(place, field);
  }

  onMoved() {
    this.#burst.moved();
  }

  /** A text that no key has typed was pasted or filled in. @param {Event} event */
  onTouched(event) {
    const isTyped = event instanceof InputEvent && event.inputType === "insertText";
    if (!isTyped && event.isTrusted) this.#burst.touched();
  }

  /**
   * @param {"page" | "marked"} place
   * @param {HTMLElement | null} field
   */
  #awaitQuiet(place, field) {
    this.#quiet = setTimeout(() => {
      const code = this.#options.isActive() ? this.#burst.quiet(performance.now(), place) : null;
      if (code) this.#take(code, field);
    }, QUIET_MS + 1);
  }

  /**
   * @param {string} code
   * @param {HTMLElement | null} field
   */
  #take(code, field) {
    if (field instanceof HTMLInputElement) empty(field);
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
