// One code held in front of the camera is one scan.

import assert from "node:assert/strict";
import test from "node:test";
import { Debounce } from "../../static/js/lane/debounce.js";

/** A debounce on a clock that the test sets. */
function sightings() {
  let now = 0;
  const debounce = new Debounce(() => now);
  return {
    debounce,
    isNewAt(moment, code) {
      now = moment;
      return debounce.isNew(code);
    },
  };
}

test("a code that stays in view is new once", () => {
  const { isNewAt } = sightings();
  assert.deepEqual([isNewAt(0, "A"), isNewAt(2000, "A"), isNewAt(4000, "A")], [true, false, false]);
});

test("another code is new, and the first code after it too", () => {
  const { isNewAt } = sightings();
  assert.deepEqual([isNewAt(0, "A"), isNewAt(100, "B"), isNewAt(200, "A")], [true, true, true]);
});

test("a code is new again after it was out of view", () => {
  const { isNewAt } = sightings();
  assert.deepEqual([isNewAt(0, "A"), isNewAt(2499, "A"), isNewAt(2499 + 2500, "A")], [true, false, true]);
});

test("a forgotten code is new at once", () => {
  const { debounce, isNewAt } = sightings();
  isNewAt(0, "A");
  debounce.forget();
  assert.equal(isNewAt(10, "A"), true);
});
