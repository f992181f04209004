// What fills the pane instead of the form: amber until the server has answered, green once the handover is recorded, stop
// with what to do.

import { pointLabel } from "../lane/labels.js";
import { tabletPoint } from "../lane/tablet-point.js";
import { age, timeOfDay } from "../lib/clock.js";
import { copyOf, make, select, selectAll, slots } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";

const LATE_S = 30; // from here on the advice stands out

// The acts after a refusal; the first one is the primary button.
/** @type {Record<string, string[]>} */
const ACTS = {
  locked: ["unlock", "supervisor", "without", "divert", "retry", "visit"],
  already_collected: ["divert", "visit"],
  not_ready: ["divert", "visit"],
  overdue: ["supervisor", "divert", "visit"],
};

/** @typedef {(act: string) => void} OnAct */

/** Amber. The seconds are only visible, the words are announced once. */
export class CheckingPanel {
  element = copyOf("window-checking");
  #slot = slots(this.element);
  #since;

  /** @param {number} since ms */
  constructor(since) {
    this.#since = since;
  }

  tick() {
    const seconds = Math.max(0, Math.floor((Date.now() - this.#since) / 1000));
    this.#slot.elapsed.textContent = age(seconds);
    this.#slot.late.classList.toggle("is-late", seconds >= LATE_S);
  }
}

/**
 * Green: only ever made from the server's own answer.
 * @param {HandoverRecord} record
 * @param {{nextNo: () => string | null, onAct: OnAct}} options `nextNo` of the next waiting vehicle, which changes; `onAct` receives continue,
 *   next or finish
 */
export function recordedPanel({ handovers, visit }, { nextNo, onAct }) {
  const element = copyOf("window-recorded");
  const slot = slots(element);
  const n = handovers.length;
  const isServing = visit.state === "serving";
  const left = isServing ? visit.passports.filter(({ status }) => status === "ok").length : 0;
  slot.title.textContent = count("recorded_title", n);
  slot.advice.textContent = text(isServing ? "recorded_some" : "recorded_all");
  const other = count("recorded_other", n);
  slot.other.hidden = !other;
  slot.other.append(make("b", {}, text("recorded_word")), ` ${other}`);
  const names = new Map(visit.passports.map((book) => [book.passport_id, book.holder_name]));
  slot.books.append(...handovers.map(({ passport_id: id, number }) => registerLine(names.get(id), number)));
  const buttons = listenToActs(element, onAct);
  show(buttons.continue, left > 0, count("go_on", left));
  let shown = "";
  /** The queue moves on while the green stands: the button names who is next now. */
  const tick = () => {
    const no = nextNo();
    if (shown === `next ${no}`) return;
    shown = `next ${no}`;
    show(buttons.next, Boolean(no), text("done_next", { no }));
    show(buttons.finish, true, text(no || left ? "done_only" : "done"));
    const choices = [buttons.continue, buttons.next, buttons.finish];
    const primary = choices.find((button) => !button.hidden);
    for (const button of choices) button.classList.toggle("button--primary", button === primary);
  };
  tick();
  return { element, tick };
}

/**
 * Stop: the server's sentence, what to do, and the acts that are possible.
 * @param {ApiError} error
 * @param {{book?: Book, mayDo: Record<string, boolean>, onAct: OnAct}} options `mayDo`: whether unlock, supervisor, without and
 *   retry make sense now; `onAct` receives unlock, supervisor, without, divert, retry, visit or finish
 */
export function stopPanel(error, { book, mayDo, onAct }) {
  const element = copyOf("window-stop");
  const slot = slots(element);
  const possible = (ACTS[error.code ?? ""] ?? ["finish"]).filter((act) => !(act in mayDo) || mayDo[act]);
  slot.title.textContent = error.message;
  slot.advice.textContent = text(adviceKey(error));
  slot.who.textContent = error.claim ? claimedBy(error.claim) : (book?.holder_name ?? "");
  slot.who.hidden = !slot.who.textContent;
  for (const [act, button] of Object.entries(listenToActs(element, onAct))) {
    button.hidden = !possible.includes(act);
    button.classList.toggle("button--primary", act === possible[0]);
  }
  return { element };
}

/** @param {ApiError} error */
function adviceKey({ code = "", claim }) {
  if (claim) return "advice_taken_over";
  return code in ACTS ? `advice_${code}` : "advice_gone";
}

/** @param {Claim} claim */
function claimedBy(claim) {
  const at = timeOfDay(claim.since, tabletPoint().timezone);
  return text("claimed_by", { officer: claim.officer, where: pointLabel(claim), at });
}

/**
 * The buttons of the panel by their act.
 * @param {HTMLElement} element
 * @param {OnAct} onAct
 * @returns {Record<string, HTMLElement>}
 */
function listenToActs(element, onAct) {
  const buttons = selectAll("[data-act]", element);
  for (const button of buttons) button.addEventListener("click", () => onAct(button.dataset.act ?? ""));
  return Object.fromEntries(buttons.map((button) => [button.dataset.act, button]));
}

/**
 * @param {HTMLElement} button
 * @param {boolean} isShown
 * @param {string} label
 */
function show(button, isShown, label) {
  button.hidden = !isShown;
  select("[data-word]", button).textContent = isShown ? label : "";
}

/**
 * @param {string | undefined} name
 * @param {number} number
 */
function registerLine(name, number) {
  const no = text("register_no", { n: String(number).padStart(6, "0") });
  return make("li", {}, make("span", { class: "books__name" }, name), make("span", { class: "books__shelf num" }, no));
}
