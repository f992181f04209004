// A tablet stands at one lane: the choice is remembered, and one lane needs no choice. `?choose` asks again.

const REMEMBERED = "ampera.lane";
const links = [...document.querySelectorAll("[data-lanes] [data-lane]")];
const isAsked = new URLSearchParams(location.search).has("choose");
const known =
  links.length === 1 ? links[0] : links.find((link) => link.dataset.lane === localStorage.getItem(REMEMBERED));

for (const link of links) link.addEventListener("click", () => localStorage.setItem(REMEMBERED, link.dataset.lane));
if (known && !isAsked) location.replace(known.href);
