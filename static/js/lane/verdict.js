// The answer of a scan over the camera's zone: shape, word, colour, then title, advice and the one next act.

import { dateTime } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { kindTag } from "../lib/kind-label.js";
import { count, text } from "../lib/messages.js";
import { isForeign } from "./claims.js";
import { bookedBadge, priorityBadge, vehicleWords } from "./labels.js";
import { place } from "./tablet-point.js";

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
};
const BOOK_TONES = { held: "wait", overdue: "wait", cancelled: "stop", collected: "neutral" };

/** The verdict as an element. `onAct(act)`: serve, call, inside, supervisor, rescan, type or add. */
export function verdictElement(answer, { onAct }) {
  const { verdict, tone, visit, facts = {} } = answer;
  if (place.isGate && tone === "go" && visit) return directionElement(answer, onAct);
  const [own, other] = languages(answer);
  return make(
    "section",
    { class: `verdict verdict--${tone}`, "data-verdict": verdict, "data-scan-id": answer.scan_id, role: "alert" },
    head(tone, visit),
    make("h2", { class: "verdict__title" }, own.title),
    make("p", { class: "verdict__advice" }, own.advice),
    make("p", { class: "en", lang: other.language }, make("b", {}, `${other.title}.`), ` ${other.advice}`),
    tone === "go" && visit && bookedBadge(visit),
    tone === "go" && visit && books(visit.passports),
    details(facts),
    actions(answer, onAct),
  );
}

/** At the gate: the number is what the driver takes along, and the lane is where the car goes. */
function directionElement({ verdict, scan_id: id, visit, facts }, onAct) {
  const lanes = facts?.lanes ?? [];
  const listed = new Intl.ListFormat(document.documentElement.lang, { type: "disjunction" }).format(lanes.map(String));
  return make(
    "section",
    { class: "verdict verdict--go verdict--gate", "data-verdict": verdict, "data-scan-id": id, role: "alert" },
    head("go", null),
    make("p", { class: "verdict__direction num", "data-queue-no": visit.queue_no }, visit.queue_no),
    make("h2", { class: "verdict__title" }, lanes.length ? text("to_lanes", { lanes: listed }) : text("to_wait")),
    make("p", { class: "verdict__advice" }, `${count("passports", visit.passports.length)} · ${vehicleWords(visit)}`),
    priorityBadge(visit),
    bookedBadge(visit),
    make(
      "div",
      { class: "verdict__actions" },
      button("next_scan", true, onAct, visit),
      button("add", false, onAct, visit),
      button("edit", false, onAct, visit),
    ),
  );
}

/** What is shown while the server has not answered: amber, and nobody hands anything over. */
export function checkingElement() {
  return make(
    "section",
    { class: "verdict verdict--wait", role: "alert", "data-checking": "true" },
    make("p", { class: "verdict__word" }, icon("check"), make("span", {}, text("tone_checking"))),
    make("h2", { class: "verdict__title" }, text("checking")),
    make("p", { class: "verdict__advice" }, text("checking_advice")),
    text("checking_other") && make("p", { class: "en", lang: "en" }, text("checking_other")),
  );
}

/** A request that was refused (not a verdict): the server's sentence as stop. */
export function refusalElement(message, { onAct }) {
  return make(
    "section",
    { class: "verdict verdict--stop", role: "alert" },
    head("stop", null),
    make("h2", { class: "verdict__title" }, message),
    make("div", { class: "verdict__actions" }, button("rescan", true, onAct)),
  );
}

function languages({ texts, title, advice }) {
  const page = document.documentElement.lang;
  const rest = page === "en" ? "id" : "en";
  return [texts?.[page] ?? { title, advice }, { language: rest, ...texts?.[rest] }];
}

function head(tone, visit) {
  const number =
    visit && make("span", { class: "verdict__number num", "data-queue-no": visit.queue_no }, visit.queue_no);
  return make("p", { class: "verdict__word" }, icon(tone), make("span", {}, text(`tone_${tone}`)), number);
}

function books(passports) {
  const row = (book) =>
    make(
      "li",
      {},
      make("span", { class: "books__name" }, book.holder_name, kindTag(book)),
      isReady(book)
        ? make("span", { class: "books__shelf num" }, book.shelf)
        : state(BOOK_TONES[book.status] ?? "neutral", text(`status_${book.status}`)),
    );
  return make("ul", { class: "books" }, ...passports.map(row));
}

function isReady({ status, state }) {
  return status ? status === "ok" : state === "ready";
}

function details(facts) {
  const rows = [
    facts.at && [text("when"), dateTime(facts.at, place.timezone)],
    facts.collector_class && facts.lane && [text("lane"), facts.lane],
    facts.collector_class && [text("whom"), text(`class_${facts.collector_class}`)],
  ].filter(Boolean);
  const row = ([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { class: "num" }, value));
  return rows.length > 0 && make("dl", { class: "verdict__facts" }, ...rows.map(row));
}

function actions({ verdict, next, visit, tone }, onAct) {
  const act = place.isGate && next === "serve" ? "rescan" : next;
  const primary = verdict === "unknown" ? "type" : act === "none" ? "rescan" : act;
  return make(
    "div",
    { class: "verdict__actions" },
    button(primary, true, onAct, visit),
    primary !== "rescan" && button("rescan", false, onAct),
    tone === "go" && visit && button("add", false, onAct),
  );
}

function button(act, isPrimary, onAct, visit) {
  return make(
    "button",
    {
      class: `button button--lane${isPrimary ? " button--primary" : ""}`,
      type: "button",
      "data-act": act,
      "data-writes": ["serve", "call", "inside"].includes(act) && Boolean(visit),
      click: () => onAct(act),
    },
    icon(ICONS[act]),
    text(act === "serve" && isForeign(visit?.claim) ? "take_over" : `act_${act}`, { no: visit?.queue_no }),
  );
}
