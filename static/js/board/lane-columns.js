// The gates: one column for each lane. A lane with one vehicle shows it large, one with several shows each with its window.

import { make } from "../lib/dom.js";
import { both, mark, refill } from "./parts.js";

const MOST = 6; // vehicles that one gate has room for
const NO_WINDOW = 99; // stands after all that have one

const gates = new Map([...document.querySelectorAll(".gate")].map((gate) => [Number(gate.dataset.lane), gate]));

/** Whether these are the lanes that the page was made for. */
export const fits = (lanes) =>
  lanes.length === gates.size && lanes.every(({ number, kind }) => gates.get(number)?.dataset.kind === kind);

/** A full or closed line takes no further vehicle, but those that wait are served. */
export function showGates({ lanes, open, line }) {
  const isAtWork = open || (line.reason !== null && line.reason !== "hours");
  for (const lane of lanes) showGate(gates.get(lane.number), lane, isAtWork);
}

/** A finished animation starts again only when its rule has let go of the element in between. */
export function breathe(laneNumber) {
  const gate = gates.get(laneNumber);
  if (!gate) return;
  const look = gate.className;
  gate.className = "gate";
  gate.getBoundingClientRect();
  gate.className = look;
}

/** The vehicles of a lane: by window, those that came first before the others. */
function visitsOf({ visits }) {
  const place = ({ window }) => window ?? NO_WINDOW;
  return [...visits].sort((a, b) => place(a) - place(b) || (a.since < b.since ? -1 : 1));
}

function showGate(gate, lane, isAtWork) {
  const visits = visitsOf(lane);
  const isMany = visits.length > 1;
  const [visit] = isMany ? [] : visits;
  const look = isMany ? "many" : visit ? visit.state : lane.open && isAtWork ? "empty" : "closed";
  const isLit = isMany && visits.some(({ state }) => state === "called");
  const className = `gate gate--${look}${isLit ? " gate--lit" : ""}`;
  if (gate.className !== className) gate.className = className;
  mark(gate, "queueNo", visit?.queue_no);
  mark(gate, "state", visit?.state);
  const window = lane.windows > 1 ? visit?.window : null;
  refill(gate.querySelector(".gate__no"), `${visit?.queue_no}`, () => [visit?.queue_no ?? "–"]);
  gate.querySelector(".gate__no").dataset.length = (visit?.queue_no ?? "–").length;
  refill(gate.querySelector(".gate__word"), `${look} ${window}`, () =>
    isMany ? [] : both(window ? `${look}_window` : look, { window }),
  );
  showList(gate.querySelector(".gate__visits"), isMany ? roomFor(visits) : []);
}

/** Who must act now is shown before those who are being served. */
function roomFor(visits) {
  if (visits.length <= MOST) return visits;
  const called = visits.filter(({ state }) => state === "called");
  const others = visits.filter(({ state }) => state !== "called");
  return [...called, ...others].slice(0, MOST);
}

function showList(list, visits) {
  list.hidden = visits.length === 0;
  list.dataset.visits = visits.length;
  const key = visits.map(({ queue_no, state, window }) => `${queue_no} ${state} ${window}`).join();
  refill(list, key, () => visits.map(row));
}

function row({ queue_no, state, window }) {
  const attributes = { class: `gate__visit gate__visit--${state}`, "data-queue-no": queue_no, "data-state": state };
  const words = window ? both(`${state}_window`, { window }) : both(state);
  return make("li", attributes, make("b", { class: "num" }, queue_no), make("span", {}, ...words));
}
