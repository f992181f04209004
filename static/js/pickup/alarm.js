// Sound and vibration on a call, once for each. Browsers allow them only after a touch, so the page asks for one tap.
// A browser that keeps nothing for a page, or cannot sound, still shows everything.

import { keepAwake } from "../lib/wake-lock.js";

const VIBRATION_MS = [300, 120, 300];
const REMEMBERED = "ampera.rung"; // survives a reload of this tab

const place = document.getElementById("alarm");
const button = place.querySelector("[data-arm]");
let sounds = null;
let loading = null;
let armed = null; // since the tap: resolves when the page can sound
let rung = remembered();

/** The button stands beside a vehicle that waits. */
export function offer(isWaiting) {
  place.hidden = !isWaiting;
  if (isWaiting) load();
}

/** `call` names this call; the same one never sounds twice. */
export function ring(call) {
  if (rung === call) return;
  remember(call);
  if (!armed) return;
  armed.then(() => sounds?.play("chime"));
  navigator.vibrate?.(VIBRATION_MS);
}

/** Only who waits needs it. */
function load() {
  loading ??= import("../lib/sounds.js").then(
    (loaded) => (sounds = loaded),
    () => (loading = null),
  );
  return loading;
}

async function arm() {
  await load();
  await sounds
    ?.audio()
    ?.resume()
    .catch(() => {});
}

function remembered() {
  try {
    return sessionStorage.getItem(REMEMBERED);
  } catch {
    return null;
  }
}

function remember(call) {
  rung = call;
  try {
    sessionStorage.setItem(REMEMBERED, call);
  } catch {
    // Then a reload may sound once more.
  }
}

button.addEventListener("click", async () => {
  armed = arm();
  button.hidden = true;
  place.querySelector("[data-armed]").hidden = false;
  await armed;
  sounds?.play("go"); // it tells whether the phone is muted
});
keepAwake((isAwake) => {
  place.querySelector("[data-asleep]").hidden = isAwake;
});
