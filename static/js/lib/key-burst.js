// Which keys come from a wedge scanner: it types a code like a very fast keyboard, and ends with Enter, Tab, both, a second
// Enter, an arrow or nothing, as its maker has set it. No key of a scanner may reach a control of the page. Without a page, for
// tests.

const GAP_MS = 500; // a pause this long ends a burst; outside fields nobody types by hand
const FAST_MS = 60; // between two keys of a scanner; nobody types four keys like that
const HAND_MS = 200; // between two keys: a scanner is never that slow, so the second key begins something else
const QUIET_MS = 150; // after this pause a code needs no end key
const MIN_KEYS = 7; // the shortest passport number; a booking code has 8
const MIN_FAST_KEYS = 4;
const MIN_SHORT_KEYS = 2; // a barcode that is no code
const CODE_KEYS = 29; // a whole pickup code: no plate and no queue number is as long
const MAX_KEYS = 512;
const WHOLE_CODE = /SAB[0-9A-Z]{26}$/i; // perhaps after a prefix that the scanner adds
const TORN_CODE = /SAB[0-9A-Z]{4,25}$/i; // a wireless scanner pauses now and then; the rest may follow
const FILLER = "<"; // of the lines of a passport; no other code has it
const BOTH_LINES = 60; // keys; one line has 44
const END_KEYS = ["Enter", "Tab"];
const RARE_END_KEYS = ["Escape", "ArrowDown", "ArrowRight"]; // only right behind a scan: they are keys of a hand as well
const END_LETTERS = ["i", "j", "m"]; // with Ctrl: Tab, line feed, Enter

/**
 * Where the keys go: `page` is no field, `marked` a field that a pickup code leaves (`data-wedge`), `scans` one that every scan
 * leaves (`data-wedge="scans"`), `field` any other field.
 * @typedef {"page" | "marked" | "scans" | "field"} Place
 * `code` names the key itself, whatever letter the keyboard's language gives it: scanners are set to the American one.
 * @typedef {{key: string, code?: string, at: number, isControl?: boolean, place: Place}} Press `at` in ms
 * @typedef {{isSwallowed: boolean, code: string | null}} Result
 */

/** @type {Result} */
const KEPT = { isSwallowed: false, code: null };
/** @type {Result} */
const SWALLOWED = { isSwallowed: true, code: null };

export class KeyBurst {
  #typed = "";
  #physical = ""; // the same keys on an American keyboard, without those that are no letter and no digit
  #lastAt = Number.NEGATIVE_INFINITY;
  #isFast = true;
  /** Until then every end key is the rest of a scan; not in a field, when the scan was outside: somebody went there. */
  #restUntil = Number.NEGATIVE_INFINITY;
  #isRestInFields = false;
  /** A fast filler: the lines of a passport. None of their keys from there on reaches the page. */
  #isBook = false;
  #isOtherLine = false;
  /** Until then the other line may begin. */
  #bookUntil = Number.NEGATIVE_INFINITY;

  /**
   * What happens with one key.
   * @param {Press} press
   * @returns {Result}
   */
  press({ key, code = "", at, isControl = false, place }) {
    const isEndLetter = isControl && END_LETTERS.includes(key.toLowerCase());
    if (END_KEYS.includes(key) || isEndLetter) return this.#end(at, place);
    if (RARE_END_KEYS.includes(key)) return this.#endRarely(at, place);
    if (isControl || key.length !== 1) return KEPT;
    const gap = at - this.#lastAt;
    if (gap > GAP_MS || !this.#typed) this.#begin(at);
    else if (gap > FAST_MS) this.#isFast = false;
    if (key === FILLER && this.#typed && this.#isFast) this.#isBook = true;
    const pressesButton = key === " " && place === "page" && this.#typed.trim() !== "";
    if (this.#typed.length < MAX_KEYS) this.#typed += key;
    if (this.#physical.length < MAX_KEYS) this.#physical += characterOf(code);
    this.#lastAt = at;
    return pressesButton || this.#isBook ? SWALLOWED : KEPT;
  }

  /** Whether a key at this moment begins something: the keys before it belong to somebody's hand. @param {number} at */
  isBeginning(at) {
    return !this.#typed || at - this.#lastAt > HAND_MS;
  }

  /** Whether the keys are those of a swiped passport. */
  get isBook() {
    return this.#isBook;
  }

  /** How long a pause ends the code of a scanner without an end key. */
  get quietMs() {
    return this.#isBook || TORN_CODE.test(this.#typed) ? GAP_MS : QUIET_MS;
  }

  /**
   * The code of a scanner without an end key, once no key has come for `quietMs`.
   * @param {number} at
   * @param {Place} place
   */
  quiet(at, place) {
    const isScan = this.#whole || this.#isBook || (this.#isFast && this.#isLongEnough(place));
    const isKept = place === "field" && !this.#isBook;
    if (isKept || !isScan || at - this.#lastAt < this.quietMs) return null;
    return this.#finish(at, place);
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
    if (isRest && (place === "page" || this.#isRestInFields)) return SWALLOWED;
    const gap = at - this.#lastAt;
    if (!this.#typed || gap > GAP_MS) {
      this.#forget();
      return KEPT;
    }
    const isByScanner = this.#isFast && gap <= FAST_MS && this.#typed.length >= MIN_FAST_KEYS;
    if (this.#isLongEnough(place)) return { isSwallowed: true, code: this.#finish(at, place) };
    const count = this.#typed.length;
    this.#forget();
    const isShortScan = place === "page" && gap <= FAST_MS && count >= MIN_SHORT_KEYS; // it would press a button
    if (isByScanner || isShortScan) this.#rest(at, place);
    return isShortScan ? SWALLOWED : KEPT;
  }

  /**
   * @param {number} at
   * @param {Place} place
   * @returns {Result}
   */
  #endRarely(at, place) {
    if (!this.#isLongEnough(place) || !this.#isFast || at - this.#lastAt > FAST_MS) return KEPT;
    return { isSwallowed: true, code: this.#finish(at, place) };
  }

  /** Whether the keys may be a code in this place, where a hand types shorter or slower. @param {Place} place */
  #isLongEnough(place) {
    if (this.#isBook) return true;
    const isTypedByHand = place === "scans" && !(this.#isFast && /^\S+$/.test(this.#typed));
    const least = { page: MIN_KEYS, scans: isTypedByHand ? CODE_KEYS : MIN_KEYS, marked: CODE_KEYS };
    return place !== "field" && this.#typed.length >= least[place];
  }

  /** The pickup code at the end of the keys, also typed on a keyboard of another language. */
  get #whole() {
    return (this.#typed.match(WHOLE_CODE) ?? this.#physical.match(WHOLE_CODE))?.[0];
  }

  /**
   * @param {number} at
   * @param {Place} place
   */
  #finish(at, place) {
    const code = this.#isBook ? this.#typed : (this.#whole ?? this.#typed);
    const isFirstLine = this.#isBook && this.#typed.length < BOTH_LINES;
    this.#bookUntil = isFirstLine && !this.#isOtherLine ? at + GAP_MS : Number.NEGATIVE_INFINITY;
    this.#forget();
    this.#rest(at, place);
    return code;
  }

  /**
   * @param {number} at
   * @param {Place} place
   */
  #rest(at, place) {
    this.#restUntil = at + GAP_MS;
    this.#isRestInFields = place !== "page";
  }

  /** @param {number} at */
  #begin(at) {
    this.#forget();
    this.#isBook = this.#isOtherLine = at <= this.#bookUntil;
  }

  #forget() {
    this.#typed = this.#physical = "";
    this.#isFast = true;
    this.#isBook = false;
  }
}

/**
 * "KeyQ" -> "Q", "Digit7" -> "7"; "" for any other key.
 * @param {string} code of a key
 */
const characterOf = (code) => /^(?:Key|Digit|Numpad)([A-Z0-9])$/.exec(code)?.[1] ?? "";
