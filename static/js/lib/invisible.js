// Characters that nobody sees and that copied text carries. `ampera/typed_text.py` has the same list and says why.

const INVISIBLE =
  // biome-ignore lint/suspicious/noMisleadingCharacterClass: each of these characters is meant alone
  /[\u034f\u17b4\u17b5\u180b-\u180f\ufe00-\ufe0f\u00ad\u061c\u115f\u1160\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e01ef}]/gu;
const FULL_WIDTH = /[\uff01-\uff5e]/g;
const TO_ASCII = 0xfee0;
// Letters that no accent is taken from, as people without them on the keyboard type them.
/** @type {Record<string, string>} */
const LETTERS = { đ: "d", ð: "d", ł: "l", ø: "o", ħ: "h", ı: "i", æ: "ae", œ: "oe", þ: "th", ß: "ss" };

/**
 * A typed or pasted number, code or search: without invisible characters, full width as ASCII, without blanks around.
 * @param {string} input
 */
export function typed(input) {
  return input
    .replace(INVISIBLE, "")
    .replace(FULL_WIDTH, (char) => String.fromCharCode(char.charCodeAt(0) - TO_ASCII))
    .trim();
}

/**
 * A text as a search compares it: lower case, no accents, nothing in the place of an apostrophe inside a word.
 * @param {string} input
 */
export function folded(input) {
  return typed(input)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[đðłøħıæœþß]/g, (letter) => LETTERS[letter])
    .replace(/(?<=\p{L})['’‘‛`´ʼʻʽʹʾʿ′‵](?=\p{L})/gu, "");
}
