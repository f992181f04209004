// What the collector signs, in both languages: their name, and holder and last characters of each book. The server composes the
// same text and refuses another one (ampera/handovers/signatures.py).

const LAST = 4; // characters of a book's number

/**
 * @param {string} name of the collector
 * @param {{holder: string, number: string}[]} books in the order of the rows; the number as typed so far
 */
export function signedText(name, books) {
  const listed = books.map(({ holder, number }) => `${holder} (…${number.slice(-LAST)})`).join(", ");
  const count = books.length;
  const english = count === 1 ? "1 passport" : `${count} passports`;
  const who = name || "…"; // not typed yet
  return `Saya, ${who}, menerima ${count} paspor / I, ${who}, receive ${english}: ${listed}.`;
}
