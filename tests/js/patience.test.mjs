// The times of waiting, in one place.

import assert from "node:assert/strict";
import test from "node:test";
import { timeoutOf, turnFor } from "../../static/js/lib/patience.js";

test("each turn has more time, up to twenty seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map(timeoutOf), [5000, 8000, 13_000, 20_000, 20_000]);
});

test("a network with round trips of six seconds gets more than six seconds", () => {
  assert.deepEqual(
    [100, 4000, 4001, 6000, 10_500, 60_000].map((roundTrip) => timeoutOf(turnFor(roundTrip))),
    [5000, 5000, 8000, 8000, 20_000, 20_000],
  );
});
