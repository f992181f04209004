// The times of waiting, in one place.

import assert from "node:assert/strict";
import test from "node:test";
import { Pauses, timeoutOf, turnFor } from "../../static/js/lib/patience.js";

test("each turn has more time, up to twenty seconds", () => {
  assert.deepEqual([0, 1, 2, 3, 9].map(timeoutOf), [5000, 8000, 13_000, 20_000, 20_000]);
});

test("a network with round trips of six seconds gets more than six seconds", () => {
  assert.deepEqual(
    [100, 4000, 4001, 6000, 10_500, 60_000].map((roundTrip) => timeoutOf(turnFor(roundTrip))),
    [5000, 5000, 8000, 8000, 20_000, 20_000],
  );
});

test("a page asks again after 1, 2, 4, 8 seconds, more or less, and no later", () => {
  const pauses = new Pauses();
  const taken = [1, 2, 3, 4, 5].map(() => {
    pauses.begin();
    return pauses.seconds;
  });
  for (const [turn, seconds] of [1, 2, 4, 8, 8].entries()) assert.ok(Math.abs(taken[turn] - seconds) <= 0.25 * seconds);
});

test("pages that begin together do not ask together", () => {
  const all = Array.from({ length: 50 }, () => new Pauses());
  for (const pauses of all) pauses.begin();
  assert.ok(new Set(all.map((pauses) => pauses.seconds)).size > 40);
});

test("a screen that is answered asks every four seconds, a patient page every eight", () => {
  const longest = [undefined, 12].map((beat) => {
    const pauses = new Pauses(beat);
    for (let turn = 0; turn < 6; turn++) {
      pauses.begin();
      pauses.answered();
    }
    return pauses.seconds;
  });
  assert.ok(longest[0] <= 5 && longest[1] > 5 && longest[1] <= 10);
});

test("a server that refuses at once is asked again after a second; one that is silent is not", () => {
  for (const [silence, longest, beat] of [
    [0.1, 1],
    [5, 8],
    [0.1, 8, 12], // phones are many: the server may have refused because of them
  ]) {
    const pauses = new Pauses(beat);
    for (let turn = 0; turn < 5; turn++) pauses.begin();
    pauses.lost(silence);
    assert.ok(pauses.seconds <= longest * 1.25 && pauses.seconds >= longest * 0.75);
  }
});
