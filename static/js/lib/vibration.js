// The tones of the staff's devices as vibration, for a noisy lane and for people who do not hear them. Only pages of the staff
// ask for it; a screen of the board never does. Muting the sound does not stop it, its own setting does.

import { isSet } from "./device-settings.js";

/** @typedef {import("./sounds.js").SoundName} SoundName */

/** @type {Partial<Record<SoundName, number[]>>} ms of vibration and pause, by turns */
const PATTERNS = {
  go: [60],
  repeat: [30],
  wait: [90, 90, 90],
  stop: [240, 80, 240],
  recorded: [60, 60, 60, 60, 180],
  ring: [120, 40, 120, 40, 120, 40, 120],
};

/** Browsers vibrate only after a touch; tablets without a motor know nothing of it. @param {SoundName} name */
export function vibrate(name) {
  const pattern = PATTERNS[name];
  if (pattern && !isSet("still")) navigator.vibrate?.(pattern);
}
