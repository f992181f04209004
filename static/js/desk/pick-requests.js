// Sending an act of the desk. Nothing looks done before the server has answered; what is unanswered can be sent again,
// because the same act of the same person changes nothing twice.

import { icon, make } from "../lib/dom.js";
import { NetworkLost, post } from "../lib/http.js";
import { text } from "../lib/messages.js";

const MOST = 200; // books of one request
const told = document.getElementById("messages");

/** Send `act` for these books. Resolves to the ids that were moved; refusals and lost answers are told on the page. */
export async function send(act, ids, place) {
  told.replaceChildren();
  const done = [];
  try {
    for (let from = 0; from < ids.length; from += MOST) {
      const body = { act, passport_ids: ids.slice(from, from + MOST), ...place };
      const { ok, body: answer } = await post("/api/v1/desk/picks", body);
      if (ok) done.push(...answer.picks.map((book) => book.passport_id));
      tell(ok ? answer.refused : (answer?.error?.refused ?? []), ok ? null : answer?.error?.message);
    }
  } catch (error) {
    if (!(error instanceof NetworkLost)) throw error;
    say("wait", text("unsent"));
  }
  return done;
}

function tell(refused, whole) {
  for (const { holder_name: name, by, message, code } of refused) {
    if (code === "taken_by_other" && by) say("stop", text("taken_by", { name, by }));
    else say("stop", text("refused", { name, message: message ?? whole ?? "" }));
  }
  if (whole !== null && !refused.length) say("stop", whole ?? text("unread"));
}

function say(tone, words) {
  const banner = make("div", { class: `banner banner--${tone}`, role: "alert" }, icon(tone), make("div", {}, words));
  told.append(banner);
  banner.scrollIntoView({ block: "nearest" });
}
