// The loudspeaker's sentences: numbers as people say them, and a clip for every part.

import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import test from "node:test";
import { CHIME, english, indonesian } from "../../static/js/board/sentence.js";

const VOICE = new URL("../../static/voice/", import.meta.url);

const clips = (parts) => parts.filter((part) => typeof part === "string");
const after = (parts, clip) => clips(parts).slice(clips(parts).indexOf(clip) + 1);
const numbers = (parts) => parts.map((part) => part.split("/")[1]).join(" ");

const LANES = [
  [3, "3", "3"],
  [10, "10", "10"],
  [11, "11", "11"],
  [14, "4 belas", "14"],
  [20, "2 puluh", "20"],
  [57, "5 puluh 7", "50 7"],
  [99, "9 puluh 9", "90 9"],
  [120, "1 2 0", "1 2 0"],
];

test("lane numbers are composed as people say them", () => {
  for (const [lane, inIndonesian, inEnglish] of LANES) {
    const call = { queue_no: "A1", lane };
    assert.equal(numbers(after(indonesian(call), "id/silakan-menuju-jalur")), inIndonesian);
    assert.equal(numbers(after(english(call), "en/please-proceed-to-lane")), inEnglish);
  }
});

test("a queue number is spelled, and the window follows the lane", () => {
  const call = { queue_no: "A012", lane: 2, window: 1 };
  assert.deepEqual(clips(indonesian(call)), [
    ..."id/nomor-antrean id/a id/0 id/1 id/2 id/silakan-menuju-jalur id/2 id/loket id/1".split(" "),
  ]);
  assert.deepEqual(clips(english(call)), [
    ..."en/queue-number en/a en/0 en/1 en/2 en/please-proceed-to-lane en/2 en/window en/1".split(" "),
  ]);
});

test("a lane with one window is announced without it", () => {
  assert.ok(!clips(indonesian({ queue_no: "A012", lane: 2, window: null })).includes("id/loket"));
});

test("every part of every sentence has a clip", () => {
  const names = new Set([CHIME]);
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  for (let lane = 1; lane < 130; lane++) {
    const call = { queue_no: `${letters[lane % 26]}0123456789`, lane, window: (lane % 9) + 1 };
    for (const clip of clips([...indonesian(call), ...english(call)])) names.add(clip);
  }
  const missing = [...names].filter((name) => !existsSync(new URL(`${name}.mp3`, VOICE)));
  assert.deepEqual(missing, []);
});
