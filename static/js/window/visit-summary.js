// The visit beside the pane: its state and number, its facts, and what can be done with it as a whole.

import { priorityBadge, vehicleWords } from "../lane/labels.js";
import { learnCalls, paintRecall } from "../lane/recall.js";
import { hasElsewhere, place } from "../lane/tablet-point.js";
import { age, now, secondsSince, timeOfDay } from "../lib/clock.js";
import { icon, make, slots, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { collected } from "./status.js";

const MOVES = { visit: ["recall", "no-show", "transfer", "divert", "leave"], form: ["back", "recall", "divert"] };

/** `onMove(name)` for the buttons. Returns {show(visit, phase, at), refuse(sentence), lost(bool, visit), tick(visit), clear()}. */
export function sidePanel(aside, { onMove }) {
  const { timezone } = place;
  const recall = aside.querySelector("[data-move=recall]");
  const slot = slots(aside);
  const buttons = [...aside.querySelectorAll("[data-move]")];
  let isLost = false;

  for (const button of buttons) button.onclick = () => onMove(button.dataset.move); // one window at a time owns them

  function tick(visit) {
    slot.opened.textContent = text("opened_ago", { age: age(secondsSince(visit.opened_at)) });
    const { claim } = visit;
    const hasEnded = claim && Date.parse(claim.until) < now();
    const at = claim && timeOfDay(claim.until, timezone);
    slot.claim.textContent = claim ? text(hasEnded ? "held_ended" : "held_until", { at }) : "";
    slot.claim.parentElement.hidden = !claim;
    learnCalls(visit);
    if (!recall.hidden) paintRecall(recall, visit, isLost);
  }

  function refuse(sentence) {
    slot.refusal.hidden = !sentence;
    slot.refusal.querySelector("[data-word]").textContent = sentence;
  }

  return {
    tick,
    /** `phase`: visit, form, checking, recorded (then `at` is when) or stopped. */
    show(visit, phase, at) {
      const tones = { checking: "wait", recorded: "go", stopped: "stop" };
      const word = text(phase === "form" ? "phase_visit" : `phase_${phase}`, { at: at && timeOfDay(at, timezone) });
      slot.phase.replaceChildren(phase === "checking" ? checkingState(word) : state(tones[phase] ?? "neutral", word));
      slot.number.textContent = slot.number.dataset.queueNo = visit.queue_no;
      slot.vehicle.textContent = vehicleWords(visit);
      slot.priority.replaceChildren(...[priorityBadge(visit)].filter(Boolean));
      const [all, gone] = [visit.passports.length, collected(visit.passports)];
      slot.books.textContent = gone ? text("gone_of", { n: gone, all }) : all;
      for (const button of buttons) button.hidden = !(MOVES[phase] ?? []).includes(button.dataset.move);
      if (!hasElsewhere) aside.querySelector("[data-move=transfer]").hidden = true;
      refuse("");
      tick(visit);
    },
    refuse,
    /** The window is closed: no number stays behind. */
    clear() {
      slot.number.textContent = "";
      delete slot.number.dataset.queueNo;
    },
    lost(isSo, visit) {
      isLost = isSo;
      if (!recall.hidden) paintRecall(recall, visit, isLost);
      slot.waits.hidden = !isSo || buttons.every((button) => button.hidden);
    },
  };
}

function checkingState(word) {
  return make("span", { class: "state state--wait" }, icon("check"), word);
}
