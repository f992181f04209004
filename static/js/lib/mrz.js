// The machine-readable zone of a passport: two lines of 44 characters (ICAO Doc 9303, part 4, TD3). Its check digits decide: a
// doubtful character is never guessed. Nothing is kept here.

export const LINE = 44; // characters
const WEIGHTS = [7, 3, 1];
const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"; // the value of a character is its place; "<" counts 0
const UPPER = /^P[A-Z<](?<issuer>[A-Z<]{3})(?<name>[A-Z<]{39})$/;
const LOWER =
  /^(?<number>[A-Z0-9<]{9})\d[A-Z<]{3}(?<birth>[\d<]{6})\d[MFX<](?<expiry>\d{6})\d(?<personal>[A-Z0-9<]{14})[\d<]\d$/;
// [first, behind the last] character of what a digit protects, and the place of the digit.
const NUMBER = { parts: [[0, 9]], digit: 9 };
const BIRTH = { parts: [[13, 19]], digit: 19 };
const EXPIRY = { parts: [[21, 27]], digit: 27 };
const PERSONAL = { parts: [[28, 42]], digit: 42 };
const WHOLE = {
  parts: [
    [0, 10],
    [13, 20],
    [21, 43],
  ],
  digit: 43,
}; // prettier-ignore

/**
 * What the zone says. Without a readable upper line `issuer` and `name` are null.
 * @typedef {object} Zone
 * @property {string} number of the passport
 * @property {string | null} issuer ICAO's letters of the state, IDN for Indonesia
 * @property {{words: string[], isCut: boolean} | null} name `isCut`: it had no room
 * @property {string | null} birthDate ISO; null when the book does not know the day
 * @property {string} expiry ISO
 */

/**
 * Whether the text looks like a line of the zone, whole or damaged. No code of a vehicle has its filler.
 * @param {string} text in capitals, without blanks
 */
export const isPartOfZone = (text) => text.includes("<") || LOWER.test(text);

/**
 * The zone of both lines; null when the lower one is damaged. A lost character is a line that is too short: the digits alone
 * would notice nine of ten.
 * @param {string} upper in capitals, without blanks; may be damaged or missing
 * @param {string} lower
 * @param {number} now ms; the century of a birth date depends on it
 * @returns {Zone | null}
 */
export function readZone(upper, lower, now) {
  const read = LOWER.exec(lower)?.groups;
  if (!read || ![NUMBER, BIRTH, EXPIRY, WHOLE].every((field) => isRight(lower, field))) return null;
  const isPersonalEmpty = /^<+$/.test(read.personal) && lower[PERSONAL.digit] === "<";
  if (!isPersonalEmpty && !isRight(lower, PERSONAL)) return null;
  const { issuer, name } = UPPER.exec(upper)?.groups ?? {};
  return {
    number: read.number.replace(/<+$/, ""),
    issuer: issuer?.replace(/<+$/, "") ?? null,
    name: name ? { words: name.split(/<+/).filter(Boolean), isCut: !name.endsWith("<") } : null,
    birthDate: pastDate(read.birth, now),
    expiry: isoDate("20", read.expiry),
  };
}

/**
 * @param {string} line
 * @param {{parts: number[][], digit: number}} field
 */
function isRight(line, { parts, digit }) {
  const text = parts.map(([first, end]) => line.slice(first, end)).join("");
  const sum = [...text].reduce((total, sign, i) => total + Math.max(0, LETTERS.indexOf(sign)) * WEIGHTS[i % 3], 0);
  return String(sum % 10) === line[digit];
}

/**
 * @param {string} date YYMMDD
 * @param {number} now ms
 */
function pastDate(date, now) {
  if (date.includes("<")) return null;
  const born = isoDate("20", date);
  return Date.parse(born) <= now ? born : isoDate("19", date);
}

/**
 * @param {string} century
 * @param {string} date YYMMDD
 */
const isoDate = (century, date) => `${century}${date.slice(0, 2)}-${date.slice(2, 4)}-${date.slice(4)}`;
