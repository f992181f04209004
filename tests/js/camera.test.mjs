// A camera whose picture stands still is trouble, in words, and is opened again.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Camera } from "../../static/js/lane/camera.js";

class Track extends EventTarget {
  readyState = "live";
  muted = false;
  stop() {
    this.readyState = "ended";
  }
  getSettings = () => ({});
  getCapabilities = () => ({});
}

class Stream {
  track = new Track();
  getVideoTracks = () => [this.track];
  getTracks = () => [this.track];
}

let page;

beforeEach(() => {
  page = { handlers: {}, opened: [], problems: [], picture: null };
  Object.assign(globalThis, {
    MediaStream: Stream,
    localStorage: { getItem: () => null, setItem() {}, removeItem() {} },
    addEventListener: (name, handler) => {
      page.handlers[name] = handler;
    },
    document: { hidden: false, addEventListener() {} },
  });
  const getUserMedia = async () => {
    page.opened.push(new Stream());
    return page.opened.at(-1);
  };
  const mediaDevices = Object.assign(new EventTarget(), { getUserMedia, enumerateDevices: async () => [] });
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
  mock.timers.enable({ apis: ["setTimeout"] });
});

const settle = () => new Promise(setImmediate);

async function running() {
  const video = {
    srcObject: null,
    play: async () => {},
    cancelVideoFrameCallback() {},
    requestVideoFrameCallback(callback) {
      page.picture = callback;
    },
  };
  const camera = new Camera(video, { onPicture() {}, onProblem: (key) => page.problems.push(key) });
  await camera.start();
  return camera;
}

test("a muted track is trouble, and the camera is opened again", async () => {
  await running();
  page.opened[0].track.muted = true;
  page.opened[0].track.dispatchEvent(new Event("mute"));
  assert.deepEqual(page.problems, ["camera_frozen"]);
  mock.timers.tick(3000);
  await settle();
  assert.equal(page.opened.length, 2);
  mock.timers.reset();
});

for (const event of ["focus", "pageshow"]) {
  test(`a page that comes back with ${event} opens a muted camera again, and leaves a living one`, async () => {
    await running();
    page.handlers[event]();
    await settle();
    assert.equal(page.opened.length, 1);
    page.opened[0].track.muted = true;
    page.handlers[event]();
    await settle();
    assert.equal(page.opened.length, 2);
    mock.timers.reset();
  });
}

test("a picture that stands still for seconds is trouble, a moving one is not", async () => {
  await running();
  for (let second = 0; second < 10; second++) {
    mock.timers.tick(1000);
    page.picture();
  }
  assert.deepEqual(page.problems, []);
  mock.timers.tick(5000);
  assert.deepEqual(page.problems, ["camera_frozen"]);
  mock.timers.reset();
});

test("a camera that was stopped is no trouble", async () => {
  const camera = await running();
  camera.stop();
  mock.timers.tick(10_000);
  assert.deepEqual(page.problems, []);
  mock.timers.reset();
});
