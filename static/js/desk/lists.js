// The rows of the desk's lists. `books` are pairs [visit, book] of the state; what is ticked lives outside.

import { dateTime } from "../lib/clock.js";
import { icon, make, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { keepRows } from "./keep-rows.js";

const SHOWN = 120; // rows of one list; a clerk walks again before that many are fetched
const LONG = 10; // characters of a shelf that no longer fit in the large type
const SOON = ["called", "serving"]; // these vehicles are at the window already
const { timezone, staff } = document.getElementById("picks-part").dataset;

const time = (iso) => dateTime(iso, timezone).split(", ")[1];

/** The books to fetch in walking order; `ticks` knows and hears what is ticked. */
export function showWalk(list, books, ticks) {
  const shown = books.slice(0, SHOWN);
  keepRows(
    list,
    shown.map(([visit, book]) => [book.passport_id, pair(visit, book)]),
    ([visit, book]) =>
      make(
        "li",
        { class: SOON.includes(visit.state) ? "pick pick--soon" : "pick" },
        ticks.box(book),
        shelf(book),
        make("span", { class: "pick__for" }, whom(visit), make("span", {}, book.holder_name)),
        SOON.includes(visit.state) ? make("span", { class: "pick__since" }, text(visit.state)) : since(visit),
      ),
  );
  return books.length - shown.length;
}

/** The same list by vehicle, each with the way of all its books. */
export function showVehicles(list, visits, ticks) {
  const shown = vehiclesOf(visits, SHOWN);
  keepRows(
    list,
    shown.map((visit) => [visit.visit_id ?? `a${visit.pickup_id}`, visit]),
    (visit) => vehicle(visit, ticks),
  );
  return visits.slice(shown.length).flatMap(({ books }) => books).length;
}

/** What this clerk carries. */
export function showCarried(list, books, ticks) {
  keepRows(
    list,
    books.map(([visit, book]) => [book.passport_id, pair(visit, book)]),
    ([visit, book]) =>
      make(
        "li",
        { class: "pick" },
        ticks.box(book),
        make("span", { class: "pick__for" }, whom(visit), make("span", {}, book.holder_name)),
        make("span", { class: "pick__since meta num" }, book.shelf),
      ),
  );
}

/** What has to go back; `ticks` is null for who may only look. */
export function showReturns(list, books, ticks) {
  keepRows(
    list,
    books.map((book) => [book.passport_id, book]),
    (book) =>
      make(
        "li",
        { class: "pick" },
        ticks?.box(book),
        shelf(book),
        make(
          "span",
          { class: "pick__for" },
          number(book),
          make("span", {}, book.holder_name),
          make("span", { class: "meta" }, book.pick_lane ? text("at_lane", { n: book.pick_lane }) : book.pick_by),
        ),
      ),
  );
}

/** The alarm: books that are looked for. `found(book)` makes the form of who found one, or null. */
export function showMissing(list, books, found) {
  keepRows(
    list,
    books.map((book) => [book.passport_id, book]),
    (book) =>
      make(
        "li",
        {},
        make("span", { class: "alarm__shelf num" }, book.shelf || text("noshelf")),
        make("span", { class: "pick__for" }, number(book), make("span", {}, book.holder_name)),
        make("span", { class: "num" }, text("since", { time: time(book.since), name: book.pick_by })),
        found?.(book),
      ),
  );
}

/** The first vehicles whose books together exceed `most` only with the last one. */
function vehiclesOf(visits, most) {
  const shown = [];
  for (let left = most, i = 0; left > 0 && i < visits.length; i += 1) {
    shown.push(visits[i]);
    left -= visits[i].books.length;
  }
  return shown;
}

function vehicle(visit, ticks) {
  const ready = visit.books.filter(({ pick }) => pick === "at_window").length;
  return make(
    "section",
    { class: "vehicle" },
    make(
      "header",
      { class: "vehicle__head" },
      make("h3", {}, whom(visit)),
      SOON.includes(visit.state) && state("wait", text(visit.state)),
      since(visit),
      make("span", { class: "meta num" }, text("progress", { n: ready, all: visit.books.length })),
    ),
    make("ul", { class: "picks" }, ...visit.books.map((book) => bookOf(book, ticks))),
  );
}

function bookOf(book, ticks) {
  const row = make(
    "li",
    { class: "pick" },
    !book.pick && ticks.box(book),
    shelf(book),
    make("span", { class: "pick__for" }, make("span", {}, book.holder_name)),
  );
  if (book.pick === "at_window") row.append(state("go", text("at_lane", { n: book.pick_lane })));
  else if (book.pick === "missing") row.append(state("stop", text("not_found")));
  else if (book.pick) {
    const isMine = book.pick_staff_id === Number(staff);
    row.append(state("neutral", isMine ? text("in_my_hands") : text("carried_by", { name: book.pick_by })));
  }
  return row;
}

/** What a row is made from; `at` of the state is no part of it. */
const pair = (visit, book) => [{ ...visit, books: null }, book];

function shelf(book) {
  const name = `pick__shelf num${book.shelf.length > LONG ? " pick__shelf--long" : ""}`;
  return make("span", { class: name }, book.shelf || text("noshelf"));
}

function whom(visit) {
  if (visit.arrival) return make("b", {}, text(visit.arrival), booked(visit));
  const where = visit.lane ? text("lane", { no: visit.queue_no, lane: visit.lane }) : visit.queue_no;
  return make("b", { class: "num" }, where, booked(visit));
}

/** The window that was booked, beside the number or the word of who comes. */
function booked({ booked_for: at }) {
  return at && make("span", { class: "state num" }, icon("calendar"), text("booked_at", { time: time(at) }));
}

const number = (book) => make("b", { class: "num" }, book.queue_no ?? "");

function since(visit) {
  if (visit.arrival === "booked") return null; // its time stands beside the word
  const said = visit.arrival ? text("at", { time: time(visit.since) }) : "";
  return make("span", { class: "pick__since meta num", "data-since": visit.arrival ? null : visit.since }, said);
}

/** The button of a form with its icon; the words stand in a span of their own. */
export const button = (act, sign, words) =>
  make("button", { class: "button", type: "submit", name: "act", value: act }, icon(sign), make("span", {}, words));
