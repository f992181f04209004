// What stands in the window now: one pane at a time with its phase, and the summary of the visit beside it.

import { byId, select, selectAll } from "../lib/dom.js";
import { VisitSummary } from "./visit-summary.js";

/** @typedef {import("./visit-summary.js").Phase} Phase */
/** @typedef {{element: HTMLElement, tick?: () => void, setLost?: (isLost: boolean) => void}} Pane */
/**
 * @typedef {object} FrameOptions
 * @property {() => Visit} visit its newest card
 * @property {(move: string) => void} onMove of the summary
 * @property {(phase: Phase) => void} onPhase
 */

export class WindowFrame {
  #root;
  #options;
  #summary;
  #ticking;
  #closing = new AbortController();
  /** @type {Pane | null} */
  #pane = null;
  /** @type {Phase | null} */
  #phase = null;
  #isBusy = false;

  /**
   * @param {HTMLElement} root
   * @param {FrameOptions} options
   */
  constructor(root, options) {
    this.#root = root;
    this.#options = options;
    this.#summary = new VisitSummary(select("aside", root), { onMove: options.onMove });
    this.#ticking = setInterval(() => this.tick(), 1000);
    document.addEventListener("link", () => this.#paint(), { signal: this.#closing.signal });
  }

  /** null while nothing has been shown, and after the end. */
  get phase() {
    return this.#phase;
  }

  get isBusy() {
    return this.#isBusy;
  }

  /**
   * @param {Pane} pane
   * @param {Phase} phase
   * @param {string} [at] when it was recorded, ISO
   */
  show(pane, phase, at) {
    select("[data-pane]", this.#root).replaceWith(pane.element);
    pane.element.dataset.pane = phase;
    this.#pane = pane;
    this.#phase = phase;
    this.#options.onPhase(phase);
    this.#summary.show(this.#options.visit(), phase, at);
    this.#paint();
    this.tick();
    pane.element.scrollTop = 0;
    pane.element.focus();
  }

  /** Show the sentence of a refusal; "" hides it. @param {string} sentence */
  refuse(sentence) {
    this.#summary.refuse(sentence);
  }

  /** What this officer has done at this lane. @param {Pace | null} [pace] */
  showPace(pace) {
    this.#summary.showPace(pace);
  }

  /** An act is under way. @param {boolean} isBusy */
  setBusy(isBusy) {
    this.#isBusy = isBusy;
    this.#paint();
  }

  tick() {
    this.#summary.tick(this.#options.visit());
    this.#pane?.tick?.();
  }

  /** Nothing of the visit stays on the page. */
  close() {
    this.#closing.abort();
    clearInterval(this.#ticking);
    this.#phase = null;
    this.#summary.clear();
    this.#pane?.element.replaceChildren();
  }

  /** Buttons that write wait for the connection and for the act under way. */
  #paint() {
    const isLost = !byId("offline").hidden;
    for (const button of selectAll("[data-writes]", this.#root, HTMLButtonElement))
      button.disabled = isLost || this.#isBusy;
    this.#summary.setLost(isLost, this.#options.visit());
    this.#pane?.setLost?.(isLost);
  }
}
