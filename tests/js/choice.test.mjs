// Which books are handed over, and their status at the window.

import assert from "node:assert/strict";
import test from "node:test";
import { useTablet } from "./page.mjs";

useTablet();
const { Choice } = await import("../../static/js/window/choice.js");
const { countCollected, groupByPickup, mayGo, statusOf } = await import("../../static/js/window/status.js");

const book = (id, values = {}) => ({
  passport_id: id,
  pickup_id: 1,
  holder_name: `Contoh ${id}`,
  shelf: `A-0${id}`,
  state: "ready",
  status: "ok",
  pick: null,
  ...values,
});

/** The ids of the chosen books after each of these lists of books was learnt. */
function learn(...lists) {
  const choice = new Choice();
  for (const passports of lists) choice.learn({ passports });
  return {
    choice,
    ids: lists
      .at(-1)
      .filter((known) => choice.has(known))
      .map(({ passport_id: id }) => id),
  };
}

test("ready books are chosen, others are not", () => {
  assert.deepEqual(learn([book(1), book(2, { status: "held" }), book(3, { status: "collected" })]).ids, [1]);
});

test("a book that becomes ready later is not chosen by itself", () => {
  assert.deepEqual(learn([book(1, { status: "held" })], [book(1)]).ids, []);
});

test("a book of a further code is chosen", () => {
  assert.deepEqual(learn([book(1)], [book(1), book(2, { pickup_id: 2 })]).ids, [1, 2]);
});

test("a book that was unticked stays unticked", () => {
  const { choice } = learn([book(1), book(2)]);
  choice.toggle(book(1), false);
  choice.learn({ passports: [book(1), book(2)] });
  assert.deepEqual([choice.has(book(1)), choice.has(book(2))], [false, true]);
});

test("a missing book is unticked once, and may be ticked by hand", () => {
  const missing = book(1, { pick: "missing" });
  const { choice, ids } = learn([book(1)], [missing]);
  assert.deepEqual(ids, []);
  choice.toggle(missing, true);
  choice.learn({ passports: [missing] });
  assert.equal(choice.has(missing), true);
});

test("rows are filtered by state and found by number, name and shelf", () => {
  const { choice } = learn([book(1), book(2, { status: "held" })]);
  choice.filter = "ready";
  assert.deepEqual([choice.shows(book(1), 1), choice.shows(book(2, { status: "held" }), 2)], [true, false]);
  choice.filter = "all";
  for (const [query, isShown] of [
    ["2", false],
    ["1", true],
    ["contoh 1", true],
    ["a-01", true],
    ["x", false],
  ]) {
    choice.query = query;
    assert.equal(choice.shows(book(1), 1), isShown, query);
  }
});

test("a locked book may not go into the form, and an overdue one needs a supervisor", () => {
  const locked = book(1, { status: "held", locked: true });
  assert.equal(statusOf(locked), "locked");
  assert.equal(mayGo(locked), false);
  assert.deepEqual(learn([book(1)], [locked]).ids, []);
  assert.equal(statusOf(book(1, { state: "collected", status: "collected", locked: true })), "collected");
  assert.equal(mayGo(book(1, { status: "overdue" })), false);
});

test("books are grouped by code in the order in which the codes came", () => {
  const books = [book(1, { pickup_id: 7 }), book(2, { pickup_id: 3 }), book(3, { pickup_id: 7, status: "collected" })];
  assert.deepEqual(
    groupByPickup(books).map((group) => group.map(({ passport_id: id }) => id)),
    [[1, 3], [2]],
  );
  assert.equal(countCollected(books), 1);
});
