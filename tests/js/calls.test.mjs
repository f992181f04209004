// Calls of the signboard, and which of them this screen has spoken.

import assert from "node:assert/strict";
import test from "node:test";
import { calledNumbers, callsOf, callsToSpeak } from "../../static/js/board/calls.js";
import { SpokenCalls } from "../../static/js/board/spoken-calls.js";

const AT = "2026-11-24T02:41:09Z";
const call = (id, values = {}) => ({ id, queue_no: `A${id}`, lane: 1, window: 1, at: AT, ...values });

test.beforeEach(() => {
  const stored = new Map();
  globalThis.localStorage = {
    getItem: (key) => stored.get(key) ?? null,
    setItem: (key, value) => stored.set(key, value),
  };
});

test("a window is part of a call only where the lane has several", () => {
  const lanes = [
    { number: 1, windows: 2 },
    { number: 2, windows: 1 },
  ];
  const calls = callsOf({ announcements: [call(1), call(2, { lane: 2 })], lanes });
  assert.deepEqual(
    calls.map(({ window }) => window),
    [1, null],
  );
});

test("calls that were not answered are spoken before newer ones", () => {
  const calls = callsToSpeak({ standing: [call(1)], announcements: [call(2)], lanes: [] });
  assert.deepEqual(
    calls.map(({ id }) => id),
    [1, 2],
  );
});

test("called vehicles are those in the state called", () => {
  const visits = [
    { state: "called", queue_no: "A1" },
    { state: "serving", queue_no: "A2" },
  ];
  assert.deepEqual(calledNumbers({ lanes: [{ visits }] }), ["A1"]);
});

test("a call is spoken once, also after a reload", () => {
  const calls = new SpokenCalls("screen");
  assert.deepEqual([calls.isNew, calls.knows(call(1))], [true, false]);
  calls.add(call(1));
  calls.done(call(1));
  const reloaded = new SpokenCalls("screen");
  assert.deepEqual([reloaded.isNew, reloaded.knows(call(1)), reloaded.waiting], [false, true, []]);
});

test("a waiting call survives a reload", () => {
  new SpokenCalls("screen").add(call(1));
  assert.deepEqual(
    new SpokenCalls("screen").waiting.map(({ id }) => id),
    [1],
  );
});

test("the same id an hour later is another call", () => {
  const calls = new SpokenCalls("screen");
  calls.done(call(1));
  assert.equal(calls.knows(call(1, { at: "2026-11-24T04:00:00Z" })), false);
});

test("the oldest waiting call is dropped when too many wait", () => {
  const calls = new SpokenCalls("screen");
  for (let id = 1; id <= 31; id++) calls.add(call(id));
  assert.deepEqual([calls.waiting.length, calls.waiting[0].id, calls.knows(call(1))], [30, 2, true]);
});

test("a damaged list is forgotten", () => {
  localStorage.setItem("ampera.spoken.screen", "{");
  assert.equal(new SpokenCalls("screen").isNew, true);
});
