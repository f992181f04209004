// What the opening check of a lane concludes.

import assert from "node:assert/strict";
import test from "node:test";
import { judged } from "../../static/js/lane-check/network.js";

test("a quick network with the right time works", () => {
  assert.deepEqual(judged({ roundTrip: 80, skew: -500 }), {
    isFine: true,
    key: "network_works",
    values: { time: "1 dtk" },
  });
});

test("a slow network fails with its round trip", () => {
  assert.deepEqual(judged({ roundTrip: 6000, skew: 0 }), {
    isFine: false,
    key: "network_slow",
    values: { time: "6 dtk" },
  });
});

test("a wrong clock fails with its distance, whatever its direction", () => {
  for (const skew of [-600_000, 600_000]) {
    assert.deepEqual(judged({ roundTrip: 80, skew }), {
      isFine: false,
      key: "network_clock",
      values: { age: "10 mnt" },
    });
  }
});

test("a lost answer fails", () => {
  assert.equal(judged(null).key, "network_lost");
});
