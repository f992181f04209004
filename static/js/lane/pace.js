// What this officer has done at this lane, as words: vehicles and passports.

import { byId } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";

/** @param {{vehicles: number, books: number}} done */
export const doneWords = ({ vehicles, books }) => [count("vehicles", vehicles), count("passports", books)];

/** Beside the vehicles that have just left. @param {LaneState} state */
export function showToday({ pace }) {
  const [vehicles, books] = pace ? doneWords(pace.day) : [];
  byId("pace").textContent = pace ? text("pace_today", { vehicles, books }) : "";
}
