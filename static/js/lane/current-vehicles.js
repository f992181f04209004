// The vehicles at this lane: those of this tablet's window with what can be done next, the other windows' in one line each.

import { age, secondsSince, timeOfDay } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { hasEnded, isForeign } from "./claims.js";
import { bookedBadge, priorityBadge } from "./labels.js";
import { learnCalls, paintRecall } from "./recall.js";
import { renew } from "./replace-keeping-focus.js";
import { hasElsewhere, place, settings } from "./tablet-point.js";

const $ = (id) => document.getElementById(id);
const MORE = { transfer: "right", divert: "out", leave: "ahead" };

/** `onMove(visit, move)`. Returns {show(state), tick(), lost(bool)}. */
export function atLane({ onMove }) {
  let cards = [];
  let isLost = false;
  let shown = "";

  function show({ here }) {
    cards = here;
    for (const card of cards) learnCalls(card);
    const looks = JSON.stringify([cards, cards.map(({ claim }) => hasEnded(claim))]);
    if (looks === shown) return tick();
    shown = looks;
    const own = cards.filter(isOwn);
    const others = cards.filter((card) => !isOwn(card));
    renew($("current"), [...own.map(full), ...(others.length ? [list(others)] : [])]);
    $("current").hidden = cards.length === 0;
    lost(isLost);
    tick();
  }
  function full(visit) {
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
          make("span", { class: "meta" }, text("nth_call", { n: visit.calls, max: settings.max_calls })),
        priorityBadge(visit, true),
        bookedBadge(visit),
      ),
      claimed(visit),
      make("div", { class: "current-vehicles__acts" }, ...buttons(visit)),
    );
  }
  function buttons(visit) {
    const isCalled = visit.state === "called";
    return [
      serveButton(visit),
      isCalled && move(visit, "recall", "recall", "sound"),
      isCalled && move(visit, "no-show", "no_show", "close"),
      mayMove(visit) &&
        make(
          "details",
          { class: "more", "data-more": visit.id },
          make("summary", { class: "button button--lane" }, text("more_moves")),
          make("div", { class: "more__acts" }, ...moreActs(visit)),
        ),
    ].filter(Boolean);
  }
  function moreActs(visit) {
    return Object.entries(MORE)
      .filter(([name]) => name !== "transfer" || hasElsewhere)
      .map(([name, mark]) => move(visit, name, `do_${name}`, mark));
  }
  function serveButton(visit) {
    const { claim } = visit;
    if (isForeign(claim)) return hasEnded(claim) && move(visit, "serve", "take_over", "right", "button--wide");
    const word = visit.state === "called" ? "serve_one" : "continue_one";
    return move(visit, "serve", word, "right", "button--primary button--wide");
  }
  function move(visit, name, word, mark, kind = "") {
    return make(
      "button",
      {
        class: `button button--lane ${kind}`,
        type: "button",
        "data-move": name,
        "data-visit": visit.id,
        click: () => onMove(visit, name),
      },
      icon(mark),
      make("span", { "data-word": "" }, text(word, { no: visit.queue_no })),
    );
  }
  function list(others) {
    return make("ul", { class: "current-vehicles__others" }, ...others.map(other));
  }
  function other(visit) {
    const where = visit.window ? ` · ${text("window_no", { n: visit.window })}` : "";
    return make(
      "li",
      { "data-queue-no": visit.queue_no, "data-state": visit.state },
      make("b", { class: "num" }, visit.queue_no),
      make("span", {}, `${text(visit.state)}${where}`),
      make("span", { class: "num", "data-since": visit.since }),
      claimed(visit),
      !place.isGate && isForeign(visit.claim) && hasEnded(visit.claim) && serveButton(visit),
    );
  }
  function tick() {
    for (const button of $("current").querySelectorAll("[data-move=recall]"))
      paintRecall(button, cards.find(({ id }) => id === Number(button.dataset.visit)) ?? {}, isLost);
    for (const since of $("current").querySelectorAll("[data-since]"))
      since.textContent = age(secondsSince(since.dataset.since));
  }
  function lost(isSo) {
    isLost = isSo;
    for (const button of $("current").querySelectorAll("button")) button.disabled = isSo;
  }

  return { show, tick, lost };
}

/** Of this tablet: at its window, or held by its officer; one without a window has all of the lane, a gate has none. */
function isOwn({ window, claim }) {
  if (place.isGate) return false;
  return !place.window || !window || window === place.window || Boolean(claim?.mine);
}

/** While another officer's claim lives the visit is theirs. */
function mayMove({ claim }) {
  return !isForeign(claim) || hasEnded(claim) || settings.is_supervisor;
}

/** By whom and since when; once the lease has ended since when there was no sign of them. */
function claimed({ claim }) {
  if (!isForeign(claim)) return null;
  const at = timeOfDay(claim.since, place.timezone);
  const told = text("held_by", { officer: claim.officer, at });
  return make("p", { class: "meta" }, told, hasEnded(claim) && ` ${text("held_silent")}`);
}
