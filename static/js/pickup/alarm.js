// Sound and vibration on a call, once for each call. Browsers allow them only after a touch, so the page asks for one tap.
// A browser without storage or sound still shows everything.

import { byId, select } from "../lib/dom.js";
import { keepAwake } from "../lib/wake-lock.js";

const VIBRATION_MS = [300, 120, 300];
const RUNG_KEY = "ampera.rung"; // survives a reload of this tab

/** @typedef {typeof import("../lib/sounds.js")} Sounds */

export class CallAlarm {
  #box = byId("alarm");
  /** @type {Sounds | null} */
  #sounds = null;
  /** @type {Promise<void> | null} */
  #loading = null;
  /** @type {Promise<void> | null} since the tap; resolves when the page can sound */
  #armed = null;
  #rung = remembered();

  constructor() {
    const button = select("[data-arm]", this.#box);
    button.addEventListener("click", async () => {
      this.#armed = this.#arm();
      this.#showArmed(true);
      await this.#armed;
      this.#sounds?.play("go"); // it shows whether the phone is muted
    });
    keepAwake((isAwake) => {
      select("[data-asleep]", this.#box).hidden = isAwake;
    });
  }

  /** The button is offered while the vehicle waits. @param {boolean} isWaiting */
  offer(isWaiting) {
    this.#box.hidden = !isWaiting;
    if (isWaiting) this.#load();
  }

  /** @param {string} call identifies the call; the same one never sounds twice */
  ring(call) {
    if (this.#rung === call) return;
    this.#rung = call;
    remember(call);
    if (!this.#armed) return;
    this.#armed.then(() => this.#sounds?.play("chime"));
    navigator.vibrate?.(VIBRATION_MS);
  }

  /** Only waiting applicants need the sounds. */
  #load() {
    this.#loading ??= import("../lib/sounds.js").then(
      (sounds) => {
        this.#sounds = sounds;
      },
      () => {
        this.#loading = null;
      },
    );
    return this.#loading;
  }

  async #arm() {
    await this.#load();
    await this.#sounds
      ?.audio()
      ?.resume()
      .catch(() => {});
    this.#sounds?.watchAllowed((isAllowed) => this.#showArmed(isAllowed));
  }

  /** A phone that slept or took a call may have lost the sound: then the button comes back. @param {boolean} isArmed */
  #showArmed(isArmed) {
    select("[data-arm]", this.#box).hidden = isArmed;
    select("[data-armed]", this.#box).hidden = !isArmed;
  }
}

function remembered() {
  try {
    return sessionStorage.getItem(RUNG_KEY);
  } catch {
    return null;
  }
}

/** @param {string} call */
function remember(call) {
  try {
    sessionStorage.setItem(RUNG_KEY, call);
  } catch {
    // Then a reload may sound once more.
  }
}
