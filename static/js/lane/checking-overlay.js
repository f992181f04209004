// Amber until the server has answered a scan, so that nothing is handed over. After some seconds without an answer it says
// so, and the officer can give the scan up.

import { age } from "../lib/clock.js";
import { icon, make } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { LATE_S } from "../lib/patience.js";

export class CheckingOverlay {
  #since = performance.now();
  #seconds = make("p", { class: "verdict__number num", "aria-hidden": "true" });
  #late;
  element;

  /** @param {{onCancel: () => void}} options */
  constructor({ onCancel }) {
    this.#late = make(
      "div",
      { hidden: true },
      make("p", { class: "verdict__late is-late" }, text("scan_unanswered")),
      make(
        "div",
        { class: "verdict__actions" },
        make(
          "button",
          { class: "button button--lane button--primary", type: "button", "data-act": "cancel", click: onCancel },
          icon("close"),
          text("act_cancel_scan"),
        ),
      ),
    );
    const other = text("checking_other");
    this.element = make(
      "section",
      { class: "verdict verdict--wait", role: "alert", "data-checking": "true" },
      make("p", { class: "verdict__word" }, icon("check"), make("span", {}, text("tone_checking"))),
      make("h2", { class: "verdict__title" }, text("checking")),
      make("p", { class: "verdict__advice" }, text("checking_advice")),
      other && make("p", { class: "en", lang: "en" }, other),
      this.#seconds,
      this.#late,
    );
  }

  tick() {
    const seconds = Math.floor((performance.now() - this.#since) / 1000);
    this.#seconds.textContent = seconds >= 1 ? age(seconds) : "";
    if (seconds >= LATE_S) this.#late.hidden = false;
  }
}
