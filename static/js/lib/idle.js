// Whether somebody is at work with this page: a touch, a key, or a code before the camera.

const ACTS = ["pointerdown", "keydown", "wheel"];
const LOOK_EVERY_MS = 1000;

let lastAct = Date.now(); // not performance.now(), which stands still while a device sleeps

let isOver = false;

/** Whether this page was given up because nobody was at work with it. */
export const isLocked = () => isOver;

/** Whether somebody did something in the last so many milliseconds. @param {number} ms */
export const wasTouched = (ms) => Date.now() - lastAct < ms;

/** Somebody did something that is neither a touch nor a key. */
export function noteAct() {
  lastAct = Date.now();
}

/**
 * Call `lock` once when nothing was done for so long.
 * @param {number} ms
 * @param {() => void} lock
 */
export function whenIdle(ms, lock) {
  for (const act of ACTS) addEventListener(act, noteAct, { capture: true, passive: true });
  const looking = setInterval(() => {
    if (Date.now() - lastAct < ms) return;
    clearInterval(looking);
    isOver = true;
    lock();
  }, LOOK_EVERY_MS);
}
