// A small dialog before what ends or excuses something: a sentence, and one of the office's reasons where one is wanted.

import { make, slots } from "../lib/dom.js";
import { text } from "../lib/texts.js";

/** `name`: which sentences; `values` for them; `reasons` to choose from. Resolves to the reason ("" without), or null. */
export function ask(dialog, name, values = {}, reasons = []) {
  const slot = slots(dialog);
  slot.title.textContent = text(`ask_${name}`, values);
  slot.advice.textContent = text(`ask_${name}_advice`, values);
  slot.confirm.textContent = text(`ask_${name}_confirm`, values);
  slot.confirm.disabled = reasons.length > 0;
  slot.reasons.replaceChildren(...reasons.map((reason) => choice(reason, () => (slot.confirm.disabled = false))));
  dialog.returnValue = "";
  dialog.showModal();
  slot.title.focus();
  return new Promise((resolve) => {
    const chosen = () => dialog.querySelector("[name=reason]:checked")?.value ?? "";
    dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes" ? chosen() : null), { once: true });
  });
}

function choice(reason, change) {
  return make(
    "label",
    { class: "tick" },
    make("input", { type: "radio", name: "reason", value: reason, change }),
    reason,
  );
}
