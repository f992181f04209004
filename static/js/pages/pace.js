// Entry module. The pace of all lanes and officers for supervisors: pushed at each change, with the clocks of the vehicles that
// are served now. Without a connection the page says how old it is and greys.

import { age, duration, timeOfDay } from "../lib/clock.js";
import { AGE_SHOWN_S, connect } from "../lib/connection.js";
import { byId, icon, make, select, selectAll, state } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { serviceClock } from "../lib/service-clock.js";

const COLUMNS = 5;

class PacePage {
  #body = select("tbody", byId("pace"));
  #shown = "";
  /** @type {{place: HTMLElement, service: OfficerPace["serving"][number]}[]} */
  #clocks = [];
  #timezone = byId("pace").dataset.timezone;
  #target = { first: 0, further: 0 };

  start() {
    connect({
      namespace: "/pace",
      path: "/api/v1/pace",
      onState: (state) => this.#show(state),
      onAge: (seconds, isStale) => this.#showConnection(seconds, isStale),
    });
    setInterval(() => this.#tick(), 1000);
  }

  /** @param {PaceState} state */
  #show({ lanes, target_s: first, target_book_s: further }) {
    const key = JSON.stringify(lanes);
    this.#target = { first, further };
    if (key === this.#shown) return;
    this.#shown = key;
    this.#clocks = [];
    this.#body.replaceChildren(...lanes.flatMap((lane) => this.#rowsOf(lane)));
    this.#tick();
  }

  /** @param {LanePace} lane */
  #rowsOf({ lane, name, site, open, officers, check }) {
    const isNamed = name && name !== text("lane", { lane });
    const head = make(
      "th",
      { scope: "rowgroup", colspan: COLUMNS, "data-lane": lane },
      text("lane", { lane }),
      isNamed && ` · ${name}`,
      site && ` · ${site}`,
      " ",
      open ? state("go", text("open")) : state("neutral", text("closed")),
      make(
        "small",
        { class: "pace__check" },
        checkWords(check, this.#timezone),
        " ",
        make("a", { href: `/lane/check?lane=${lane}` }, text("check_now", { lane })),
      ),
    );
    const nobody = make("tr", {}, make("td", { colspan: COLUMNS }, text("nobody")));
    return [
      make("tr", { class: "pace__lane" }, head),
      ...officers.map((one) => this.#row(one)),
      !officers.length && nobody,
    ].filter((row) => row !== false);
  }

  /** @param {OfficerPace} pace */
  #row({ officer, hour, day, service_s: seconds, serving }) {
    return make(
      "tr",
      { "data-officer": officer },
      make("td", {}, make("b", {}, officer)),
      make("td", { class: "num" }, ...serving.map((service) => this.#clock(service)), !serving.length && text("free")),
      figures(hour, "in_hour"),
      figures(day, "in_day"),
      make("td", { class: "num" }, seconds === null ? "–" : duration(seconds), label("median")),
    );
  }

  /** @param {OfficerPace["serving"][number]} service */
  #clock(service) {
    const place = make("span", { class: "pace__clock" });
    this.#clocks.push({ place, service });
    const where = service.window && make("small", {}, text("window", { n: service.window }));
    return make("div", { class: "pace__now" }, make("b", {}, service.queue_no), where, place);
  }

  #tick() {
    for (const { place, service } of this.#clocks) place.replaceChildren(...serviceClock(service, this.#target));
  }

  /**
   * @param {number} seconds
   * @param {boolean} isStale
   */
  #showConnection(seconds, isStale) {
    const words = text(seconds < AGE_SHOWN_S ? "live" : isStale ? "unlit" : "aged", { age: age(seconds) });
    const light = byId("signal");
    if (light.textContent === words) return;
    light.classList.toggle("signal--lost", isStale);
    light.setAttribute("aria-live", seconds % 10 === 0 ? "polite" : "off"); // not every second aloud
    light.replaceChildren(icon(isStale ? "nolink" : "link"), words);
    byId("pace").classList.toggle("is-stale", isStale);
    for (const table of selectAll("table", byId("pace"))) table.setAttribute("aria-busy", String(isStale));
  }
}

/**
 * The newest opening check of today.
 * @param {LanePace["check"]} check
 * @param {string} [timezone]
 */
function checkWords(check, timezone) {
  if (!check) return text("unchecked");
  const values = { time: timeOfDay(check.at, timezone).slice(0, 5), by: check.by };
  const names = (/** @type {string[]} */ parts) => parts.map((part) => text(`part_${part}`)).join(", ");
  return [
    text("checked", values),
    check.failed.length ? text("check_failed", { parts: names(check.failed) }) : text("check_works"),
    check.untried.length && text("check_untried", { parts: names(check.untried) }),
  ]
    .filter(Boolean)
    .join(" ");
}

/**
 * @param {{vehicles: number, books: number}} done
 * @param {string} key of the label that a phone shows
 */
function figures({ vehicles, books }, key) {
  return make("td", { class: "num" }, `${count("vehicles", vehicles)}, ${count("passports", books)}`, label(key));
}

/** A phone shows no heads of columns. @param {string} key */
const label = (key) => make("small", { class: "pace__label" }, ` ${text(key)}`);

new PacePage().start();
