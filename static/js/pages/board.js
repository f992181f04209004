// The signboard: newer states go into the elements that the server rendered. A new announcement chimes.

import { keepAwake } from "../lib/awake.js";
import { age, dateTime, now } from "../lib/clock.js";
import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { make } from "../lib/dom.js";
import { get } from "../lib/http.js";
import { play, watchAllowed } from "../lib/sounds.js";
import { text } from "../lib/texts.js";

const board = document.querySelector(".board");
const { office, placeLane, timezone } = board.dataset;
const lane = placeLane === undefined ? undefined : Number(placeLane);
const path = ["/api/v1/boards", office, lane].filter((part) => part !== undefined).join("/");
const isSingle = board.classList.contains("board--one");
const gates = new Map([...board.querySelectorAll(".gate")].map((gate) => [Number(gate.dataset.lane), gate]));
const element = (id) => document.getElementById(id);

let announced = Number(board.dataset.announced);

function show(state) {
  const isSame = state.lanes.length === gates.size && state.lanes.every(({ number }) => gates.has(number));
  if (!isSame) return location.reload(); // the office has opened or given up a lane
  document.body.dataset.revision = state.revision;
  for (const one of state.lanes) showGate(gates.get(one.number), one, state.open);
  showNext(state.next);
  element("message").textContent = state.message;
  announce(state.announcement);
}

function showGate(gate, { open, visit }, isOfficeOpen) {
  const look = visit ? visit.state : open && isOfficeOpen ? "empty" : "closed";
  gate.className = `gate gate--${look}`;
  mark(gate, "queueNo", visit?.queue_no);
  mark(gate, "state", visit?.state);
  const number = gate.querySelector(".gate__no");
  number.textContent = visit?.queue_no ?? "–";
  number.dataset.length = number.textContent.length;
  gate.querySelector(".gate__word").replaceChildren(...both(look));
}

function showNext(visits) {
  element("next").replaceChildren(
    ...visits.map(({ queue_no }) =>
      make("li", { class: "num", "data-queue-no": queue_no, "data-state": "waiting" }, queue_no),
    ),
  );
  element("next").hidden = visits.length === 0;
  element("nobody").hidden = visits.length > 0;
}

/** One call at a time for its whole time: the server lets them queue. */
function announce(call) {
  const strip = element("call");
  strip.hidden = !call || isSingle;
  element("message").hidden = !strip.hidden;
  if (!call) return;
  strip.replaceChildren(...both("announced", { n: call.queue_no, lane: call.lane }));
  if (call.id === announced) return;
  announced = call.id;
  play("chime");
  breathe(gates.get(call.lane));
}

/** A finished animation starts again only when its rule has let go of the element in between. */
function breathe(gate) {
  if (!gate) return;
  const look = gate.className;
  gate.className = "gate";
  gate.getBoundingClientRect();
  gate.className = look;
}

function showAge(seconds, isStale) {
  document.body.dataset.stale = isStale;
  element("stale").hidden = !isStale;
  element("stale-age").textContent = age(seconds);
  element("age").hidden = isStale || seconds < AGE_SHOWN_S;
  element("age").textContent = age(seconds);
  element("time").textContent = dateTime(now(), timezone).slice(-5);
}

/** The right to listen has ended: the page tells so, but only when the server itself says it. */
async function leave() {
  const { status } = await get(path).catch(() => ({}));
  if (status === 401 || status === 404) location.reload();
}

const both = (key, values) => [text(key, values), make("small", { lang: "en" }, text(`${key}.en`, values))];

function mark(target, name, value) {
  if (value === undefined) delete target.dataset[name];
  else target.dataset[name] = value;
}

keepAwake();
watchAllowed((isAllowed) => {
  element("sound").hidden = isAllowed;
});
connect({ namespace: "/board", auth: { office, lane }, path, acknowledge: true, onState: show, onAge: showAge, onRefused: leave });
