// The loudspeaker's queue. Each call is spoken once by this screen, one after the other: chime, Indonesian, English.
// For measurements `body[data-spoken]` is the id of the call whose chime started last; the performance mark "chime" too.

import { now } from "../lib/clock.js";
import { ClipStore } from "./clip-store.js";
import { playParts, setVolume } from "./player.js";
import { CHIME, english, indonesian } from "./sentence.js";
import { SpokenCalls } from "./spoken-calls.js";

const MANY = 3; // when more calls than this wait, they are spoken in Indonesian only
const IN_TIME_MS = 20 * 1000; // an older call is spoken only to a vehicle that is still called
const TOO_OLD_MS = 120 * 1000;
const CHIME_PAUSE_S = 0.15;
const LANGUAGES_PAUSE_S = 0.4;
const EXAMPLE = { queue_no: "A012", lane: 2 };

/** @typedef {import("./player.js").SoundPart} SoundPart */
/** @typedef {import("./sentence.js").SpokenNumber} SpokenNumber */
/**
 * @typedef {object} AnnouncerOptions
 * @property {string} name of the list of spoken calls
 * @property {string} base address of the clips
 * @property {string} openedAt ISO; a new screen does not speak calls from before
 * @property {() => boolean} maySound
 * @property {(isRunning: boolean) => void} onTest
 */

/** Calls wait until `configure` was called once. */
export class Announcer {
  #options;
  #clips;
  #calls;
  /** @type {{speaks: boolean} | null} */
  #settings = null;
  /** @type {Set<string>} numbers of all vehicles that are called now */
  #called = new Set();
  #isQuiet = false;
  #isSpeaking = false;
  #isTestWanted = false;

  /** @param {AnnouncerOptions} options */
  constructor(options) {
    this.#options = options;
    this.#clips = new ClipStore(options.base);
    this.#calls = new SpokenCalls(options.name);
    this.#clips.load([CHIME]); // the first call must not wait for it
  }

  /**
   * Take over the announced calls, oldest first.
   * @param {Call[]} calls
   * @param {string[]} calledNow numbers of all vehicles that are called now
   * @param {boolean} isQuiet the office keeps silence
   */
  update(calls, calledNow, isQuiet) {
    this.#isQuiet = isQuiet;
    this.#called = new Set(calledNow);
    for (const call of calls) {
      if (this.#calls.knows(call)) continue;
      this.#calls.add(call);
      if (this.#calls.isNew && call.at < this.#options.openedAt) this.#calls.done(call);
    }
    this.run();
  }

  /** @param {{speaks: boolean, volume: number}} settings */
  configure({ speaks, volume }) {
    this.#settings = { speaks };
    setVolume(volume);
    this.run();
  }

  test() {
    this.#isTestWanted = true;
    this.run();
  }

  fetchAhead() {
    return this.#clips.fetchAhead();
  }

  /** Speak what waits, if nothing is spoken already. */
  async run() {
    if (this.#isSpeaking) return;
    this.#isSpeaking = true;
    try {
      for (;;) {
        if (this.#isTestWanted && this.#options.maySound()) await this.#speakTest();
        const call = this.#next();
        if (!call) return;
        await this.#announce(call);
      }
    } finally {
      this.#isSpeaking = false;
    }
  }

  /** The next call to speak. Calls that nobody needs any more are skipped. */
  #next() {
    const isSilent = this.#isQuiet || this.#settings?.speaks === false;
    for (const call of this.#calls.waiting) if (isSilent || this.#isPast(call)) this.#calls.done(call);
    return this.#settings && this.#options.maySound() ? this.#calls.waiting[0] : undefined;
  }

  /** @param {Call} call */
  #isPast({ queue_no, at }) {
    const age = now() - Date.parse(at);
    return age > TOO_OLD_MS || (age > IN_TIME_MS && !this.#called.has(queue_no));
  }

  /** @param {Call} call */
  async #announce(call) {
    await this.#speak(call, () => {
      this.#calls.done(call);
      document.body.dataset.spoken = String(call.id);
      performance.clearMarks(CHIME);
      performance.mark(CHIME, { detail: call.id });
    });
    if (this.#calls.waiting.length > MANY) return;
    const parts = await this.#loaded(english(call));
    if (parts && this.#options.maySound()) await playParts([LANGUAGES_PAUSE_S, ...parts]);
  }

  async #speakTest() {
    this.#isTestWanted = false;
    this.#options.onTest(true);
    await this.#speak(EXAMPLE, () => {});
    this.#options.onTest(false);
  }

  /**
   * Chime and Indonesian. A sentence without one of its clips is not spoken: half a number would call another vehicle.
   * @param {SpokenNumber} call
   * @param {() => void} onChime
   */
  async #speak(call, onChime) {
    const chime = (await this.#loaded([CHIME])) ?? [];
    let end = 0;
    onChime();
    const ringing = playParts(chime, {
      onEnd: (at) => {
        end = at;
      },
    });
    const parts = await this.#loaded(indonesian(call));
    if (parts) await playParts([CHIME_PAUSE_S, ...parts], { from: end });
    else await ringing;
  }

  /**
   * The parts with each name replaced by its clip; null when a clip is missing.
   * @param {(string | number)[]} parts
   * @returns {Promise<SoundPart[] | null>}
   */
  async #loaded(parts) {
    const names = parts.filter((part) => typeof part === "string");
    const clips = await this.#clips.load(names);
    if (!clips) return null;
    return parts.map((part) => (typeof part === "string" ? /** @type {AudioBuffer} */ (clips.shift()) : part));
  }
}
