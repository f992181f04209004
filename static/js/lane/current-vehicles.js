// The vehicles at this lane: of those at this tablet's window the first one with all its acts, further ones in a line each, so
// that the queue stays in sight. Beside vehicles at the side, or several under strips, the first one is a line as well.
// Those of other windows have a line without acts.

import { age, secondsSince, timeOfDay } from "../lib/clock.js";
import { byId, icon, make, select, selectAll, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { hasEnded, idleSeconds, isForeign } from "./claims.js";
import { bookingBadge, priorityBadge, vehicleMarks } from "./labels.js";
import { noteCalls, paintRecall } from "./recall.js";
import { replaceKeepingFocus } from "./replace-keeping-focus.js";
import { hasOtherPoint, laneSettings, tabletPoint } from "./tablet-point.js";

const MORE_MOVES = { transfer: "right", divert: "out", leave: "ahead" };

/** @typedef {(visit: Visit, move: string) => unknown} OnMove */

export class CurrentVehicles {
  #onMove;
  #list = byId("current");
  #side = /** @type {HTMLElement} */ (this.#list.parentElement);
  /** @type {Visit[]} */
  #visits = [];
  #isLost = false;
  #hasAside = false;
  #shown = "";

  /** @param {{onMove: OnMove}} options */
  constructor({ onMove }) {
    this.#onMove = onMove;
  }

  /** @param {LaneState} state */
  show({ here, parked }) {
    this.#visits = here;
    for (const visit of here) noteCalls(visit);
    this.#hasAside = parked.length > 0;
    this.#draw();
    this.tick();
  }

  tick() {
    this.#draw(); // leases end, and strips come and go, without news of this lane
    for (const button of selectAll("[data-move=recall]", this.#list, HTMLButtonElement)) {
      const visit = this.#visits.find(({ id }) => id === Number(button.dataset.visit));
      paintRecall(button, visit ?? {}, this.#isLost);
    }
    for (const element of selectAll("[data-since]", this.#list))
      element.textContent = age(secondsSince(element.dataset.since ?? ""));
  }

  #draw() {
    const here = this.#visits;
    const own = here.filter(isOwn);
    const isTight = own.length > 1 && (this.#hasAside || select(".strips").offsetHeight > 0);
    const hasCard = !isTight && !this.#hasAside;
    const key = JSON.stringify([here, here.map(({ claim }) => hasEnded(claim)), isTight, hasCard]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#side.toggleAttribute("data-tight", isTight);
    const cards = own.map((visit, n) => (n === 0 && hasCard ? card : line)(visit, this.#onMove));
    const others = here.filter((visit) => !isOwn(visit));
    replaceKeepingFocus(this.#list, others.length ? [...cards, otherList(others, this.#onMove)] : cards);
    this.#list.hidden = here.length === 0;
    this.setLost(this.#isLost);
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
      make("span", { class: "meta" }, vehicleMarks(visit)),
      priorityBadge(visit, true),
      bookingBadge(visit),
    ),
    claimNote(visit),
    make("div", { class: "current-vehicles__acts" }, ...buttons(visit, onMove)),
  );
}

/**
 * One more vehicle: its number, its age, the next act, and the other acts behind a touch.
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function line(visit, onMove) {
  const others = [...calledButtons(visit, onMove), ...(mayMove(visit) ? moreButtons(visit, onMove) : [])];
  return make(
    "article",
    { class: "current-vehicles__line", "aria-label": visit.queue_no },
    make("p", { class: "visit__no num", "data-queue-no": visit.queue_no, "data-state": visit.state }, visit.queue_no),
    make(
      "p",
      { class: "current-vehicles__brief" },
      make("span", { class: "num", "data-since": visit.since }),
      make("span", { class: "meta" }, visit.look || visit.plate_masked || text(visit.state)),
    ),
    serveButton(visit, onMove, { isBrief: true }),
    others.length > 0 && more(visit, others, "…"),
    claimNote(visit),
  );
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function buttons(visit, onMove) {
  return [
    serveButton(visit, onMove),
    ...calledButtons(visit, onMove),
    mayMove(visit) && more(visit, moreButtons(visit, onMove)),
  ];
}

/**
 * What is possible while a called vehicle has not come.
 * @param {Visit} visit
 * @param {OnMove} onMove
 */
function calledButtons(visit, onMove) {
  if (visit.state !== "called") return [];
  return [
    moveButton(visit, onMove, { move: "recall", key: "recall", iconName: "sound" }),
    moveButton(visit, onMove, { move: "no-show", key: "no_show", iconName: "close" }),
  ];
}

/** @param {Event} event */
function showWhole({ target }) {
  if (target instanceof HTMLDetailsElement && target.open) target.scrollIntoView({ block: "nearest" });
}

/**
 * @param {Visit} visit
 * @param {HTMLElement[]} acts
 * @param {string} [sign] instead of the word
 */
function more({ id, queue_no: no }, acts, sign) {
  const name = sign && `${text("more_moves")} ${no}`;
  return make(
    "details",
    { class: "more", "data-more": id, toggle: showWhole },
    make("summary", { class: "button button--lane", "aria-label": name }, sign ?? text("more_moves")),
    make("div", { class: "more__acts" }, ...acts),
  );
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
 * @param {{isBrief?: boolean}} [options] `isBrief`: beside the number, so without it
 */
function serveButton(visit, onMove, { isBrief = false } = {}) {
  const { claim } = visit;
  const serve = { move: "serve", iconName: "right" };
  if (isForeign(claim))
    return hasEnded(claim) && moveButton(visit, onMove, { ...serve, key: "take_over", look: "button--wide" });
  const key = visit.state === "called" ? "serve_one" : "continue_one";
  if (isBrief) return moveButton(visit, onMove, { ...serve, key, word: `${key}_brief` });
  return moveButton(visit, onMove, { ...serve, key, look: "button--primary button--wide" });
}

/**
 * @param {Visit} visit
 * @param {OnMove} onMove
 * @param {{move: string, key: string, iconName: string, look?: string, word?: string}} about `word`: what is seen, when it is
 *   shorter than the button's name `key`
 */
function moveButton(visit, onMove, { move, key, iconName, look = "", word }) {
  return make(
    "button",
    {
      class: `button button--lane ${look}`,
      type: "button",
      "data-move": move,
      "data-visit": visit.id,
      "aria-label": word && text(key, { no: visit.queue_no }),
      click: () => onMove(visit, move),
    },
    icon(iconName),
    make("span", { "data-word": "" }, text(word ?? key, { no: visit.queue_no })),
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
