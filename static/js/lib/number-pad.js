// Large keys for digits, on a tablet where they are switched on: no soft keyboard covers the form. They type where the cursor is,
// and the field keeps the focus. Real keys and scanners type there as before.

import { isSet } from "./device-settings.js";
import { select, selectAll } from "./dom.js";
import { text } from "./messages.js";

const DIGITS = "[data-pad]"; // fields that take digits
const TEXT = "input:not([data-pad], [type=radio], [type=checkbox])";

/** Let the field take digits: from the pad where it is on, else from a soft keyboard of digits. @param {HTMLInputElement} field */
export function takeDigits(field) {
  field.dataset.pad = "";
  field.inputMode = isSet("pad") ? "none" : "numeric";
}

export class NumberPad {
  #element;
  #root;
  #announcement;
  /** @type {HTMLInputElement | null} where the cursor is or was */
  #field = null;
  #isChanged = false; // by the pad, since the field has the focus
  #isEven = false;
  #isPressed = false; // a finger is on the page

  /**
   * @param {HTMLElement} element the pad
   * @param {HTMLElement} root the fields in it belong to the pad
   */
  constructor(element, root) {
    this.#element = element;
    this.#root = root;
    this.#announcement = select("[data-announcement]", element);
    for (const field of selectAll(DIGITS, root, HTMLInputElement)) takeDigits(field);
    element.hidden = !isSet("pad");
    if (element.hidden) return;
    element.addEventListener("mousedown", (event) => event.preventDefault()); // it would take the focus
    for (const key of selectAll("[data-key]", element))
      key.addEventListener("click", () => this.#press(key.dataset.key));
    root.addEventListener("focusin", ({ target }) => this.#onFocus(target));
    root.addEventListener("focusout", ({ relatedTarget }) => this.#isOwn(relatedTarget) || this.#leave());
    root.addEventListener("change", () => {
      this.#isChanged = false;
    });
    document.addEventListener("pointerdown", () => this.#onFinger(true), { capture: true });
    for (const end of ["pointerup", "pointercancel"])
      document.addEventListener(end, () => this.#onFinger(false), { capture: true });
  }

  /** @param {string} [key] a digit, "back" or "next" */
  #press(key = "") {
    const field = this.#target();
    if (!field) return;
    if (key === "next") {
      this.#report();
      return next(field);
    }
    const isBack = key === "back";
    const before = field.value;
    edit(field, isBack ? "" : key);
    if (field.value !== before) this.#isChanged = true;
    this.#announce(isBack ? text("pad_deleted") : key);
  }

  /** The field with the cursor, also while a key has the focus; else the first empty one, unless a text is being typed. */
  #target() {
    const { activeElement } = document;
    if (activeElement instanceof HTMLInputElement && activeElement.matches(TEXT)) return null;
    if (this.#field && isUsable(this.#field)) return this.#field;
    const usable = selectAll(DIGITS, this.#root, HTMLInputElement).filter(isUsable);
    const first = usable.find(({ value }) => !value) ?? null;
    first?.focus();
    return first;
  }

  /** @param {EventTarget | null} target */
  #onFocus(target) {
    if (target === this.#field || this.#isOwn(target)) return;
    this.#report();
    this.#field = target instanceof HTMLInputElement && target.matches(DIGITS) ? target : null;
    this.#fold();
    // Where the pad appears with the focus, it takes room.
    requestAnimationFrame(() => this.#field?.scrollIntoView({ block: "nearest" }));
  }

  #leave() {
    this.#report();
    this.#fold();
  }

  /** Under a finger nothing moves: a pad at the foot waits for its end. @param {boolean} isPressed */
  #onFinger(isPressed) {
    this.#isPressed = isPressed;
    if (!isPressed) setTimeout(() => this.#fold()); // the focus moves meanwhile
  }

  /** On a small screen the pad is there while a field for digits, or one of its keys, has the focus. */
  #fold() {
    const { activeElement } = document;
    const isUsed = this.#isOwn(activeElement) || (activeElement === this.#field && this.#field?.inputMode === "none");
    if (isUsed || !this.#isPressed) this.#element.classList.toggle("is-open", isUsed);
  }

  /** What a script types is no change to the browser: the field that is left gets the event all the same. */
  #report() {
    const isDue = this.#isChanged && this.#field?.isConnected;
    this.#isChanged = false;
    if (isDue) this.#field?.dispatchEvent(new Event("change", { bubbles: true }));
  }

  /** @param {EventTarget | null} target */
  #isOwn(target) {
    return target instanceof Node && this.#element.contains(target);
  }

  /** The same digit twice is two announcements. @param {string} word */
  #announce(word) {
    this.#isEven = !this.#isEven;
    this.#announcement.textContent = word + (this.#isEven ? "\u00a0" : "");
  }
}

/** As the Enter key of a keyboard does. @param {HTMLInputElement} field */
function next(field) {
  const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
  if (field.dispatchEvent(enter)) field.form?.requestSubmit();
}

/**
 * Put the digit at the cursor, or delete what is before it.
 * @param {HTMLInputElement} field
 * @param {string} digit "" deletes
 */
function edit(field, digit) {
  const end = field.selectionEnd ?? field.value.length;
  const from = field.selectionStart ?? end;
  const start = !digit && from === end ? Math.max(0, end - 1) : from;
  const isFull = field.maxLength > 0 && field.value.length - (end - start) >= field.maxLength;
  if (digit ? isFull : start === end) return;
  field.setRangeText(digit, start, end, "end");
  const inputType = digit ? "insertText" : "deleteContentBackward";
  field.dispatchEvent(new InputEvent("input", { inputType, data: digit || null, bubbles: true }));
}

/** @param {HTMLInputElement} field */
const isUsable = (field) => field.isConnected && field.offsetParent !== null && !field.disabled;
