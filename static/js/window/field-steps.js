// From field to field of the form: with Enter, and by itself after the last digit of a NIK.

import { selectAll } from "../lib/dom.js";

const FIELDS = "input:not([type=radio], [type=checkbox]), select";

export class FieldSteps {
  #form;
  /** @type {Element | null} the field to which the form went by itself */
  #reached = null;

  /** @param {HTMLElement} form */
  constructor(form) {
    this.#form = form;
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** The field is complete: the next one comes by itself. @param {HTMLElement} field */
  leave(field) {
    this.#next(field);
    this.#reached = document.activeElement;
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const field = event.target;
    if (!(field instanceof HTMLElement && field.matches(FIELDS))) return;
    const isLate = field === this.#reached && field instanceof HTMLInputElement && !field.value;
    this.#reached = null;
    if (event.key !== "Enter") return;
    event.preventDefault();
    if (!isLate) this.#next(field); // otherwise it was meant for the field before, which the form has left already
  }

  /** Go to the next visible field; after the last one to the button. @param {HTMLElement} field */
  #next(field) {
    const fields = selectAll(FIELDS, this.#form).filter((other) => other.offsetParent !== null);
    const next = fields[fields.indexOf(field) + 1] ?? this.#form.querySelector(".hold:enabled");
    if (!(next instanceof HTMLElement)) return field.blur();
    next.focus();
    if (next instanceof HTMLInputElement) next.select();
  }
}
