// Entry module. A tablet is used at one point: the choice is remembered, and a single point needs no choice. `?choose` asks
// again.

import { selectAll } from "../lib/dom.js";

const REMEMBERED_KEY = "ampera.point";

const links = selectAll("[data-lanes] [data-point]", document, HTMLAnchorElement);
const mustAsk = new URLSearchParams(location.search).has("choose");
const remembered = localStorage.getItem(REMEMBERED_KEY);
const known = links.length === 1 ? links[0] : links.find((link) => link.dataset.point === remembered);

for (const link of links)
  link.addEventListener("click", () => localStorage.setItem(REMEMBERED_KEY, link.dataset.point ?? ""));
if (known && !mustAsk) location.replace(known.href);
