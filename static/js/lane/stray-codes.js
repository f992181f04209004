// Other QR codes before the camera: a payment sticker, a bottle, a frame of a plate. They are no scans of a vehicle.

const HELD_MS = 1000; // a code that is held for this long is shown on purpose
const GONE_MS = 600;
const SEPARATORS = /[\s\u2010-\u2015-]/g;
const CODE = /^(?:\][QCD]\d)?SAB[0-9A-Z]{26}$/;
const SHORT_CODE = /^[0-9A-Z]{8}$/;

/**
 * Whether a reader's text has the form of a pickup code or of a booking code. The server decides which it is.
 * @param {string} read
 */
export function mayBeCode(read) {
  const plain = read.toUpperCase().replace(SEPARATORS, "");
  return CODE.test(plain) || SHORT_CODE.test(plain);
}

/** How long the same stray code has been seen without a break. */
export class StrayCodes {
  #now;
  /** @type {string | null} */
  #last = null;
  #since = 0;
  #seenAt = 0;

  /** @param {() => number} [now] a clock in ms */
  constructor(now = () => performance.now()) {
    this.#now = now;
  }

  /** Call for every sighting; whether it was held for long enough to be meant. @param {string} code */
  isHeld(code) {
    const now = this.#now();
    if (code !== this.#last || now - this.#seenAt > GONE_MS) this.#since = now;
    this.#last = code;
    this.#seenAt = now;
    return now - this.#since >= HELD_MS;
  }
}
