// Who was announced for the books of this form, as the applicant said it beforehand. It chooses nothing by itself: one tap
// takes the name over into its field, and the card in hand decides.

import { icon, make } from "../lib/dom.js";
import { text } from "../lib/messages.js";

const ICONS = { self: "user", family: "family", proxy: "proxy" };

/** Fill `place` with each announcement once; `onUse(name)` after a tap. Returns {offer(bool)}: whether names can be used. */
export function announcedNames(place, books, onUse) {
  const said = new Map(
    books.filter(({ announced }) => announced).map((book) => [sentence(book.announced), book.announced]),
  );
  const buttons = [];
  place.replaceChildren(
    ...[...said].map(([words, { class: kind, name }]) => {
      const use =
        name &&
        make("button", { class: "button button--lane", type: "button", "data-use-name": true }, text("use_name"));
      if (use) {
        use.addEventListener("click", () => onUse(name));
        buttons.push(use);
      }
      return make("div", { class: "announced" }, icon(ICONS[kind]), make("p", {}, words), use || null);
    }),
  );
  place.hidden = said.size === 0;
  return {
    offer(isSo) {
      for (const button of buttons) button.hidden = !isSo;
    },
  };
}

function sentence({ class: kind, name, relation }) {
  if (kind === "self") return text("announced_self");
  const values = { who: text(`announced_${kind}`), name, relation };
  return relation ? text("announced_related", values) : text("announced_named", values);
}
