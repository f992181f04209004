// What covers the camera now: the verdict of the last scan, kept true by the watch and named in the title of the page, or
// amber, or a refusal.

import { byId } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { tabletPoint } from "./tablet-point.js";
import { ageVerdict, refusalElement, verdictElement } from "./verdict.js";
import { VerdictOverlay } from "./verdict-overlay.js";
import { VerdictWatch } from "./verdict-watch.js";

/** @typedef {{isTyped?: boolean}} ShowOptions */

export class ShownVerdict {
  #title = document.title; // without a verdict
  #onAct;
  /** @type {number | null} */
  #visitId = null;
  #overlay = new VerdictOverlay();
  #watch = new VerdictWatch({
    onChanged: (answer, isOtherTone) => this.#replace(answer, isOtherTone),
    onAged: (answer) => ageVerdict(answer),
    onDoubt: (isDoubtful) => this.#overlay.setDoubtful(isDoubtful),
  });

  /** @param {{onAct: (act: string, visit: Visit | null) => void}} options */
  constructor({ onAct }) {
    this.#onAct = onAct;
  }

  /** The vehicle that the shown verdict is about. */
  get visitId() {
    return this.isShown ? this.#visitId : null;
  }

  /** Who waits before the vehicle of the shown verdict, as it is known now. @returns {ScanAnswer["facts"]} */
  get facts() {
    return this.isShown ? this.#watch.newest?.facts : undefined;
  }

  get isShown() {
    return this.#overlay.isShown;
  }

  /**
   * @param {ScanAnswer} answer
   * @param {ShowOptions} [options]
   */
  show(answer, options) {
    this.#visitId = answer.visit?.id ?? null;
    const onAct = (/** @type {string} */ act) => this.#onAct(act, answer.visit);
    this.#overlay.show(verdictElement(answer, { onAct }), options);
    this.#watch.watch(answer);
    document.title = `${text("lane")} ${tabletPoint().lane}: ${answer.title}`;
  }

  /** The vehicle of the shown verdict was changed here. @param {Visit} visit */
  update(visit) {
    const newest = this.#watch.newest;
    if (newest && visit.id === this.visitId) this.show({ ...newest, visit });
  }

  /**
   * The server did not take the scan.
   * @param {string} sentence
   * @param {ShowOptions} options
   */
  refuse(sentence, options) {
    const onAct = (/** @type {string} */ act) => this.#onAct(act, null);
    this.#watch.watch(null);
    this.#overlay.show(refusalElement(sentence, { onAct }), options);
  }

  /** @param {HTMLElement} element */
  showAmber(element) {
    this.#watch.watch(null);
    this.#overlay.show(element);
  }

  /** Show the camera again; `focus` puts the cursor into the field for typing. @param {{focus?: boolean}} [options] */
  uncover({ focus = false } = {}) {
    this.#visitId = null;
    this.#watch.watch(null);
    this.#overlay.hide({ focus });
    document.title = this.#title;
  }

  /** A state of the lane came. @param {LaneState} state */
  learn(state) {
    this.#watch.learn(state);
  }

  /** An act was refused: its reason names a state that the verdict may not know yet. */
  ask() {
    this.#watch.ask();
  }

  /** @param {boolean} isBusy */
  setBusy(isBusy) {
    this.#overlay.setBusy(isBusy);
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#overlay.setLost(isLost);
    if (isLost) this.#watch.lose();
  }

  /**
   * Something happened elsewhere: the verdict on the screen is not true any more.
   * @param {ScanAnswer} answer
   * @param {boolean} isOtherTone
   */
  #replace(answer, isOtherTone) {
    if (!this.isShown || byId("scanner").hidden) return;
    if (isOtherTone) play(/** @type {"go" | "wait" | "stop"} */ (answer.tone));
    this.show(answer);
  }
}
