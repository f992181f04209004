// A countdown as it is shown.

import assert from "node:assert/strict";
import test from "node:test";
import { secondsLeft } from "../../static/js/lane/seconds-left.js";

test("a countdown never begins above its length, whatever the network took", () => {
  for (const late of [0, 20, 700, 2500]) assert.equal(secondsLeft(30_000 + late, 0, 30), 30, `${late} ms`);
});

test("a countdown offers nothing when its moment has passed", () => {
  assert.equal(secondsLeft(30_000, 28_999, 30), 1);
  for (const now of [29_500, 30_000, 40_000]) assert.equal(secondsLeft(30_000, now, 30), 0, `${now} ms`);
});
