// Who left this lane last; one who did not come, or was sent inside, can come back with the same number.

import { dateTime } from "../lib/clock.js";
import { icon, make } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { renew } from "./replace-keeping-focus.js";
import { place } from "./tablet-point.js";

const $ = (id) => document.getElementById(id);

/** `onReturn(visit)`. Returns {show(state), lost(bool)}. */
export function recentList({ onReturn }) {
  let shown = "";
  let isLost = false;

  function row(visit) {
    const at = dateTime(visit.at, place.timezone).split(", ")[1];
    return make(
      "li",
      { "data-queue-no": visit.queue_no, "data-state": visit.state },
      make("b", { class: "num" }, visit.queue_no),
      make("span", {}, `${text(visit.state)} · ${at}`),
      visit.may_return && back(visit),
    );
  }
  function back(visit) {
    return make(
      "button",
      { class: "button button--lane", type: "button", "data-visit": visit.id, click: () => onReturn(visit) },
      icon("undo"),
      make("span", {}, text("return_one"), make("span", { class: "visually-hidden" }, ` ${visit.queue_no}`)),
    );
  }
  function lost(isSo) {
    isLost = isSo;
    for (const button of $("recent").querySelectorAll("button")) button.disabled = isSo;
  }

  return {
    show({ recent }) {
      if (JSON.stringify(recent) === shown) return;
      shown = JSON.stringify(recent);
      $("recent").hidden = recent.length === 0;
      renew($("recent").querySelector("ul"), recent.map(row));
      lost(isLost);
    },
    lost,
  };
}
