// A tablet stands at one point: the choice is remembered, and a single point needs no choice. `?choose` asks again.

const REMEMBERED = "ampera.point";
const links = [...document.querySelectorAll("[data-lanes] [data-point]")];
const isAsked = new URLSearchParams(location.search).has("choose");
const known =
  links.length === 1 ? links[0] : links.find((link) => link.dataset.point === localStorage.getItem(REMEMBERED));

for (const link of links) link.addEventListener("click", () => localStorage.setItem(REMEMBERED, link.dataset.point));
if (known && !isAsked) location.replace(known.href);
