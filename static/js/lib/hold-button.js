// The last step: press and hold. Releasing early records nothing, and the page says so. Space and Enter can be held too.
// In two-step mode, and for screen readers that can only click, it is a press and a second press within CONFIRM_MS.

import { select } from "./dom.js";

const HOLD_MS = 1200;
const CONFIRM_MS = 5000;
const KEYS = [" ", "Enter"];

/**
 * @typedef {object} HoldOptions
 * @property {{held: string, early: string, confirm: string}} words
 * @property {() => void} onHeld once per complete hold
 * @property {(sentence: string) => void} [onEarly] after an early release
 */

/** A hold button: `data-hold-ms` and `data-hold-mode="two-step"` on the button, a `[data-label]` inside. */
export class HoldButton {
  #button;
  #words;
  #onHeld;
  #onEarly;
  #label;
  #idle;
  #ms;
  /** @type {number | undefined} */
  #timer;
  #holding = new AbortController(); // a page that is left in the middle of a hold gets no release
  #isAsking = false;
  #wasHeldByPointer = false;

  /**
   * @param {HTMLButtonElement} button
   * @param {HoldOptions} options
   */
  constructor(button, { words, onHeld, onEarly = () => {} }) {
    this.#button = button;
    this.#words = words;
    this.#onHeld = onHeld;
    this.#onEarly = onEarly;
    this.#label = select("[data-label]", button);
    this.#idle = this.#label.textContent ?? "";
    this.#ms = Number(button.dataset.holdMs) || HOLD_MS;
    button.style.setProperty("--hold-time", `${this.#ms}ms`);
    this.#listenToPointer();
    this.#listenToKeys();
    button.addEventListener("blur", () => this.#release());
  }

  get isTwoStep() {
    return this.#button.dataset.holdMode === "two-step";
  }

  /** The label while nothing is held. @param {string} sentence */
  setLabel(sentence) {
    this.#idle = sentence;
    if (!this.#timer) this.#show(sentence);
  }

  reset() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#holding.abort();
    this.#isAsking = false;
    this.#button.classList.remove("is-held");
    this.#show(this.#idle);
  }

  #listenToPointer() {
    const button = this.#button;
    button.addEventListener("pointerdown", (event) => {
      if (event.button !== 0 || this.isTwoStep) return;
      this.#wasHeldByPointer = true;
      button.setPointerCapture(event.pointerId);
      this.#begin();
    });
    for (const name of ["pointerup", "pointercancel", "lostpointercapture"])
      button.addEventListener(name, () => this.isTwoStep || this.#isAsking || this.#release());
    button.addEventListener("contextmenu", (event) => event.preventDefault());
    button.addEventListener("click", () => {
      if (!this.#wasHeldByPointer && !button.disabled) this.#confirm();
      this.#wasHeldByPointer = false;
    });
  }

  #listenToKeys() {
    this.#button.addEventListener("keydown", (event) => {
      if (!KEYS.includes(event.key) || this.isTwoStep) return;
      event.preventDefault(); // no click
      if (!event.repeat && !this.#isAsking) this.#begin();
    });
    this.#button.addEventListener("keyup", (event) => {
      if (!KEYS.includes(event.key) || this.isTwoStep) return;
      event.preventDefault();
      if (!this.#isAsking) this.#release();
    });
  }

  #begin() {
    if (this.#timer || this.#button.disabled) return;
    this.#button.classList.add("is-held");
    this.#show(this.#words.held);
    this.#timer = setTimeout(() => this.#finish(), this.#ms);
    this.#holding = new AbortController();
    const { signal } = this.#holding;
    for (const type of ["blur", "pagehide"]) addEventListener(type, () => this.#release(), { signal });
    document.addEventListener("visibilitychange", () => this.#release(), { signal });
  }

  #release() {
    if (!this.#timer) return;
    this.reset();
    this.#onEarly(this.#words.early);
  }

  #finish() {
    this.reset();
    if (!this.#button.disabled) this.#onHeld();
  }

  #confirm() {
    if (this.#isAsking) return this.#finish();
    this.#isAsking = true;
    this.#show(this.#words.confirm);
    this.#timer = setTimeout(() => this.#release(), CONFIRM_MS);
  }

  /** @param {string} sentence */
  #show(sentence) {
    this.#label.textContent = sentence;
  }
}
