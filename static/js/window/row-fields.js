// The names, labels and shapes of the fields in one row of the form, and the marks of their results.

import { icon, make, markWrong } from "../lib/dom.js";
import { kindLabel } from "../lib/kind-label.js";
import { text } from "../lib/messages.js";
import { takeDigits } from "../lib/number-pad.js";
import { offerLetters } from "./letter-switch.js";
import { correctingLabel } from "./status.js";

const LONG_NAME = 34; // letters; a longer name, or one with a warning, gets a line of its own

/** @typedef {import("./book-row.js").Fields} Fields */

/**
 * Let the identity field ask for this proof.
 * @param {Book} book
 * @param {string} proof
 * @param {Fields} field
 */
export function showProof(book, proof, field) {
  const isDate = proof !== "nik";
  const name = book.holder_name;
  field.proof.textContent = text(`proof_${proof.replace("+", "_")}`);
  field.identity.value = "";
  field.identity.maxLength = isDate ? 10 : 19;
  field.identity.placeholder = isDate ? text("date_shape") : "";
  field.identity.setAttribute("aria-label", text(isDate ? "whose_birth_date" : "whose_nik", { name }));
  field.document.hidden = proof !== "birth_date+document";
  field.switch.hidden = book.identity !== "nik" || book.found_by === "lookup"; // a date that found it proves nothing
  const whose = make("span", { class: "visually-hidden" }, ` ${text("use_whose", { name })}`);
  field.switch.replaceChildren(text(isDate ? "use_nik" : "use_birth_date"), whose);
}

/**
 * Names and descriptions of the row's fields.
 * @param {HTMLElement} element
 * @param {Fields} field
 * @param {Book} book
 */
export function describeFields(element, field, book) {
  const name = book.holder_name;
  const labels = [kindLabel(book), correctingLabel(book)].flatMap((label) => (label ? [" ", label] : []));
  field.name.replaceChildren(name, ...labels);
  if (name.length > LONG_NAME || book.correcting) {
    const head = make("th", { class: "ledger__who", colspan: 5, scope: "rowgroup" }, name, ...labels);
    element.prepend(make("tr", { class: "ledger__long" }, head));
    field.name.remove();
  }
  field.result.id = `result-${book.passport_id}`;
  for (const input of [field.identity, field.document, field.book])
    input.setAttribute("aria-describedby", field.result.id);
  field.document.setAttribute("aria-label", text("whose_document", { name }));
  field.document.placeholder = text("document_shape");
  field.book.setAttribute("aria-label", text("whose_book", { name }));
  field.capacity.setAttribute("aria-label", text("class_of", { name }));
  takeDigits(field.identity);
  offerLetters(field.book, field.letters, name);
}

/** @param {string} sentence */
export function wrong(sentence) {
  return make("p", { class: "field__error" }, icon("stop"), sentence);
}

/** @param {() => void} click */
export function againButton(click) {
  return make("button", { class: "button button--lane", type: "button", click }, text("ask_again"));
}

/**
 * @param {HTMLInputElement} input
 * @param {import("./checks.js").Result} result
 */
export function markResult(input, result) {
  input.classList.toggle("input--right", result === "match");
  markWrong(input, result === "mismatch" || result === "short");
}
