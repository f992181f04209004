// The answer to a scan, shown over the camera: shape, word and colour, then title, advice and the next act.

import { dateTime } from "../lib/clock.js";
import { icon, make, select, state } from "../lib/dom.js";
import { kindLabel } from "../lib/kind-label.js";
import { count, text } from "../lib/messages.js";
import { isForeign } from "./claims.js";
import { beforeLabel, bookingBadge, priorityBadge, vehicleLabel } from "./labels.js";
import { laneSettings, tabletPoint } from "./tablet-point.js";
import { booksOfScan } from "./validity.js";

/** @type {Record<string, string>} */
const ICONS = {
  serve: "right",
  call: "sound",
  inside: "right",
  supervisor: "user",
  rescan: "scan",
  type: "keyboard",
  add: "group",
  next_scan: "scan",
  edit: "car",
  direct: "right",
};
/** @type {Record<string, Tone>} */
const BOOK_TONES = { held: "wait", overdue: "wait", cancelled: "stop", collected: "neutral" };

/** @typedef {(act: string) => void} OnAct receives serve, call, inside, supervisor, rescan, next_scan, type, add, edit or direct */

/**
 * The verdict as an element.
 * @param {ScanAnswer} answer
 * @param {{onAct: OnAct}} options
 */
export function verdictElement(answer, { onAct }) {
  const { verdict, tone, visit, facts = {} } = answer;
  if (tabletPoint().isGate && tone === "go" && visit) return directionElement(answer, visit, onAct);
  const { own, other, language } = languages(answer);
  return make(
    "section",
    { class: `verdict verdict--${tone}`, "data-verdict": verdict, "data-scan-id": answer.scan_id, role: "alert" },
    head(tone, visit),
    make("h2", { class: "verdict__title" }, own.title),
    make("p", { class: "verdict__advice", "aria-live": "off" }, own.advice),
    make(
      "p",
      { class: "en", lang: language, "aria-live": "off" },
      make("b", {}, `${other.title}.`),
      ` ${other.advice}`,
    ),
    tone === "go" && visit && bookingBadge(visit),
    make("p", { class: "verdict__before num", "aria-live": "off", hidden: !facts.ahead }, beforeLabel(facts)),
    tone === "go" && visit && bookList(answer),
    details(facts, visit),
    actions(answer, onAct),
  );
}

/**
 * At the gate the driver needs the queue number and the lane to drive to; in a common queue there is none before the call.
 * @param {ScanAnswer} answer
 * @param {Visit} visit
 * @param {OnAct} onAct
 */
function directionElement({ verdict, scan_id: id, facts }, visit, onAct) {
  const waits = facts?.waits ?? [];
  const lane = waits.length > 0 || visit.state === "called" ? visit.lane : null;
  return make(
    "section",
    { class: "verdict verdict--go verdict--gate", "data-verdict": verdict, "data-scan-id": id, role: "alert" },
    head("go", null),
    make(
      "div",
      { class: "verdict__directions" },
      make("p", { class: "verdict__direction num", "data-queue-no": visit.queue_no }, visit.queue_no),
      lane && make("p", { class: "verdict__direction num", "data-to-lane": lane }, icon("right"), lane),
    ),
    make("h2", { class: "verdict__title" }, lane ? text("to_lane", { lane }) : text("to_wait")),
    make("p", { class: "verdict__advice" }, `${count("passports", visit.passports.length)} · ${vehicleLabel(visit)}`),
    priorityBadge(visit),
    bookingBadge(visit),
    make(
      "div",
      { class: "verdict__actions" },
      button("next_scan", true, onAct, visit),
      waits.length > 1 && visit.state === "waiting" && button("direct", false, onAct, visit),
      button("add", false, onAct, visit),
      button("edit", false, onAct, visit),
    ),
  );
}

/**
 * A refused request (not a verdict): the server's sentence as stop.
 * @param {string} message
 * @param {{onAct: OnAct}} options
 */
export function refusalElement(message, { onAct }) {
  return make(
    "section",
    { class: "verdict verdict--stop", role: "alert" },
    head("stop", null),
    make("h2", { class: "verdict__title" }, message),
    make("div", { class: "verdict__actions" }, button("rescan", true, onAct)),
  );
}

/**
 * Title and advice in the page's language and in the other one.
 * @param {ScanAnswer} answer
 */
function languages({ texts, title, advice }) {
  const page = document.documentElement.lang;
  const language = page === "en" ? "id" : "en";
  return { own: texts?.[page] ?? { title, advice }, other: texts?.[language] ?? { title, advice }, language };
}

/**
 * @param {Tone} tone
 * @param {Visit | null} visit
 */
function head(tone, visit) {
  const number =
    visit && make("span", { class: "verdict__number num", "data-queue-no": visit.queue_no }, visit.queue_no);
  return make("p", { class: "verdict__word" }, icon(tone), make("span", {}, text(`tone_${tone}`)), number);
}

/**
 * The ages in the sentences of the verdict on the screen, and who waits before its vehicle.
 * @param {ScanAnswer} answer
 */
export function ageVerdict(answer) {
  const shown = document.querySelector(`[data-scan-id="${answer.scan_id}"]`);
  const { own, other } = languages(answer);
  if (!shown?.querySelector(".verdict__before")) return;
  const before = select(".verdict__before", shown);
  before.hidden = !answer.facts?.ahead;
  before.textContent = beforeLabel(answer.facts);
  select(".verdict__advice", shown).textContent = own.advice;
  select(".en", shown).replaceChildren(make("b", {}, `${other.title}.`), ` ${other.advice}`);
}

/** The books of the scanned code, which the sentence counts, and how many the vehicle has. @param {ScanAnswer} answer */
function bookList(answer) {
  const { own, all, codes } = booksOfScan(answer);
  const whole = { no: answer.visit?.queue_no, books: count("passports", all), n: codes };
  return make("div", {}, books(own), codes > 1 && make("p", { class: "meta" }, text("vehicle_now", whole)));
}

/** @param {Book[]} passports */
function books(passports) {
  /** @param {Book} book */
  const row = (book) =>
    make(
      "li",
      {},
      make("span", { class: "books__name" }, book.holder_name, kindLabel(book)),
      isReady(book)
        ? make("span", { class: "books__shelf num" }, book.shelf)
        : state(BOOK_TONES[book.status] ?? "neutral", text(`status_${book.status}`)),
    );
  return make("ul", { class: "books" }, ...passports.map(row));
}

/** @param {Book} book */
function isReady({ status, state }) {
  return status ? status === "ok" : state === "ready";
}

/**
 * @param {NonNullable<ScanAnswer["facts"]>} facts
 * @param {Visit | null} visit
 */
function details(facts, visit) {
  const { at, lane, collector_class: collector } = facts;
  const rows = [];
  if (isForeign(visit?.claim) && visit?.claim) rows.push([text("officer"), visit.claim.officer]);
  if (at) rows.push([text("when"), dateTime(at, tabletPoint().timezone)]);
  if (collector && lane) rows.push([text("lane"), lane]);
  if (collector) rows.push([text("whom"), text(`class_${collector}`)]);
  /** @param {(string | number)[]} row */
  const row = ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { class: "num" }, value));
  return rows.length > 0 && make("dl", { class: "verdict__facts" }, ...rows.map(row));
}

/**
 * @param {ScanAnswer} answer
 * @param {OnAct} onAct
 */
function actions({ verdict, next, visit, tone }, onAct) {
  const act = tabletPoint().isGate && next === "serve" ? "rescan" : next;
  const isCalled = act === "supervisor" && visit !== null; // the call stands above: here it only goes inside or on
  const primary = verdict === "unknown" ? "type" : act === "none" ? "rescan" : isCalled ? "inside" : act;
  return make(
    "div",
    { class: "verdict__actions" },
    button(primary, true, onAct, visit),
    primary !== "rescan" && button("rescan", false, onAct),
    tone === "go" && visit && button("add", false, onAct),
  );
}

/**
 * @param {string} act
 * @param {boolean} isPrimary
 * @param {OnAct} onAct
 * @param {Visit | null} [visit]
 */
function button(act, isPrimary, onAct, visit) {
  return make(
    "button",
    {
      class: `button button--lane${isPrimary ? " button--primary" : ""}`,
      type: "button",
      "data-act": act,
      "data-writes": act === "supervisor" || (["serve", "call", "inside", "direct"].includes(act) && Boolean(visit)),
      click: () => onAct(act),
    },
    icon(ICONS[act]),
    text(wordOf(act, visit), { no: visit?.queue_no }),
  );
}

/**
 * @param {string} act
 * @param {Visit | null} [visit]
 */
function wordOf(act, visit) {
  if (act === "serve" && isForeign(visit?.claim)) return "take_over";
  if (act === "supervisor" && laneSettings().is_supervisor) return "act_serve";
  return act === "serve" && visit?.claim?.mine ? "act_back" : `act_${act}`;
}
