// The two status lights of the head: this tablet's connection and the lane's screen. The word changes (and is announced)
// only when the state does; the seconds beside it are only visible.

import { age } from "../lib/clock.js";
import { AGE_SHOWN_S } from "../lib/connection.js";
import { byId, icon, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/**
 * @param {number} seconds since the last state
 * @param {boolean} isLost
 */
export function showConnection(seconds, isLost) {
  show(byId("link"), isLost ? "lost" : "connected", isLost ? "nolink" : "link", isLost);
  const silence = seconds >= AGE_SHOWN_S ? age(seconds) : "";
  select("[data-age]", byId("link")).textContent = silence;
  byId("offline").hidden = !isLost;
  select("[data-age]", byId("offline")).textContent = `${silence}.`;
}

/**
 * `screen.state` is current, behind, gone or none; null when nothing is known.
 * @param {{state: string} | null} screen
 */
export function showScreen(screen) {
  const name = screen?.state ?? "unknown";
  show(byId("screen"), `screen_${name}`, "screen", ["behind", "gone"].includes(name));
}

/**
 * @param {HTMLElement} light
 * @param {string} key of the word
 * @param {string} iconName
 * @param {boolean} isWarning
 */
function show(light, key, iconName, isWarning) {
  if (light.dataset.key === key) return;
  light.dataset.key = key;
  light.classList.toggle("signal--lost", isWarning);
  select("[data-icon]", light).replaceChildren(icon(iconName));
  select("[data-word]", light).textContent = text(key);
}
