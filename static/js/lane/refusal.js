// The sentence of a refused act, on the page of the lane and outside of every card.

import { select, selectAll } from "../lib/dom.js";

/** Show the sentence of a refusal; "" hides it. @param {string} sentence */
export function showRefusal(sentence) {
  for (const refusal of selectAll("[data-refusal]")) {
    refusal.hidden = !sentence;
    select("[data-word]", refusal).textContent = sentence;
  }
}
