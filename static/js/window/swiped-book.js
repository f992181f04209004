// Which of the books in question a swiped passport is. The page knows their holders, not their numbers: the name chooses the
// row, then the server compares the number. What is certainly another book costs no try.

import { now } from "../lib/clock.js";
import { folded } from "../lib/invisible.js";

const INDONESIA = "IDN";

/** @typedef {import("../lib/mrz.js").Zone} Zone */
/** @typedef {{name: string, isFocused: boolean}} Candidate `name` of its holder; `isFocused`: the officer is at this one */

/**
 * @template {Candidate} T
 * @param {Zone} zone
 * @param {T[]} candidates
 * @returns {T | string} the book, or the key of the sentence why it is none of them
 */
export function bookOf(zone, candidates) {
  const { issuer, name, expiry } = zone;
  if (issuer && issuer !== INDONESIA) return "swipe_foreign";
  if (Date.parse(expiry) < now()) return "swipe_expired";
  const fitting = name ? candidates.filter((candidate) => isNameOf(candidate.name, name)) : candidates;
  if (!fitting.length) return "swipe_other_name";
  const [first, second] = fitting;
  return second ? (fitting.find(({ isFocused }) => isFocused) ?? "swipe_which_row") : first;
}

/**
 * The zone has no apostrophes and no order of names that all states share: the letters are compared, whatever their words. A
 * name that had no room is one whose letters are all among the holder's.
 * @param {string} holder
 * @param {{words: string[], isCut: boolean}} name
 */
function isNameOf(holder, { words, isCut }) {
  const wanted = lettersOf(holder);
  const read = lettersOf(words.join(""));
  return isCut ? read.every((letter) => remove(wanted, letter)) : read.join() === wanted.join();
}

/** @param {string} name */
const lettersOf = (name) =>
  folded(name)
    .replace(/[^a-z]/g, "")
    .split("")
    .sort();

/**
 * @param {string[]} letters
 * @param {string} letter
 */
function remove(letters, letter) {
  const at = letters.indexOf(letter);
  if (at >= 0) letters.splice(at, 1);
  return at >= 0;
}
