// Sound and vibration on a call, once for each. Browsers allow them only after a touch, so the page asks for one tap.

import { keepAwake } from "../lib/awake.js";
import { play } from "../lib/sounds.js";

const VIBRATION_MS = [300, 120, 300];
const REMEMBERED = "ampera.rung"; // survives a reload of this tab

const place = document.getElementById("alarm");
const button = place.querySelector("[data-arm]");
let isArmed = false;

/** The button stands beside a vehicle that waits. */
export function offer(isWaiting) {
  place.hidden = !isWaiting;
}

/** `call` names this call; the same one never sounds twice. */
export function ring(call) {
  if (sessionStorage.getItem(REMEMBERED) === call) return;
  sessionStorage.setItem(REMEMBERED, call);
  if (isArmed) play("chime");
  if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(VIBRATION_MS);
}

button.addEventListener("click", () => {
  isArmed = true;
  play("go"); // the sound itself tells whether the phone is muted
  button.hidden = true;
  place.querySelector("[data-armed]").hidden = false;
});
keepAwake((isAwake) => {
  place.querySelector("[data-asleep]").hidden = isAwake;
});
