// The list of fields becomes buttons: each puts its field where the cursor was last, in the subject or in the body.

import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

export function offerFields(form) {
  const boxes = [form.elements.subject, form.elements.body];
  let last = form.elements.body;
  for (const box of boxes) box.addEventListener("focus", () => (last = box));
  for (const code of form.querySelectorAll("[data-insert]")) {
    const field = code.dataset.insert;
    const label = text("insert", { field });
    code.replaceWith(
      make(
        "button",
        { type: "button", class: "fields__insert", "aria-label": label, click: () => put(last, field) },
        field,
      ),
    );
  }
}

function put(box, field) {
  box.focus();
  box.setRangeText(field, box.selectionStart, box.selectionEnd, "end");
  box.dispatchEvent(new Event("input", { bubbles: true }));
}
