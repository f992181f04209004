// The signboard: newer states go into the elements that the server rendered; each new call is shown and spoken once.

import { createVoice } from "../board/announcer.js";
import { calledIn, callsOf, sayable, showCalls } from "../board/calls.js";
import { breathe, fits, showGates } from "../board/lane-columns.js";
import { showNext } from "../board/next-vehicles.js";
import { followSettings } from "../board/screen-settings.js";
import { watchSound } from "../board/sound-control.js";
import { age, dateTime, now } from "../lib/clock.js";
import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { get } from "../lib/http.js";
import { keepAwake } from "../lib/wake-lock.js";

const UNKNOWN_MS = 5000; // a display that is not told its settings for so long speaks as it was set up
const LONG_MESSAGE = 80; // letters; a longer one is set smaller
const AS_SET_UP = { speaks: true, volume: 80 };

const board = document.querySelector(".board");
const { office, site, timezone, voice: clips, openedAt } = board.dataset;
const lane = board.dataset.placeLane && Number(board.dataset.placeLane);
const place = lane ? { office, lane } : site ? { office, site } : { office };
const path = `/api/v1/boards/${office}${lane ? `/${lane}` : site ? `?site=${encodeURIComponent(site)}` : ""}`;
const isDisplay = board.dataset.display === "true";
const isSingle = board.classList.contains("board--one");
const element = (id) => document.getElementById(id);

let announced = new Set(board.dataset.announced.split(" ").map(Number));

const sound = watchSound(isDisplay);
const voice = createVoice({
  name: [office, lane ?? "", site].join("/"),
  base: clips,
  openedAt,
  maySound: () => sound.isAllowed(),
  onTest: (testing) => sound.tell({ testing }),
});

/** Newer state of the board. Exported for the proof that days of it leave nothing behind. */
export function show(state) {
  if (!fits(state.lanes)) return location.reload(); // the office has opened or given up a lane
  document.body.dataset.revision = state.revision;
  showGates(state);
  showNext(state, timezone);
  const calls = callsOf(state);
  showCalls(element("call"), isSingle ? [] : calls);
  showMessage(state.message);
  for (const { id, lane } of calls) if (!announced.has(id)) breathe(lane);
  announced = new Set(calls.map(({ id }) => id));
  sound.tell({ quiet: Boolean(state.quiet) });
  voice.hear(sayable(state), calledIn(state), Boolean(state.quiet));
}

function showMessage(message) {
  element("message").textContent = message;
  element("message").dataset.long = message.length > LONG_MESSAGE;
  element("message").hidden = !element("call").hidden || (!element("line").hidden && element("next").hidden === false);
}

/** A page that staff have opened follows its own button; a display what it is told. */
function listen() {
  if (!isDisplay) voice.set(sound.ownSettings());
  else voice.run();
}

function follow() {
  let isKnown = false;
  const settle = ({ speaks, volume }) => {
    isKnown = true;
    document.body.dataset.speaks = speaks;
    sound.tell({ speaks });
    voice.set({ speaks, volume });
    if (speaks) voice.fetchAhead();
  };
  followSettings(place, { onSettings: settle, onTest: voice.test });
  setTimeout(() => isKnown || settle(AS_SET_UP), UNKNOWN_MS);
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

keepAwake();
sound.start(listen);
if (isDisplay) follow();
document.body.dataset.live = ""; // from here on this page says itself how old it is
connect({ namespace: "/board", auth: place, path, acknowledge: true, onState: show, onAge: showAge, onRefused: leave });
