// Which calls this screen has spoken and which still wait. The list survives reloads and never holds more than LAST calls.

const LAST = 100;
const MAX_WAITING = 30; // nobody listens longer than that: the oldest is dropped
const SAME_CALL_MS = 3600 * 1000; // after a restore from a backup the server may give an id to another call

/** @typedef {{id: number, at: string}} SpokenCall */

export class SpokenCalls {
  #key;
  /** @type {SpokenCall[]} */
  #spoken;
  /** @type {Call[]} */
  #waiting;
  #isNew;

  /** @param {string} name tells screens apart that share a browser */
  constructor(name) {
    this.#key = `ampera.spoken.${name}`;
    const stored = read(this.#key);
    this.#isNew = stored === null;
    this.#spoken = stored?.spoken ?? [];
    this.#waiting = stored?.waiting ?? [];
  }

  /** Whether nothing was remembered here before. */
  get isNew() {
    return this.#isNew;
  }

  /** The calls that wait to be spoken, oldest first. */
  get waiting() {
    return [...this.#waiting];
  }

  /** @param {Call} call */
  knows(call) {
    return this.#spoken.some(isSame(call)) || this.#waiting.some(isSame(call));
  }

  /** @param {Call} call */
  add(call) {
    this.#waiting.push(call);
    if (this.#waiting.length > MAX_WAITING) this.done(this.#waiting[0]);
    else this.#store();
  }

  /** The call was spoken or skipped: it is not spoken any more. @param {Call} call */
  done(call) {
    const index = this.#waiting.findIndex(isSame(call));
    if (index >= 0) this.#waiting.splice(index, 1);
    this.#spoken.push({ id: call.id, at: call.at });
    this.#store();
  }

  #store() {
    this.#spoken.splice(0, this.#spoken.length - LAST);
    try {
      localStorage.setItem(this.#key, JSON.stringify({ spoken: this.#spoken, waiting: this.#waiting }));
    } catch {
      // Without storage a reload forgets.
    }
  }
}

/**
 * @param {SpokenCall} call
 * @returns {(other: SpokenCall) => boolean}
 */
const isSame = (call) => (other) =>
  other.id === call.id && Math.abs(Date.parse(other.at) - Date.parse(call.at)) < SAME_CALL_MS;

/**
 * @param {string} key
 * @returns {{spoken: SpokenCall[], waiting: Call[]} | null}
 */
function read(key) {
  try {
    const stored = JSON.parse(localStorage.getItem(key) ?? "null");
    return Array.isArray(stored?.spoken) && Array.isArray(stored?.waiting) ? stored : null;
  } catch {
    return null;
  }
}
