// Entry module. A tablet is used at one point: the choice is remembered, and a single point needs no choice. `?choose` asks
// again. What is set for this tablet alone stands below.

import { isSet, set } from "../lib/device-settings.js";
import { select, selectAll } from "../lib/dom.js";
import { play } from "../lib/sounds.js";
import { vibrate } from "../lib/vibration.js";

const REMEMBERED_KEY = "ampera.point";
/** @type {Record<string, () => void>} how a setting feels that was switched on */
const SAMPLES = { muted: () => play("go"), still: () => vibrate("go") };

/** @typedef {import("../lib/device-settings.js").Setting} Setting */

const links = selectAll("[data-lanes] [data-point]", document, HTMLAnchorElement);
const mustAsk = new URLSearchParams(location.search).has("choose");
const remembered = localStorage.getItem(REMEMBERED_KEY);
const known = links.length === 1 ? links[0] : links.find((link) => link.dataset.point === remembered);

for (const link of links)
  link.addEventListener("click", () => localStorage.setItem(REMEMBERED_KEY, link.dataset.point ?? ""));
if (known && !mustAsk) location.replace(known.href);
if (links.length) offerSettings(select("[data-device]"));

/** @param {HTMLElement} section */
function offerSettings(section) {
  for (const box of selectAll("[data-setting]", section, HTMLInputElement)) {
    const setting = /** @type {Setting} */ (box.dataset.setting);
    const isInverse = box.dataset.means === "off";
    box.checked = isSet(setting) !== isInverse;
    box.addEventListener("change", () => {
      set(setting, box.checked !== isInverse);
      if (box.checked) SAMPLES[setting]?.();
    });
  }
  section.hidden = false;
}
