// The loudspeaker's queue. Each call is spoken once by this screen, one after the other: chime, Indonesian, English.
// For measuring, `body[data-spoken]` is the id of the call whose chime began last, and so does the mark "chime".

import { now } from "../lib/clock.js";
import { clipsAt } from "./clip-store.js";
import { playParts, setVolume } from "./player.js";
import { CHIME, english, indonesian } from "./sentence.js";
import { memoryOf } from "./spoken-calls.js";

const MANY = 3; // when more calls than this wait, they are spoken in Indonesian only
const IN_TIME_MS = 20 * 1000; // an older call is spoken only to a vehicle that is still called
const TOO_OLD_MS = 120 * 1000;
const BREATH_S = 0.15;
const LANGUAGES_S = 0.4;
const EXAMPLE = { queue_no: "A012", lane: 2 };

/**
 * `name` of the memory, `base` of the clips, `openedAt` (ISO) of a screen that remembers nothing yet,
 * `maySound()` of the browser, `onTest(isRunning)`.
 * Until `set({speaks, volume})` was told, calls wait.
 */
export function createVoice({ name, base, openedAt, maySound, onTest }) {
  const clips = clipsAt(base);
  const memory = memoryOf(name);
  let settings = null;
  let called = new Set();
  let isQuiet = false;
  let isSpeaking = false;
  let isTestWanted = false;

  /** Announced calls, oldest first; the numbers of all vehicles that are called now; whether silence is kept. */
  function hear(calls, calledNow, isQuietNow) {
    isQuiet = isQuietNow;
    called = new Set(calledNow);
    for (const call of calls) {
      if (memory.knows(call)) continue;
      memory.add(call);
      if (memory.isNew && call.at < openedAt) memory.done(call);
    }
    run();
  }

  function set({ speaks, volume }) {
    settings = { speaks };
    setVolume(volume);
    run();
  }

  function test() {
    isTestWanted = true;
    run();
  }

  async function run() {
    if (isSpeaking) return;
    isSpeaking = true;
    try {
      for (;;) {
        if (isTestWanted && maySound()) await sayTest();
        const call = next();
        if (!call) return;
        await say(call);
      }
    } finally {
      isSpeaking = false;
    }
  }

  /** The call whose turn it is. Those that nobody has to hear any more are let go. */
  function next() {
    const isSilent = isQuiet || settings?.speaks === false;
    for (const call of [...memory.waiting]) if (isSilent || isPast(call)) memory.done(call);
    return settings && maySound() ? memory.waiting[0] : undefined;
  }

  function isPast({ queue_no, at }) {
    const age = now() - Date.parse(at);
    return age > TOO_OLD_MS || (age > IN_TIME_MS && !called.has(queue_no));
  }

  async function say(call) {
    await speak(call, () => {
      memory.done(call);
      document.body.dataset.spoken = call.id;
      performance.clearMarks(CHIME);
      performance.mark(CHIME, { detail: call.id });
    });
    if (memory.waiting.length > MANY) return;
    const parts = await loaded(english(call));
    if (parts && maySound()) await playParts([LANGUAGES_S, ...parts]);
  }

  async function sayTest() {
    isTestWanted = false;
    onTest(true);
    await speak(EXAMPLE, () => {});
    onTest(false);
  }

  /** Chime and Indonesian. A sentence that lacks a clip is not spoken: half a number would call somebody else. */
  async function speak(call, onChime) {
    const chime = (await loaded([CHIME])) ?? [];
    let end;
    onChime();
    const ringing = playParts(chime, { onEnd: (at) => (end = at) });
    const parts = await loaded(indonesian(call));
    if (parts) await playParts([BREATH_S, ...parts], { from: end });
    else await ringing;
  }

  /** The parts with each name replaced by its clip; null when one is missing. */
  async function loaded(parts) {
    const names = parts.filter((part) => typeof part === "string");
    const found = await clips.load(names);
    return found && parts.map((part) => (typeof part === "string" ? found.shift() : part));
  }

  clips.load([CHIME]); // the first call must not wait for it
  return { hear, set, test, run, fetchAhead: clips.fetchAhead };
}
