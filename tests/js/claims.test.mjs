// Claims, recalls and targets of a tablet.

import assert from "node:assert/strict";
import test from "node:test";
import { useTablet } from "./page.mjs";

useTablet();
const { hasEnded, isForeign } = await import("../../static/js/lane/claims.js");
const { learnOpenLanes, parseTarget, targets } = await import("../../static/js/lane/targets.js");
const point = await import("../../static/js/lane/tablet-point.js");

const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000).toISOString();

test("a claim of another officer is foreign, an own claim and none are not", () => {
  assert.deepEqual([isForeign({ mine: false }), isForeign({ mine: true }), isForeign(null)], [true, false, false]);
});

test("a claim ends with its lease", () => {
  assert.deepEqual(
    [hasEnded({ until: inSeconds(5) }), hasEnded({ until: inSeconds(-1) }), hasEnded(null)],
    [false, true, false],
  );
});

test("a vehicle can be handed on to every other lane and window that takes it", () => {
  const values = targets({ lane: 1, window: 1, kind: "car" }).map(([value]) => value);
  assert.deepEqual(values, ["1/2", "2/"]);
});

test("a closed lane is shown and cannot be chosen", () => {
  learnOpenLanes({ open_lanes: [1] });
  const whyNot = targets({ lane: 1, window: 1, kind: "car" }).map(([, , reason]) => Boolean(reason));
  assert.deepEqual(whyNot, [false, true]);
});

test("a target is sent as lane and window", () => {
  assert.deepEqual(parseTarget("1/2"), { lane: 1, window: 2 });
  assert.deepEqual(parseTarget("2/"), { lane: 2 });
});

test("a tablet knows its point from the page", () => {
  assert.deepEqual(point.pointFields(), { lane: 1, window: 1 });
  assert.equal(point.hasOtherPoint(), true);
  assert.equal(point.takesKind({ kind: "motorcycle" }), true);
});
