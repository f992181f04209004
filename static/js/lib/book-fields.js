// A passport that is swiped on a page of forms fills the field for its number (`data-zone="number"`), and the empty birth date of
// the same form (`data-zone="birth"`); a search begins. The name has no apostrophes and may be cut in the zone: people type it.

import { icon, make, markWrong, select, selectAll } from "./dom.js";
import { text } from "./messages.js";
import { listenToWedge } from "./wedge.js";

/** Listen for swiped passports from now on. Other scans change nothing. */
export function fillFromBooks() {
  listenToWedge({ onCode: () => {}, onBook: fill, isActive: () => true });
}

/** @param {import("./mrz.js").Zone | null} zone null: the lines could not be read */
function fill(zone) {
  const field = fieldInQuestion();
  if (!field) return;
  mark(field, zone ? "" : text("swipe_damaged"));
  field.focus();
  if (!zone) return;
  put(field, zone.number);
  if (field.type === "search") return field.form?.requestSubmit();
  /** @type {HTMLInputElement | null | undefined} */
  const birth = field.form?.querySelector("[data-zone=birth]");
  if (birth && !birth.value && zone.birthDate) put(birth, zone.birthDate);
}

/** The visible field with the focus, else the first one. */
function fieldInQuestion() {
  const fields = selectAll("[data-zone=number]", document, HTMLInputElement).filter((field) => field.offsetParent);
  return fields.find((field) => field === document.activeElement) ?? fields[0];
}

/**
 * @param {HTMLInputElement} field
 * @param {string} value
 */
function put(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

/**
 * @param {HTMLInputElement} field
 * @param {string} sentence "" takes an earlier one away
 */
function mark(field, sentence) {
  const box = select(".field:has(> [data-zone=number])", field.form ?? document);
  box.querySelector("[data-swipe]")?.remove();
  if (sentence)
    field.before(make("span", { class: "field__error", role: "alert", "data-swipe": true }, icon("stop"), sentence));
  markWrong(field, Boolean(sentence));
}
