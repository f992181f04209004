// The vehicles at this lane: those of this tablet's window with their next acts, those of other windows in one line each.

import { age, secondsSince, timeOfDay } from "../lib/clock.js";
import { byId, icon, make, selectAll, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { hasEnded, idleSeconds, isForeign } from "./claims.js";
import { bookingBadge, priorityBadge } from "./labels.js";
import { noteCalls, paintRecall } from "./recall.js";
import { replaceKeepingFocus } from "./replace-keeping-focus.js";
import { hasOtherPoint, laneSettings, tabletPoint } from "./tablet-point.js";

const MORE_MOVES = { transfer: "right", divert: "out", leave: "ahead" };

/** @typedef {(visit: Visit, move: string) => unknown} OnMove */

export class CurrentVehicles {
  #onMove;
  #list = byId("current");
  /** @type {Visit[]} */
  #visits = [];
  #isLost = false;
  #shown = "";

  /** @param {{onMove: OnMove}} options */
  constructor({ onMove }) {
    this.#onMove = onMove;
  }

  /** @param {LaneState} state */
  show({ here }) {
    this.#visits = here;
    for (const visit of here) noteCalls(visit);
    const key = JSON.stringify([here, here.map(({ claim }) => hasEnded(claim))]);
    if (key === this.#shown) return this.tick();
    this.#shown = key;
    const own = here.filter(isOwn);
    const others = here.filter((visit) => !isOwn(visit));
    const cards = own.map((visit) => card(visit, this.#onMove));
    replaceKeepingFocus(this.#list, others.length ? [...cards, otherList(others, this.#onMove)] : cards);
    this.#list.hidden = here.length === 0;
    this.setLost(this.#isLost);
    this.tick();
  }

  tick() {
    for (const button of selectAll("[data-move=recall]", this.#list, HTMLButtonElement)) {
      const visit = this.#visits.find(({ id }) => id === Number(button.dataset.visit));
      paintRecall(button, visit ?? {}, this.#isLost);
    }
    for (const element of selectAll("[data-since]", this.#list))
      element.textContent = age(secondsSince(element.dataset.since ?? ""));
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    for (const button of selectAll("button", this.#list, HTMLButtonElement)) button.disabled = isLost;
  }
}

/**
 * Whether the visit belongs to this tablet: it is at the tablet's window or held by its officer. A tablet without a window
 * has all visits of the lane, a gate has none.
 * @param {Visit} visit
 */
function isOwn({ window, claim }) {
  const point = tabletPoint();
  if (point.isGate) return false;
  return !point.window || !window || window === point.window || Boolean(claim?.mine);
}

/**
 * While another officer's claim runs the visit is theirs.
 * @param {Visit} visit
 */
function mayMove({ claim }) {
  return !isForeign(claim) || hasEnded(claim) || laneSettings().is_supervisor;
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function card(visit, onMove) {
  return make(
    "article",
    { class: "current-vehicles__card", "aria-label": visit.queue_no },
    make("p", { class: "visit__no num", "data-queue-no": visit.queue_no, "data-state": visit.state }, visit.queue_no),
    make(
      "div",
      { class: "current-vehicles__about" },
      make("span", { class: "num current-vehicles__since", "data-since": visit.since }),
      state("neutral", text(visit.state)),
      visit.state === "called" &&
        make("span", { class: "meta" }, text("nth_call", { n: visit.calls, max: laneSettings().max_calls })),
      priorityBadge(visit, true),
      bookingBadge(visit),
    ),
    claimNote(visit),
    make("div", { class: "current-vehicles__acts" }, ...buttons(visit, onMove)),
  );
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function buttons(visit, onMove) {
  const isCalled = visit.state === "called";
  return [
    serveButton(visit, onMove),
    isCalled && moveButton(visit, onMove, { move: "recall", key: "recall", iconName: "sound" }),
    isCalled && moveButton(visit, onMove, { move: "no-show", key: "no_show", iconName: "close" }),
    mayMove(visit) &&
      make(
        "details",
        { class: "more", "data-more": visit.id },
        make("summary", { class: "button button--lane" }, text("more_moves")),
        make("div", { class: "more__acts" }, ...moreButtons(visit, onMove)),
      ),
  ];
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function moreButtons(visit, onMove) {
  return Object.entries(MORE_MOVES)
    .filter(([move]) => move !== "transfer" || hasOtherPoint())
    .map(([move, iconName]) => moveButton(visit, onMove, { move, key: `do_${move}`, iconName }));
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function serveButton(visit, onMove) {
  const { claim } = visit;
  const serve = { move: "serve", iconName: "right" };
  if (isForeign(claim))
    return hasEnded(claim) && moveButton(visit, onMove, { ...serve, key: "take_over", look: "button--wide" });
  const key = visit.state === "called" ? "serve_one" : "continue_one";
  return moveButton(visit, onMove, { ...serve, key, look: "button--primary button--wide" });
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 * @param {{move: string, key: string, iconName: string, look?: string}} about
 */
function moveButton(visit, onMove, { move, key, iconName, look = "" }) {
  return make(
    "button",
    {
      class: `button button--lane ${look}`,
      type: "button",
      "data-move": move,
      "data-visit": visit.id,
      click: () => onMove(visit, move),
    },
    icon(iconName),
    make("span", { "data-word": "" }, text(key, { no: visit.queue_no })),
  );
}

/**
 * @param {Visit[]} visits
 * @param {OnMove} onMove
 */
function otherList(visits, onMove) {
  return make("ul", { class: "current-vehicles__others" }, ...visits.map((visit) => otherRow(visit, onMove)));
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function otherRow(visit, onMove) {
  const where = visit.window ? ` · ${text("window_no", { n: visit.window })}` : "";
  const mayTakeOver = !tabletPoint().isGate && isForeign(visit.claim) && hasEnded(visit.claim);
  return make(
    "li",
    { "data-queue-no": visit.queue_no, "data-state": visit.state },
    make("b", { class: "num" }, visit.queue_no),
    make("span", {}, `${text(visit.state)}${where}`),
    make("span", { class: "num", "data-since": visit.since }),
    claimNote(visit),
    mayTakeOver && serveButton(visit, onMove),
  );
}

/**
 * Which officer holds the visit and since when; after the end of the lease also that they were not active.
 * @param {Visit} visit
 */
function claimNote({ claim }) {
  if (!isForeign(claim)) return null;
  const at = timeOfDay(claim.since, tabletPoint().timezone);
  const holder = text("held_by", { officer: claim.officer, at });
  return make(
    "p",
    { class: "meta" },
    holder,
    hasEnded(claim) && ` ${text("held_silent", { age: age(idleSeconds(claim)) })}`,
  );
}
