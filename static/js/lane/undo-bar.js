// The officer's own last move can be undone for a short while: a bar that counts down. The server decides; its newest
// state counts.

import { now } from "../lib/clock.js";
import { select, selectAll } from "../lib/dom.js";
import { answerOrNull, get } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { secondsLeft } from "./seconds-left.js";
import { laneSettings } from "./tablet-point.js";

/** @typedef {{id: number, until: number, sentence: string}} LastMove `until` in ms */

export class UndoBar {
  #bars = selectAll("[data-undo]");
  /** @type {LastMove | null} */
  #last = null;
  #isLost = false;

  /** @param {{onUndo: (last: LastMove) => void}} options */
  constructor({ onUndo }) {
    for (const bar of this.#bars)
      select("button", bar).addEventListener("click", () => this.#last && onUndo(this.#last));
  }

  /**
   * A move was made.
   * @param {string} move
   * @param {Visit} visit
   */
  offer(move, visit) {
    if (undoEnd(visit) > now()) this.#show(lastMove(visit, move));
    else if (this.#last?.id === visit.id) this.#show(null);
  }

  /**
   * Take over what the state knows of moves that may be undone: after a reload, and when the visit was moved on elsewhere.
   * @param {LaneState} state
   */
  learn({ here, parked, waiting, recent }) {
    const visits = [...here, ...parked, ...waiting, ...recent];
    const [newest] = visits.filter((visit) => undoEnd(visit) > now()).sort((a, b) => undoEnd(b) - undoEnd(a));
    if (newest && undoEnd(newest) > (this.#last?.until ?? 0))
      this.#show(lastMove(newest, "parked" in newest && newest.parked ? "park" : newest.state));
    const same = this.#last && visits.find(({ id }) => id === this.#last?.id);
    if (this.#last && !same) this.#askAbout(this.#last);
    if (same && "may_undo_until" in same && !same.may_undo_until) this.#show(null);
  }

  /** The visit has left this lane: another tablet may have moved it on. @param {LastMove} last */
  async #askAbout(last) {
    const visits = await openVisits();
    const mayUndo = visits?.some((visit) => visit.id === last.id && visit.may_undo_until);
    if (visits && !mayUndo && this.#last === last) this.#show(null);
  }

  forget() {
    this.#show(null);
  }

  tick() {
    const left = this.#last ? secondsLeft(this.#last.until, now(), laneSettings().undo_seconds) : 0;
    if (this.#last && left <= 0) return this.#show(null);
    for (const bar of this.#bars) {
      select("[data-left]", bar).textContent = left ? `(${left})` : "";
      select("button", bar, HTMLButtonElement).disabled = this.#isLost;
    }
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    this.tick();
  }

  /** @param {LastMove | null} last */
  #show(last) {
    this.#last = last;
    for (const bar of this.#bars) {
      bar.hidden = !last;
      if (!last) continue;
      select("[data-text]", bar).textContent = last.sentence;
    }
    this.tick();
  }
}

/** All open visits of the office; undefined without an answer. @returns {Promise<Visit[] | undefined>} */
async function openVisits() {
  const answer = await answerOrNull(get("/api/v1/visits"));
  return answer?.ok ? answer.body.visits : undefined;
}

/**
 * @param {Visit} visit
 * @param {string} move
 * @returns {LastMove}
 */
const lastMove = (visit, move) => ({ id: visit.id, until: undoEnd(visit), sentence: sentenceOf(visit, move) });

/**
 * @param {Visit} visit
 * @param {string} move
 */
function sentenceOf({ queue_no: no, state, passports: books = [] }, move) {
  const n = books.filter(({ state }) => state === "collected").length;
  if (state === "done" && n) return text("did_leave_done", { no, n, all: books.length });
  return text(`did_${move.replace("-", "_")}`, { no });
}

/** @param {Visit} visit */
const undoEnd = ({ may_undo_until: until }) => (until ? Date.parse(until) : 0);
