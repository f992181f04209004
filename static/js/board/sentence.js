// What the loudspeaker speaks for a call, as names of clips and pauses (numbers, in seconds) between them.

const COMMA_S = 0.22;
const SPELL_S = 0.05;

/** @typedef {"id" | "en"} Language */
/** @typedef {{queue_no: string, lane: number, window?: number | null}} SpokenNumber `window` only where a lane has several */

export const CHIME = "chime";

/**
 * "Nomor antrean A, nol satu dua, silakan menuju jalur dua, loket satu."
 * @param {SpokenNumber} call
 */
export function indonesian({ queue_no, lane, window }) {
  const to = ["id/silakan-menuju-jalur", ...counted("id", lane)];
  const at = window ? [COMMA_S / 2, "id/loket", ...counted("id", window)] : [];
  return ["id/nomor-antrean", SPELL_S, ...spelled("id", queue_no), COMMA_S, ...to, ...at];
}

/**
 * "Queue number A, zero one two, please proceed to lane two, window one."
 * @param {SpokenNumber} call
 */
export function english({ queue_no, lane, window }) {
  const to = ["en/please-proceed-to-lane", ...counted("en", lane)];
  const at = window ? [COMMA_S / 2, "en/window", ...counted("en", window)] : [];
  return ["en/queue-number", SPELL_S, ...spelled("en", queue_no), COMMA_S, ...to, ...at];
}

/**
 * Letters and digits one by one, with a short pause between letter and number.
 * @param {Language} language
 * @param {string} queueNo
 */
function spelled(language, queueNo) {
  const [, letters, digits] = /^([A-Z]*)(\d*)$/i.exec(queueNo) ?? ["", "", ""];
  /** @param {string} characters */
  const clips = (characters) =>
    [...characters.toLowerCase()].flatMap((character) => [`${language}/${character}`, SPELL_S]);
  return [...clips(letters), COMMA_S / 2, ...clips(digits)];
}

/**
 * A number up to 99 as people say it; a longer one digit by digit.
 * @param {Language} language
 * @param {number} number
 */
function counted(language, number) {
  const parts = number > 99 ? [...String(number)] : language === "id" ? inIndonesian(number) : inEnglish(number);
  return parts.map((part) => `${language}/${part}`);
}

/**
 * @param {number} number
 * @returns {(number | string)[]}
 */
function inIndonesian(number) {
  if (number < 12) return [number]; // "sepuluh" and "sebelas" are words of their own
  if (number < 20) return [number - 10, "belas"];
  return [Math.floor(number / 10), "puluh", ...(number % 10 ? [number % 10] : [])];
}

/**
 * @param {number} number
 * @returns {(number | string)[]}
 */
function inEnglish(number) {
  if (number < 20) return [number];
  return [number - (number % 10), ...(number % 10 ? [number % 10] : [])];
}
