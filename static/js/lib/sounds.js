// The sounds of the verdicts and the board's chime, made by WebAudio without files. The stop sound cannot be muted.

import { isSet, set } from "./device-settings.js";

const [A3, D4, G4, A4, B4, D5, E5, GS5, B5] = [220, 293.66, 392, 440, 493.88, 587.33, 659.25, 830.61, 987.77];
const ATTACK_S = 0.008;
const RELEASE_S = 0.012;
const GAIN = 0.25; // -12 dB
const RESUME_MS = 400;

/** @typedef {{notes: number[], length: number, gap?: number, wave?: OscillatorType, decay?: number}} Sound */
/** @typedef {"go" | "repeat" | "wait" | "stop" | "recorded" | "chime" | "ring"} SoundName */

/** @type {Record<SoundName, Sound>} */
const SOUNDS = {
  go: { notes: [E5, B5], length: 0.09 },
  repeat: { notes: [B5], length: 0.06 },
  wait: { notes: [A4, A4], length: 0.14, gap: 0.09 },
  stop: { notes: [D4, A3], length: 0.22, wave: "triangle" },
  recorded: { notes: [E5, GS5, B5], length: 0.1 },
  ring: { notes: [B5, GS5, B5, GS5], length: 0.12, gap: 0.04 },
  chime: { notes: [G4, B4, D5], length: 0.28, decay: 0.5 },
};

/** @type {AudioContext | null | undefined} */
let context;
/** @type {(name: SoundName) => void} */
let companion = () => {};
/** @type {Set<(isAllowed: boolean) => void>} */
const listeners = new Set();

/**
 * Browsers let a page sound only after a touch or a key, and take that back when the tablet slept or a call came. Call this
 * once at start: every touch and key, and every return of the page, asks for the sound again while it is off.
 */
export function unlockOnGesture() {
  const unlock = () => resumed();
  for (const event of ["pointerdown", "keydown", "focus", "pageshow"])
    addEventListener(event, unlock, { capture: true });
  document.addEventListener("visibilitychange", unlock);
}

/**
 * Report now and at each change whether the browser lets this page sound; a touch or a key anywhere allows it.
 * @param {(isAllowed: boolean) => void} onChange
 */
export function watchAllowed(onChange) {
  listeners.add(onChange);
  const sounding = audio();
  onChange(!sounding || sounding.state === "running");
  unlockOnGesture();
}

/** Whether somebody muted this device. */
export const isMuted = () => isSet("muted");

/** @param {boolean} isWanted */
export const setMuted = (isWanted) => set("muted", isWanted);

/** Let every tone be felt, too: `vibrate` is called with its name. @param {(name: SoundName) => void} vibrate */
export function playWith(vibrate) {
  companion = vibrate;
}

/**
 * Play one of SOUNDS; resolves to whether it was audible.
 * @param {SoundName} name
 */
export async function play(name) {
  companion(name);
  if (name !== "stop" && isMuted()) return false;
  const sounding = audio();
  if (!sounding) return false;
  if (!(await resumed())) return false;
  const sound = SOUNDS[name];
  for (const [i, pitch] of sound.notes.entries()) {
    tone(sounding, pitch, sounding.currentTime + 0.01 + i * (sound.length + (sound.gap ?? 0)), sound);
  }
  return true;
}

/** The page's one audio context, another one when the system has closed it; null in a browser without any. */
export function audio() {
  if (context === undefined || context?.state === "closed") {
    context = window.AudioContext ? new AudioContext() : null;
    context?.addEventListener("statechange", report);
  }
  return context;
}

/** Whether the page can sound, after asking for it: any state but "running" is silent, also "interrupted" after a call. */
async function resumed() {
  const sounding = audio();
  if (!sounding || sounding.state === "running") return sounding !== null;
  const tooLate = new Promise((resolve) => setTimeout(resolve, RESUME_MS)); // without a gesture it waits for ever
  await Promise.race([sounding.resume().catch(() => {}), tooLate]);
  report();
  return isRunning(sounding);
}

function report() {
  const sounding = audio();
  for (const onChange of listeners) onChange(!sounding || isRunning(sounding));
}

/** @param {AudioContext} sounding */
const isRunning = (sounding) => sounding.state === "running";

/**
 * @param {AudioContext} sounding
 * @param {number} pitch Hz
 * @param {number} start seconds on the audio clock
 * @param {Sound} sound
 */
function tone(sounding, pitch, start, { length, wave = "sine", decay = 0 }) {
  const oscillator = new OscillatorNode(sounding, { type: wave, frequency: pitch });
  const volume = new GainNode(sounding, { gain: 0 });
  const end = start + length + decay;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(GAIN, start + ATTACK_S);
  if (decay) volume.gain.exponentialRampToValueAtTime(0.001, end);
  else volume.gain.setValueAtTime(GAIN, end - RELEASE_S);
  volume.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(volume).connect(sounding.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
