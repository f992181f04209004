// Band 3: the collector's signature, or why there is none (where the office allows that).

import { slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { signature } from "../lib/signature.js";

/** `askReason()` resolves to a reason or null. Returns {start(), missing(), value(), refuse(sentence)}. */
export function signatureBand(section, { isRequired, mayBeUnsigned, askReason, onChange }) {
  const slot = slots(section);
  const error = section.querySelector("#signature-error");
  const pad = signature(slot.pad, { onChange: show });
  let reason = null;

  function show() {
    const isDone = !pad.isEmpty();
    slot.pad.classList.toggle("sign__pad--done", isDone);
    slot.pad.setAttribute("aria-label", text(isDone ? "pad_done" : "pad_empty"));
    slot.paper.hidden = slot.clear.hidden = Boolean(reason);
    slot.unsigned.hidden = !reason;
    slot.unsigned.querySelector("[data-word]").textContent = reason ?? "";
    slot.unable.hidden = !mayBeUnsigned;
    slot.unable.textContent = text(reason ? "sign_after_all" : "unable");
    refuse("");
    onChange();
  }
  function refuse(sentence) {
    error.hidden = !sentence;
    error.querySelector("[data-word]").textContent = sentence;
  }

  slot.clear.addEventListener("click", () => pad.clear());
  slot.unable.addEventListener("click", async () => {
    reason = reason ? null : await askReason();
    show();
  });

  return {
    start: show,
    missing: () => (isRequired && pad.isEmpty() && !reason ? text("lacking_signature") : null),
    value: () => (reason ? { unsigned_reason: reason } : pad.isEmpty() ? {} : { signature: pad.toDataURL() }),
    refuse,
  };
}
