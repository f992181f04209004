// The vehicles at the side, of all lanes of this site: each comes back with one touch. The officer's own ones, and those of a
// colleague whose lease has ended. One that waits for too long is marked as forgotten.

import { age, now, secondsSince } from "../lib/clock.js";
import { byId, make, select, selectAll, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { forgetDraft } from "../window/kept-work.js";
import { hasEnded, isForeign } from "./claims.js";
import { vehicleMarks } from "./labels.js";
import { replaceKeepingFocus } from "./replace-keeping-focus.js";
import { tabletPoint } from "./tablet-point.js";

export class ParkedVehicles {
  #onResume;
  #box = byId("parked");
  #list = select("ul", this.#box);
  /** @type {Visit[]} */
  #visits = [];
  #isLost = false;
  #shown = "";

  /** @param {{onResume: (visit: Visit) => void}} options */
  constructor({ onResume }) {
    this.#onResume = onResume;
  }

  /** @param {LaneState} state */
  show({ parked, here }) {
    for (const { id } of this.#visits.filter(isOwn))
      if (![...parked, ...here].some((visit) => visit.id === id && isOwn(visit))) forgetDraft(tabletPoint().staff, id);
    this.#visits = parked;
    this.#box.hidden = parked.length === 0;
    select("[data-count]", this.#box).textContent = String(parked.length);
    this.tick();
  }

  /** Leases and limits end without news. */
  tick() {
    const key = JSON.stringify(this.#visits.map((visit) => [visit, isForgotten(visit), hasEnded(visit.claim)]));
    if (key !== this.#shown) this.#draw(key);
    for (const element of selectAll("[data-since]", this.#list))
      element.textContent = age(secondsSince(element.dataset.since ?? ""));
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    for (const button of selectAll("button", this.#list, HTMLButtonElement)) button.disabled = isLost;
  }

  /** @param {string} key */
  #draw(key) {
    this.#shown = key;
    const rows = this.#visits.map((visit) => this.#row(visit));
    replaceKeepingFocus(this.#list, rows);
    this.setLost(this.#isLost);
  }

  /** @param {Visit} visit */
  #row(visit) {
    const { queue_no: no, claim } = visit;
    return make(
      "li",
      { "data-queue-no": no, "data-state": "serving", "data-parked": "" },
      make("b", { class: "num" }, no),
      make(
        "span",
        { class: "parked__about" },
        make("span", { class: "num", "data-since": visit.parked?.at }),
        isForgotten(visit) && state("wait", text("forgotten")),
        make("span", { class: "meta" }, vehicleMarks(visit)),
        isForeign(claim) && make("span", { class: "meta" }, claim.officer),
      ),
      mayResume(visit) && this.#button(visit),
    );
  }

  /** @param {Visit} visit */
  #button(visit) {
    const key = isForeign(visit.claim) ? "take_over" : "resume_one";
    return make(
      "button",
      {
        class: "button button--lane",
        type: "button",
        "data-move": "resume",
        "data-visit": visit.id,
        "aria-label": text(key, { no: visit.queue_no }),
        click: () => this.#onResume(visit),
      },
      text(`${key}_brief`),
    );
  }
}

/** @param {Visit} visit */
const isOwn = ({ claim }) => Boolean(claim?.mine);

/** @param {Visit} visit */
const isForgotten = ({ parked }) => Boolean(parked && Date.parse(parked.forgotten_at) <= now());

/** @param {Visit} visit */
const mayResume = ({ claim }) => !tabletPoint().isGate && (!isForeign(claim) || hasEnded(claim));
