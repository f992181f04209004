// What officers type from cards and books.

import assert from "node:assert/strict";
import test from "node:test";
import { learn } from "../../static/js/lib/clock.js";
import { bookNumber, dashed, isoDate, last4, nikLast4 } from "../../static/js/lib/parse-input.js";

test("dashes appear while a date is typed", () => {
  const typed = ["2", "24", "24-1", "24-11", "24-11-1990"].map((input) => dashed(input));
  assert.deepEqual(typed, ["2", "24-", "24-1", "24-11-", "24-11-1990"]);
  assert.equal(dashed("24111990"), "24-11-1990");
});

test("a deleted dash stays deleted", () => {
  assert.equal(dashed("24", true), "24");
});

test("a date is a day of the calendar that has come", () => {
  assert.equal(isoDate(" 24-11-1990 "), "1990-11-24");
  for (const input of ["", "24-11-19", "31-02-1990", "24-13-1990", "24-11-1899", "24-11-2999"])
    assert.equal(isoDate(input), null, input);
});

test("the day of a tablet whose clock was reset does not bar a birth date", (context) => {
  context.mock.timers.enable({ apis: ["Date"], now: Date.parse("1986-01-01T00:00:00Z") });
  learn("2026-11-30T09:00:00+07:00");
  assert.equal(isoDate("24-11-1990"), "1990-11-24");
  assert.equal(isoDate("01-12-2026"), null);
  learn(new Date().toISOString());
});

test("the last digits of a NIK come from four digits or from the whole number", () => {
  assert.equal(nikLast4("0123"), "0123");
  assert.equal(nikLast4("3674 0112 3456 7890"), "7890");
  for (const input of ["", "123", "12345", "12a4", "36740112345678901"]) assert.equal(nikLast4(input), null, input);
});

test("the end of a document's number has four letters or digits", () => {
  assert.equal(last4(" a1b2 "), "A1B2");
  for (const input of ["", "a1b", "a1b2c", "a1-2"]) assert.equal(last4(input), null, input);
});

test("a book's number is complete with four digits or as a whole", () => {
  assert.deepEqual(bookNumber("x 1234567"), { number: "X1234567", isComplete: true });
  assert.deepEqual(bookNumber("4567"), { number: "4567", isComplete: true });
  assert.deepEqual(bookNumber("x123"), { number: "X123", isComplete: false });
  assert.equal(bookNumber("x12"), null);
});
