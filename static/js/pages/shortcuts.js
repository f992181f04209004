// Entry module of every staff page with a masthead: `/` goes to the search for passports, `?` shows the keys. Both can be
// switched off in this browser. A scanner types fast: a key with a neighbour was not pressed by a person.

import { byId, select } from "../lib/dom.js";

const ALONE_MS = 120; // between two keys of a person
const OFF = "shortcuts-off";
const TEXT =
  "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";

class Shortcuts {
  #dialog = byId("keys", HTMLDialogElement);
  #isOn = byId("keys-on", HTMLInputElement);
  #pressedAt = Number.NEGATIVE_INFINITY;
  /** @type {number | undefined} */
  #timer;

  start() {
    this.#isOn.checked = localStorage.getItem(OFF) === null;
    this.#isOn.addEventListener("change", () => {
      if (this.#isOn.checked) localStorage.removeItem(OFF);
      else localStorage.setItem(OFF, "1");
    });
    document.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    clearTimeout(this.#timer);
    const isAlone = event.timeStamp - this.#pressedAt >= ALONE_MS;
    if (event.key.length === 1) this.#pressedAt = event.timeStamp;
    const act = { "/": () => this.#search(), "?": () => this.#show() }[event.key];
    if (!act || !isAlone || !this.#isFree(event)) return;
    event.preventDefault(); // a browser searches the page for what follows a slash
    this.#timer = setTimeout(act, ALONE_MS);
  }

  /** @param {KeyboardEvent} event */
  #isFree(event) {
    const isTyped = event.target instanceof Element && event.target.closest(TEXT) !== null;
    const isChord = event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat;
    const hasDialog = document.querySelector("dialog[open]") !== null;
    return this.#isOn.checked && !isTyped && !isChord && !hasDialog && !event.defaultPrevented;
  }

  #search() {
    const { search } = this.#dialog.dataset;
    const box = document.querySelector("#find [name=q]");
    if (box instanceof HTMLInputElement) box.select();
    else if (search) location.assign(search);
  }

  #show() {
    this.#dialog.showModal();
    select("h2", this.#dialog).focus();
  }
}

new Shortcuts().start();
