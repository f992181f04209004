// What the officer does with the visit from its window: ask what must be asked first, then one act over HTTP.

import { ask } from "../lane/ask-dialog.js";
import { askTransfer } from "../lane/moves.js";
import { noteRefusal } from "../lane/recall.js";
import { RequestQueue } from "../lane/request-queue.js";
import { pointFields } from "../lane/tablet-point.js";

const ENDS = ["divert", "leave"]; // moves that take a reason and close the window
const LEAVE_THE_WINDOW = ["no-show", "park"]; // nothing is asked: the bar beside the queue undoes them

/**
 * @typedef {object} MoveOptions
 * @property {() => Visit} visit its newest card
 * @property {WindowSettings["reasons"]} reasons by move
 * @property {(isBusy: boolean) => void} onBusy
 * @property {(sentence: string) => void} onRefused with "" when a new act begins
 * @property {(visit: Visit) => void} onCard after each act that answers with a fresh card
 * @property {(move: string, visit: Visit) => void} onMoved after each move
 * @property {() => void} onEnded the visit is no longer served here
 */

export class VisitMoves {
  #options;
  #requests;

  /** @param {MoveOptions} options */
  constructor(options) {
    this.#options = options;
    this.#requests = new RequestQueue({
      onBusy: options.onBusy,
      onRefused: (sentence, error) => {
        noteRefusal(options.visit().id, error);
        options.onRefused(sentence);
      },
    });
  }

  /** @param {string} move */
  async make(move) {
    if (ENDS.includes(move)) await this.end(move);
    else if (move === "transfer") await this.#transfer();
    else if (LEAVE_THE_WINDOW.includes(move)) await this.#sendLast(move, {});
    else await this.#send(move);
  }

  /** @param {string} move */
  async end(move) {
    const { visit, reasons } = this.#options;
    const lists = reasons[move] ? { reason: reasons[move] } : undefined;
    const answers = await ask(move.replace("-", "_"), { no: visit().queue_no }, lists);
    if (answers) await this.#sendLast(move, answers);
  }

  /** The visit is over, without a question. Resolves to whether the server took it. */
  async leave() {
    return (await this.#send("leave")) !== null;
  }

  /** The claim is taken again, where it has ended. Resolves to whether the visit is served here. */
  async serve() {
    return (await this.#send("serve")) !== null;
  }

  /**
   * The books of one code go out of the vehicle.
   * @param {number} pickup
   * @param {Book[]} books
   */
  async takeOut(pickup, books) {
    const { visit, onCard } = this.#options;
    const values = { no: visit().queue_no, n: books.length, name: books[0].holder_name };
    if (!(await ask("take_out", values))) return;
    const card = await this.#requests.send(`/api/v1/visits/${visit().id}/pickups/${pickup}`, null);
    if (card) onCard(card);
  }

  /** Resolves to whether the book is open again. @param {Book} book */
  async unlock({ passport_id: id }) {
    return Boolean(await this.#requests.send(`/api/v1/passports/${id}/unlock`, {}));
  }

  async #transfer() {
    const fields = await askTransfer(this.#options.visit());
    if (fields) await this.#sendLast("transfer", fields);
  }

  /**
   * @param {string} move after which the window closes
   * @param {object} body
   */
  async #sendLast(move, body) {
    if (await this.#send(move, body)) this.#options.onEnded();
  }

  /**
   * @param {string} move
   * @param {object} [body]
   * @returns {Promise<Visit | null>}
   */
  async #send(move, body = pointFields()) {
    const { visit, onCard, onMoved } = this.#options;
    const card = await this.#requests.send(`/api/v1/visits/${visit().id}/${move}`, body);
    if (!card) return null;
    onCard(card);
    onMoved(move, card);
    return card;
  }
}
