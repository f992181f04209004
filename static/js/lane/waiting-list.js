// Who waits, in the order of the queue. Calling the next one is one touch; another is chosen first, then called, changed
// or sent on. Of hundreds the first ones are shown, the others are found by number.

import { age, secondsSince } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { bookedBadge, priorityBadge, vehicleWords } from "./labels.js";
import { renew } from "./replace-keeping-focus.js";
import { place, takes } from "./tablet-point.js";

const SHOWN = 30;
const SEARCH_FROM = 12; // vehicles; fewer are seen at a glance

const $ = (id) => document.getElementById(id);

/**
 * `onCallNext()`, `onCall(visit)` out of turn, `onEdit(visit)`, `onLeave(visit)`. Returns {show(state), tick(), lost(bool),
 * nextNo()}.
 */
export function queue({ onCallNext, onCall, onEdit, onLeave }) {
  let waiting = []; // the first of them; `all` is how many wait
  let all = 0;
  let chosen = null;
  let isLost = false;
  let shown = "";

  const first = () => waiting.find(({ ahead_of_turn: ahead }) => ahead === 0);

  $("call").addEventListener("click", () => (chosen && chosen.id !== first()?.id ? onCall(chosen) : onCallNext()));
  $("edit").addEventListener("click", () => onEdit(chosen));
  $("let-go").addEventListener("click", () => onLeave(chosen));
  $("search").addEventListener("input", draw);

  function show(news) {
    const looks = JSON.stringify([news.waiting, news.waiting_count]);
    if (looks === shown) return; // a heartbeat must not swallow a touch by renewing what is touched
    shown = looks;
    ({ waiting, waiting_count: all } = news);
    chosen = waiting.find(({ id }) => id === chosen?.id) ?? null;
    $("waiting-count").textContent = all;
    $("nobody").hidden = waiting.length > 0;
    $("search").parentElement.hidden = waiting.length < SEARCH_FROM;
    draw();
  }
  function draw() {
    const sought = $("search").parentElement.hidden ? "" : $("search").value.trim().toUpperCase();
    const found = waiting.filter(({ queue_no: no }) => no.includes(sought));
    renew($("queue"), found.slice(0, SHOWN).map(row));
    $("queue").hidden = found.length === 0;
    const hidden = (sought ? found.length : all) - SHOWN;
    $("more").hidden = hidden <= 0 && (found.length > 0 || !waiting.length);
    $("more").textContent = found.length ? text("more", { n: hidden }) : text("none_found", { no: sought });
    label();
    tick();
  }
  function row(visit) {
    return make(
      "li",
      { "data-queue-no": visit.queue_no, "data-state": "waiting" },
      make(
        "button",
        {
          class: "queue__call",
          type: "button",
          "data-visit": visit.id,
          "aria-pressed": String(visit.id === chosen?.id),
          click: () => choose(visit),
        },
        make("span", { class: "queue__no num" }, visit.queue_no),
        make("span", { class: "queue__what" }, ...whatWaits(visit)),
        make("span", { class: "queue__since num", "data-since": visit.since }),
      ),
    );
  }
  function choose(visit) {
    chosen = chosen?.id === visit.id ? null : visit;
    for (const button of $("queue").querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.visit) === chosen?.id));
    label();
  }
  function label() {
    const next = first();
    const isNext = !chosen || chosen.id === next?.id;
    $("call").hidden = place.isGate || !(chosen ?? next);
    $("call").querySelector("[data-word]").textContent = isNext
      ? text("call_next", { no: next?.queue_no })
      : text("call_one", { no: chosen.queue_no });
    $("chosen").hidden = !chosen;
    $("edit").querySelector("[data-word]").textContent = text("edit_one", { no: chosen?.queue_no });
    lost(isLost);
  }
  function tick() {
    for (const since of document.querySelectorAll("#scanner [data-since]"))
      since.textContent = age(secondsSince(since.dataset.since));
    const longest = Math.max(0, ...waiting.map(({ since }) => secondsSince(since)));
    $("longest").textContent = waiting.length ? text("longest", { age: age(longest) }) : "";
  }
  function lost(isSo) {
    isLost = isSo;
    for (const button of [$("call"), $("edit"), $("let-go")]) button.disabled = isSo;
    $("call-waits").hidden = !isSo || $("call").hidden;
  }

  return { show, tick, lost, nextNo: () => first()?.queue_no ?? null };
}

function whatWaits(visit) {
  const { books, picks } = visit;
  return [
    picks.at_window ? text("at_window_of", { n: picks.at_window, books }) : count("passports", books),
    make("span", { class: "meta" }, vehicleWords(visit)),
    priorityBadge(visit),
    bookedBadge(visit),
    picks.missing > 0 && state("stop", count("missing_books", picks.missing)),
    !takes(visit) && make("span", { class: "state" }, icon("neutral"), text("other_lane")),
  ].filter(Boolean);
}
