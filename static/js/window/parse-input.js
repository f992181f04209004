// What is typed from cards and books, as the server wants it. Null means: not complete yet, so nobody is asked.

const NIK_DIGITS = 16;
const NUMBER = /^[A-Z]{1,2}\d{6,7}$/;

/** "24111990" -> "24-11-1990" while typing; a dash that was just deleted stays deleted. */
export function dashed(typed, isDeleting = false) {
  const digits = typed.replace(/\D/g, "").slice(0, 8);
  const parts = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)].filter(Boolean);
  const isPartFull = digits.length === 2 || digits.length === 4;
  return parts.join("-") + (isPartFull && !isDeleting ? "-" : "");
}

/** "24-11-1990" -> "1990-11-24"; null for what is no day of the calendar, or not yet. */
export function isoDate(typed) {
  const [, day, month, year] = /^(\d{2})-(\d{2})-(\d{4})$/.exec(typed.trim()) ?? [];
  if (!year) return null;
  const iso = `${year}-${month}-${day}`;
  const date = new Date(`${iso}T00:00:00Z`);
  const isReal = !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso);
  return isReal && year >= "1900" && date <= new Date() ? iso : null;
}

/** The last four digits of a NIK: those four, or the whole number that somebody typed anyway. */
export function nikLast4(typed) {
  const digits = typed.replace(/[\s.-]/g, "");
  return /^\d+$/.test(digits) && [4, NIK_DIGITS].includes(digits.length) ? digits.slice(-4) : null;
}

/** The last four characters of a document's number. */
export function last4(typed) {
  const plain = typed.trim().toUpperCase();
  return /^[A-Z0-9]{4}$/.test(plain) ? plain : null;
}

/** A book's number as typed or scanned; `isSure` when nothing can follow: four digits, or a whole number. */
export function bookNumber(typed) {
  const plain = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  if (plain.length < 4) return null;
  return { number: plain, isSure: /^\d{4}$/.test(plain) || NUMBER.test(plain) };
}
