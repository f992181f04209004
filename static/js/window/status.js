// The status of a book of the visit at the window: its own, or locked after too many misses.

import { laneSettings } from "../lane/tablet-point.js";
import { state } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @type {Record<string, Tone>} */
export const TONES = {
  ok: "go",
  held: "wait",
  overdue: "wait",
  cancelled: "stop",
  collected: "neutral",
  locked: "stop",
};

/** @param {Book} book */
export function statusOf({ status, state, locked }) {
  return locked && state === "ready" ? "locked" : status;
}

/**
 * A warning, or null: somebody proposed other data of the holder, and the old data count until a second person confirms.
 * @param {Book} book
 */
export function correctingLabel({ correcting }) {
  return correcting ? state("wait", text("correcting")) : null;
}

/**
 * Whether the book may go into the form; an overdue one only for a supervisor.
 * @param {Book} book
 */
export function mayGo(book) {
  const status = statusOf(book);
  return status === "ok" || (status === "overdue" && laneSettings().is_supervisor);
}

/**
 * Books by pickup, in the order in which the codes came.
 * @param {Book[]} books
 */
export function groupByPickup(books) {
  /** @type {Map<number, Book[]>} */
  const groups = new Map(books.map(({ pickup_id: id }) => [id, []]));
  for (const book of books) groups.get(book.pickup_id)?.push(book);
  return [...groups.values()];
}

/** @param {Book[]} books */
export const countCollected = (books) => books.filter(({ status }) => status === "collected").length;
