// The sounds of the verdicts and the board's chime, made by WebAudio: no files. Stop cannot be muted.

const [A3, D4, G4, A4, B4, D5, E5, GS5, B5] = [220, 293.66, 392, 440, 493.88, 587.33, 659.25, 830.61, 987.77];
const ATTACK_S = 0.008;
const RELEASE_S = 0.012;
const GAIN = 0.25; // -12 dB
const REMEMBERED = "ampera.muted";

const SOUNDS = {
  go: { notes: [E5, B5], length: 0.09 },
  repeat: { notes: [B5], length: 0.06 },
  wait: { notes: [A4, A4], length: 0.14, gap: 0.09 },
  stop: { notes: [D4, A3], length: 0.22, wave: "triangle" },
  recorded: { notes: [E5, GS5, B5], length: 0.1 },
  chime: { notes: [G4, B4, D5], length: 0.28, decay: 0.5 },
};

let context;
let muted = localStorage.getItem(REMEMBERED) === "yes";

/** Browsers let a page sound only after a touch or a key: call this once at start. */
export function unlockOnGesture() {
  const unlock = () => audio()?.resume();
  for (const event of ["pointerdown", "keydown"]) addEventListener(event, unlock, { once: true, capture: true });
}

/** Tell now and at each change whether the browser lets this page sound; a touch or a key anywhere allows it. */
export function watchAllowed(tell) {
  const heard = audio();
  heard?.addEventListener("statechange", () => tell(heard.state === "running"));
  tell(!heard || heard.state === "running");
  unlockOnGesture();
}

export const isMuted = () => muted;

export function setMuted(wish) {
  muted = wish;
  localStorage.setItem(REMEMBERED, wish ? "yes" : "no");
}

/** Play one of SOUNDS; resolves to whether it could be heard. */
export async function play(name) {
  if (muted && name !== "stop") return false;
  const heard = audio();
  if (!heard) return false;
  if (heard.state === "suspended") heard.resume().catch(() => {});
  if (heard.state !== "running") return false;
  const { notes, length, gap = 0, wave = "sine", decay = 0 } = SOUNDS[name];
  for (const [i, pitch] of notes.entries())
    tone(heard, pitch, heard.currentTime + 0.01 + i * (length + gap), length, wave, decay);
  return true;
}

/** The page's one audio context; null in a browser without any. */
export function audio() {
  context ??= window.AudioContext ? new AudioContext() : null;
  return context;
}

function tone(heard, pitch, start, length, wave, decay) {
  const oscillator = new OscillatorNode(heard, { type: wave, frequency: pitch });
  const volume = new GainNode(heard, { gain: 0 });
  const end = start + length + decay;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(GAIN, start + ATTACK_S);
  if (decay) volume.gain.exponentialRampToValueAtTime(0.001, end);
  else volume.gain.setValueAtTime(GAIN, end - RELEASE_S);
  volume.gain.linearRampToValueAtTime(0, end);
  oscillator.connect(volume).connect(heard.destination);
  oscillator.start(start);
  oscillator.stop(end);
}
