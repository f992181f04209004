// What officers type from cards and books, as the server takes it. Null means: not complete yet, so nothing is sent.

import { now } from "./clock.js";
import { typed } from "./invisible.js";

const NIK_DIGITS = 16;
const BOOK_NUMBER = /^[A-Z]{1,2}\d{6,7}$/;

/**
 * "24111990" -> "24-11-1990" while typing; a dash that was just deleted stays deleted.
 * @param {string} input
 */
export function dashed(input, isDeleting = false) {
  const digits = typed(input).replace(/\D/g, "").slice(0, 8);
  const parts = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean);
  const isPartFull = digits.length === 2 || digits.length === 4;
  return parts.join("-") + (isPartFull && !isDeleting ? "-" : "");
}

/**
 * "24-11-1990" -> "1990-11-24"; null for a day that does not exist or has not come yet. The day is the
 * server's: a tablet whose clock was reset lives in another year.
 * @param {string} input
 */
export function isoDate(input) {
  const [, day, month, year] = /^(\d{2})-(\d{2})-(\d{4})$/.exec(typed(input)) ?? [];
  if (!year) return null;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isReal && year >= "1900" && date.getTime() <= now() ? iso : null;
}

/**
 * The last four digits of a NIK: from these four, or from the whole number.
 * @param {string} input
 */
export function nikLast4(input) {
  const digits = typed(input).replace(/[\s.-]/g, "");
  return /^\d+$/.test(digits) && [4, NIK_DIGITS].includes(digits.length) ? digits.slice(-4) : null;
}

/**
 * The last four characters of a document's number.
 * @param {string} input
 */
export function last4(input) {
  const plain = typed(input).toUpperCase();
  return /^[A-Z0-9]{4}$/.test(plain) ? plain : null;
}

/**
 * A book's number as typed or scanned; `isComplete` when nothing can follow: four digits, or a whole number.
 * @param {string} input
 */
export function bookNumber(input) {
  const plain = typed(input)
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, "");
  if (plain.length < 4) return null;
  return { number: plain, isComplete: /^\d{4}$/.test(plain) || BOOK_NUMBER.test(plain) };
}
