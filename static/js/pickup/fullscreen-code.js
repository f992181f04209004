// "Show to the officer": nothing but the code on white, on the whole screen where the browser allows it, and awake.
// The link ?show=1 opens the same without scripts.

import { keepAwake } from "../lib/wake-lock.js";

const SHOWING = "is-showing";

const place = document.getElementById("fullscreen-code");
const close = place.querySelector("[data-hide]");
let opener = null; // gets the focus back
let isAwake = false;

document.addEventListener("click", (event) => {
  const wish = event.target.closest("[data-show]");
  if (!wish) return;
  event.preventDefault();
  opener = wish;
  begin();
  const isAsked = place.requestFullscreen && place.requestFullscreen({ navigationUI: "hide" });
  if (isAsked) isAsked.catch(() => {}); // then it fills the window
});
close.addEventListener("click", (event) => {
  event.preventDefault();
  hideCode();
});
addEventListener("keydown", ({ key }) => key === "Escape" && hideCode());
document.addEventListener("fullscreenchange", () => document.fullscreenElement || hideCode());
if (isShown() || new URLSearchParams(location.search).has("show")) begin();

/** Also when a call comes: where to drive is more urgent then. */
export function hideCode() {
  if (!isShown()) return;
  document.body.classList.remove(SHOWING);
  if (document.fullscreenElement) document.exitFullscreen().then(focusBack, focusBack);
  else focusBack();
}

/** The page's own picture and code. */
function copies() {
  const picture = document.querySelector("#qr img").cloneNode();
  picture.className = "fullscreen-code__qr";
  return [picture, document.querySelector(".applicant-page .applicant-page__code").cloneNode(true)];
}

function focusBack() {
  (opener || document.querySelector("[data-show]")).focus();
}

function isShown() {
  return document.body.classList.contains(SHOWING);
}

function begin() {
  document.body.classList.add(SHOWING);
  if (!place.querySelector("img")) place.append(...copies());
  close.focus();
  if (!isAwake) keepAwake();
  isAwake = true;
}
