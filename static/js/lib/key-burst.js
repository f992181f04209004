// Which keys come from a wedge scanner: it types a code like a very fast keyboard, and ends with Enter, Tab, both, a second
// Enter or nothing, as its maker has set it. No key of a scanner may reach a control of the page. Without a page, for tests.

const GAP_MS = 500; // a pause this long ends a burst; outside fields nobody types by hand
const FAST_MS = 60; // between two keys of a scanner; nobody types four keys like that
export const QUIET_MS = 150; // after this pause a whole code needs no end key
const MIN_KEYS = 7; // the shortest passport number; a booking code has 8
const MIN_FAST_KEYS = 4;
const MIN_SHORT_KEYS = 2; // a barcode that is no code
const CODE_KEYS = 29; // a whole pickup code: no plate and no queue number is as long
const MAX_KEYS = 512;
const WHOLE_CODE = /SAB[0-9A-Z]{26}$/i; // perhaps after a prefix that the scanner adds

/**
 * Where the keys go: `page` is no field, `marked` a field that a code leaves (`data-wedge`), `field` any other field.
 * @typedef {"page" | "marked" | "field"} Place
 * @typedef {{key: string, at: number, isControl?: boolean, place: Place}} Press `at` in ms
 * @typedef {{isSwallowed: boolean, code: string | null}} Result
 */

/** @type {Result} */
const KEPT = { isSwallowed: false, code: null };
/** @type {Result} */
const SWALLOWED = { isSwallowed: true, code: null };

export class KeyBurst {
  #typed = "";
  #lastAt = Number.NEGATIVE_INFINITY;
  #isFast = true;
  /** Until then every end key is the rest of a scan; not in a field, when the scan was outside: somebody went there. */
  #restUntil = Number.NEGATIVE_INFINITY;
  #isRestInFields = false;

  /**
   * What happens with one key.
   * @param {Press} press
   * @returns {Result}
   */
  press({ key, at, isControl = false, place }) {
    const isLineFeed = isControl && ["j", "m"].includes(key.toLowerCase());
    if (key === "Enter" || key === "Tab" || isLineFeed) return this.#end(at, place);
    if (isControl || key.length !== 1) return KEPT;
    const gap = at - this.#lastAt;
    if (gap > GAP_MS) this.#forget();
    else if (gap > FAST_MS) this.#isFast = false;
    if (this.#typed.length < MAX_KEYS) this.#typed += key;
    this.#lastAt = at;
    const pressesButton = key === " " && place === "page" && this.#typed.length > 1;
    return pressesButton ? SWALLOWED : KEPT;
  }

  /**
   * The code of a scanner without an end key, once no key has come for QUIET_MS.
   * @param {number} at
   * @param {Place} place
   */
  quiet(at, place) {
    const isScan = WHOLE_CODE.test(this.#typed) || (place === "page" && this.#isFast && this.#typed.length >= MIN_KEYS);
    if (place === "field" || !isScan || at - this.#lastAt < QUIET_MS) return null;
    return this.#finish(at);
  }

  /** The focus has moved: what was typed before belongs to another place. */
  moved() {
    this.#forget();
  }

  /** Somebody touched the page or pasted a text: the next Enter is theirs. */
  touched() {
    this.#forget();
    this.#restUntil = Number.NEGATIVE_INFINITY;
  }

  /**
   * @param {number} at
   * @param {Place} place
   * @returns {Result}
   */
  #end(at, place) {
    const isRest = at <= this.#restUntil && !this.#typed; // keys since then belong to the next scan
    if (isRest && (place !== "field" || this.#isRestInFields)) return SWALLOWED;
    const gap = at - this.#lastAt;
    if (!this.#typed || gap > GAP_MS) {
      this.#forget();
      return KEPT;
    }
    const isByScanner = this.#isFast && gap <= FAST_MS && this.#typed.length >= MIN_FAST_KEYS;
    if (place !== "field" && this.#typed.length >= (place === "marked" ? CODE_KEYS : MIN_KEYS)) {
      return { isSwallowed: true, code: this.#finish(at) };
    }
    const count = this.#typed.length;
    this.#forget();
    const isShortScan = place === "page" && gap <= FAST_MS && count >= MIN_SHORT_KEYS; // it would press a button
    if (isByScanner || isShortScan) this.#rest(at, place === "field");
    return isShortScan ? SWALLOWED : KEPT;
  }

  /** @param {number} at */
  #finish(at) {
    const code = this.#typed.match(WHOLE_CODE)?.[0] ?? this.#typed;
    this.#forget();
    this.#rest(at, false);
    return code;
  }

  /**
   * @param {number} at
   * @param {boolean} isInField
   */
  #rest(at, isInField) {
    this.#restUntil = at + GAP_MS;
    this.#isRestInFields = isInField;
  }

  #forget() {
    this.#typed = "";
    this.#isFast = true;
  }
}
