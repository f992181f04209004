// The form for a vehicle without a code: application number and birth date. It takes the place of the field for the code. What
// was typed stays until a vehicle is found or somebody goes back to the code; news of the lane touch nothing here.

import { byId, fieldOf, markWrong, select } from "../lib/dom.js";
import { typed } from "../lib/invisible.js";
import { text } from "../lib/messages.js";
import { NumberPad } from "../lib/number-pad.js";
import { dashed, isoDate } from "../lib/parse-input.js";

const NUMBER = /^(?:\d{6}|\d{8,20})$/; // the last six digits, or the whole number
const SEPARATORS = /[\s./\u2010-\u2015-]+/g;
/** @type {FieldName[]} */
const FIELDS = ["application_no", "birth_date"];

/**
 * @typedef {"application_no" | "birth_date"} FieldName
 * @typedef {{application_no: string, birth_date: string}} Lookup as the server takes it
 */

export class LookupForm {
  #form = byId("lookup", HTMLFormElement);
  #opener = byId("open-lookup");
  /** @type {Record<FieldName, HTMLInputElement>} */
  #field = { application_no: fieldOf(this.#form, "application_no"), birth_date: fieldOf(this.#form, "birth_date") };
  #onLookup;

  /** @param {{onLookup: (lookup: Lookup) => void}} options */
  constructor({ onLookup }) {
    this.#onLookup = onLookup;
    this.#listen();
    new NumberPad(select(".pad", this.#form), this.#form);
  }

  /** Back to the field of the code, and nothing typed stays on the screen. */
  close() {
    this.#form.reset();
    this.#mark("", []);
    this.#setOpen(false);
  }

  /**
   * @param {string} sentence
   * @param {FieldName[]} [names] of the fields that are wrong; all without any
   */
  refuse(sentence, names = FIELDS) {
    this.#mark(sentence, names);
    const field = this.#field[names[0]];
    field.focus();
    field.select();
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    select("[type=submit]", this.#form, HTMLButtonElement).disabled = isLost;
  }

  #listen() {
    const { application_no: number, birth_date: date } = this.#field;
    this.#opener.addEventListener("click", () => {
      this.#setOpen(true);
      number.focus();
      this.#form.scrollIntoView({ block: "nearest" });
    });
    byId("close-lookup").addEventListener("click", () => {
      this.close();
      this.#opener.focus();
    });
    this.#form.addEventListener("input", () => this.#mark("", []));
    number.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || date.value) return;
      event.preventDefault();
      date.focus();
    });
    date.addEventListener("input", (event) => {
      const isDeleting = event instanceof InputEvent && event.inputType.startsWith("delete");
      date.value = dashed(date.value, isDeleting);
    });
    this.#form.addEventListener("submit", (event) => this.#onSubmit(event));
  }

  /** @param {boolean} isOpen */
  #setOpen(isOpen) {
    this.#form.hidden = !isOpen;
    byId("typed").hidden = isOpen;
    this.#opener.hidden = isOpen;
  }

  /** @param {Event} event */
  #onSubmit(event) {
    event.preventDefault();
    const number = typed(this.#field.application_no.value).replace(SEPARATORS, "");
    const date = isoDate(this.#field.birth_date.value);
    if (!NUMBER.test(number)) this.refuse(text("lookup_number"), ["application_no"]);
    else if (!date) this.refuse(text("short_date"), ["birth_date"]);
    else this.#onLookup({ application_no: number, birth_date: date });
  }

  /**
   * @param {string} sentence
   * @param {FieldName[]} names
   */
  #mark(sentence, names) {
    const error = byId("lookup-error");
    error.hidden = !sentence;
    select("[data-word]", error).textContent = sentence;
    for (const name of FIELDS) markWrong(this.#field[name], names.includes(name));
  }
}

/** The fields that a refusal names; all when it names none of them. @param {Record<string, unknown>} [places] */
export function fieldsNamed(places = {}) {
  const named = FIELDS.filter((name) => name in places);
  return named.length ? named : FIELDS;
}
