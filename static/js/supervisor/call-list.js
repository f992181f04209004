// The open calls of the office as a supervisor sees them: which vehicle, which lane, why and since when; who has taken a call.

import { age, secondsSince } from "../lib/clock.js";
import { icon, make, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/**
 * @typedef {object} CallListOptions
 * @property {number} staff of the page
 * @property {(call: OpenCall) => void} onTake
 * @property {(call: OpenCall) => void} onDecide
 */

export class CallList {
  #root;
  #options;
  #shown = "";

  /**
   * @param {HTMLElement} root
   * @param {CallListOptions} options
   */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
  }

  /** The page changes only when a call does: a button under a finger stays. @param {OpenCall[]} calls */
  show(calls) {
    const key = JSON.stringify(calls);
    if (key === this.#shown) return;
    this.#shown = key;
    this.#root.replaceChildren(...calls.map((call) => this.#row(call)));
    this.tick();
  }

  tick() {
    for (const place of selectAll("[data-called-at]", this.#root)) {
      const { calledAt = "", officer } = place.dataset;
      place.textContent = text("call_by", { officer, age: age(secondsSince(calledAt)) });
    }
  }

  /** @param {OpenCall} call */
  #row(call) {
    const where = [call.queue_no, call.lane && text("call_where", { lane: call.lane })].filter(Boolean).join(", ");
    const marks = [call.look, call.plate_masked].filter(Boolean).join(" · ");
    const names = call.books.map(({ holder_name: name }) => name).join(", ");
    return make(
      "div",
      { class: "call", "data-call": call.id },
      icon("user"),
      make(
        "p",
        { class: "call__what" },
        make("b", { class: "num" }, where),
        `: ${text(`call_${call.reason}`)}`,
        names && ` (${names})`,
        marks && ` · ${marks}`,
        make("small", { class: "num", "data-called-at": call.at, "data-officer": call.by, "aria-live": "off" }),
      ),
      make("div", { class: "call__acts" }, ...this.#acts(call)),
    );
  }

  /** @param {OpenCall} call */
  #acts(call) {
    const { staff, onTake, onDecide } = this.#options;
    if (call.taken_by_id && call.taken_by_id !== staff)
      return [make("b", {}, text("call_taken", { name: call.taken_by }))];
    if (call.taken_by_id)
      return [make("span", {}, text("call_mine")), button(call, "decide", "call_decide", () => onDecide(call))];
    return [button(call, "take", "call_take", () => onTake(call))];
  }
}

/**
 * @param {OpenCall} call
 * @param {string} act
 * @param {string} word
 * @param {() => void} click
 */
function button(call, act, word, click) {
  const whose = make("span", { class: "visually-hidden" }, ` ${text("call_take_whose", { no: call.queue_no })}`);
  const attributes = { class: "button button--primary", type: "button", "data-call-act": act, click };
  return make("button", attributes, icon(act === "take" ? "right" : "pen"), make("span", {}, text(word), whose));
}
