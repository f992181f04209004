// Entry module. The list of screens stays up to date: the state of each is requested every few seconds. The forms are never
// touched; when the list itself has changed the page loads again, unless somebody is filling in a form.

import { age } from "../lib/clock.js";
import { byId, select, selectAll, state } from "../lib/dom.js";
import { answerOrNull, get } from "../lib/http.js";
import { text } from "../lib/messages.js";

const EVERY_MS = 5000;
const UNKNOWN_AFTER_S = 15; // without an answer for this long the page must not look up to date
/** @type {Record<string, Tone>} */
const TONES = { current: "go", behind: "wait", gone: "stop", never: "neutral" };

/**
 * @typedef {object} Screen
 * @property {number} id
 * @property {string} state current, behind, gone or never
 * @property {string} word
 * @property {string} said the sentence about its last heartbeat
 * @property {string} name
 * @property {number | null} lane
 * @property {string | null} site
 * @property {boolean} speaks
 * @property {number} volume
 */

class DevicesPage {
  #rows = new Map(selectAll("[data-screen]").map((row) => [Number(row.dataset.screen), row]));
  #receivedAt = performance.now();
  #isTouched = false;

  start() {
    document.addEventListener("input", () => {
      this.#isTouched = true;
    });
    document.addEventListener("visibilitychange", () => this.#refresh());
    setInterval(() => this.#refresh(), EVERY_MS);
    setInterval(() => this.#tick(), 1000);
    this.#refresh();
  }

  async #refresh() {
    if (document.hidden) return;
    const answer = await answerOrNull(get("/api/v1/screens"));
    if (answer?.ok) this.#update(answer.body.screens);
  }

  /** @param {Screen[]} screens */
  #update(screens) {
    this.#receivedAt = performance.now();
    for (const screen of screens) {
      const row = this.#rows.get(screen.id);
      if (row) showState(row, screen);
    }
    if (!this.#isSame(screens)) this.#offerReload();
  }

  /** @param {Screen[]} screens */
  #isSame(screens) {
    return (
      screens.length === this.#rows.size &&
      screens.every((screen) => {
        const row = this.#rows.get(screen.id);
        return row && JSON.stringify(JSON.parse(row.dataset.key ?? "null")) === keyOf(screen);
      })
    );
  }

  #offerReload() {
    const isBusy = this.#isTouched || document.querySelector("details[open], .secret, .field__error");
    if (isBusy) byId("changed").hidden = false;
    else location.assign("/admin/devices");
  }

  #tick() {
    const seconds = Math.floor((performance.now() - this.#receivedAt) / 1000);
    const isUnknown = seconds >= UNKNOWN_AFTER_S;
    document.getElementById("screens")?.toggleAttribute("data-unknown", isUnknown);
    byId("age").textContent = isUnknown ? text("lost") : text("age", { age: age(seconds) });
  }
}

/**
 * @param {HTMLElement} row
 * @param {Screen} screen
 */
function showState(row, { state: current, word, said: sentence }) {
  const note = select("[data-slot=said]", row);
  if (note.textContent !== sentence) note.textContent = sentence;
  const box = select(".screen__state", row);
  if (box.dataset.state === current) return;
  box.dataset.state = current;
  select("[data-slot=state]", row).replaceChildren(state(TONES[current], word));
}

/** What the row was rendered from. @param {Screen} screen */
const keyOf = ({ name, lane, site, speaks, volume }) => JSON.stringify([name, lane, site, speaks, volume]);

new DevicesPage().start();
