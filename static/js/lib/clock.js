// Times as the interface shows them. Ages follow the server's clock, because a tablet's own clock may be minutes off.

let offset = 0; // ms to add to this device's clock

/**
 * Set the server's clock from the `at` of a state that has just arrived.
 * @param {string} at ISO moment
 */
export function learn(at) {
  offset = Date.parse(at) - Date.now();
}

/** The server's present moment, ms since 1970. */
export const now = () => Date.now() + offset;

/**
 * Whole seconds since an ISO moment, never negative.
 * @param {string} iso
 */
export function secondsSince(iso) {
  return Math.max(0, Math.floor((now() - Date.parse(iso)) / 1000));
}

/**
 * 372 -> "06.12"; an hour or more -> "1.06.12".
 * @param {number} seconds
 */
export function age(seconds) {
  /** @param {number} n */
  const twoDigits = (n) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  const rest = `${twoDigits(Math.floor(seconds / 60) % 60)}.${twoDigits(seconds % 60)}`;
  return hours ? `${hours}.${rest}` : rest;
}

/**
 * "24-11-2026, 09.41" in the office's time.
 * @param {string | number} moment ISO, or ms since 1970
 */
export function dateTime(moment, timeZone = "Asia/Jakarta") {
  const parts = Object.fromEntries(
    new Intl.DateTimeFormat("en-GB", {
      timeZone,
      day: "2-digit",
      month: "2-digit",
      year: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
    })
      .formatToParts(new Date(moment))
      .map(({ type, value }) => [type, value]),
  );
  return `${parts.day}-${parts.month}-${parts.year}, ${parts.hour}.${parts.minute}`;
}

/**
 * "14.32.08" in the office's time.
 * @param {string | number} moment ISO, or ms since 1970
 */
export function timeOfDay(moment, timeZone = "Asia/Jakarta") {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", parts).format(new Date(moment)).replaceAll(":", ".");
}
