// The rows of the desk's lists, rendered from pairs [visit, book] of the state. Ticks are kept outside.

import { dateTime } from "../lib/clock.js";
import { byId, icon, make, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { keepRows } from "./keep-rows.js";

const SHOWN = 120; // rows of one list; a clerk walks again before that many are fetched
const LONG_SHELF = 10; // characters; a longer shelf does not fit in the large type
const AT_WINDOW = ["called", "serving"]; // vehicles in these states are at the window already

/** @typedef {import("./tick-list.js").TickList} TickList */
/** @typedef {[PickVisit, PickBook]} Pair */

/**
 * The books to fetch, in walking order. Returns how many are not shown.
 * @param {HTMLElement} list
 * @param {Pair[]} pairs
 * @param {TickList} ticks
 */
export function showWalk(list, pairs, ticks) {
  const shown = pairs.slice(0, SHOWN);
  keepRows(list, shown.map(pairItem), ([visit, book]) => {
    const isAtWindow = AT_WINDOW.includes(visit.state);
    return make(
      "li",
      { class: isAtWindow ? "pick pick--soon" : "pick" },
      ticks.box(book),
      shelf(book),
      make("span", { class: "pick__for" }, vehicleTag(visit), make("span", {}, book.holder_name)),
      isAtWindow ? make("span", { class: "pick__since" }, text(placeOf(visit))) : since(visit),
    );
  });
  return pairs.length - shown.length;
}

/**
 * The same list by vehicle, each with all its books. Returns how many books are not shown.
 * @param {HTMLElement} list
 * @param {PickVisit[]} visits
 * @param {TickList} ticks
 */
export function showVehicles(list, visits, ticks) {
  const shown = fitting(visits);
  keepRows(
    list,
    shown.map((visit) => [visit.visit_id ?? `a${visit.pickup_id}`, visit]),
    (visit) => vehicle(visit, ticks),
  );
  return visits.slice(shown.length).flatMap(({ books }) => books).length;
}

/**
 * What this clerk carries.
 * @param {HTMLElement} list
 * @param {Pair[]} pairs
 * @param {TickList} ticks
 */
export function showCarried(list, pairs, ticks) {
  keepRows(list, pairs.map(pairItem), ([visit, book]) =>
    make(
      "li",
      { class: "pick" },
      ticks.box(book),
      make("span", { class: "pick__for" }, vehicleTag(visit), make("span", {}, book.holder_name)),
      make("span", { class: "pick__since meta num" }, book.shelf),
    ),
  );
}

/**
 * The books that go back to the shelf.
 * @param {HTMLElement} list
 * @param {PickBook[]} books
 * @param {TickList | null} ticks null for staff who may only look
 */
export function showReturns(list, books, ticks) {
  keepRows(list, books.map(bookItem), (book) => {
    const where = book.pick_lane ? text("at_lane", { n: book.pick_lane }) : book.pick_by;
    const about = [number(book), make("span", {}, book.holder_name), make("span", { class: "meta" }, where)];
    return make("li", { class: "pick" }, ticks?.box(book), shelf(book), make("span", { class: "pick__for" }, ...about));
  });
}

/**
 * The alarm: books that nobody finds.
 * @param {HTMLElement} list
 * @param {PickBook[]} books
 * @param {((book: PickBook) => HTMLElement) | null} foundForm makes the form for reporting a found book
 */
export function showMissing(list, books, foundForm) {
  keepRows(list, books.map(bookItem), (book) =>
    make(
      "li",
      {},
      make("span", { class: "alarm__shelf num" }, book.shelf || text("noshelf")),
      make("span", { class: "pick__for" }, number(book), make("span", {}, book.holder_name)),
      make("span", { class: "num" }, text("since", { time: time(book.since), name: book.pick_by })),
      foundForm?.(book),
    ),
  );
}

/**
 * The button of a form with its icon; the words are in a span of their own.
 * @param {string} act
 * @param {string} iconName
 * @param {string} words
 */
export const button = (act, iconName, words) =>
  make("button", { class: "button", type: "submit", name: "act", value: act }, icon(iconName), make("span", {}, words));

/**
 * What a row is made from: the visit without its books, because a row shows only one of them.
 * @param {Pair} pair
 * @returns {[number, Pair]}
 */
const pairItem = ([visit, book]) => [book.passport_id, [{ ...visit, books: [] }, book]];

/**
 * @param {PickBook} book
 * @returns {[number, PickBook]}
 */
const bookItem = (book) => [book.passport_id, book];

/** The first vehicles whose books fit; the last one may exceed the number of rows. @param {PickVisit[]} visits */
function fitting(visits) {
  const shown = [];
  let left = SHOWN;
  for (const visit of visits) {
    if (left <= 0) break;
    shown.push(visit);
    left -= visit.books.length;
  }
  return shown;
}

/**
 * @param {PickVisit} visit
 * @param {TickList} ticks
 */
function vehicle(visit, ticks) {
  const ready = visit.books.filter(({ pick }) => pick === "at_window").length;
  return make(
    "section",
    { class: "vehicle" },
    make(
      "header",
      { class: "vehicle__head" },
      make("h3", {}, vehicleTag(visit)),
      AT_WINDOW.includes(visit.state) && state("wait", text(placeOf(visit))),
      since(visit),
      make("span", { class: "meta num" }, text("progress", { n: ready, all: visit.books.length })),
      tickAll(visit, ticks),
    ),
    make("ul", { class: "picks" }, ...visit.books.map((book) => bookRow(visit, book, ticks))),
  );
}

/**
 * A button that ticks all books of the vehicle which are on their shelves, if there are several.
 * @param {PickVisit} visit
 * @param {TickList} ticks
 */
function tickAll(visit, ticks) {
  const ids = visit.books.filter(({ pick }) => !pick).map(({ passport_id: id }) => id);
  const tick = () => ticks.tick(ids, byId("picks"));
  return (
    ids.length > 1 &&
    make("button", { class: "button", type: "button", click: tick }, text("tick_all", { n: ids.length }))
  );
}

/**
 * @param {PickVisit} visit
 * @param {PickBook} book
 * @param {TickList} ticks
 */
function bookRow(visit, book, ticks) {
  const row = make(
    "li",
    { class: "pick" },
    !book.pick && ticks.box(book),
    shelf(book),
    make("span", { class: "pick__for" }, make("span", {}, book.holder_name)),
  );
  if (book.pick === "at_window") row.append(state("go", text("at_lane", { n: book.pick_lane })), takeBack(visit, book));
  else if (book.pick === "missing") row.append(state("stop", text("not_found")));
  else if (book.pick) row.append(state("neutral", carrier(book)));
  return row;
}

/**
 * The way back from a wrong window, until the vehicle is served with the book.
 * @param {PickVisit} visit
 * @param {PickBook} book
 */
function takeBack(visit, { passport_id: id, holder_name: name }) {
  if (visit.state === "serving" || byId("picks-part").dataset.role === "officer") return "";
  const what = { class: "button", type: "submit", name: "take_back", value: id };
  return make("button", { ...what, "aria-label": text("take_back_of", { name }) }, icon("undo"), text("take_back"));
}

/** @param {PickBook} book */
function carrier(book) {
  const isOwn = book.pick_staff_id === Number(byId("picks-part").dataset.staff);
  return isOwn ? text("in_my_hands") : text("carried_by", { name: book.pick_by });
}

/** @param {PickBook} book */
function shelf(book) {
  const look = `pick__shelf num${book.shelf.length > LONG_SHELF ? " pick__shelf--long" : ""}`;
  return make("span", { class: look }, book.shelf || text("noshelf"));
}

/** The number of the vehicle, or how the applicant announced the arrival. @param {PickVisit} visit */
function vehicleTag(visit) {
  if (visit.arrival) return make("b", {}, text(visit.arrival), bookingBadge(visit));
  const where = visit.lane ? text("lane", { no: visit.queue_no, lane: visit.lane }) : visit.queue_no;
  return make("b", { class: "num" }, where, bookingBadge(visit));
}

/** At the window, or at the side until its book comes. @param {PickVisit} visit */
const placeOf = ({ state, is_parked: isParked }) => (isParked ? "parked" : state);

/** The booked slot. @param {PickVisit} visit */
function bookingBadge({ booked_for: at }) {
  return at && make("span", { class: "state num" }, icon("calendar"), text("booked_at", { time: time(at) }));
}

/** @param {PickBook} book */
const number = (book) => make("b", { class: "num" }, book.queue_no ?? "");

/** @param {PickVisit} visit */
function since(visit) {
  if (visit.arrival === "booked") return null; // its time is beside the word
  const words = visit.arrival ? text("at", { time: time(visit.since) }) : "";
  return make("span", { class: "pick__since meta num", "data-since": visit.arrival ? null : visit.since }, words);
}

/** "09.41" in the office's time. @param {string} iso */
const time = (iso) => dateTime(iso, byId("picks-part").dataset.timezone).split(", ")[1];
