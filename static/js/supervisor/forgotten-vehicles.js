// Vehicles that have waited at the side for longer than the office allows, as a supervisor sees them: which one, where, who
// parked it, and for how long.

import { age, now, secondsSince } from "../lib/clock.js";
import { icon, make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

export class ForgottenVehicles {
  #root;
  /** @type {ParkedVehicle[]} */
  #parked = [];
  #shown = "";

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#root = root;
  }

  get isEmpty() {
    return this.#root.childElementCount === 0;
  }

  /** @param {ParkedVehicle[]} parked all of the office, forgotten or not */
  show(parked) {
    this.#parked = parked;
    this.tick();
  }

  /** A limit ends without news. */
  tick() {
    const forgotten = this.#parked.filter(({ forgotten_at: limit }) => Date.parse(limit) <= now());
    const key = JSON.stringify(forgotten);
    if (key !== this.#shown) this.#root.replaceChildren(...forgotten.map(row));
    this.#shown = key;
    for (const place of selectAll("[data-parked-at]", this.#root)) {
      const { parkedAt = "", officer } = place.dataset;
      place.textContent = text("forgotten_by", { officer, age: age(secondsSince(parkedAt)) });
    }
  }
}

/** @param {ParkedVehicle} vehicle */
function row({ queue_no: no, lane, look, officer, at }) {
  const where = [no, lane && text("call_where", { lane })].filter(Boolean).join(", ");
  return make(
    "div",
    { class: "call", "data-forgotten": no },
    icon("wait"),
    make(
      "p",
      { class: "call__what" },
      make("b", { class: "num" }, where),
      `: ${[text("forgotten_aside"), look].filter(Boolean).join(" · ")}`,
      make("small", { class: "num", "data-parked-at": at, "data-officer": officer, "aria-live": "off" }),
    ),
  );
}
