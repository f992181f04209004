// Who is next, and why nobody may join: what the office tells the vehicles that have not come in yet.

import { dateTime, now } from "../lib/clock.js";
import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { refill } from "./parts.js";

const element = (id) => document.getElementById(id);

export function showNext({ next, line }, timeZone) {
  refill(element("next"), next.map(({ queue_no }) => queue_no).join(), () =>
    next.map(({ queue_no }) =>
      make("li", { class: "num", "data-queue-no": queue_no, "data-state": "waiting" }, queue_no),
    ),
  );
  const isClosed = !line.open && line.reason !== null;
  element("next").hidden = next.length === 0;
  element("nobody").hidden = next.length > 0 || isClosed;
  element("line").hidden = !isClosed;
  element("line").dataset.over = next.length ? "message" : "next";
  if (!isClosed) return;
  const until = line.until ?? line.opens_at;
  refill(element("line-words"), `${line.reason} ${until} ${today(timeZone)}`, () => [
    sentence(line.reason, until, timeZone, ""),
    make("small", { lang: "en" }, sentence(line.reason, until, timeZone, ".en")),
  ]);
}

/** "Kuota hari ini sudah penuh. Dibuka lagi Rabu, pukul 08.00." `language` is the ending of the words' keys. */
function sentence(reason, until, timeZone, language) {
  const why = text(`line_${reason}${language}`);
  if (!until) return `${why}.`;
  const { day, weekday, time } = inOffice(until, timeZone);
  const when = text(day === today(timeZone) ? `day_today${language}` : `day_${weekday}${language}`);
  return `${why}. ${text(`line_again${language}`, { day: when, time })}.`;
}

const today = (timeZone) => inOffice(now(), timeZone).day;

/** `day` "24-11-2026", `weekday` (Monday is 0) and `time` "08.00" of a moment in the office's time. */
function inOffice(moment, timeZone) {
  const [day, time] = dateTime(moment, timeZone).split(", ");
  const [date, month, year] = day.split("-").map(Number);
  return { day, weekday: (new Date(Date.UTC(year, month - 1, date)).getUTCDay() + 6) % 7, time };
}
