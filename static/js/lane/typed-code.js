// The field of a typed code. A mistyped code is an error of the field: what was typed stays there, selected for the next key.

import { byId, markWrong, select } from "../lib/dom.js";
import { typed } from "../lib/invisible.js";
import { text } from "../lib/messages.js";
import { isPartOfZone } from "../lib/mrz.js";

const FULL_CODE = /SAB[0-9A-Z]{26}$/i; // a wedge scanner typed into the field, perhaps after other text

export class TypedCode {
  #field = byId("code", HTMLInputElement);
  #onCode;

  /** @param {{onCode: (input: string) => void}} options */
  constructor({ onCode }) {
    this.#onCode = onCode;
    byId("typed").addEventListener("submit", (event) => this.#onSubmit(event));
    this.#field.addEventListener("input", () => this.mark(""));
  }

  /** The sentence of an error; "" takes it away. @param {string} sentence */
  mark(sentence) {
    const error = byId("code-error");
    error.hidden = !sentence;
    select("[data-word]", error).textContent = sentence;
    markWrong(this.#field, Boolean(sentence));
  }

  /** @param {string} sentence */
  refuse(sentence) {
    this.mark(sentence);
    this.#field.focus();
    this.#field.select();
  }

  clear() {
    this.#field.value = "";
  }

  /** Lines of a passport that were pasted, or came too slowly for a reader. They are not sent. */
  #refuseBook() {
    this.clear();
    this.refuse(text("swipe_at_lane"));
  }

  /** @param {Event} event */
  #onSubmit(event) {
    event.preventDefault();
    const input = typed(this.#field.value);
    if (isPartOfZone(input.toUpperCase().replace(/\s/g, ""))) this.#refuseBook();
    else if (input) this.#onCode(input.match(FULL_CODE)?.[0] ?? input);
    else this.#field.focus();
  }
}
