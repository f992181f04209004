// Two lines of one swipe, and the row that a swiped passport belongs to.

import assert from "node:assert/strict";
import test from "node:test";
import { BookSwipe, OTHER_LINE_MS } from "../../static/js/lib/book-swipe.js";
import { bookOf } from "../../static/js/window/swiped-book.js";
import { linesOf } from "./zone.mjs";

const [UPPER, LOWER] = linesOf();

test("both lines in one text are a book, in capitals or not, with or without a line break", () => {
  for (const text of [UPPER + LOWER, `${UPPER}\r\n${LOWER}`, (UPPER + LOWER).toLowerCase()])
    assert.equal(new BookSwipe().take(text, 0).number, "X1234567", text);
});

test("one line waits for the other", () => {
  const swipe = new BookSwipe();
  assert.equal(swipe.take(UPPER, 0), "half");
  assert.equal(swipe.take(LOWER, 500).number, "X1234567");
  assert.equal(swipe.take(UPPER, 600), "half");
});

test("lines of two swipes are no book", () => {
  const swipe = new BookSwipe();
  swipe.take(UPPER, 0);
  const alone = swipe.take(LOWER, OTHER_LINE_MS + 1);
  assert.equal(alone.name, null);
});

test("a wrong check digit is a damaged swipe, in both shapes", () => {
  const wrong = LOWER.replace("X1234567", "X1234568");
  const swipe = new BookSwipe();
  assert.equal(swipe.take(UPPER + wrong, 0), "damaged");
  swipe.take(UPPER, 0);
  assert.equal(swipe.take(wrong, 300), "damaged");
  assert.equal(swipe.take(UPPER + LOWER.slice(1), 500), "damaged");
  assert.equal(swipe.take(UPPER + LOWER, 600).number, "X1234567");
});

test("a code between two lines stays a code", () => {
  const swipe = new BookSwipe();
  swipe.take(UPPER, 0);
  assert.equal(swipe.take(`SAB${"7".repeat(26)}`, 300), "code");
});

const zone = (more = {}) => ({
  number: "X1234567",
  issuer: "IDN",
  name: { words: ["CONTOH", "AHMAD"], isCut: false },
  birthDate: "1990-01-01",
  expiry: "2099-01-01",
  ...more,
});
const rows = (...names) => names.map((name) => ({ name, isFocused: false }));

test("the name chooses the row, in any order of its words and without its marks", () => {
  const found = bookOf(zone({ name: { words: ["NURAINI", "SITI"], isCut: false } }), rows("Ahmad", "Siti Nur'aini"));
  assert.equal(found.name, "Siti Nur'aini");
});

test("a name that had no room is found by the letters that are there", () => {
  const cut = { words: ["CONTOH", "AHM"], isCut: true };
  assert.equal(bookOf(zone({ name: cut }), rows("Ahmad Contoh", "Budi")).name, "Ahmad Contoh");
});

test("a book of somebody else has no row, also when one row is left", () => {
  assert.equal(bookOf(zone(), rows("Budi Contoh")), "swipe_other_name");
});

test("of two holders with one name the focused row counts, or the officer is asked", () => {
  const twins = rows("Ahmad Contoh", "Ahmad Contoh");
  assert.equal(bookOf(zone(), twins), "swipe_which_row");
  twins[1].isFocused = true;
  assert.equal(bookOf(zone(), twins), twins[1]);
});

test("without a name the only row counts, of several the focused one", () => {
  assert.equal(bookOf(zone({ issuer: null, name: null }), rows("Budi")).name, "Budi");
  assert.equal(bookOf(zone({ issuer: null, name: null }), rows("Budi", "Ahmad")), "swipe_which_row");
});

test("a passport of another state or an expired one is no book of the shelf", () => {
  assert.equal(bookOf(zone({ issuer: "UTO" }), rows("Ahmad Contoh")), "swipe_foreign");
  assert.equal(bookOf(zone({ expiry: "2020-01-01" }), rows("Ahmad Contoh")), "swipe_expired");
});
