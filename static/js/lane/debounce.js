// One code held in front of the camera is one scan, however long it stays and however badly it is seen in between.

const GONE_MS = 2500; // unseen for this long, a code was taken away and may come again

export class Debounce {
  /** @type {string | null} */
  #last = null;
  #seenAt = 0;
  #now;

  /** @param {() => number} [now] a clock in ms */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Call for every sighting. @param {string} code */
  isNew(code) {
    const isSame = code === this.#last && this.#now() - this.#seenAt < GONE_MS;
    this.#last = code;
    this.#seenAt = this.#now();
    return !isSame;
  }

  forget() {
    this.#last = null;
  }
}
