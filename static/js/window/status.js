// What a book of the visit is to the window: its own status, or locked while its pickup is.

import { settings } from "../lane/tablet-point.js";

export const TONES = {
  ok: "go",
  held: "wait",
  overdue: "wait",
  cancelled: "stop",
  collected: "neutral",
  locked: "stop",
};

export function statusOf({ status, pickup_id: pickup }, locked) {
  return status === "ok" && locked.has(pickup) ? "locked" : status;
}

/** Whether it may go into the form; an overdue one only by a supervisor's hand. */
export function mayGo(book, locked) {
  const status = statusOf(book, locked);
  return ["ok", "locked"].includes(status) || (status === "overdue" && settings.is_supervisor);
}

/** Books by pickup, in the order in which the codes came. */
export function grouped(books) {
  const groups = new Map(books.map(({ pickup_id: id }) => [id, []]));
  for (const book of books) groups.get(book.pickup_id).push(book);
  return [...groups.values()];
}

export const collected = (books) => books.filter(({ status }) => status === "collected").length;
