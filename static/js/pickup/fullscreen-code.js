// "Show to the officer": only the code on white, on the full screen where the browser allows it, with the screen kept awake.
// The link ?show=1 opens the same without scripts.

import { byId, select } from "../lib/dom.js";
import { keepAwake } from "../lib/wake-lock.js";

const SHOWING = "is-showing";

export class FullscreenCode {
  #box = byId("fullscreen-code");
  #close = select("[data-hide]", this.#box);
  /** @type {HTMLElement | null} gets the focus back */
  #opener = null;
  #isAwake = false;

  constructor() {
    document.addEventListener("click", (event) => this.#onClick(event));
    this.#close.addEventListener("click", (event) => {
      event.preventDefault();
      this.hide();
    });
    addEventListener("keydown", ({ key }) => key === "Escape" && this.hide());
    document.addEventListener("fullscreenchange", () => document.fullscreenElement || this.hide());
    if (isShown() || new URLSearchParams(location.search).has("show")) this.#show();
  }

  /** Also when a call comes: the lane to drive to is more urgent then. */
  hide() {
    if (!isShown()) return;
    document.body.classList.remove(SHOWING);
    const focus = () => (this.#opener ?? select("[data-show]")).focus();
    if (document.fullscreenElement) document.exitFullscreen().then(focus, focus);
    else focus();
  }

  /** @param {MouseEvent} event */
  #onClick(event) {
    const opener = event.target instanceof Element ? event.target.closest("[data-show]") : null;
    if (!(opener instanceof HTMLElement)) return;
    event.preventDefault();
    this.#opener = opener;
    this.#show();
    this.#box.requestFullscreen?.({ navigationUI: "hide" })?.catch(() => {}); // then it fills the window
  }

  #show() {
    document.body.classList.add(SHOWING);
    if (!this.#box.querySelector("img")) this.#box.append(...codeOfPage());
    this.#close.focus();
    if (!this.#isAwake) keepAwake();
    this.#isAwake = true;
  }
}

/** Copies of the page's own picture and code. */
function codeOfPage() {
  const picture = /** @type {HTMLElement} */ (select("#qr img").cloneNode());
  picture.className = "fullscreen-code__qr";
  return [picture, select(".applicant-page .applicant-page__code").cloneNode(true)];
}

const isShown = () => document.body.classList.contains(SHOWING);
