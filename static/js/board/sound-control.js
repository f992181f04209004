// Whether this screen may be heard, and what it says about it. A display does as the office has set, a page that staff
// have opened speaks only after its button, at a volume of its own.

import { watchAllowed } from "../lib/sounds.js";
import { both, refill } from "./parts.js";

const VOLUME = "ampera.board.volume";
const START_VOLUME = 60;

const button = document.getElementById("sound");
const slider = document.getElementById("volume");
const said = document.getElementById("sound-state");

/** After `start(onChange)` it is told whenever the page may have become audible, or louder. */
export function watchSound(isDisplay) {
  let allowed = false;
  let isOn = isDisplay;
  let onChange = () => {};
  const told = { speaks: isDisplay, quiet: false, testing: false };

  function show() {
    const isNeeded = told.speaks || !isDisplay;
    button.hidden = !isNeeded || (isOn && allowed);
    slider.parentElement.hidden = isDisplay || !isOn || !allowed;
    const state = told.testing
      ? "test"
      : isNeeded && !button.hidden
        ? "blocked"
        : told.quiet && told.speaks
          ? "quiet"
          : "";
    said.hidden = !state || (state === "blocked" && !isDisplay);
    if (state) refill(said, state, () => both(`sound_${state}`));
  }

  button.addEventListener("click", () => {
    isOn = true;
    told.speaks = true;
    show();
    onChange();
  });
  slider.value = localStorage.getItem(VOLUME) ?? START_VOLUME;
  slider.addEventListener("input", () => {
    localStorage.setItem(VOLUME, slider.value);
    onChange();
  });
  return {
    start(tell) {
      onChange = tell;
      watchAllowed((isAllowed) => {
        allowed = isAllowed;
        show();
        onChange();
      });
    },
    isAllowed: () => allowed && isOn,
    ownSettings: () => ({ speaks: isOn, volume: Number(slider.value) }),
    tell(news) {
      Object.assign(told, news);
      show();
    },
  };
}
