// The label of a document that is no passport. The office's kinds come with the page's texts (`kind_…`).

import { make } from "./dom.js";
import { text } from "./messages.js";

const PASSPORT = "passport";

/**
 * A small label for `make`, or null for a passport: most books are passports and need none.
 * @param {{kind?: string}} book
 */
export function kindLabel({ kind }) {
  return kind && kind !== PASSPORT ? make("small", { class: "kind" }, text(`kind_${kind}`)) : null;
}
