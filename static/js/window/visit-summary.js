// The summary of the visit beside the pane: its state and number, its facts, and the moves of the whole visit.

import { lookupBadge, priorityBadge, vehicleLabel } from "../lane/labels.js";
import { doneWords } from "../lane/pace.js";
import { noteCalls, paintRecall } from "../lane/recall.js";
import { hasOtherPoint, laneSettings, tabletPoint } from "../lane/tablet-point.js";
import { age, now, secondsSince, timeOfDay } from "../lib/clock.js";
import { icon, make, select, selectAll, slots, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { serviceClock } from "../lib/service-clock.js";
import { countCollected } from "./status.js";

/** @typedef {"visit" | "form" | "checking" | "recorded" | "stopped"} Phase */

/** @type {Partial<Record<Phase, string[]>>} */
const MOVES = {
  visit: ["recall", "park", "no-show", "transfer", "supervisor", "divert", "leave"],
  form: ["back", "recall", "park", "supervisor", "divert"],
};
/** @type {Partial<Record<Phase, Tone>>} */
const TONES = { checking: "wait", recorded: "go", stopped: "stop" };

export class VisitSummary {
  #slot;
  #buttons;
  #recall;
  #transfer;
  #isLost = false;
  /** @type {Phase | null} */
  #phase = null;

  /**
   * @param {HTMLElement} aside
   * @param {{onMove: (move: string) => void}} options
   */
  constructor(aside, { onMove }) {
    this.#slot = slots(aside);
    this.#buttons = selectAll("[data-move]", aside, HTMLButtonElement);
    this.#recall = select("[data-move=recall]", aside, HTMLButtonElement);
    this.#transfer = select("[data-move=transfer]", aside);
    // The buttons stay in the page from one visit to the next: the newest summary owns them.
    for (const button of this.#buttons) button.onclick = () => onMove(button.dataset.move ?? "");
  }

  /**
   * @param {Visit} visit
   * @param {Phase} phase
   * @param {string} [at] when it was recorded, ISO
   */
  show(visit, phase, at) {
    const slot = this.#slot;
    this.#phase = phase;
    slot.phase.replaceChildren(phaseState(phase, at));
    slot.number.textContent = slot.number.dataset.queueNo = visit.queue_no;
    slot.vehicle.textContent = vehicleLabel(visit);
    slot.badges.replaceChildren(...[priorityBadge(visit), lookupBadge(visit)].filter((badge) => badge !== null));
    const moves = MOVES[phase] ?? [];
    for (const button of this.#buttons) button.hidden = !moves.includes(button.dataset.move ?? "");
    if (!hasOtherPoint()) this.#transfer.hidden = true;
    if (!visit.calls) this.#recall.hidden = true; // it came without a call, so nobody waits for one
    this.refuse("");
    this.tick(visit);
  }

  /** @param {Visit} visit */
  tick(visit) {
    const { claim } = visit;
    const slot = this.#slot;
    slot.opened.textContent = text("opened_ago", { age: age(secondsSince(visit.opened_at)) });
    slot.claim.replaceChildren(claim ? claimNote(claim) : "");
    slot.claim.parentElement.hidden = !claim;
    slot.books.textContent = booksNote(visit);
    if (isServed(visit, this.#phase)) slot.phase.replaceChildren(...clockOf(visit));
    noteCalls(visit);
    this.#paintRecall(visit);
  }

  /** What this officer has done at this lane in the last hour. @param {Pace | null} [pace] */
  showPace(pace) {
    this.#slot.pace.parentElement.hidden = !pace;
    if (pace) this.#slot.pace.textContent = doneWords(pace.hour).join(", ");
  }

  /** Show the sentence of a refusal; "" hides it. @param {string} sentence */
  refuse(sentence) {
    this.#slot.refusal.hidden = !sentence;
    select("[data-word]", this.#slot.refusal).textContent = sentence;
    if (sentence) this.#slot.refusal.scrollIntoView({ block: "nearest" }); // on a phone it stands under the form
  }

  /**
   * @param {boolean} isLost
   * @param {Visit} visit
   */
  setLost(isLost, visit) {
    this.#isLost = isLost;
    this.#paintRecall(visit);
    this.#slot.waits.hidden = !isLost || this.#buttons.every((button) => button.hidden);
  }

  /** The window is closed: no number stays on the page. */
  clear() {
    this.#slot.number.textContent = "";
    delete this.#slot.number.dataset.queueNo;
  }

  /** @param {Visit} visit */
  #paintRecall(visit) {
    if (!this.#recall.hidden) paintRecall(this.#recall, visit, this.#isLost);
  }
}

/**
 * @param {Phase} phase
 * @param {string} [at]
 */
function phaseState(phase, at) {
  const time = at && timeOfDay(at, tabletPoint().timezone);
  const word = text(phase === "form" ? "phase_visit" : `phase_${phase}`, { at: time });
  if (phase === "checking") return make("span", { class: "state state--wait" }, icon("check"), word);
  return state(TONES[phase] ?? "neutral", word);
}

/**
 * Whether the clock of the service runs.
 * @param {Visit} visit
 * @param {Phase | null} phase
 */
const isServed = ({ state, served_at: at }, phase) =>
  (phase === "visit" || phase === "form") && state === "serving" && Boolean(at);

/** @param {Visit} visit */
function clockOf({ served_at, parked_s, passports }) {
  const { service_target_seconds: first, service_target_book_seconds: further } = laneSettings();
  return serviceClock({ served_at, parked_s, books: passports.length }, { first, further });
}

/** How many books the vehicle has now, and how many are handed over. @param {Visit} visit */
function booksNote({ passports }) {
  const all = passports.length;
  const collected = countCollected(passports);
  return collected ? text("gone_of", { n: collected, all }) : String(all);
}

/** How long the claim still lasts; after its end another lane may take the visit over. @param {Claim} claim */
function claimNote({ until }) {
  const left = Math.ceil((Date.parse(until) - now()) / 1000);
  if (left > 0) return text("held_until", { age: age(left) });
  return state("wait", text("held_ended", { age: age(secondsSince(until)) }));
}
