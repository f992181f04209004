// The time of day as on a clock at the wall, by this device's own clock and zone.

import { timeOfDay } from "./clock.js";

const EVERY_MS = 1000;

/** @param {HTMLElement} element shows hours and minutes from now on */
export function runClock(element) {
  const { timeZone } = new Intl.DateTimeFormat().resolvedOptions();
  const show = () => {
    element.textContent = timeOfDay(Date.now(), timeZone).slice(0, "00.00".length);
  };
  show();
  setInterval(show, EVERY_MS);
}
