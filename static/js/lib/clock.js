// Times as the interface shows them. Ages follow the server's clock, because a tablet's own clock may be minutes off.

const MINUTE = 60; // seconds, like HOUR and DAY
const HOUR = 3600;
const DAY = 86_400;

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
 * "36 dtk", "9 mnt", "1 j 05 mnt", "2 hari 03 j" in the page's language. An age has units, because digits with a dot are a
 * time of day: 09.41 is nineteen minutes before ten.
 * @param {number} seconds
 */
export function age(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE) return unit("second", whole);
  if (whole < HOUR) return unit("minute", Math.floor(whole / MINUTE));
  if (whole < DAY) return `${unit("hour", Math.floor(whole / HOUR))} ${unit("minute", minutesOf(whole), 2)}`;
  return `${unit("day", Math.floor(whole / DAY))} ${unit("hour", Math.floor((whole % DAY) / HOUR), 2)}`;
}

/**
 * A duration to the second: "45 dtk", "2 mnt 05 dtk", "3 mnt", from an hour on like an age.
 * @param {number} seconds
 */
export function duration(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  if (whole < MINUTE || whole >= HOUR || whole % MINUTE === 0) return age(whole);
  return `${unit("minute", Math.floor(whole / MINUTE))} ${unit("second", whole % MINUTE, 2)}`;
}

/** @param {number} seconds */
const minutesOf = (seconds) => Math.floor((seconds % HOUR) / MINUTE);

/**
 * @param {"second" | "minute" | "hour" | "day"} name
 * @param {number} n
 */
function unit(name, n, digits = 1) {
  const unitDisplay = name === "day" ? "long" : "short";
  const style = /** @type {Intl.NumberFormatOptions} */ ({
    style: "unit",
    unit: name,
    unitDisplay,
    minimumIntegerDigits: digits,
  });
  return new Intl.NumberFormat(language(), style).format(n);
}

/**
 * "5.017" as the reader's language writes it.
 * @param {number} n
 */
export const figure = (n) => new Intl.NumberFormat(language()).format(n);

const language = () => globalThis.document?.documentElement.lang || "id";

/** Between the parts of a time of day: 09.41, in English 09:41. */
const mark = (/** @type {string} */ of) => (of === "en" ? ":" : ".");

/**
 * "24-11-2026, 09.41" in the office's time; in English "24-11-2026, 09:41".
 * @param {string | number} moment ISO, or ms since 1970
 */
export function dateTime(moment, timeZone = "Asia/Jakarta", of = language()) {
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
  return `${parts.day}-${parts.month}-${parts.year}, ${parts.hour}${mark(of)}${parts.minute}`;
}

/**
 * "14.32.08" in the office's time; in English "14:32:08".
 * @param {string | number} moment ISO, or ms since 1970
 */
export function timeOfDay(moment, timeZone = "Asia/Jakarta") {
  /** @type {Intl.DateTimeFormatOptions} */
  const parts = { timeZone, hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
  return new Intl.DateTimeFormat("en-GB", parts).format(new Date(moment)).replaceAll(":", mark(language()));
}
