// What is said beside the acts: why the line takes nobody now, and books that nobody finds for a vehicle here.

import { dateTime } from "../lib/clock.js";
import { make } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { place } from "./tablet-point.js";

const $ = (id) => document.getElementById(id);
const LINE_REASONS = ["by_hand", "quota", "last_vehicle", "hours"];

/** The line's own reason comes first: it is the office's, a closed lane only this one's. */
export function showLine({ open, line }) {
  const reason = line && !line.open && LINE_REASONS.includes(line.reason) ? line.reason : open ? null : "lane";
  $("closed").hidden = !reason;
  if (!reason) return;
  const opens = line?.opens_at && text("line_opens", { at: dateTime(line.opens_at, place.timezone) });
  const told = [text(`line_${reason}`), reason !== "lane" && opens, text("line_goes_on")].filter(Boolean).join(" ");
  if ($("closed").dataset.shown !== told) $("closed").querySelector("[data-word]").textContent = told;
  $("closed").dataset.shown = told;
}

const SHOWN = 2; // alarms by name; the others are counted

let heard = new Set();

/** `alarms`: [{passport_id, queue_no, holder_name}]; a new one is heard once. */
export function showAlarms(alarms = []) {
  const ids = new Set(alarms.map(({ passport_id: id }) => id));
  if ([...ids].some((id) => !heard.has(id))) play("wait");
  heard = ids;
  for (const alarm of document.querySelectorAll("[data-alarms]")) {
    alarm.hidden = alarms.length === 0;
    const told = JSON.stringify(alarms);
    if (alarm.dataset.shown === told) continue;
    alarm.dataset.shown = told;
    const sentence = ({ queue_no: no, holder_name: name }) => make("p", {}, text("alarm", { no, name }));
    const rest = alarms.length > SHOWN && make("p", {}, text("alarms_more", { n: alarms.length - SHOWN }));
    const said = [...alarms.slice(0, SHOWN).map(sentence), rest].filter(Boolean);
    alarm.querySelector("[data-word]").replaceChildren(...said);
  }
}
