// What a scan means while a window is open. The window shows one vehicle, so a code of the next one is never swallowed without a
// word: it waits, or it opens the next verdict once everything of this vehicle is done. A book goes to its row of the form.

import { typed } from "../lib/invisible.js";
import { text } from "../lib/messages.js";
import { bookNumber } from "../lib/parse-input.js";
import { play } from "../lib/sounds.js";
import { mayGo } from "./status.js";
import { bookOf } from "./swiped-book.js";

const PICKUP_CODE = /SAB[0-9A-Z]{26}$/; // perhaps after a prefix of the reader
const BOOKING_CODE = /^[0-9A-Z]{8}$/;
const BOOK = /^[A-Z]{1,2}\d{6,7}$/;

/**
 * "book": for a row of the form. "next": the window closes and the code is scanned. "wait": first this vehicle.
 * @typedef {"book" | "next" | "wait"} Meaning
 * @typedef {object} ScanOptions
 * @property {import("./window-frame.js").WindowFrame} frame
 * @property {import("./handover.js").Handover} handover
 * @property {() => Visit} visit its newest card
 * @property {(code: string) => void} onNext this vehicle is done, and the next one was scanned
 * @property {(book: Book) => void} onStart a swiped book begins the form
 */

export class ScansInWindow {
  #options;

  /** @param {ScanOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** A wedge scanner sent this. @param {string} code */
  take(code) {
    const { frame, handover, visit, onNext } = this.#options;
    const { state, queue_no: no } = visit();
    const meaning = meaningOf(code, { phase: frame.phase, isDone: state !== "serving" });
    if (meaning === "next") return onNext(code);
    if (meaning === "book" && handover.take(code)) return;
    this.#refuse(text(meaning === "book" ? "no_row_for_book" : "finish_first", { no }));
  }

  /** A passport was swiped; null when its lines could not be read. @param {import("../lib/mrz.js").Zone | null} zone */
  swipe(zone) {
    const { frame } = this.#options;
    const problem = zone ? this.#place(zone) : "swipe_damaged";
    if (problem) this.#refuse(text(problem));
    else frame.refuse("");
  }

  /**
   * Bring the book to its row. Whether it is the right book, only the server decides.
   * @param {import("../lib/mrz.js").Zone} zone
   * @returns {string | null} why it has no row
   */
  #place(zone) {
    const { frame, handover, visit, onStart } = this.#options;
    if (frame.phase === "form") return handover.swipe(zone);
    if (frame.phase !== "visit") return "swipe_not_now";
    const ready = visit().passports.filter(mayGo);
    const book = bookOf(
      zone,
      ready.map((book) => ({ book, name: book.holder_name, isFocused: false })),
    );
    if (typeof book === "string") return book;
    onStart(book.book);
    return handover.swipe(zone);
  }

  /** @param {string} sentence */
  #refuse(sentence) {
    play("wait");
    this.#options.frame.refuse(sentence);
  }
}

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
