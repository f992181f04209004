// Times as the interface shows them.

import assert from "node:assert/strict";
import test from "node:test";
import { age, dateTime, duration, figure, learn, now, secondsSince, timeOfDay } from "../../static/js/lib/clock.js";

test("an age has units and never looks like a time of day", () => {
  const ages = [-5, 0, 36, 59, 60, 372, 3599, 3600, 3600 + 372, 86_399, 86_400, 2 * 86_400 + 3 * 3600].map(age);
  const [unknown, ...rest] = ["0 dtk", "0 dtk", "36 dtk", "59 dtk", "1 mnt", "6 mnt", "59 mnt"];
  assert.deepEqual(ages, [unknown, ...rest, "1 j 00 mnt", "1 j 06 mnt", "23 j 59 mnt", "1 hari 00 j", "2 hari 03 j"]);
});

test("a duration has seconds until an hour", () => {
  assert.deepEqual([0, 59, 60, 125, 3599, 3600].map(duration), [
    "0 dtk",
    "59 dtk",
    "1 mnt",
    "2 mnt 05 dtk",
    "59 mnt 59 dtk",
    "1 j 00 mnt",
  ]);
});

test("an age is in the language of the page", () => {
  globalThis.document = { documentElement: { lang: "en" } };
  assert.deepEqual([age(36), age(372), age(3972)], ["36 sec", "6 min", "1 hr 06 min"]);
  delete globalThis.document;
});

test("times and figures are written as the language of the page writes them", () => {
  const shown = () => [dateTime("2026-11-24T02:41:09Z"), timeOfDay("2026-11-24T07:32:08Z"), figure(5017)];
  globalThis.document = { documentElement: { lang: "en" } };
  assert.deepEqual(shown(), ["24-11-2026, 09:41", "14:32:08", "5,017"]);
  assert.equal(dateTime("2026-11-24T02:41:09Z", "Asia/Jakarta", "id"), "24-11-2026, 09.41");
  globalThis.document.documentElement.lang = "id";
  assert.deepEqual(shown(), ["24-11-2026, 09.41", "14.32.08", "5.017"]);
  delete globalThis.document;
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
