// One column for each lane. A lane with one vehicle shows it large, one with several shows each with its window.

import { make, select, selectAll } from "../lib/dom.js";
import { both, mark, refill } from "./parts.js";

const MAX_VEHICLES = 6; // that one column has room for
const NO_WINDOW = 99; // sorts after all windows
const TEST = "TES"; // in the place of a number: no queue number looks like that
const NARROW_FROM = 5; // lanes: their columns have no room for sentences that a driver can read

export class LaneColumns {
  #columns = new Map(selectAll(".gate").map((column) => [Number(column.dataset.lane), column]));

  /** Whether these are the lanes that the page was rendered for. @param {BoardLane[]} lanes */
  fits(lanes) {
    const isSame = lanes.every(({ number, kind }) => this.#columns.get(number)?.dataset.kind === kind);
    return lanes.length === this.#columns.size && isSame;
  }

  /** A full or closed line admits no further vehicle, but the waiting ones are served. @param {BoardState} state */
  show({ lanes, open, line }) {
    const isServing = open || (line.reason !== null && line.reason !== "hours");
    for (const lane of lanes) {
      const column = this.#columns.get(lane.number);
      if (column) showLane(column, lane, { isServing, isNarrow: this.#columns.size >= NARROW_FROM });
    }
  }

  /** A finished animation starts again only after its rule has let go of the element. @param {number} laneNumber */
  animate(laneNumber) {
    const column = this.#columns.get(laneNumber);
    if (!column) return;
    const { className } = column;
    column.className = "gate";
    column.getBoundingClientRect();
    column.className = className;
  }
}

/**
 * The vehicles of a lane: by window, then by the time since when they are there.
 * @param {BoardLane} lane
 */
function sortedVisits({ visits }) {
  /** @param {BoardVisit} visit */
  const rank = ({ window }) => window ?? NO_WINDOW;
  return [...visits].sort((a, b) => rank(a) - rank(b) || (a.since < b.since ? -1 : 1));
}

/**
 * @param {HTMLElement} column
 * @param {BoardLane} lane
 * @param {{isServing: boolean, isNarrow: boolean}} look
 */
function showLane(column, lane, { isServing, isNarrow }) {
  const visits = sortedVisits(lane);
  const isMany = visits.length > 1;
  const visit = isMany ? undefined : visits[0];
  const look = isMany ? "many" : (visit?.state ?? emptyLook(lane, isServing));
  const isLit = isMany && visits.some(({ state }) => state === "called");
  const className = `gate gate--${look}${isLit ? " gate--lit" : ""}`;
  if (column.className !== className) column.className = className;
  mark(column, "queueNo", visit?.queue_no);
  mark(column, "state", visit?.state);
  showNumber(select(".gate__no", column), visit?.queue_no ?? (look === "test" ? TEST : undefined));
  const window = lane.windows > 1 ? visit?.window : null;
  refill(select(".gate__word", column), `${look} ${window}`, () =>
    isMany ? [] : both(window ? `${look}_window` : look, { window }),
  );
  showList(select(".gate__visits", column), isMany ? fitting(visits) : [], isNarrow);
}

/**
 * @param {BoardLane} lane without a vehicle
 * @param {boolean} isServing
 */
function emptyLook({ open, test }, isServing) {
  if (test) return "test";
  return open && isServing ? "empty" : "closed";
}

/**
 * @param {HTMLElement} element
 * @param {string} [queueNo]
 */
function showNumber(element, queueNo) {
  const words = queueNo ?? "–";
  refill(element, `${queueNo}`, () => [words]);
  element.dataset.length = String(words.length);
}

/** Vehicles that must act now are shown before those that are being served. @param {BoardVisit[]} visits */
function fitting(visits) {
  if (visits.length <= MAX_VEHICLES) return visits;
  const called = visits.filter(({ state }) => state === "called");
  const others = visits.filter(({ state }) => state !== "called");
  return [...called, ...others].slice(0, MAX_VEHICLES);
}

/**
 * @param {HTMLElement} list
 * @param {BoardVisit[]} visits
 * @param {boolean} isNarrow
 */
function showList(list, visits, isNarrow) {
  list.hidden = visits.length === 0;
  list.dataset.visits = String(visits.length);
  const key = visits.map(({ queue_no, state, window }) => `${queue_no} ${state} ${window}`).join();
  refill(list, key, () => visits.map((visit) => row(visit, isNarrow)));
}

/**
 * @param {BoardVisit} visit
 * @param {boolean} isNarrow
 */
function row({ queue_no, state, window }, isNarrow) {
  const attributes = { class: `gate__visit gate__visit--${state}`, "data-queue-no": queue_no, "data-state": state };
  const words = window ? both(`${state}_window${isNarrow ? "_short" : ""}`, { window }) : both(state);
  return make("li", attributes, make("b", { class: "num" }, queue_no), make("span", {}, ...words));
}
