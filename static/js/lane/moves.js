// The moves of a vehicle from the queue's side: ask what must be asked first, then one act over HTTP.

import { count, text } from "../lib/messages.js";
import { ask, askAtOnce } from "./ask-dialog.js";
import { confirmTakeOver, isForeign } from "./claims.js";
import { editVehicle } from "./edit-dialog.js";
import { beforeLabel } from "./labels.js";
import { noteRefusal } from "./recall.js";
import { RequestQueue } from "./request-queue.js";
import { laneSettings, pointFields, tabletPoint } from "./tablet-point.js";
import { parseTarget, targets } from "./targets.js";

const WITHOUT_LANE = ["divert", "no-show", "leave", "return"]; // moves that belong to no lane

/**
 * @typedef {object} MoveOptions
 * @property {(isBusy: boolean) => void} onBusy
 * @property {(sentence: string) => void} onRefused
 * @property {(move: string, visit: Visit) => void} onMoved after each move
 * @property {() => void} refresh fetches the state after each act
 */

export class Moves {
  #options;
  #requests;
  #isLost = false;
  /** @type {Visit | null} the vehicle of the act under way */
  #current = null;

  /** @param {MoveOptions} options */
  constructor(options) {
    this.#options = options;
    this.#requests = new RequestQueue({
      onBusy: options.onBusy,
      onRefused: (sentence, error) => {
        if (this.#current) noteRefusal(this.#current.id, error);
        options.onRefused(sentence);
      },
    });
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
  }

  async callNext() {
    const { lane, window } = tabletPoint();
    const visit = await this.#send(`/api/v1/lanes/${lane}/next`, window ? { window } : {});
    if (visit) this.#options.onMoved("call", visit);
  }

  /**
   * `isConfirmed`: a verdict has given the reason already, so nothing is asked. `facts` of the verdict say who waits before
   * the vehicle.
   * @param {Visit} visit
   * @param {string} move
   * @param {{isConfirmed?: boolean, facts?: ScanAnswer["facts"]}} [options]
   */
  async move(visit, move, { isConfirmed = false, facts = {} } = {}) {
    const answers = isConfirmed ? {} : await askBefore(visit, move, facts);
    if (!answers) return;
    if (move === "serve" && visit.parked) move = "resume"; // a verdict or a list found it at the side
    await this.#sendMove(visit, move, { ...(!WITHOUT_LANE.includes(move) && pointFields()), ...answers });
  }

  /**
   * Another lane than the one that a gate has named: the officer chooses among those that fit, the shortest wait first.
   * @param {Visit} visit
   * @param {ScanAnswer["facts"]} facts
   */
  async direct(visit, facts) {
    const lanes = (facts?.waits ?? []).filter(({ lane }) => lane !== visit.lane);
    const lane = await askAtOnce("direct", { no: visit.queue_no }, lanes.map(waitOption));
    if (lane) await this.#sendMove(visit, "direct", { lane: Number(lane) });
  }

  /** @param {Visit} visit */
  async edit(visit) {
    const changes = await editVehicle(visit);
    if (changes?.vehicle) await this.#sendMove(visit, "vehicle", changes.vehicle);
    if (changes?.priority) await this.#sendMove(visit, "priority", changes.priority);
  }

  /** @param {{id: number}} visit */
  undo({ id }) {
    return this.#send(`/api/v1/visits/${id}/undo`, {});
  }

  /**
   * @param {Visit} visit
   * @param {string} move
   * @param {object} body
   */
  async #sendMove(visit, move, body) {
    this.#current = visit;
    const fresh = await this.#send(`/api/v1/visits/${visit.id}/${move}`, body);
    if (fresh) this.#options.onMoved(move, fresh);
  }

  /**
   * @param {string} path
   * @param {object} body
   */
  async #send(path, body) {
    if (this.#isLost) return null;
    const answer = await this.#requests.send(path, body);
    this.#options.refresh();
    return answer;
  }
}

/**
 * What must be asked before this move: the fields {reason?, lane?, window?} to send with it, or null after a cancel.
 * @param {Visit} visit
 * @param {string} move
 * @param {ScanAnswer["facts"]} facts
 * @returns {Promise<object | null>}
 */
async function askBefore(visit, move, facts) {
  const no = visit.queue_no;
  const { reasons } = laneSettings();
  if (move === "call") return askReason("call", { no }, reasons.call);
  if (move === "serve" && facts?.ahead)
    return askReason("serve", { no, before: beforeLabel(facts) }, [...reasons.serve, ...reasons.call]);
  if (move === "divert" || move === "leave") return ask(move, { no }, { reason: reasons[move] });
  if ((move === "serve" || move === "resume") && isForeign(visit.claim))
    return (await confirmTakeOver(visit)) ? {} : null;
  return move === "transfer" ? askTransfer(visit) : {};
}

/** @param {{lane: number, ahead: number}} wait */
const waitOption = ({ lane, ahead }) => [String(lane), `${text("To_lane", { lane })} · ${count("in_line", ahead)}`];

/**
 * The reason of a turn that is not kept, given with one touch; null after a cancel.
 * @param {string} name
 * @param {Values} values
 * @param {import("./ask-dialog.js").Option[]} reasons
 */
async function askReason(name, values, reasons) {
  const reason = await askAtOnce(name, values, reasons);
  return reason ? { reason } : null;
}

/**
 * The fields of a transfer, or null after a cancel.
 * @param {Visit} visit
 */
export async function askTransfer(visit) {
  const lists = { target: targets(visit), reason: laneSettings().reasons.transfer };
  const answers = await ask("transfer", { no: visit.queue_no }, lists);
  return answers && { ...parseTarget(answers.target), reason: answers.reason };
}
