// The waiting vehicles in the order of the queue. Calling the next one is one touch; another one is selected first, then
// called, changed or sent away. Of hundreds the first ones are shown, the others are found by
// number, plate or the word for the vehicle.

import { age, secondsSince } from "../lib/clock.js";
import { byId, icon, make, select, selectAll, state } from "../lib/dom.js";
import { typed } from "../lib/invisible.js";
import { count, text } from "../lib/messages.js";
import { bookingBadge, priorityBadge, vehicleMarks } from "./labels.js";
import { replaceKeepingFocus } from "./replace-keeping-focus.js";
import { laneSettings, tabletPoint, takesKind } from "./tablet-point.js";

const SHOWN = 30;
const SEARCH_FROM = 12; // vehicles; fewer are seen at a glance

/**
 * @typedef {object} WaitingListOptions
 * @property {() => void} onCallNext
 * @property {(visit: Visit) => void} onCall out of turn
 * @property {(visit: Visit) => void} onEdit
 * @property {(visit: Visit) => void} onLeave
 */

export class WaitingList {
  #options;
  #list = byId("queue");
  #search = byId("search", HTMLInputElement);
  #searchBox = /** @type {HTMLElement} */ (this.#search.parentElement);
  #call = byId("call", HTMLButtonElement);
  #edit = byId("edit", HTMLButtonElement);
  #leave = byId("let-go", HTMLButtonElement);
  /** @type {WaitingVisit[]} the first of all that wait */
  #waiting = [];
  #total = 0;
  /** @type {WaitingVisit | null} */
  #selected = null;
  #isLost = false;
  #shown = "";

  /** @param {WaitingListOptions} options */
  constructor(options) {
    this.#options = options;
    this.#call.addEventListener("click", () => this.#callSelected());
    this.#edit.addEventListener("click", () => this.#selected && options.onEdit(this.#selected));
    this.#leave.addEventListener("click", () => this.#selected && options.onLeave(this.#selected));
    this.#search.addEventListener("input", () => this.#draw());
  }

  /** The number of the next vehicle in turn, or null. */
  get nextNo() {
    return this.#next?.queue_no ?? null;
  }

  /** @param {LaneState} state */
  show({ waiting, waiting_count: total }) {
    const key = JSON.stringify([waiting, total]);
    if (key === this.#shown) return; // a heartbeat that replaced the touched row would swallow the touch
    this.#shown = key;
    this.#waiting = waiting;
    this.#total = total;
    this.#selected = waiting.find(({ id }) => id === this.#selected?.id) ?? null;
    byId("waiting-count").textContent = String(total);
    byId("nobody").hidden = waiting.length > 0;
    this.#searchBox.hidden = waiting.length < SEARCH_FROM;
    this.#draw();
  }

  tick() {
    for (const element of selectAll("#scanner [data-since]"))
      element.textContent = age(secondsSince(element.dataset.since ?? ""));
    const longest = Math.max(0, ...this.#waiting.map(({ since }) => secondsSince(since)));
    byId("longest").textContent = this.#waiting.length ? text("longest", { age: age(longest) }) : "";
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    for (const button of [this.#call, this.#edit, this.#leave]) button.disabled = isLost;
    byId("call-waits").hidden = !isLost || this.#call.hidden;
  }

  get #next() {
    return this.#waiting.find(({ ahead_of_turn: ahead }) => ahead === 0);
  }

  #callSelected() {
    const selected = this.#selected;
    if (selected && selected.id !== this.#next?.id) this.#options.onCall(selected);
    else this.#options.onCallNext();
  }

  #draw() {
    const query = this.#searchBox.hidden ? "" : typed(this.#search.value).toUpperCase();
    const found = this.#waiting.filter((visit) => isFound(visit, query));
    const rows = found.slice(0, SHOWN).map((visit) => this.#row(visit));
    replaceKeepingFocus(this.#list, rows);
    this.#list.hidden = found.length === 0;
    const rest = (query ? found.length : this.#total) - SHOWN;
    byId("more").hidden = rest <= 0 && (found.length > 0 || !this.#waiting.length);
    byId("more").textContent = found.length ? text("more", { n: rest }) : text("none_found", { no: query });
    this.#label();
    this.tick();
  }

  /** @param {WaitingVisit} visit */
  #row(visit) {
    return make(
      "li",
      { "data-queue-no": visit.queue_no, "data-state": "waiting" },
      make(
        "button",
        {
          class: "queue__call",
          type: "button",
          "data-visit": visit.id,
          "aria-pressed": String(visit.id === this.#selected?.id),
          click: () => this.#select(visit),
        },
        make("span", { class: "queue__no num" }, visit.queue_no),
        make(
          "span",
          { class: "queue__what" },
          firstLine(visit),
          make("span", { class: "queue__about" }, ...marks(visit)),
        ),
      ),
    );
  }

  /** @param {WaitingVisit} visit */
  #select(visit) {
    this.#selected = this.#selected?.id === visit.id ? null : visit;
    for (const button of selectAll("button", this.#list))
      button.setAttribute("aria-pressed", String(Number(button.dataset.visit) === this.#selected?.id));
    this.#label();
  }

  #label() {
    const next = this.#next;
    const selected = this.#selected;
    const isNext = !selected || selected.id === next?.id;
    this.#call.hidden = tabletPoint().isGate || !(selected ?? next);
    select("[data-word]", this.#call).textContent = isNext
      ? text("call_next", { no: next?.queue_no })
      : text("call_one", { no: selected.queue_no });
    byId("chosen").hidden = !selected;
    select("[data-word]", this.#edit).textContent = text("edit_one", { no: selected?.queue_no });
    this.setLost(this.#isLost);
  }
}

/**
 * The lane that a gate has sent the vehicle to, unless it is this one.
 * @param {WaitingVisit} visit
 */
function otherLine({ lane }) {
  const point = tabletPoint();
  return laneSettings().directs && (point.isGate || lane !== point.lane) && text("To_lane", { lane });
}

/**
 * Whether the number, the word for the vehicle or the shown part of its plate has the text in it.
 * @param {WaitingVisit} visit
 * @param {string} query in capitals
 */
function isFound({ queue_no: no, look, plate_masked: plate }, query) {
  return [no, look, plate].some((mark) => mark?.toUpperCase().includes(query));
}

/** @param {WaitingVisit} visit */
function firstLine(visit) {
  const { books, picks, since } = visit;
  const bookCount = picks.at_window ? text("at_window_of", { n: picks.at_window, books }) : count("passports", books);
  return make(
    "span",
    { class: "queue__about" },
    make("span", {}, [bookCount, text(visit.kind)].join(" · ")),
    !takesKind(visit) && make("span", { class: "state" }, icon("neutral"), text("other_lane")),
    make("span", { class: "queue__since num", "data-since": since }),
  );
}

/** @param {WaitingVisit} visit */
function marks(visit) {
  return [
    make(
      "span",
      { class: "meta" },
      [vehicleMarks(visit) || text("no_plate"), otherLine(visit)].filter(Boolean).join(" · "),
    ),
    priorityBadge(visit, true),
    bookingBadge(visit),
    visit.picks.missing > 0 && state("stop", count("missing_books", visit.picks.missing)),
  ];
}
