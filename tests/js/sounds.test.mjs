// Sound after sleep, a call or a browser that never allowed it: asked for again at every touch, and never believed to be on.

import assert from "node:assert/strict";
import test from "node:test";
import { isMuted, play, setMuted, watchAllowed } from "../../static/js/lib/sounds.js";

let tones = 0;
const handlers = {};
const node = { connect: (next) => next };

/** What the page knows of WebAudio; `mayRun` is whether the system gives the sound back. */
class FakeAudio extends EventTarget {
  static last;
  state = "running";
  mayRun = true;
  asked = 0;
  currentTime = 0;
  destination = node;

  constructor() {
    super();
    FakeAudio.last = this;
  }

  async resume() {
    this.asked++;
    if (this.mayRun) this.become("running");
  }

  become(state) {
    this.state = state;
    this.dispatchEvent(new Event("statechange"));
  }
}

const silent = { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} };
Object.assign(globalThis, {
  window: { AudioContext: FakeAudio },
  AudioContext: FakeAudio,
  OscillatorNode: class {
    connect = node.connect;
    stop() {}
    start() {
      tones++;
    }
  },
  GainNode: class {
    gain = silent;
    connect = node.connect;
  },
  addEventListener: (name, handler) => {
    handlers[name] = handler;
  },
  document: { addEventListener() {} },
});

/** A browser with this storage, or one that blocks it. */
function useStorage(kept) {
  const blocked = () => {
    throw new DOMException("blocked", "SecurityError");
  };
  globalThis.localStorage = kept
    ? { getItem: (key) => kept[key] ?? null, setItem: (key, value) => Object.assign(kept, { [key]: value }) }
    : { getItem: blocked, setItem: blocked };
}

const shown = [];
useStorage({});
watchAllowed((isAllowed) => shown.push(isAllowed));
const sounding = FakeAudio.last;

for (const state of ["suspended", "interrupted"]) {
  test(`a sound in the state ${state} waits for the sound to come back, and is played`, async () => {
    sounding.become(state);
    assert.equal(shown.at(-1), false);
    tones = 0;
    assert.equal(await play("stop"), true);
    assert.deepEqual([tones, shown.at(-1)], [2, true]);
  });

  test(`every touch, key and return of the page asks for the sound in the state ${state}`, () => {
    for (const event of ["pointerdown", "keydown", "focus", "pageshow"]) {
      sounding.become(state);
      const before = sounding.asked;
      handlers[event]();
      assert.equal(sounding.asked, before + 1, event);
    }
  });
}

test("a sound that the system keeps off is reported as not heard", async () => {
  sounding.mayRun = false;
  sounding.become("interrupted");
  tones = 0;
  assert.equal(await play("stop"), false);
  assert.deepEqual([tones, shown.at(-1)], [0, false]);
  sounding.mayRun = true;
});

test("the stop sound cannot be muted, the others can", async () => {
  setMuted(true);
  assert.deepEqual([await play("stop"), await play("go")], [true, false]);
  setMuted(false);
});

test("a page without storage still sounds", async () => {
  useStorage(null);
  setMuted(true);
  assert.deepEqual([isMuted(), await play("go")], [false, true]);
});
