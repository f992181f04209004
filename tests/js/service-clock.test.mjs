// The service of a vehicle against the office's target.

import assert from "node:assert/strict";
import test from "node:test";
import { learn } from "../../static/js/lib/clock.js";
import { serviceSeconds, targetSeconds, toneOf } from "../../static/js/lib/service-clock.js";

test("the service lasts since it began, without the time at the side", () => {
  learn(new Date().toISOString());
  const at = new Date(Date.now() - 300_500).toISOString();
  assert.equal(serviceSeconds({ served_at: at, parked_s: 120, books: 1 }), 180);
  assert.equal(serviceSeconds({ served_at: null, books: 1 }), 0);
});

test("each further book adds to the target", () => {
  const target = { first: 120, further: 15 };
  assert.deepEqual(
    [0, 1, 2, 40].map((books) => targetSeconds({ books }, target)),
    [120, 120, 135, 705],
  );
});

test("the clock waits after the target and stops after its double", () => {
  assert.deepEqual(
    [0, 120, 121, 240, 241].map((seconds) => toneOf(seconds, 120)),
    ["go", "go", "wait", "wait", "stop"],
  );
});
