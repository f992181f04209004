// A vehicle's plate (TNKB) while it is typed: region, digits, letters. The server decides whether a plate is valid.

import { typed } from "../lib/invisible.js";

const PARTS = /^([A-Z]{0,2})(\d{0,4})([A-Z]{0,3})/;

/**
 * "bg1234xx" -> "BG 1234 XX", also for half a plate.
 * @param {string} input
 */
export function formatPlate(input) {
  const plain = typed(input)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");
  return (PARTS.exec(plain) ?? []).slice(1).filter(Boolean).join(" ");
}

/**
 * Empty, or complete enough to be sent.
 * @param {string} plate
 */
export const isPlate = (plate) => /^([A-Z]{1,2} \d{1,4}( [A-Z]{1,3})?)?$/.test(plate);

/**
 * Format the value while it is typed.
 * @param {HTMLInputElement} input
 */
export function keepPlateFormat(input) {
  input.addEventListener("input", () => {
    input.value = formatPlate(input.value);
  });
}
