// What a scan means while a window is open. The window shows one vehicle, so a code of the next one is never swallowed
// without a word: it waits, or it opens the next verdict once everything of this vehicle is done.

import { typed } from "../lib/invisible.js";
import { bookNumber } from "../lib/parse-input.js";

const PICKUP_CODE = /SAB[0-9A-Z]{26}$/; // perhaps after a prefix of the reader
const BOOKING_CODE = /^[0-9A-Z]{8}$/;
const BOOK = /^[A-Z]{1,2}\d{6,7}$/;

/**
 * "book": for a row of the form. "next": the window closes and the code is scanned. "wait": first this vehicle.
 * @typedef {"book" | "next" | "wait"} Meaning
 */

/**
 * @param {string} code
 * @param {{phase: string | null, isDone: boolean}} window `isDone`: recorded, and no book of the visit is left
 * @returns {Meaning}
 */
export function meaningOf(code, { phase, isDone }) {
  const isNext = isCode(code);
  if (phase === "form" && !isNext && bookNumber(code)?.isComplete) return "book";
  return phase === "recorded" && isDone && isNext ? "next" : "wait";
}

/** Whether it may be a code of a vehicle. A book's number has eight characters too. @param {string} code */
function isCode(code) {
  const plain = typed(code)
    .toUpperCase()
    .replace(/[\s\u2010-\u2015-]/g, "");
  return PICKUP_CODE.test(plain) || (BOOKING_CODE.test(plain) && !BOOK.test(plain));
}
