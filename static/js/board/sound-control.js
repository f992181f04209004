// Whether this screen may sound, and what it shows about that. A display follows the office's settings; a page that staff
// have opened sounds only after its button, at a volume of its own.

import { byId } from "../lib/dom.js";
import { watchAllowed } from "../lib/sounds.js";
import { both, refill } from "./parts.js";

const VOLUME_KEY = "ampera.board.volume";
const START_VOLUME = 60;

/** @typedef {{speaks?: boolean, quiet?: boolean, testing?: boolean}} SoundNews */

export class SoundControl {
  #button = byId("sound");
  #slider = byId("volume", HTMLInputElement);
  #sliderBox = /** @type {HTMLElement} */ (this.#slider.parentElement);
  #note = byId("sound-state");
  #isDisplay;
  #isOn;
  #isPermitted = false; // by the browser
  #news;
  /** @type {() => void} */
  #onChange = () => {};

  /** @param {boolean} isDisplay */
  constructor(isDisplay) {
    this.#isDisplay = isDisplay;
    this.#isOn = isDisplay;
    this.#news = { speaks: isDisplay, quiet: false, testing: false };
    this.#slider.value = localStorage.getItem(VOLUME_KEY) ?? String(START_VOLUME);
    this.#listen();
  }

  /** @param {() => void} onChange whenever the page may have become audible, or louder */
  start(onChange) {
    this.#onChange = onChange;
    watchAllowed((isPermitted) => {
      this.#isPermitted = isPermitted;
      this.#show();
      this.#onChange();
    });
  }

  isAllowed() {
    return this.#isPermitted && this.#isOn;
  }

  /** The settings of a page that staff have opened. */
  ownSettings() {
    return { speaks: this.#isOn, volume: Number(this.#slider.value) };
  }

  /** @param {SoundNews} news */
  update(news) {
    Object.assign(this.#news, news);
    this.#show();
  }

  #listen() {
    this.#button.addEventListener("click", () => {
      this.#isOn = true;
      this.update({ speaks: true });
      this.#onChange();
    });
    this.#slider.addEventListener("input", () => {
      localStorage.setItem(VOLUME_KEY, this.#slider.value);
      this.#onChange();
    });
  }

  #show() {
    const isNeeded = this.#news.speaks || !this.#isDisplay;
    this.#button.hidden = !isNeeded || (this.#isOn && this.#isPermitted);
    this.#sliderBox.hidden = this.#isDisplay || !this.#isOn || !this.#isPermitted;
    const state = this.#state(isNeeded);
    this.#note.hidden = !state || (state === "blocked" && !this.#isDisplay);
    if (state) refill(this.#note, state, () => both(`sound_${state}`));
  }

  /** @param {boolean} isNeeded */
  #state(isNeeded) {
    const { testing, quiet, speaks } = this.#news;
    if (testing) return "test";
    if (isNeeded && !this.#button.hidden) return "blocked";
    return quiet && speaks ? "quiet" : "";
  }
}
