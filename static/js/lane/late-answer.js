// An act that the server has not answered yet: after some seconds the page says so, with the seconds, and the officer may stop
// waiting. Whether the act was done is not known then.

import { age } from "../lib/clock.js";
import { select } from "../lib/dom.js";
import { LATE_S } from "../lib/patience.js";

const TICK_MS = 500;

/** @type {Map<() => void, number>} how to give each act up, and since when it waits (ms) */
const waiting = new Map();
/** @type {ReturnType<typeof setInterval> | undefined} */
let ticking;

/**
 * From now on an answer is awaited. Call the result when it has come.
 * @param {() => void} giveUp
 */
export function watchAnswer(giveUp) {
  waiting.set(giveUp, performance.now());
  ticking ??= setInterval(paint, TICK_MS);
  return () => {
    waiting.delete(giveUp);
    paint();
  };
}

function paint() {
  const banner = document.getElementById("late");
  const seconds = Math.floor((performance.now() - Math.min(...waiting.values())) / 1000);
  if (!waiting.size) {
    clearInterval(ticking);
    ticking = undefined;
  }
  if (!banner) return; // a page without acts of a lane
  banner.hidden = !waiting.size || seconds < LATE_S;
  if (banner.hidden) return;
  select("[data-age]", banner).textContent = age(seconds);
  select("button", banner).onclick = () => {
    for (const giveUp of waiting.keys()) giveUp();
  };
}
