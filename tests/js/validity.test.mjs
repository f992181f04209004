// A verdict on a tablet against what the server says now.

import assert from "node:assert/strict";
import test from "node:test";
import { booksOfScan, hasOutlivedTruth } from "../../static/js/lane/validity.js";

const BOOK = { passport_id: 1, pickup_id: 7, status: "ok", shelf: "A-01" };
const VISIT = { queue_no: "A029", state: "waiting", claim: null, passports: [BOOK] };
const GREEN = { verdict: "ok", tone: "go", next: "serve", facts: { books: 1 }, visit: VISIT, pickup_id: 7 };
const AMBER = { verdict: "open_elsewhere", tone: "wait", next: "rescan", facts: { lane: 2, since_s: 9 }, visit: VISIT };

const withVisit = (changes) => ({ ...GREEN, visit: { ...VISIT, ...changes } });

test("a verdict that says the same is kept", () => {
  assert.equal(hasOutlivedTruth(GREEN, structuredClone(GREEN)), false);
});

test("an age that has grown is no news, the end of a lease is", () => {
  assert.equal(hasOutlivedTruth(AMBER, { ...AMBER, facts: { lane: 2, since_s: 14 } }), false);
  assert.equal(hasOutlivedTruth(AMBER, { ...AMBER, facts: { lane: 2, since_s: 14, idle_s: 46 } }), true);
  assert.equal(hasOutlivedTruth(AMBER, { ...AMBER, next: "serve" }), true);
});

for (const [what, now] of [
  ["another verdict", { ...GREEN, verdict: "visit_over", tone: "stop" }],
  ["another state of the vehicle", withVisit({ state: "called" })],
  ["a claim of somebody", withVisit({ state: "serving", claim: { lane: 2, officer: "Petugas Contoh" } })],
  ["a book that is held", withVisit({ passports: [{ ...BOOK, status: "held" }] })],
  ["a book on another shelf", withVisit({ passports: [{ ...BOOK, shelf: "B-09" }] })],
  ["one book more", withVisit({ passports: [BOOK, { ...BOOK, passport_id: 2 }] })],
  ["another number", withVisit({ queue_no: "P001" })],
  ["another count", { ...GREEN, facts: { books: 2 } }],
])
  test(`${what} replaces the verdict`, () => assert.equal(hasOutlivedTruth(GREEN, now), true));

test("the list of a verdict has the books of its code, and the vehicle's are counted", () => {
  const other = { ...BOOK, passport_id: 2, pickup_id: 8 };
  const found = booksOfScan(withVisit({ passports: [other, BOOK] }));
  assert.deepEqual([found.own, found.all, found.codes], [[BOOK], 2, 2]);
});
