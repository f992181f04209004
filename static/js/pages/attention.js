// Entry module. The page of what needs attention: when a count changes the page is read again, and only what it shows is
// replaced. The server draws it, so that it is the same with and without scripts.

import { followAttention } from "../lib/attention.js";
import { byId } from "../lib/dom.js";
import { LONGEST_MS } from "../lib/patience.js";

class AttentionPage {
  #isReading = false;
  /** @type {Record<string, number>} */
  #newest = {};

  start() {
    followAttention(({ kinds }) => {
      this.#newest = Object.fromEntries(kinds.map(({ kind, count }) => [kind, count]));
      this.#readIfChanged();
    });
  }

  /** The server's next state tries again what was lost. */
  async #readIfChanged() {
    if (this.#isReading || !this.#isChanged()) return;
    this.#isReading = true;
    try {
      const options = { cache: "no-store", signal: AbortSignal.timeout(LONGEST_MS) };
      const answer = await fetch(location.href, /** @type {RequestInit} */ (options));
      if (answer.ok && !answer.redirected) show(await answer.text());
    } catch {
      // no answer: the list stays as it is, and the badge shows the number
    } finally {
      this.#isReading = false;
    }
  }

  #isChanged() {
    const shown = JSON.parse(byId("attention").dataset.shown ?? "{}");
    return Object.entries(this.#newest).some(([kind, count]) => shown[kind] !== count);
  }
}

/** Put the list of this page in the place of the shown one; who stood on a link or button stands there again. @param {string} page */
function show(page) {
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById("attention");
  const shown = byId("attention");
  if (!fresh) return;
  const name = shown.contains(document.activeElement) && nameOf(document.activeElement);
  shown.replaceWith(document.adoptNode(fresh));
  if (!name) return;
  const again = [...fresh.querySelectorAll("a, button")].find((element) => nameOf(element) === name);
  if (again instanceof HTMLElement) again.focus();
}

/** @param {Element | null} element */
const nameOf = (element) => element?.getAttribute("aria-label") ?? element?.getAttribute("href") ?? "";

new AttentionPage().start();
