// Entry module of every page in whose head the reader finds what needs attention: the number there, and in the title of the
// tab, so that it is seen from another one.

import { followAttention } from "../lib/attention.js";
import { byId } from "../lib/dom.js";

const MOST = 999;
const COUNTED = /^\(\d+\+?\) /; // how the title begins with a number

const badge = byId("attention-count");

followAttention(({ total }) => {
  const shown = total > MOST ? `${MOST}+` : String(total);
  badge.hidden = total === 0;
  if (badge.textContent !== shown) badge.textContent = shown;
  const title = document.title.replace(COUNTED, "");
  document.title = total ? `(${shown}) ${title}` : title;
});
