// The camera of a tablet that slept: a picture that stands still is noticed, also when it stopped in the background.

import assert from "node:assert/strict";
import { beforeEach, mock, test } from "node:test";
import { Camera } from "../../static/js/lane/camera.js";

const FROZEN_MS = 5000;

/** A page with one camera whose pictures the test takes; `come()` shows the page, `leave()` hides it. */
function usePage() {
  const listeners = {};
  const listen = (type, act) => {
    listeners[type] = [...(listeners[type] ?? []), act];
  };
  const page = { opened: 0, awaited: new Map(), problems: [] };
  globalThis.document = { hidden: false, addEventListener: listen };
  globalThis.addEventListener = listen;
  globalThis.localStorage = { getItem: () => null };
  globalThis.MediaStream = class {
    #track = { readyState: "live", muted: false, addEventListener() {}, stop() {} };
    getTracks = () => [this.#track];
    getVideoTracks = () => [this.#track];
  };
  const mediaDevices = {
    addEventListener() {},
    enumerateDevices: async () => [],
    getUserMedia: async () => {
      page.opened += 1;
      return new MediaStream();
    },
  };
  Object.defineProperty(globalThis, "navigator", { value: { mediaDevices }, configurable: true });
  let last = 0;
  const video = {
    play: async () => {},
    cancelVideoFrameCallback: (id) => page.awaited.delete(id),
    requestVideoFrameCallback: (act) => {
      last += 1;
      page.awaited.set(last, act);
      return last;
    },
  };
  page.camera = new Camera(video, { onPicture: () => {}, onProblem: (key) => page.problems.push(key) });
  page.show = (isShown) => {
    document.hidden = !isShown;
    for (const act of listeners.visibilitychange) act();
    if (isShown) for (const act of listeners.focus) act();
  };
  return page;
}

beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ["setTimeout"] });
});

test("a camera that stopped while the page was hidden is opened again after it is shown", async () => {
  const page = usePage();
  await page.camera.start();
  page.show(false);
  mock.timers.tick(FROZEN_MS + 1);
  assert.deepEqual(page.problems, []); // nobody looks
  page.show(true);
  mock.timers.tick(FROZEN_MS + 1);
  assert.deepEqual(page.problems, ["camera_frozen"]);
  mock.timers.tick(FROZEN_MS);
  assert.equal(page.opened, 2);
});

test("a page that is shown often watches one picture", async () => {
  const page = usePage();
  await page.camera.start();
  for (let turn = 0; turn < 5; turn++) page.show(true);
  assert.equal(page.awaited.size, 1);
});
