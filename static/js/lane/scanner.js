// The scanning side of the page. A code comes from the camera, the wedge or the field, one at a time; its verdict covers the
// camera. The next code is of a new vehicle, or joins one that is known.

import { byId } from "../lib/dom.js";
import { noteAct } from "../lib/idle.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { listenToWedge } from "../lib/wedge.js";
import { fieldsNamed, LookupForm } from "./lookup-form.js";
import { showRefusal } from "./refusal.js";
import { newLookup, newScan } from "./scan.js";
import { ScanInProgress } from "./scan-in-progress.js";
import { ScannerPanel } from "./scanner-panel.js";
import { ShownVerdict } from "./shown-verdict.js";
import { tabletPoint } from "./tablet-point.js";
import { TypedCode } from "./typed-code.js";
import { VehicleForm } from "./vehicle-form.js";

/**
 * @typedef {object} ScannerOptions
 * @property {(act: string, visit: Visit | null) => void} onAct an act of a verdict
 * @property {(visit: Visit) => void} onBackToWindow no code joins this vehicle, which came from the window
 */

export class Scanner {
  #options;
  #isOpen = true;
  #isLost = false;
  /** @type {{visit: Visit, isFromWindow: boolean} | null} the next code joins this vehicle */
  #adding = null;
  /** @type {(isForSupervisor: boolean) => Promise<ScanAnswer | null>} the question of the shown verdict once more */
  #askAgain = async () => null;
  #vehicle = vehicleForm();
  #panel = new ScannerPanel({ onCode: (code) => this.scan(code), isCovered: () => this.verdict.isShown });
  #typed = new TypedCode({ onCode: (input) => this.scan(input, { isTyped: true }) });
  #lookup = new LookupForm({ onLookup: (lookup) => this.#lookUp(lookup) });
  #progress = new ScanInProgress({ onAmber: (element) => this.verdict.showAmber(element) });
  verdict;

  /** @param {ScannerOptions} options */
  constructor(options) {
    this.#options = options;
    this.verdict = new ShownVerdict({ onAct: options.onAct });
  }

  start() {
    listenToWedge({
      onCode: (code) => this.#onWedge(code),
      onBook: (zone) => refuseBook(zone ? "swipe_at_lane" : "swipe_damaged"),
      isActive: () => this.#isOpen,
    });
    byId("stop-adding").addEventListener("click", () => this.#stopAdding());
    this.#panel.open();
  }

  /** Open, or closed while a window has the tablet: the camera is off and no code is taken. @param {boolean} isOpen */
  setOpen(isOpen) {
    this.#isOpen = isOpen;
    this.#endAdding();
    this.verdict.uncover();
    byId("scanner").hidden = !isOpen;
    if (isOpen) this.#panel.open();
    else this.#panel.close();
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    this.verdict.setLost(isLost);
    this.#panel.setLost(isLost);
    this.#lookup.setLost(isLost);
  }

  tick() {
    this.#progress.tick();
  }

  /**
   * @param {string} input
   * @param {{isTyped?: boolean, isForSupervisor?: boolean}} [options]
   * @returns {Promise<ScanAnswer | null>} the verdict that is shown now
   */
  async scan(input, { isTyped = false, isForSupervisor = false } = {}) {
    if (this.#isBarred || !this.#isOpen) {
      this.#panel.forget();
      return null;
    }
    noteAct();
    showRefusal("");
    this.#typed.mark("");
    const details = { ...this.#details, ...(isForSupervisor && { for_supervisor: true }) };
    const answer = withLook(await this.#progress.answerTo(newScan(tabletPoint().lane, input, details)), details);
    this.#askAgain = (isForSupervisor) => this.scan(input, { isForSupervisor });
    if (answer) this.#showAnswer(answer, isTyped);
    else this.#showGivenUp();
    return answer?.ok ? answer.body : null;
  }

  /** The vehicle of the shown verdict waits for a supervisor. Resolves to the verdict that is shown now. */
  async letInForSupervisor() {
    const answer = await this.#askAgain(true);
    if (answer?.visit) this.#onLetIn();
    else if (answer) showRefusal(text("supervisor_not_now"));
    return answer;
  }

  /** The shown verdict is about this vehicle, and a supervisor has permitted it: the code is judged again. @param {number} visitId */
  scanAgain(visitId) {
    if (this.verdict.visitId === visitId) this.#askAgain(false);
  }

  /** The cursor goes into the field for typing a code. */
  typeCode() {
    this.#lookup.close();
    this.verdict.uncover({ focus: true });
  }

  /**
   * The next code joins this visit; afterwards "serve" leads (back) to the window.
   * @param {Visit} visit
   * @param {{isFromWindow: boolean}} options
   */
  addTo(visit, { isFromWindow }) {
    this.#adding = { visit, isFromWindow };
    this.#panel.setAddingTo(visit.queue_no);
    this.verdict.uncover();
  }

  /** What is sent about the vehicle beside the code. */
  get #details() {
    return this.#adding ? { visit_id: this.#adding.visit.id } : this.#vehicle?.value();
  }

  /**
   * @param {import("./lookup-form.js").Lookup} lookup
   * @returns {Promise<ScanAnswer | null>} the verdict that is shown now
   */
  async #lookUp(lookup, isForSupervisor = false) {
    if (this.#isBarred || !this.#isOpen) {
      showRefusal(text("scan_barred"));
      return null;
    }
    showRefusal("");
    const details = { ...this.#details, ...(isForSupervisor && { for_supervisor: true }) };
    const answer = withLook(await this.#progress.answerTo(newLookup(tabletPoint().lane, lookup, details)), details);
    this.#askAgain = (isForSupervisor) => this.#lookUp(lookup, isForSupervisor);
    if (answer?.ok && answer.body.verdict !== "unknown") return this.#showFound(answer);
    if (answer) this.#showNotFound(answer);
    else this.#showGivenUp();
    return null;
  }

  /** @param {import("./scan.js").Answer} answer */
  #showFound(answer) {
    const body = { ...answer.body, scan_id: answer.body.lookup_id };
    this.#lookup.close(); // it must not stay on the screen
    this.#showAnswer({ ...answer, body }, true);
    return body;
  }

  /** @param {import("./scan.js").Answer} answer */
  #showNotFound({ ok, body }) {
    if (!ok) return this.#refuseLookup(body?.error?.message ?? text("unanswered"), body?.error?.fields);
    const places = body.facts.lookup === "several" ? { application_no: "" } : {};
    this.#refuseLookup(`${body.title}. ${body.advice}`, places);
  }

  /**
   * An error of the fields: what was typed stays there.
   * @param {string} sentence
   * @param {Record<string, unknown>} [places]
   */
  #refuseLookup(sentence, places) {
    play("wait");
    this.verdict.uncover();
    this.#lookup.refuse(sentence, fieldsNamed(places));
  }

  /** While the link is lost or the server has not answered, no other scan begins. */
  get #isBarred() {
    return this.#isLost || this.#progress.isUnderWay;
  }

  /** A scanner gives no sign of its own: what it reads in vain is answered. @param {string} code */
  #onWedge(code) {
    if (!this.#isBarred) return this.scan(code);
    play("wait");
    showRefusal(text("scan_barred"));
  }

  /** The officer has ended a scan without an answer. */
  #showGivenUp() {
    this.#panel.forget();
    this.verdict.uncover();
    showRefusal(text("scan_given_up"));
  }

  /**
   * @param {import("./scan.js").Answer} answer
   * @param {boolean} isTyped
   */
  #showAnswer({ ok, body }, isTyped) {
    if (!ok) {
      play("stop");
      return this.verdict.refuse(body?.error?.message ?? text("unanswered"), { isTyped });
    }
    if (isTyped && body.verdict === "malformed") return this.#refuseTyped(body);
    play(body.verdict === "repeat" ? "repeat" : body.tone);
    this.verdict.show(body, { isTyped });
    if (isTyped) this.#typed.clear();
    if (body.tone === "go") this.#onLetIn();
  }

  /** @param {ScanAnswer} answer */
  #refuseTyped({ title, advice }) {
    play("wait");
    this.verdict.uncover();
    this.#typed.refuse(`${title}. ${advice}`);
  }

  /** The vehicle is in the line: the next scan is about another one. */
  #onLetIn() {
    this.#endAdding();
    this.#lookup.close();
    this.#vehicle?.reset();
  }

  #endAdding() {
    this.#adding = null;
    this.#panel.setAddingTo(null);
  }

  #stopAdding() {
    const stopped = this.#adding;
    this.#endAdding();
    if (stopped?.isFromWindow) this.#options.onBackToWindow(stopped.visit);
  }
}

/** A passport is no code of a vehicle. @param {string} key of the sentence */
function refuseBook(key) {
  play("wait");
  showRefusal(text(key));
}

/**
 * The answer of a scan is stored for ever, so it has no word for the vehicle: here it is the word that was sent.
 * @template {import("./scan.js").Answer | null} T
 * @param {T} answer
 * @param {object} details
 */
function withLook(answer, details) {
  if ("look" in details && answer?.ok && answer.body.visit) answer.body.visit.look = details.look;
  return answer;
}

/** The form of the next vehicle; a window has none. */
function vehicleForm() {
  const form = document.getElementById("vehicle");
  return form instanceof HTMLFormElement ? new VehicleForm(form) : null;
}
