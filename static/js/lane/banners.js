// The banners beside the acts: why no vehicle is admitted now, and books that nobody finds for a vehicle of this lane.

import { dateTime } from "../lib/clock.js";
import { byId, make, select, selectAll } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { tabletPoint } from "./tablet-point.js";

const ADMISSION_REASONS = ["by_hand", "quota", "last_vehicle", "hours"];
const ALARMS_NAMED = 2; // further alarms are counted

/**
 * The office's own reason comes first; a closed lane concerns only this one.
 * @param {LaneState} state
 */
export function showAdmission({ open, line, closed_for: why }) {
  const isOffice = line && !line.open && ADMISSION_REASONS.includes(line.reason ?? "");
  const reason = isOffice ? line.reason : open ? null : "lane";
  const banner = byId("closed");
  banner.hidden = !reason;
  if (!reason) return;
  const opens = line?.opens_at && text("line_opens", { at: dateTime(line.opens_at, tabletPoint().timezone) });
  const first =
    reason === "by_hand" && why
      ? text("line_by_hand_why", { why: why.replace(/[.\s]+$/, "") })
      : text(`line_${reason}`);
  const sentences = [first, reason !== "lane" && opens, text("line_goes_on")];
  const words = sentences.filter(Boolean).join(" ");
  if (banner.dataset.shown !== words) select("[data-word]", banner).textContent = words;
  banner.dataset.shown = words;
}

/** Books that nobody finds, for the vehicles of this lane. */
export class BookAlarms {
  /** @type {Set<number>} */
  #sounded = new Set();

  /** A new alarm sounds once. @param {BookAlarm[]} [alarms] */
  show(alarms = []) {
    const ids = new Set(alarms.map(({ passport_id: id }) => id));
    if ([...ids].some((id) => !this.#sounded.has(id))) play("wait");
    this.#sounded = ids;
    for (const banner of selectAll("[data-alarms]")) showAlarms(banner, alarms);
  }
}

/**
 * @param {HTMLElement} banner
 * @param {BookAlarm[]} alarms
 */
function showAlarms(banner, alarms) {
  banner.hidden = alarms.length === 0;
  const key = JSON.stringify(alarms);
  if (banner.dataset.shown === key) return;
  banner.dataset.shown = key;
  const lines = alarms
    .slice(0, ALARMS_NAMED)
    .map(({ queue_no: no, holder_name: name }) => make("p", {}, text("alarm", { no, name })));
  if (alarms.length > ALARMS_NAMED) lines.push(make("p", {}, text("alarms_more", { n: alarms.length - ALARMS_NAMED })));
  select("[data-word]", banner).replaceChildren(...lines);
}
