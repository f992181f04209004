// The head's two signals: this tablet's link and the lane's screen. The word changes (and is spoken) only when the
// state does; the seconds beside it are for the eye.

import { AGE_SHOWN_S } from "../lib/connection.js";
import { icon } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const $ = (id) => document.getElementById(id);

export function showLink(seconds, isLost) {
  say($("link"), isLost ? "lost" : "connected", isLost ? "nolink" : "link", isLost);
  const aged = seconds >= AGE_SHOWN_S ? text("ago", { n: seconds }) : "";
  $("link").querySelector("[data-age]").textContent = aged;
  $("offline").hidden = !isLost;
  $("offline").querySelector("[data-age]").textContent = `${aged}.`;
}

/** `screen`: {state: current | behind | gone | none, age_s}, or null when nothing is known. */
export function showScreen(screen) {
  const name = screen?.state ?? "unknown";
  say($("screen"), `screen_${name}`, "screen", ["behind", "gone"].includes(name));
}

function say(signal, key, mark, isWarning) {
  if (signal.dataset.key === key) return;
  signal.dataset.key = key;
  signal.classList.toggle("signal--lost", isWarning);
  signal.querySelector("[data-icon]").replaceChildren(icon(mark));
  signal.querySelector("[data-word]").textContent = text(key);
}
