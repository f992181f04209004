// Calling again: a limited number of times, with a pause between. The pause that the server reported is kept per vehicle.

import { now } from "../lib/clock.js";
import { select } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { laneSettings } from "./tablet-point.js";

/** @type {Map<number, {calls?: number, until: number}>} by visit id; `until` in ms */
const pauses = new Map();

/**
 * Note a vehicle that is shown: one more call than before starts a pause.
 * @param {Visit} visit
 */
export function noteCalls({ id, calls, called_at: at, since, state }) {
  if (pauses.get(id)?.calls === calls) return;
  const calledAt = at ?? (calls === 1 && state === "called" ? since : null);
  const from = calledAt ? Date.parse(calledAt) : now();
  pauses.set(id, { calls, until: from + laneSettings().recall_pause_seconds * 1000 });
}

/**
 * Note the server's refusal of an act: a call that came too soon is possible later.
 * @param {number} id of the visit
 * @param {ApiError} error
 */
export function noteRefusal(id, { code, wait_s: seconds = 0 }) {
  if (code === "call_too_soon") pauses.set(id, { calls: pauses.get(id)?.calls, until: now() + seconds * 1000 });
}

/**
 * Show on the button what it does, or why it does nothing now.
 * @param {HTMLButtonElement} button
 * @param {{id?: number, calls?: number}} visit
 * @param {boolean} isLost
 */
export function paintRecall(button, { id = 0, calls = 0 }, isLost) {
  const { max_calls: max } = laneSettings();
  const left = Math.ceil(((pauses.get(id)?.until ?? 0) - now()) / 1000);
  const isOver = calls >= max;
  const label = text(isOver ? "recall_over" : left > 0 ? "recall_in" : "recall", { max, left });
  if (button.dataset.shown !== label) {
    button.dataset.shown = label;
    select("[data-word]", button).textContent = label;
  }
  button.disabled = isLost || isOver || left > 0;
}
