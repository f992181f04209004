// The vehicles that left this lane last. One that did not come, or was sent inside, can return with the same number.

import { dateTime } from "../lib/clock.js";
import { byId, icon, make, select, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { replaceKeepingFocus } from "./replace-keeping-focus.js";
import { tabletPoint } from "./tablet-point.js";

export class RecentVehicles {
  #onReturn;
  #box = byId("recent");
  #shown = "";
  #isLost = false;

  /** @param {{onReturn: (visit: Visit) => void}} options */
  constructor({ onReturn }) {
    this.#onReturn = onReturn;
  }

  /** @param {LaneState} state */
  show({ recent }) {
    const key = JSON.stringify(recent);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#box.hidden = recent.length === 0;
    const rows = recent.map((visit) => this.#row(visit));
    replaceKeepingFocus(select("ul", this.#box), rows);
    this.setLost(this.#isLost);
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    for (const button of selectAll("button", this.#box, HTMLButtonElement)) button.disabled = isLost;
  }

  /** @param {RecentVisit} visit */
  #row(visit) {
    const at = dateTime(visit.at, tabletPoint().timezone).split(", ")[1];
    return make(
      "li",
      { "data-queue-no": visit.queue_no, "data-state": visit.state },
      make("b", { class: "num" }, visit.queue_no),
      make("span", {}, `${text(visit.state)} · ${at}`),
      visit.may_return && this.#returnButton(visit),
    );
  }

  /** @param {RecentVisit} visit */
  #returnButton(visit) {
    return make(
      "button",
      {
        class: "button button--lane",
        type: "button",
        "data-visit": visit.id,
        click: () => this.#onReturn(visit),
      },
      icon("undo"),
      make("span", {}, text("return_one"), make("span", { class: "visually-hidden" }, ` ${visit.queue_no}`)),
    );
  }
}
