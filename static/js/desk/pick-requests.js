// Sending an act of the desk. Nothing looks done before the server has answered. An unanswered act can be sent again, because
// the same act of the same person changes nothing twice.

import { byId, icon, make } from "../lib/dom.js";
import { NetworkLost, post } from "../lib/http.js";
import { text } from "../lib/messages.js";

const MAX_BOOKS = 200; // of one request

/** @typedef {{holder_name: string, by?: string, message?: string, code: string}} RefusedBook */

/**
 * Send `act` for these books. Resolves to the ids of the moved books; refusals and lost answers are shown on the page.
 * @param {string} act
 * @param {number[]} ids
 * @param {{lane?: number, window?: number}} place where the books are brought
 */
export async function sendPicks(act, ids, place) {
  byId("messages").replaceChildren();
  /** @type {number[]} */
  const moved = [];
  try {
    for (let from = 0; from < ids.length; from += MAX_BOOKS) {
      const body = { act, passport_ids: ids.slice(from, from + MAX_BOOKS), ...place };
      const { ok, body: answer } = await post("/api/v1/desk/picks", body);
      if (ok) moved.push(...answer.picks.map((/** @type {PickBook} */ book) => book.passport_id));
      showRefusals(ok ? answer.refused : (answer?.error?.refused ?? []), ok ? null : answer?.error?.message);
    }
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    showMessage("wait", text("unsent"));
  }
  return moved;
}

/**
 * @param {RefusedBook[]} refused
 * @param {string | null | undefined} whole the sentence of a request that was refused as a whole, null when it was not
 */
function showRefusals(refused, whole) {
  for (const { holder_name: name, by, message, code } of refused) {
    if (code === "taken_by_other" && by) showMessage("stop", text("taken_by", { name, by }));
    else showMessage("stop", text("refused", { name, message: message ?? whole ?? "" }));
  }
  if (whole !== null && !refused.length) showMessage("stop", whole ?? text("unread"));
}

/**
 * @param {Tone} tone
 * @param {string} words
 */
function showMessage(tone, words) {
  const banner = make("div", { class: `banner banner--${tone}`, role: "alert" }, icon(tone), make("div", {}, words));
  byId("messages").append(banner);
  banner.scrollIntoView({ block: "nearest" });
}
