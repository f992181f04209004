// Vibration goes with every tone of a page of the staff that asks for it; a screen of the board never does.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import { fileURLToPath } from "node:url";
import { set } from "../../static/js/lib/device-settings.js";
import { play, playWith, setMuted } from "../../static/js/lib/sounds.js";
import { vibrate } from "../../static/js/lib/vibration.js";

const JS = fileURLToPath(new URL("../../static/js/", import.meta.url));
const TONES = ["go", "repeat", "wait", "stop", "recorded", "ring"];
const felt = [];
const kept = {};
globalThis.window = {}; // a browser without sound
globalThis.localStorage = {
  getItem: (key) => kept[key] ?? null,
  setItem: (key, value) => Object.assign(kept, { [key]: value }),
};
Object.defineProperty(globalThis, "navigator", {
  value: { vibrate: (pattern) => felt.push(pattern) },
  configurable: true,
});

/** The paths of all modules that this one loads. */
function loaded(path, known = new Set()) {
  if (known.has(path)) return known;
  known.add(path);
  for (const [, other] of readFileSync(path, "utf8").matchAll(/(?:from|import\() ?"(\.[^"]+)"/g))
    loaded(fileURLToPath(new URL(other, `file://${path}`)), known);
  return known;
}

test("a tone alone does not vibrate", async () => {
  for (const tone of TONES) await play(tone);
  assert.deepEqual(felt, []);
});

test("every tone of the staff is felt, also on a muted device, and each as another one", async () => {
  playWith(vibrate);
  setMuted(true);
  for (const tone of TONES) await play(tone);
  assert.equal(new Set(felt.map(String)).size, TONES.length);
});

test("the chime of a screen is not felt", async () => {
  felt.length = 0;
  await play("chime");
  assert.deepEqual(felt, []);
});

test("a device whose vibration is off stays still", async () => {
  set("still", true);
  await play("stop");
  assert.deepEqual(felt, []);
  set("still", false);
});

test("a device without a motor knows nothing of it", async () => {
  Object.defineProperty(globalThis, "navigator", { value: {}, configurable: true });
  await assert.doesNotReject(() => play("stop"));
});

test("no screen of the board loads the vibration", () => {
  const isLoadedBy = (page) => [...loaded(`${JS}pages/${page}.js`)].some((path) => path.endsWith("lib/vibration.js"));
  for (const page of ["board", "enrol"]) assert.equal(isLoadedBy(page), false, page);
  for (const page of ["lane", "desk", "shelf", "supervisor-calls"]) assert.equal(isLoadedBy(page), true, page);
});
