// Who waits and who is at this lane. Calling the next one is one touch; calling another is choose, then call.

import { age, secondsSince } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { text } from "../lib/texts.js";

const $ = (id) => document.getElementById(id);

/** `lane`: {number, kind}; `onCallNext()`, `onCall(visit)`, `onMove(visit, move)`. Returns {show(state), tick(), lost(bool), nextNo()}. */
export function queue(lane, { onCallNext, onCall, onMove }) {
  let waiting = [];
  let current = null;
  let chosen = null;
  let isLost = false;
  let shown = "";

  $("call").addEventListener("click", () => (chosen ? onCall(chosen) : onCallNext()));

  function show(news) {
    const looks = JSON.stringify([news.waiting, news.current, mayTake(news.current?.claim)]);
    if (looks === shown) return; // a heartbeat must not swallow a touch by renewing what is touched
    shown = looks;
    ({ waiting, current } = news);
    chosen = waiting.find(({ id }) => id === chosen?.id) ?? null;
    $("waiting-count").textContent = waiting.length;
    $("nobody").hidden = waiting.length > 0;
    $("queue").hidden = waiting.length === 0;
    renew($("queue"), waiting.map(row));
    renew($("current"), current ? atThisLane(current, onMove) : []);
    $("current").hidden = !current;
    label();
    tick();
  }
  function row(visit) {
    const vehicle = [text(visit.kind), visit.plate_masked || text("no_plate")].join(" · ");
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
        make("span", {}, text("passports", { n: visit.books }), make("br"), make("span", { class: "meta" }, vehicle)),
        make("span", { class: "queue__since num", "data-since": visit.since }),
      ),
    );
  }
  /** Whom the server would call next to a lane of this kind. */
  function next() {
    return waiting.find(({ kind }) => lane.kind === "mixed" || kind === lane.kind || kind === "priority");
  }
  function choose(visit) {
    chosen = chosen?.id === visit.id ? null : visit;
    for (const button of $("queue").querySelectorAll("button"))
      button.setAttribute("aria-pressed", String(Number(button.dataset.visit) === chosen?.id));
    label();
  }
  /** Who is called next at this lane. */
  function first() {
    return waiting.find(({ kind }) => lane.kind === "mixed" || kind === lane.kind || kind === "priority");
  }
  function label() {
    $("call").hidden = !(chosen ?? first());
    $("call").querySelector("[data-word]").textContent = chosen
      ? text("call_one", { no: chosen.queue_no })
      : text("call_next", { no: first()?.queue_no });
    lost(isLost);
  }
  function tick() {
    for (const place of document.querySelectorAll("#scanner [data-since]"))
      place.textContent = age(secondsSince(place.dataset.since));
    const longest = Math.max(0, ...waiting.map(({ since }) => secondsSince(since)));
    $("longest").textContent = waiting.length ? text("longest", { age: age(longest) }) : "";
  }
  function lost(isSo) {
    isLost = isSo;
    for (const button of [$("call"), ...$("current").querySelectorAll("button")]) button.disabled = isSo;
    $("call-waits").hidden = !isSo || $("call").hidden;
  }

  return { show, tick, lost, nextNo: () => first()?.queue_no ?? null };
}

/** Replace the rows but keep the focus on the same visit's button. */
function renew(list, rows) {
  const focused = list.contains(document.activeElement) && document.activeElement.dataset;
  list.replaceChildren(...rows);
  if (focused?.visit) list.querySelector(`[data-visit="${focused.visit}"]`)?.focus();
  if (focused?.move) list.querySelector(`[data-move="${focused.move}"]`)?.focus();
}

function atThisLane(visit, onMove) {
  const isCalled = visit.state === "called";
  const move = (name, word, mark, kind = "") =>
    make(
      "button",
      { class: `button button--lane ${kind}`, type: "button", "data-move": name, click: () => onMove(visit, name) },
      icon(mark),
      text(word, { no: visit.queue_no }),
    );
  return [
    make(
      "div",
      { class: "row row--apart" },
      state("neutral", text(visit.state)),
      make(
        "span",
        { class: "num" },
        isCalled && visit.calls > 1 ? `${text("calls", { n: visit.calls })} · ` : "",
        make("span", { "data-since": visit.since }),
      ),
    ),
    make("p", { class: "visit__no num", "data-queue-no": visit.queue_no, "data-state": visit.state }, visit.queue_no),
    visit.claim && make("p", { class: "meta" }, text("by", { name: visit.claim.officer })),
    make(
      "div",
      { class: "row" },
      (isCalled || mayTake(visit.claim)) &&
        move(
          "serve",
          isCalled ? "serve_one" : visit.claim?.mine ? "continue_one" : "take_over",
          "right",
          "button--primary button--wide",
        ),
      isCalled && move("recall", "recall", "sound"),
      isCalled && move("no-show", "no_show", "close"),
    ),
  ].filter(Boolean);
}

/** Mine, or nobody's any more: the lease has ended. */
function mayTake(claim) {
  return !claim || claim.mine || secondsSince(claim.until) > 0;
}
