// Plays clips one after the other without gaps, on the audio clock, at one volume.

import { audio } from "../lib/sounds.js";

const LATE_S = 1; // a sequence that has not ended this long after its time is given up: the browser has cut the sound

/** @typedef {AudioBuffer | number} SoundPart a decoded clip, or a pause in seconds */

/** @type {GainNode | undefined} */
let output;

/** Between 0 and 100; also while something sounds. @param {number} percent */
export function setVolume(percent) {
  const context = audio();
  if (context) loudspeaker(context).gain.value = percent / 100;
}

/**
 * Resolves when the last clip has ended. Starts now, or at `from` on the audio clock when that is later; `onEnd(at)` reports
 * at once when it will end.
 * @param {SoundPart[]} parts
 * @param {{from?: number, onEnd?: (at: number) => void}} [options]
 * @returns {Promise<void>}
 */
export function playParts(parts, { from = 0, onEnd = () => {} } = {}) {
  const context = /** @type {AudioContext} */ (audio());
  let at = Math.max(context.currentTime, from);
  /** @type {AudioBufferSourceNode | undefined} */
  let last;
  for (const part of parts) {
    if (typeof part === "number") at += part;
    else {
      last = new AudioBufferSourceNode(context, { buffer: part });
      last.connect(loudspeaker(context));
      last.start(at);
      at += part.duration;
    }
  }
  onEnd(at);
  return new Promise((resolve) => {
    if (!last) return resolve();
    last.onended = () => resolve();
    setTimeout(resolve, (at - context.currentTime + LATE_S) * 1000);
  });
}

/** @param {AudioContext} context */
function loudspeaker(context) {
  if (!output) {
    output = new GainNode(context);
    output.connect(context.destination);
  }
  return output;
}
