// Plays clips one after the other without gaps, on the audio clock, at one volume.

import { audio } from "../lib/sounds.js";

const LATE_S = 1; // a sequence that has not ended so long after its time is given up: the browser has cut the sound

let output;

/** Between 0 and 100; also while something sounds. */
export function setVolume(percent) {
  if (audio()) loudspeaker().gain.value = percent / 100;
}

/**
 * `parts`: decoded clips, and numbers for pauses in seconds. Resolves when the last one has ended.
 * Starts now, or at `from` on the audio clock when that lies ahead; `onEnd(at)` tells at once when it will end.
 */
export function playParts(parts, { from = 0, onEnd = () => {} } = {}) {
  const context = audio();
  let at = Math.max(context.currentTime, from);
  let last;
  for (const part of parts) {
    if (typeof part === "number") at += part;
    else {
      last = new AudioBufferSourceNode(context, { buffer: part });
      last.connect(loudspeaker());
      last.start(at);
      at += part.duration;
    }
  }
  onEnd(at);
  return new Promise((done) => {
    if (!last) return done();
    last.onended = done;
    setTimeout(done, (at - context.currentTime + LATE_S) * 1000);
  });
}

function loudspeaker() {
  if (!output) {
    output = new GainNode(audio());
    output.connect(audio().destination);
  }
  return output;
}
