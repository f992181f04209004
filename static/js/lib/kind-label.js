// What a document is called that is no passport. The office's kinds come with the page's texts (`kind_…`).

import { make } from "./dom.js";
import { text } from "./messages.js";

const PASSPORT = "passport";

/** A small word for `make`, or null for a passport: most books are, and need none. */
export function kindTag({ kind }) {
  return kind && kind !== PASSPORT ? make("small", { class: "kind" }, text(`kind_${kind}`)) : null;
}
