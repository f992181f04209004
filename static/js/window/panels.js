// What fills the pane instead of the form: amber while nobody knows, green once it is recorded, stop with what to do.

import { placeWords } from "../lane/labels.js";
import { place } from "../lane/tablet-point.js";
import { timeOfDay } from "../lib/clock.js";
import { copyOf, make, slots } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";

const LATE_S = 30; // from here on the advice stands out

// What one may do after a refusal, the first as the page's primary act.
const ACTS = {
  locked: ["unlock", "divert", "retry", "visit"],
  already_collected: ["divert", "visit"],
  not_ready: ["divert", "visit"],
  overdue: ["divert", "visit"],
};

/** Amber. Seconds count from `since` (ms); they are for the eye, the words are announced once. */
export function checkingPanel(since) {
  const element = copyOf("window-checking");
  const slot = slots(element);
  return {
    element,
    tick() {
      const seconds = Math.max(0, Math.floor((Date.now() - since) / 1000));
      slot.elapsed.textContent = text("seconds", { n: seconds });
      slot.late.classList.toggle("is-late", seconds >= LATE_S);
    },
  };
}

/** Green: only ever from the server's own answer. `onAct`: continue, next or finish; `nextNo` of who waits, or null. */
export function recordedPanel({ handovers, visit }, { nextNo, onAct }) {
  const element = copyOf("window-recorded");
  const slot = slots(element);
  const n = handovers.length;
  const names = new Map(visit.passports.map((book) => [book.passport_id, book.holder_name]));
  const left = visit.state === "serving" ? visit.passports.filter(({ status }) => status === "ok").length : 0;

  slot.title.textContent = count("recorded_title", n);
  slot.advice.textContent = text(visit.state === "serving" ? "recorded_some" : "recorded_all");
  const other = count("recorded_other", n);
  slot.other.hidden = !other;
  slot.other.append(make("b", {}, text("recorded_word")), ` ${other}`);
  slot.books.append(...handovers.map((one) => line(names.get(one.passport_id), one.number)));
  const acts = actsOf(element, onAct);
  show(acts.continue, left > 0, count("go_on", left));
  show(acts.next, nextNo, text("done_next", { no: nextNo }));
  show(acts.finish, true, text(nextNo || left ? "done_only" : "done"));
  const [primary] = [acts.continue, acts.next, acts.finish].filter((button) => !button.hidden);
  primary.classList.add("button--primary");
  return { element };
}

/**
 * Stop: the server's sentence, what to do about it, and the ways out. `mayDo`: which of unlock and retry make sense now;
 * `onAct`: unlock, divert, retry, visit or finish.
 */
export function stopPanel(error, { book, mayDo, onAct }) {
  const element = copyOf("window-stop");
  const slot = slots(element);
  const possible = (ACTS[error.code] ?? ["finish"]).filter((act) => !(act in mayDo) || mayDo[act]);
  slot.title.textContent = error.message;
  slot.advice.textContent = text(adviceOf(error));
  slot.who.textContent = error.claim ? claimedBy(error.claim) : (book?.holder_name ?? "");
  slot.who.hidden = !slot.who.textContent;
  for (const [act, button] of Object.entries(actsOf(element, onAct))) {
    button.hidden = !possible.includes(act);
    button.classList.toggle("button--primary", act === possible[0]);
  }
  return { element };
}

function adviceOf({ code, claim }) {
  if (claim) return "advice_taken_over";
  return code in ACTS ? `advice_${code}` : "advice_gone";
}

function claimedBy(claim) {
  const at = timeOfDay(claim.since, place.timezone);
  return text("claimed_by", { officer: claim.officer, where: placeWords(claim), at });
}

function actsOf(element, onAct) {
  const buttons = [...element.querySelectorAll("[data-act]")];
  for (const button of buttons) button.addEventListener("click", () => onAct(button.dataset.act));
  return Object.fromEntries(buttons.map((button) => [button.dataset.act, button]));
}

function show(button, isSo, word) {
  button.hidden = !isSo;
  button.querySelector("[data-word]").textContent = isSo ? word : "";
}

function line(name, number) {
  const no = text("register_no", { n: String(number).padStart(6, "0") });
  return make("li", {}, make("span", { class: "books__name" }, name), make("span", { class: "books__shelf num" }, no));
}
