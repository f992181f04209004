// Entry module. The signboard: newer states go into the elements that the server rendered; each new call is shown and
// spoken once.

import { Announcer } from "../board/announcer.js";
import { calledNumbers, callsOf, callsToSpeak, showCalls } from "../board/calls.js";
import { LaneColumns } from "../board/lane-columns.js";
import { showNext } from "../board/next-vehicles.js";
import { followSettings } from "../board/screen-settings.js";
import { SoundControl } from "../board/sound-control.js";
import { age, dateTime, now } from "../lib/clock.js";
import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { byId, select } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { keepAwake } from "../lib/wake-lock.js";

const NO_SETTINGS_MS = 5000; // a display without settings for this long uses the defaults
const LONG_MESSAGE = 80; // letters; a longer one is set smaller
const DEFAULTS = { speaks: true, volume: 80 };

class BoardPage {
  #board = select(".board");
  #office = this.#board.dataset.office ?? "";
  #site = this.#board.dataset.site ?? "";
  #timezone = this.#board.dataset.timezone ?? "";
  #lane = Number(this.#board.dataset.placeLane) || null;
  #isDisplay = this.#board.dataset.display === "true";
  #isSingle = this.#board.classList.contains("board--one");
  #columns = new LaneColumns();
  #sound = new SoundControl(this.#isDisplay);
  #announcer = new Announcer({
    name: [this.#office, this.#lane ?? "", this.#site].join("/"),
    base: this.#board.dataset.voice ?? "",
    openedAt: this.#board.dataset.openedAt ?? "",
    maySound: () => this.#sound.isAllowed(),
    onTest: (testing) => this.#sound.update({ testing }),
  });
  /** Ids of the calls that are shown. */
  #announced = new Set((this.#board.dataset.announced ?? "").split(" ").map(Number));

  start() {
    keepAwake();
    this.#sound.start(() => this.#onSound());
    if (this.#isDisplay) this.#followSettings();
    document.body.dataset.live = ""; // from here on this page shows its own age
    connect({
      namespace: "/board",
      auth: this.#place,
      path: this.#path,
      acknowledge: true,
      onState: (state) => this.show(state),
      onAge: (seconds, isStale) => this.#showAge(seconds, isStale),
      onRefused: () => this.#reloadIfRefused(),
    });
  }

  /** A newer state of the board. @param {BoardState} state */
  show(state) {
    if (!this.#columns.fits(state.lanes)) return location.reload(); // the office has opened or closed down a lane
    document.body.dataset.revision = String(state.revision);
    this.#columns.show(state);
    showNext(state, this.#timezone);
    const calls = callsOf(state);
    showCalls(byId("call"), this.#isSingle ? [] : calls);
    showMessage(state.message);
    for (const { id, lane } of calls) if (!this.#announced.has(id)) this.#columns.animate(lane);
    this.#announced = new Set(calls.map(({ id }) => id));
    const isQuiet = Boolean(state.quiet);
    this.#sound.update({ quiet: isQuiet });
    this.#announcer.update(callsToSpeak(state), calledNumbers(state), isQuiet);
  }

  get #place() {
    const office = this.#office;
    if (this.#lane) return { office, lane: this.#lane };
    return this.#site ? { office, site: this.#site } : { office };
  }

  get #path() {
    const path = `/api/v1/boards/${this.#office}`;
    if (this.#lane) return `${path}/${this.#lane}`;
    return this.#site ? `${path}?site=${encodeURIComponent(this.#site)}` : path;
  }

  /** A page that staff have opened follows its own button, a display its settings. */
  #onSound() {
    if (!this.#isDisplay) this.#announcer.configure(this.#sound.ownSettings());
    else this.#announcer.run();
  }

  #followSettings() {
    let isKnown = false;
    const apply = (/** @type {{speaks: boolean, volume: number}} */ { speaks, volume }) => {
      isKnown = true;
      document.body.dataset.speaks = String(speaks);
      this.#sound.update({ speaks });
      this.#announcer.configure({ speaks, volume });
      if (speaks) this.#announcer.fetchAhead();
    };
    followSettings(this.#place, { onSettings: apply, onTest: () => this.#announcer.test() });
    setTimeout(() => isKnown || apply(DEFAULTS), NO_SETTINGS_MS);
  }

  /**
   * @param {number} seconds
   * @param {boolean} isStale
   */
  #showAge(seconds, isStale) {
    document.body.dataset.stale = String(isStale);
    byId("stale").hidden = !isStale;
    byId("stale-age").textContent = age(seconds);
    byId("age").hidden = isStale || seconds < AGE_SHOWN_S;
    byId("age").textContent = age(seconds);
    byId("time").textContent = dateTime(now(), this.#timezone).slice(-5);
  }

  /** The right to this board may have ended: the page reloads, but only when the server itself refuses it. */
  async #reloadIfRefused() {
    const answer = await get(this.#path).catch(() => null);
    if (answer?.status === 401 || answer?.status === 404) location.reload();
  }
}

/** @param {string} message */
function showMessage(message) {
  const element = byId("message");
  element.textContent = message;
  element.dataset.long = String(message.length > LONG_MESSAGE);
  element.hidden = !byId("call").hidden || (!byId("line").hidden && byId("line").dataset.over === "message");
}

const page = new BoardPage();
page.start();

/** For the endurance test. @param {BoardState} state */
export const show = (state) => page.show(state);
