// A wedge scanner works anywhere on a page. Fields for text keep their keys, except that a pickup code leaves a field marked
// `data-wedge`, and every scan one marked `data-wedge="scans"`. Both are empty then; `data-wedge="keep"` keeps what was in the
// field before. The server handles the prefixes of readers (]Q1, \000026). The lines of a swiped passport leave every field.

import { BookSwipe, OTHER_LINE_MS } from "./book-swipe.js";
import { KeyBurst } from "./key-burst.js";

const NO_TEXT = ["button", "checkbox", "color", "file", "image", "radio", "range", "reset", "submit"]; // types of inputs

/**
 * @typedef {object} WedgeOptions
 * @property {(code: string) => void} onCode for every code that a scanner has typed
 * @property {(zone: import("./mrz.js").Zone | null) => void} onBook for every swiped passport; null: swipe it again
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
  #swipe = new BookSwipe();
  /** @type {number | undefined} */
  #otherLine;
  /** @type {number | undefined} */
  #quiet;
  /** @type {{control: HTMLInputElement | HTMLSelectElement, value: string} | null} as it was before the scan */
  #before = null;

  /** @param {WedgeOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** @param {KeyboardEvent} event */
  onKey(event) {
    if (!this.#options.isActive() || event.metaKey || event.altKey || event.isComposing) return;
    clearTimeout(this.#quiet);
    this.#remember(event);
    const field = textFieldAt(event.target);
    const place = placeOf(field);
    const { key, code: physical, timeStamp: at, ctrlKey: isControl } = event;
    const { isSwallowed, code } = this.#burst.press({ key, code: physical, at, isControl, place });
    if (isSwallowed) {
      event.preventDefault(); // it must not press the focused button, nor move the focus
      event.stopPropagation();
    }
    if (this.#burst.isBook) {
      this.#giveBack(); // at once: the page would search for the first letter
      clearTimeout(this.#otherLine); // it comes
    }
    if (code) this.#take(code, at);
    else if (place !== "field" || isSwallowed) this.#awaitQuiet(place);
  }

  /** A letter chooses an option of a list: the scan gives the earlier one back. @param {KeyboardEvent} event */
  #remember({ target, timeStamp }) {
    if (!this.#burst.isBeginning(timeStamp)) return;
    const isKept = target instanceof HTMLSelectElement || target instanceof HTMLInputElement;
    this.#before = isKept ? { control: target, value: target.value } : null;
  }

  /** The control is as it was before the scan. */
  #giveBack() {
    if (this.#before) restore(this.#before.control, this.#before.value);
    this.#before = null;
  }

  onMoved() {
    this.#burst.moved();
  }

  /** A text that no key has typed was pasted or filled in. @param {Event} event */
  onTouched(event) {
    const isKey = event instanceof InputEvent && event.inputType === "insertText";
    const isTyped = isKey || (event.type === "input" && event.target instanceof HTMLSelectElement);
    if (!isTyped && event.isTrusted) this.#burst.touched();
  }

  /** @param {import("./key-burst.js").Place} place */
  #awaitQuiet(place) {
    this.#quiet = setTimeout(() => {
      const at = performance.now();
      const code = this.#options.isActive() ? this.#burst.quiet(at, place) : null;
      if (code) this.#take(code, at);
    }, this.#burst.quietMs + 1);
  }

  /**
   * @param {string} code
   * @param {number} at of its last key, ms
   */
  #take(code, at) {
    this.#giveBack();
    clearTimeout(this.#otherLine);
    const read = this.#swipe.take(code, at);
    if (read === "code") this.#options.onCode(code);
    else if (read === "half") this.#otherLine = setTimeout(() => this.#onHalf(), OTHER_LINE_MS);
    else this.#options.onBook(read === "damaged" ? null : read);
  }

  /** The other line of a passport has not come. */
  #onHalf() {
    this.#swipe.forget();
    if (this.#options.isActive()) this.#options.onBook(null);
  }
}

/**
 * @param {HTMLInputElement | HTMLSelectElement} control
 * @param {string} value before the scan
 */
function restore(control, value) {
  const isEmptied = control instanceof HTMLInputElement && ["", "scans"].includes(control.dataset.wedge ?? "keep");
  const wanted = isEmptied ? "" : value;
  if (control.value === wanted) return;
  control.value = wanted;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  if (control instanceof HTMLSelectElement) control.dispatchEvent(new Event("change", { bubbles: true }));
}

/** @param {HTMLElement | null} field */
function placeOf(field) {
  if (!field) return "page";
  if (field.dataset.wedge === "scans") return "scans";
  return "wedge" in field.dataset ? "marked" : "field";
}

/**
 * The field that takes letters. Buttons, ticks and lists take none.
 * @param {EventTarget | null} target
 * @returns {HTMLElement | null}
 */
function textFieldAt(target) {
  if (target instanceof HTMLInputElement) return NO_TEXT.includes(target.type) ? null : target;
  return target instanceof HTMLElement && target.matches("textarea, [contenteditable]") ? target : null;
}
