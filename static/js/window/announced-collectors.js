// The collectors that applicants announced for the books of this form. One tap copies the name into its field; the card in hand
// decides.

import { icon, make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const ICONS = { self: "user", family: "family", proxy: "proxy" };

export class AnnouncedCollectors {
  /** @type {HTMLButtonElement[]} */
  #buttons = [];
  /** The classes that were announced, each once. @type {CollectorClass[]} */
  kinds;

  /**
   * Fill `box` with each announcement once.
   * @param {HTMLElement} box
   * @param {Book[]} books
   * @param {(name: string) => void} onUse after a tap
   */
  constructor(box, books, onUse) {
    /** @type {Map<string, Announced>} */
    const announced = new Map();
    for (const { announced: collector } of books) if (collector) announced.set(sentence(collector), collector);
    this.kinds = [...new Set([...announced.values()].map((collector) => collector.class))];
    const rows = [...announced].map(([words, collector]) => this.#row(words, collector, onUse));
    box.replaceChildren(...rows);
    box.hidden = rows.length === 0;
  }

  /** Offer the names, or hide their buttons where no name is asked for. @param {boolean} isWanted */
  offer(isWanted) {
    for (const button of this.#buttons) button.hidden = !isWanted;
  }

  /**
   * @param {string} words
   * @param {Announced} collector
   * @param {(name: string) => void} onUse
   */
  #row(words, { class: kind, name }, onUse) {
    const row = make("div", { class: "announced" }, icon(ICONS[kind]), make("p", {}, words));
    if (name) {
      const attributes = {
        class: "button button--lane",
        type: "button",
        "data-use-name": true,
        click: () => onUse(name),
      };
      const button = make("button", attributes, text("use_name"));
      this.#buttons.push(button);
      row.append(button);
    }
    return row;
  }
}

/** @param {Announced} collector */
function sentence({ class: kind, name, relation }) {
  if (kind === "self") return text("announced_self");
  const values = { who: text(`announced_${kind}`), name, relation };
  return relation ? text("announced_related", values) : text("announced_named", values);
}
