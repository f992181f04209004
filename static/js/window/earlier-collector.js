// Who has just collected books of this vehicle, offered for its next books with one touch. Nothing is filled in before that
// touch, and the signature is always a new one.

import { select } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/**
 * The collector of a handover that is recorded.
 * @param {HandoverBody} body
 * @param {Book[]} books of the visit
 * @returns {Omit<EarlierCollector, "at">}
 */
export function collectorOf({ collector, passports }, books) {
  const own = passports.find(({ class: kind = collector.class }) => kind === "self");
  const ownBook = books.find(({ passport_id: id }) => id === own?.passport_id);
  const shown = passports.flatMap((row) => row.shown ?? []);
  return {
    class: collector.class,
    holder: ownBook?.holder ?? null,
    name: collector.name ?? ownBook?.holder_name ?? "",
    document: collector.document ?? "",
    document_last4: collector.document_last4 ?? "",
    shown: [...new Set([...collector.shown, ...shown])],
  };
}

/**
 * Offer this collector until the touch.
 * @param {HTMLElement} button
 * @param {EarlierCollector | null} earlier
 * @param {(collector: EarlierCollector) => void} onUse
 */
export function offerCollector(button, earlier, onUse) {
  button.hidden = !earlier;
  if (!earlier) return;
  select("[data-word]", button).textContent = text("same_collector", { name: earlier.name });
  button.addEventListener("click", () => {
    button.hidden = true;
    onUse(earlier);
  });
}
