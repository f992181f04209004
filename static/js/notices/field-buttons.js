// The list of fields becomes buttons: each inserts its field at the last cursor position, in the subject or in the body.

import { fieldOf, make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @typedef {HTMLInputElement | HTMLTextAreaElement} TextBox */

/** @param {HTMLFormElement} form */
export function offerFields(form) {
  /** @type {TextBox[]} */
  const boxes = [fieldOf(form, "subject"), fieldOf(form, "body")];
  let last = boxes[1];
  for (const box of boxes)
    box.addEventListener("focus", () => {
      last = box;
    });
  for (const code of selectAll("[data-insert]", form)) {
    const field = code.dataset.insert ?? "";
    const label = text("insert", { field });
    const click = () => insert(last, field);
    code.replaceWith(make("button", { type: "button", class: "fields__insert", "aria-label": label, click }, field));
  }
}

/**
 * @param {TextBox} box
 * @param {string} field
 */
function insert(box, field) {
  box.focus();
  box.setRangeText(field, box.selectionStart ?? 0, box.selectionEnd ?? 0, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
