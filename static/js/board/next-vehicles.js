// The next numbers, those that wait at the side, and why no vehicle may join: what the office shows to vehicles that have not come in yet.

import { dateTime, now } from "../lib/clock.js";
import { byId, make, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { refill } from "./parts.js";

const MOST_PARKED = 3; // that have room beside the next ones

/**
 * @param {BoardState} state
 * @param {string} timeZone
 */
export function showNext({ next, parked, line }, timeZone) {
  showParked(parked);
  refill(byId("next"), next.map(({ queue_no }) => queue_no).join(), () => next.map(({ queue_no }) => row(queue_no)));
  const isClosed = !line.open && line.reason !== null;
  byId("next").hidden = next.length === 0;
  byId("nobody").hidden = next.length > 0 || isClosed;
  byId("line").hidden = !isClosed;
  byId("line").dataset.over = next.length || parked.length ? "message" : "next";
  if (!isClosed) return;
  const reason = line.reason ?? "";
  const until = line.until ?? line.opens_at;
  refill(byId("line-words"), `${reason} ${until} ${today(timeZone)}`, () => [
    sentence(reason, until, timeZone, ""),
    make("small", { lang: "en" }, sentence(reason, until, timeZone, ".en")),
  ]);
}

/** @param {BoardState["parked"]} parked the longest at the side first */
function showParked(parked) {
  const box = byId("parked");
  const shown = parked.slice(0, MOST_PARKED).map(({ queue_no }) => queue_no);
  box.hidden = shown.length === 0;
  refill(select("ol", box), shown.join(), () => shown.map(parkedRow));
}

/** @param {string} queueNo */
const parkedRow = (queueNo) =>
  make("li", { class: "num", "data-queue-no": queueNo, "data-state": "serving", "data-parked": "" }, queueNo);

/** @param {string} queueNo */
const row = (queueNo) => make("li", { class: "num", "data-queue-no": queueNo, "data-state": "waiting" }, queueNo);

/**
 * "Kuota hari ini sudah penuh. Dibuka lagi Rabu, pukul 08.00."
 * @param {string} reason
 * @param {string | null} until ISO moment
 * @param {string} timeZone
 * @param {string} language the suffix of the keys
 */
function sentence(reason, until, timeZone, language) {
  const why = text(`line_${reason}${language}`);
  if (!until) return `${why}.`;
  const { day, weekday, time } = inOffice(until, timeZone, language.slice(1) || "id");
  const when = text(day === today(timeZone) ? `day_today${language}` : `day_${weekday}${language}`);
  return `${why}. ${text(`line_again${language}`, { day: when, time })}.`;
}

/** @param {string} timeZone */
const today = (timeZone) => inOffice(now(), timeZone).day;

/**
 * `day` "24-11-2026", `weekday` (Monday is 0) and `time` "08.00" of a moment in the office's time.
 * @param {string | number} moment
 * @param {string} timeZone
 */
function inOffice(moment, timeZone, language = "id") {
  const [day, time] = dateTime(moment, timeZone, language).split(", ");
  const [date, month, year] = day.split("-").map(Number);
  return { day, weekday: (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7, time };
}
