// Palm and pen on the signature pad.

import assert from "node:assert/strict";
import test from "node:test";
import { PenGuard } from "../../static/js/lib/pen-guard.js";

/** The verdicts on a sequence of `[type, pointerId, pointerType]`. */
function verdicts(...events) {
  const guard = new PenGuard();
  return events.map(([type, pointerId, pointerType, isPrimary]) =>
    guard.judge({ type: `pointer${type}`, pointerId, pointerType, isPrimary }),
  );
}

test("a finger writes", () => {
  assert.deepEqual(verdicts(["down", 1, "touch"], ["move", 1, "touch"], ["up", 1, "touch"]), ["pass", "pass", "pass"]);
});

test("a pen takes over from a palm that rested first", () => {
  const seen = verdicts(["down", 1, "touch"], ["down", 2, "pen"], ["move", 1, "touch"], ["move", 2, "pen"]);
  assert.deepEqual(seen, ["pass", "take over", "pass", "pass"]);
});

test("a palm beside a pen never draws", () => {
  const seen = verdicts(["down", 2, "pen"], ["down", 1, "touch"], ["up", 2, "pen"], ["down", 3, "touch"]);
  assert.deepEqual(seen, ["pass", "ignore", "pass", "ignore"]);
});

test("a palm that the system cancels leaves nothing", () => {
  assert.deepEqual(verdicts(["down", 1, "touch"], ["cancel", 1, "touch"]), ["pass", "drop"]);
});

test("the end of a palm that lost to the pen does not end the pen's stroke", () => {
  const seen = verdicts(["down", 1, "touch"], ["down", 2, "pen"], ["cancel", 1, "touch"], ["up", 2, "pen"]);
  assert.deepEqual(seen, ["pass", "take over", "pass", "pass"]);
});

test("a second finger does not draw into the stroke of the first", () => {
  assert.deepEqual(verdicts(["down", 1, "touch"], ["down", 2, "touch"]), ["pass", "ignore"]);
});

test("a second pen does not take over from the first", () => {
  assert.deepEqual(verdicts(["down", 1, "pen"], ["down", 2, "pen"]), ["pass", "ignore"]);
});

test("a mouse writes, and a pen takes over from it", () => {
  assert.deepEqual(verdicts(["down", 1, "mouse"], ["down", 2, "pen"]), ["pass", "take over"]);
});

test("after a cleared pad a finger may write again", () => {
  const guard = new PenGuard();
  guard.judge({ type: "pointerdown", pointerId: 2, pointerType: "pen" });
  guard.judge({ type: "pointerup", pointerId: 2, pointerType: "pen" });
  guard.forget();
  assert.equal(guard.judge({ type: "pointerdown", pointerId: 3, pointerType: "touch" }), "pass");
});

test("a mouse whose release was never heard writes on", () => {
  assert.deepEqual(verdicts(["down", 1, "mouse"], ["down", 1, "mouse"], ["up", 1, "mouse"]), ["pass", "go on", "pass"]);
});

test("a first finger comes after the end of another one, also when that end was lost", () => {
  assert.deepEqual(verdicts(["down", 1, "touch", true], ["down", 2, "touch", true]), ["pass", "go on"]);
  assert.deepEqual(verdicts(["down", 1, "touch", true], ["down", 2, "touch", false]), ["pass", "ignore"]);
});

test("a first finger beside a pen is a palm", () => {
  assert.deepEqual(verdicts(["down", 1, "pen"], ["down", 2, "touch", true]), ["pass", "ignore"]);
});

test("after the page was left in the middle of a stroke the next finger writes", () => {
  const guard = new PenGuard();
  guard.judge({ type: "pointerdown", pointerId: 1, pointerType: "touch" });
  guard.lift();
  assert.equal(guard.judge({ type: "pointerdown", pointerId: 2, pointerType: "touch" }), "pass");
});
