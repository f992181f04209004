// Entry module. The desk: search, and the books on their way from the shelf to the windows, live. The lists follow the
// server alone; this page only knows what is ticked.

import { button, showCarried, showMissing, showReturns, showVehicles, showWalk } from "../desk/lists.js";
import { sendPicks } from "../desk/pick-requests.js";
import { BookSearch } from "../desk/search.js";
import { TickList } from "../desk/tick-list.js";
import { age, secondsSince } from "../lib/clock.js";
import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { byId, fieldOf, icon, make, selectAll } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { play, playWith, unlockOnGesture } from "../lib/sounds.js";
import { vibrate } from "../lib/vibration.js";
import { listenToWedge } from "../lib/wedge.js";

/** @typedef {"fetch" | "carry" | "back"} ListName */
/** @typedef {import("../desk/lists.js").Pair} Pair */

class DeskPage {
  #staff = Number(byId("picks-part").dataset.staff);
  #isDesk = byId("picks-part").dataset.role !== "officer"; // an officer may not carry books
  /** @type {Record<ListName, HTMLFormElement | null>} */
  #forms = { fetch: formWithId("fetch"), carry: formWithId("carry"), back: formWithId("back") };
  /** @type {Record<ListName, TickList>} */
  #ticks = {
    fetch: new TickList(() => this.#showButtons()),
    carry: new TickList(() => this.#showButtons(), true),
    back: new TickList(() => this.#showButtons(), true),
  };
  /** @type {DeskState | null} */
  #state = null;
  #order = this.#forms.fetch ? fieldOf(this.#forms.fetch, "by").value || "walk" : "walk";
  #isBusy = false;
  #isLost = false;
  /** @type {number[] | null} the books that were missing in the previous state */
  #missing = null;
  /** @type {string | null} where this clerk chose to bring the carried books */
  #place = null;
  #connection = connect({
    namespace: "/desk",
    path: "/api/v1/desk/state",
    onState: (state) => this.#show(state),
    onAge: (seconds, isStale) => this.#showConnection(seconds, isStale),
  });

  start() {
    const search = new BookSearch();
    search.start();
    listenToWedge({
      onCode: (code) => search.find(code),
      onBook: (zone) => (zone ? search.find(zone.number) : search.refuse(text("swipe_damaged"))),
      isActive: () => true,
    });
    unlockOnGesture();
    playWith(vibrate);
    byId("signal").hidden = false;
    for (const id of ["carried", "returns", "missing"]) document.getElementById(id)?.replaceChildren();
    this.#listen();
  }

  #listen() {
    document.addEventListener("submit", (event) => this.#onSubmit(event));
    const { carry, fetch } = this.#forms;
    if (carry) this.#listenToPlace(carry);
    if (!this.#isDesk && fetch) placeOf(fetch)?.addEventListener("change", () => this.#showButtons());
    for (const box of selectAll("[data-all]", document, HTMLInputElement)) {
      const label = box.closest("label");
      if (label) label.hidden = false;
      box.addEventListener("change", () => fetch && this.#ticks.fetch.setAll(box.checked, fetch));
    }
    for (const link of selectAll("[data-by]"))
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.#setOrder(link);
      });
  }

  /** @param {HTMLFormElement} carry */
  #listenToPlace(carry) {
    const place = placeOf(carry);
    place?.addEventListener("change", () => {
      this.#place = place.value;
      this.#showButtons();
    });
  }

  /** @param {HTMLElement} link */
  #setOrder(link) {
    this.#order = link.dataset.by ?? "walk";
    for (const other of selectAll("[data-by]")) other.removeAttribute("aria-current");
    link.setAttribute("aria-current", "true");
    if (this.#state) this.#show(this.#state);
  }

  // --- the lists ---

  /** @param {DeskState} state */
  #show(state) {
    this.#state = state;
    const pairs = state.picks.flatMap((visit) => visit.books.map((book) => /** @type {Pair} */ ([visit, book])));
    const byBook = new Map(pairs.map((pair) => [pair[1].passport_id, pair]));
    const walk = state.walk.map((id) => byBook.get(id)).filter((pair) => pair !== undefined);
    const carried = pairs.filter(([, book]) => book.pick === "taken" && book.pick_staff_id === this.#staff);
    this.#ticks.fetch.limit(state.walk);
    this.#ticks.carry.limit(carried.map(([, book]) => book.passport_id));
    this.#ticks.back.limit(state.returns.map((book) => book.passport_id));
    this.#showFetch(state, walk);
    if (this.#isDesk) this.#showCarried(carried, walk.length);
    showReturns(byId("returns"), state.returns, this.#isDesk ? this.#ticks.back : null);
    byId("to-return").textContent = String(state.returns.length);
    byId("back").hidden = !state.returns.length;
    this.#showAlarm(state.missing);
    showAges();
    this.#showButtons();
  }

  /**
   * @param {DeskState} state
   * @param {Pair[]} walk
   */
  #showFetch(state, walk) {
    byId("to-fetch").textContent = String(walk.length);
    byId("fetch-bar").hidden = !walk.length;
    const isByVehicle = this.#order === "vehicle";
    const isEmpty = isByVehicle ? !state.picks.length : !walk.length;
    const list = listIn(byId("picks"), isEmpty ? "nothing" : this.#order);
    let rest = 0;
    if (!isEmpty && isByVehicle) rest = showVehicles(list, state.picks, this.#ticks.fetch);
    else if (!isEmpty) rest = showWalk(list, walk, this.#ticks.fetch);
    list.nextElementSibling?.remove();
    if (rest) list.after(make("p", { class: "meta" }, count("rest", rest)));
  }

  /**
   * @param {Pair[]} carried
   * @param {number} toFetch
   */
  #showCarried(carried, toFetch) {
    showCarried(byId("carried"), carried, this.#ticks.carry);
    byId("in-hand").textContent = String(carried.length);
    byId("empty-hands").hidden = carried.length > 0;
    byId("carry-bar").hidden = !carried.length;
    byId("carry").hidden = !carried.length && !toFetch;
    this.#proposePlace(carried);
  }

  /** @param {PickBook[]} missing */
  #showAlarm(missing) {
    byId("alarm").hidden = !missing.length;
    showMissing(byId("missing"), missing, this.#isDesk ? foundForm : null);
    const ids = missing.map((book) => book.passport_id);
    if (this.#missing && ids.some((id) => !this.#missing?.includes(id))) play("stop");
    this.#missing = ids;
  }

  /** The window of the first ticked book's vehicle, until the clerk chooses another. @param {Pair[]} carried */
  #proposePlace(carried) {
    if (!carried.length) this.#place = null;
    const [visit] = carried.find(([, book]) => this.#ticks.carry.has(book)) ?? [];
    const value = this.#place ?? (visit?.lane ? `${visit.lane}/${visit.window ?? 1}` : null);
    const place = this.#forms.carry && placeOf(this.#forms.carry);
    if (value && place && [...place.options].some((option) => option.value === value)) place.value = value;
  }

  // --- the buttons under the lists ---

  #showButtons() {
    for (const [name, form] of /** @type {[ListName, HTMLFormElement | null][]} */ (Object.entries(this.#forms))) {
      if (!form) continue;
      const ticks = this.#ticks[name];
      for (const element of selectAll("button[name=act]", form, HTMLButtonElement))
        this.#showButton(element, form, ticks.ids.length);
      for (const all of selectAll("[data-all]", form, HTMLInputElement)) all.checked = ticks.areAllTicked;
    }
    // a press that would do nothing must not look possible
    for (const element of selectAll("#missing button, [name=take_back]", document, HTMLButtonElement))
      element.disabled = this.#isBusy || this.#isLost;
  }

  /**
   * @param {HTMLButtonElement} element
   * @param {HTMLFormElement} form
   * @param {number} n ticked books
   */
  #showButton(element, form, n) {
    const key = !this.#isDesk && element.value === "hand" ? "bring" : element.value;
    const place = placeOf(form)?.selectedOptions[0]?.textContent?.trim().replace(/^\S+ /, "") ?? "";
    element.disabled = this.#isBusy || this.#isLost || !n;
    const isSending = this.#isBusy && element.dataset.pressed;
    const words = isSending ? text("sending") : n ? count(key, n, { place }) : text(`${key}_none`);
    if (element.lastElementChild) element.lastElementChild.textContent = words;
  }

  /** @param {SubmitEvent} event */
  #onSubmit(event) {
    const form = event.target instanceof Element ? event.target.closest("[data-act]") : null;
    if (!(form instanceof HTMLFormElement)) return;
    event.preventDefault();
    const pressed = event.submitter ?? form.querySelector("button[name=act]");
    if (pressed instanceof HTMLButtonElement) this.#send(form, pressed);
  }

  /**
   * @param {HTMLFormElement} form
   * @param {HTMLButtonElement} pressed
   */
  async #send(form, pressed) {
    if (this.#isBusy || this.#isLost || pressed.disabled) return;
    const names = /** @type {ListName[]} */ (Object.keys(this.#forms));
    const name = names.find((name) => this.#forms[name] === form);
    const isOneBook = pressed.name === "take_back"; // the button names its book
    const act = isOneBook ? pressed.name : pressed.value;
    const ids = isOneBook ? [Number(pressed.value)] : name ? this.#ticks[name].ids : [bookOf(form)];
    if (!ids.length) return;
    this.#isBusy = true;
    pressed.dataset.pressed = "yes";
    this.#showButtons();
    const moved = await sendPicks(act, ids, act === "hand" ? chosenPlace(form) : {});
    if (name) this.#ticks[name].untick(moved, form);
    form.querySelector("details[open]")?.removeAttribute("open");
    await this.#connection.refresh();
    delete pressed.dataset.pressed;
    this.#isBusy = false;
    this.#showButtons();
  }

  // --- the connection ---

  /**
   * @param {number} seconds
   * @param {boolean} isStale
   */
  #showConnection(seconds, isStale) {
    showAges();
    if (this.#isLost !== isStale) {
      this.#isLost = isStale;
      this.#showButtons();
    }
    byId("offline").hidden = !isStale;
    const advice = byId("offline").lastElementChild;
    if (advice) advice.textContent = isStale ? text("offline", { age: age(seconds) }) : "";
    const light = byId("signal");
    const words = text(seconds < AGE_SHOWN_S ? "live" : isStale ? "unlit" : "age", { age: age(seconds) });
    if (light.textContent === words) return;
    light.classList.toggle("signal--lost", isStale);
    light.setAttribute("aria-live", seconds % 10 === 0 ? "polite" : "off"); // not every second aloud
    light.replaceChildren(icon(isStale ? "nolink" : "link"), words);
  }
}

/** @param {string} id */
function formWithId(id) {
  const form = document.getElementById(id);
  return form instanceof HTMLFormElement ? form : null;
}

/**
 * Where the books of this form are brought.
 * @param {HTMLFormElement} form
 * @returns {HTMLSelectElement | null}
 */
const placeOf = (form) => fieldOf(form, "place");

/** The book of a form for one book. @param {HTMLFormElement} form */
const bookOf = (form) => Number(form.dataset.book ?? fieldOf(form, "passport_id").value);

/** @param {HTMLFormElement} form */
function chosenPlace(form) {
  const [lane, window] = (placeOf(form)?.value ?? "").split("/").map(Number);
  return { lane, window };
}

/**
 * The only list of this kind in the box; a list of another kind is removed.
 * @param {HTMLElement} box
 * @param {string} kind nothing, walk or vehicle
 */
function listIn(box, kind) {
  if (box.dataset.kind !== kind) {
    const walk = kind === "walk" ? make("ul", { class: "picks" }) : make("div", { class: "" });
    box.replaceChildren(kind === "nothing" ? make("p", { class: "nothing" }, text("empty")) : walk);
    box.dataset.kind = kind;
  }
  return /** @type {HTMLElement} */ (box.firstElementChild);
}

/** @param {PickBook} book */
const foundForm = (book) =>
  make("form", { "data-act": true, "data-book": book.passport_id }, button("found", "go", text("it_is_here")));

function showAges() {
  for (const waiting of selectAll("[data-since]"))
    waiting.textContent = text("waits", { age: age(secondsSince(waiting.dataset.since ?? "")) });
}

new DeskPage().start();
