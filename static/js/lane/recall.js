// Calling again: so often at most, and not at once. What the server has said of its pause is kept per vehicle.

import { now } from "../lib/clock.js";
import { text } from "../lib/messages.js";
import { settings } from "./tablet-point.js";

const known = new Map(); // visit id -> {calls, until (ms)}

/** A vehicle is shown: a call more than before begins a pause. */
export function learnCalls({ id, calls, called_at: at, since, state }) {
  if (known.get(id)?.calls === calls) return;
  const begun = at ?? (calls === 1 && state === "called" ? since : null);
  const from = begun ? Date.parse(begun) : now();
  known.set(id, { calls, until: from + settings.recall_pause_seconds * 1000 });
}

/** The server refused: so many seconds more. */
export function tooSoon(id, seconds) {
  known.set(id, { calls: known.get(id)?.calls, until: now() + seconds * 1000 });
}

/** Say on the button what a call would be, or why there is none now. */
export function paintRecall(button, { id, calls }, isLost) {
  const left = Math.ceil(((known.get(id)?.until ?? 0) - now()) / 1000);
  const isOver = calls >= settings.max_calls;
  const word = isOver ? "recall_over" : left > 0 ? "recall_in" : "recall";
  const told = text(word, { max: settings.max_calls, left });
  if (button.dataset.shown !== told) {
    button.dataset.shown = told;
    button.querySelector("[data-word]").textContent = told;
  }
  button.disabled = isLost || isOver || left > 0;
}
