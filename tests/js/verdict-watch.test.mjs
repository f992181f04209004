// A verdict on the screen is asked about again and again; without an answer it is doubtful.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { VerdictWatch } from "../../static/js/lane/verdict-watch.js";
import { useTablet } from "./page.mjs";

useTablet();
globalThis.HTMLMetaElement = class {};

const GREEN = { scan_id: "s", verdict: "ok", tone: "go", next: "serve", facts: {}, visit: null, pickup_id: 7 };
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** A green verdict on a screen whose server answers with `answers`, one after the other; null is no answer. */
function shown(...answers) {
  const seen = { doubts: [], changed: [], at: 1000 };
  globalThis.fetch = mock.fn(async () => {
    const body = answers.shift();
    if (!body) throw new TypeError("no network");
    return { ok: body !== "broken", status: body === "broken" ? 500 : 200, text: async () => JSON.stringify(body) };
  });
  const options = {
    onChanged: (answer) => seen.changed.push(answer.verdict),
    onAged: () => {},
    onDoubt: (isDoubtful) => seen.doubts.at(-1) === isDoubtful || seen.doubts.push(isDoubtful),
  };
  seen.watch = new VerdictWatch(options, () => seen.at);
  seen.watch.watch(GREEN);
  return seen;
}

test("a verdict is doubtful while the server does not confirm it, though the lane's state comes", async () => {
  const seen = shown("broken", "broken", "broken", GREEN);
  for (let turn = 0; turn < 4; turn++) {
    seen.at += 5000;
    seen.watch.learn({ revision: 1 });
    await settled();
  }
  assert.deepEqual(seen.doubts, [false, true, false]);
});

test("after a lost connection a verdict is asked about before it counts again", async () => {
  const seen = shown({ ...GREEN, verdict: "visit_over", tone: "stop" });
  seen.watch.learn({ revision: 1 });
  await settled();
  seen.watch.watch(GREEN);
  seen.watch.lose();
  seen.watch.learn({ revision: 1 });
  await settled();
  assert.deepEqual([seen.doubts, seen.changed], [[false, true], ["visit_over"]]);
  assert.equal(globalThis.fetch.mock.callCount(), 2);
});

test("where no verdict is shown nothing is doubtful and nobody is asked", async () => {
  const seen = shown();
  seen.watch.watch(null);
  seen.watch.lose();
  seen.watch.learn({ revision: 2 });
  await settled();
  assert.deepEqual(seen.doubts, [false]);
  assert.equal(globalThis.fetch.mock.callCount(), 0);
});
