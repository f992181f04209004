// Where the vehicle is: one look of the page is shown and its slots are filled; a call fills the screen.

import { dateTime } from "../lib/clock.js";
import { byId, select, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @type {Record<string, number>} index of the progress step */
const STEPS = { waiting: 1, called: 2, serving: 3, parked: 3 };

/**
 * Identifies a call: another number of the same call, or another lane or window, is another call.
 * @param {PickupVisit | null} visit
 */
export function callOf(visit) {
  return visit?.call ? [visit.call, visit.lane, visit.window ?? ""].join(" ") : null;
}

export class QueuePosition {
  #main = select("[data-stage]");
  #head = select(".masthead");
  #live = byId("live");
  #screen = byId("call-screen");
  #closed = byId("closed");
  #title = document.title;
  /** @type {PickupVisit | null} */
  #visit = null;
  #hasNews = false; // until then the page stays as the server rendered it
  #isStale = false;
  /** @type {string | null | undefined} the call whose code is wanted; undefined: the first call that comes */
  #seen = new URLSearchParams(location.search).has("qr") ? undefined : null;

  constructor() {
    select("[data-show-qr]", this.#screen).addEventListener("click", (event) => this.#showCode(event));
  }

  /** @param {PickupVisit | null} visit of the state */
  show(visit) {
    this.#visit = visit;
    this.#hasNews = true;
    const look = visit?.parked ? "parked" : (visit?.state ?? "ready");
    for (const part of selectAll("[data-look]", this.#main))
      part.hidden = !part.dataset.look?.split(" ").includes(look);
    this.#live.hidden = !visit;
    if (visit) this.#fill(visit);
    showStep(STEPS[look] ?? 0);
    if (this.#seen === undefined) this.#seen = callOf(visit);
    this.#showCall();
  }

  /**
   * Why no vehicle is admitted now. It does not concern a vehicle that is in the line already.
   * @param {Admission} admission
   * @param {string} timezone
   */
  showAdmission(admission, timezone) {
    const box = this.#closed;
    box.hidden = admission.open || Boolean(this.#visit);
    for (const part of selectAll("[data-while-open]", this.#main))
      part.hidden = !admission.open || Boolean(this.#visit) || part.dataset.held !== undefined;
    for (const part of selectAll("[data-reason]", box)) part.hidden = part.dataset.reason !== admission.reason;
    select("[data-again]", box).hidden = !admission.opens_at;
    select("[data-slot]", box).textContent = admission.opens_at ? dateTime(admission.opens_at, timezone) : "";
  }

  /** Old news must not look new: a call turns grey. @param {boolean} isStale */
  setStale(isStale) {
    if (isStale === this.#isStale) return;
    this.#isStale = isStale;
    this.#main.classList.toggle("applicant-page--stale", isStale);
    this.#screen.classList.toggle("call-screen--stale", isStale);
    select("[data-fresh]", this.#screen).hidden = isStale;
    select("[data-stale]", this.#screen).hidden = !isStale;
    if (this.#hasNews) this.#showCall();
  }

  /** @param {PickupVisit} visit */
  #fill(visit) {
    const position = visit.position === 1 ? text("first") : text("position", { ...visit });
    const wait = visit.wait ? text("wait", visit.wait) : text("unknown");
    /** @type {Values} */
    const values = { ...visit, position, wait };
    for (const part of [this.#live, this.#screen]) {
      for (const slot of selectAll("[data-slot]", part)) fillSlot(slot, values[slot.dataset.slot ?? ""] ?? "");
      for (const element of selectAll("[data-window]", part)) element.hidden = !visit.window;
    }
  }

  #showCall() {
    const call = this.#visit?.state === "called" ? callOf(this.#visit) : null;
    const isShown = call !== null && call !== this.#seen;
    const isNew = isShown && this.#screen.hidden;
    this.#screen.hidden = !isShown;
    this.#main.hidden = this.#head.hidden = isShown;
    document.title = call && !this.#isStale ? text("called", { ...this.#visit }) : this.#title;
    if (isNew) select("h1", this.#screen).focus();
  }

  /** @param {Event} event */
  #showCode(event) {
    event.preventDefault();
    this.#seen = this.#hasNews ? callOf(this.#visit) : undefined;
    this.#showCall();
    byId("qr").scrollIntoView({ block: "center" });
  }
}

/** Change only what differs, so that a screen reader announces it once. @param {HTMLElement} slot @param {unknown} value */
function fillSlot(slot, value) {
  if (slot.textContent !== String(value)) slot.textContent = String(value);
}

/** @param {number} current */
function showStep(current) {
  for (const [n, item] of [...byId("progress-steps").children].entries()) {
    if (n === current) item.setAttribute("aria-current", "step");
    else item.removeAttribute("aria-current");
  }
}
