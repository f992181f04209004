// The officer's own calls for a supervisor, above whatever the tablet shows: called since when, who comes, and what was
// decided. A supervisor who stands at the tablet decides here with the own login.

import { age, now, secondsSince } from "../lib/clock.js";
import { byId, icon, make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { askDecision, closeDecision } from "../supervisor/decision-dialog.js";
import { ask } from "./ask-dialog.js";
import { RequestQueue } from "./request-queue.js";
import { tabletPoint } from "./tablet-point.js";

const OUTCOME_SHOWN_MS = 60_000;
const REASONS = ["locked", "overdue", "no_signature", "other"];

/**
 * @typedef {object} CallOptions
 * @property {(call: SupervisorCall) => void} onDecided once for each decision that comes while the page is open
 */

export class SupervisorCalls {
  #root = byId("own-calls");
  #onDecided;
  #shown = "";
  #isLost = false;
  /** @type {Map<number, Visit>} cards of vehicles that were called for */
  #visits = new Map();
  /** @type {SupervisorCall[]} */
  #calls = [];
  #refusal = "";
  #closed = new Set(); // calls whose outcome was read
  /** @type {Set<number> | null} open calls of the state before */
  #wereOpen = null;
  #requests = new RequestQueue({
    onBusy: () => {},
    onRefused: (sentence) => {
      this.#refusal = sentence;
      this.#draw();
    },
  });

  /** @param {CallOptions} options */
  constructor({ onDecided }) {
    this.#onDecided = onDecided;
  }

  /** A state of the lane came. @param {LaneState} state */
  learn({ supervisor_calls: all = [], here }) {
    const served = here.filter(({ claim }) => claim?.mine).map(({ id }) => id);
    for (const visit of here) this.#visits.set(visit.id, visit);
    this.#calls = all.filter(({ by_id: by, visit_id: id }) => by === tabletPoint().staff || served.includes(id));
    const ended = this.#calls.filter(({ id, ended_at: at }) => at && this.#wereOpen?.has(id));
    const open = this.#calls.filter(({ ended_at: at }) => !at);
    for (const id of this.#wereOpen ?? []) if (!open.some((call) => call.id === id)) closeDecision(this.#visitOf(id));
    this.#wereOpen = new Set(open.map(({ id }) => id));
    this.#draw();
    for (const call of ended.filter(({ decision }) => decision)) this.#announce(call);
  }

  /**
   * Call a supervisor to this vehicle.
   * @param {Visit} visit
   * @param {string} reason
   */
  async call(visit, reason) {
    this.#visits.set(visit.id, visit);
    await this.#send(visit.id, { reason });
  }

  /** The same after the question why. @param {Visit} visit */
  async askAndCall(visit) {
    const isLocked = visit.passports.some(({ locked }) => locked);
    const isOverdue = visit.passports.some(({ status }) => status === "overdue");
    const possible = REASONS.filter((code) => (code !== "locked" || isLocked) && (code !== "overdue" || isOverdue));
    const reasons = possible.map((code) => [code, text(`call_${code}`)]);
    const answers = await ask("supervisor", { no: visit.queue_no }, { reason: reasons });
    if (answers) await this.call(visit, answers.reason);
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    for (const button of selectAll("button", this.#root, HTMLButtonElement)) button.disabled = isLost;
  }

  tick() {
    for (const place of selectAll("[data-called-at]", this.#root))
      place.textContent = text("supervisor_called", { age: age(secondsSince(place.dataset.calledAt ?? "")) });
    this.#draw();
  }

  /** @param {number} id */
  #visitOf(id) {
    return Number(this.#root.querySelector(`[data-call="${id}"]`)?.getAttribute("data-visit"));
  }

  /** @param {SupervisorCall} call */
  #announce(call) {
    play(call.decision === "refuse" ? "stop" : "go");
    this.#onDecided(call);
  }

  #draw() {
    const shown = newestOfVisits(this.#calls).filter((call) => this.#isWorthShowing(call));
    const key = JSON.stringify([shown, this.#refusal]);
    if (key === this.#shown) return;
    this.#shown = key;
    const refusal =
      this.#refusal && make("p", { class: "call call--stop", role: "alert" }, icon("stop"), this.#refusal);
    this.#root.replaceChildren(...shown.map((call) => this.#row(call)), ...(refusal ? [refusal] : []));
    this.setLost(this.#isLost);
    this.tick();
  }

  /** @param {SupervisorCall} call */
  #isWorthShowing({ id, ended_at: ended, decision }) {
    if (!ended) return true;
    return Boolean(decision) && !this.#closed.has(id) && now() - Date.parse(ended) < OUTCOME_SHOWN_MS;
  }

  /** @param {SupervisorCall} call */
  #row(call) {
    const { id, visit_id: visit, queue_no: no, ended_at: ended, decision } = call;
    const tone = !ended ? "wait" : decision === "refuse" ? "stop" : "go";
    return make(
      "div",
      { class: `call call--${tone}`, "data-call": id, "data-visit": visit },
      icon(ended ? tone : "user"),
      make("p", { class: "call__what" }, make("b", { class: "num" }, no), ": ", ended ? outcome(call) : progress(call)),
      make("div", { class: "call__acts" }, ...(ended ? [this.#closer(id)] : this.#acts(call))),
    );
  }

  /** @param {SupervisorCall} call */
  #acts(call) {
    return [
      act("supervisor_here", "pen", "decide", () => this.#decideHere(call)),
      act("supervisor_withdraw", "close", "withdraw", () => this.#send(call.visit_id, null)),
    ];
  }

  /** @param {number} id */
  #closer(id) {
    return act("supervisor_close", "close", "close", () => {
      this.#closed.add(id);
      this.#draw();
    });
  }

  /** @param {SupervisorCall} call */
  #decideHere({ id: callId, visit_id: visitId, queue_no: queueNo, reason }) {
    const books = this.#visits.get(visitId)?.passports ?? [];
    const isLocked = reason === "locked" || books.some(({ locked }) => locked);
    const isOverdue = reason === "overdue" || books.some(({ status }) => status === "overdue");
    askDecision({ callId, visitId, queueNo, reason, isLocked, isOverdue, isTablet: true });
  }

  /**
   * @param {number} visitId
   * @param {object | null} body null withdraws
   */
  async #send(visitId, body) {
    const call = await this.#requests.send(`/api/v1/visits/${visitId}/supervisor`, body);
    if (!call) return;
    this.#calls = [...this.#calls.filter(({ id }) => id !== call.id), call];
    this.#wereOpen ??= new Set();
    if (!call.ended_at) this.#wereOpen.add(call.id);
    this.#draw();
  }
}

/** @param {SupervisorCall[]} calls the oldest first */
const newestOfVisits = (calls) => [...new Map(calls.map((call) => [call.visit_id, call])).values()];

/** @param {SupervisorCall} call */
function progress({ at, taken_by: by }) {
  if (by) return text("supervisor_comes", { name: by });
  return make("span", { class: "num", "data-called-at": at });
}

/** @param {SupervisorCall} call */
function outcome({ decision, decided_by: name, decision_reason: reason }) {
  return text(`supervisor_did_${decision}`, { name, reason });
}

/**
 * @param {string} word
 * @param {string} iconName
 * @param {string} name
 * @param {() => void} click
 */
function act(word, iconName, name, click) {
  return make(
    "button",
    { class: "button", type: "button", "data-call-act": name, click },
    icon(iconName),
    make("span", {}, text(word)),
  );
}
