// Times as the interface shows them.

import assert from "node:assert/strict";
import test from "node:test";
import { age, dateTime, learn, now, secondsSince, timeOfDay } from "../../static/js/lib/clock.js";

test("an age has minutes and seconds, and hours only when there are any", () => {
  assert.equal(age(0), "00.00");
  assert.equal(age(372), "06.12");
  assert.equal(age(3600 + 372), "1.06.12");
});

test("times are shown in the office's time zone", () => {
  assert.equal(dateTime("2026-11-24T02:41:09Z"), "24-11-2026, 09.41");
  assert.equal(dateTime("2026-11-24T18:41:09Z", "Asia/Jayapura"), "25-11-2026, 03.41");
  assert.equal(timeOfDay("2026-11-24T07:32:08Z"), "14.32.08");
});

test("midnight is 00, not 24", () => {
  assert.equal(dateTime("2026-11-24T17:00:00Z"), "25-11-2026, 00.00");
});

test("ages follow the server's clock", () => {
  const server = Date.now() + 3_600_000;
  learn(new Date(server).toISOString());
  assert.ok(Math.abs(now() - server) < 1000);
  assert.ok(Math.abs(secondsSince(new Date(server - 60_000).toISOString()) - 60) <= 1);
});

test("an age is never negative", () => {
  assert.equal(secondsSince(new Date(now() + 60_000).toISOString()), 0);
});
