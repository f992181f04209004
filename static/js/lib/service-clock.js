// How long the present vehicle has been served, against what the office has set as target: go, wait, stop. Waiting at the side
// is no service, and each further book has its own time.

import { duration, now } from "./clock.js";
import { make, state } from "./dom.js";
import { text } from "./messages.js";

const FAR_OVER = 2; // times the target

/**
 * @typedef {object} Service
 * @property {string | null} [served_at] ISO; null before the service
 * @property {number} [parked_s] seconds at the side
 * @property {number} books all of the vehicle
 */
/** @typedef {{first: number, further: number}} Target seconds for the first book, and for each further one */

/** Seconds of service until now. @param {Service} service */
export function serviceSeconds({ served_at: at, parked_s: parked = 0 }) {
  return at ? Math.max(0, Math.floor((now() - Date.parse(at)) / 1000) - parked) : 0;
}

/**
 * @param {Service} service
 * @param {Target} target
 */
export const targetSeconds = ({ books }, { first, further }) => first + Math.max(0, books - 1) * further;

/**
 * @param {number} seconds
 * @param {number} target
 * @returns {Tone}
 */
export function toneOf(seconds, target) {
  if (seconds <= target) return "go";
  return seconds <= FAR_OVER * target ? "wait" : "stop";
}

/**
 * The clock as shape, figure and words.
 * @param {Service} service
 * @param {Target} target
 */
export function serviceClock(service, target) {
  const seconds = serviceSeconds(service);
  const whole = targetSeconds(service, target);
  const tone = toneOf(seconds, whole);
  return [
    state(tone, text("service_time", { time: duration(seconds) })),
    make("small", {}, text(`service_${tone}`, { target: duration(whole) })),
  ];
}
