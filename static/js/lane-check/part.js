// One part of the opening check: its state as shape and word, what to do after a failure, and the question to the officer.

import { select, slots, state } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @typedef {"untried" | "trying" | "works" | "failed" | "unused"} Result */
/** @type {Record<Result, Tone>} */
const TONES = { untried: "neutral", trying: "wait", works: "go", failed: "stop", unused: "neutral" };

export class Part {
  name;
  element;
  #slot;
  #onChange;
  /** @type {Result} */
  #result = "untried";

  /**
   * @param {string} name
   * @param {{onChange: () => void, onTry: (part: Part) => unknown, onStop?: () => void}} options `onStop` when the officer has
   *   answered, or uses no such thing
   */
  constructor(name, { onChange, onTry, onStop = () => {} }) {
    this.name = name;
    this.element = select(`[data-part="${name}"]`);
    this.#slot = slots(this.element);
    this.#onChange = onChange;
    this.#slot.try.addEventListener("click", () => onTry(this));
    this.#answer("yes", () => this.end("works"), onStop);
    this.#answer("no", () => this.end("failed", `${name}_no`), onStop);
    this.#answer("unused", () => this.end("unused"), onStop);
  }

  get result() {
    return this.#result;
  }

  /** It is being tried. @param {string} [key] of a sentence */
  begin(key) {
    this.#show("trying", key);
  }

  /** The officer answers now: works, or not. @param {string} [key] of a sentence */
  ask(key) {
    this.#show("trying", key);
    this.#slot.question.hidden = false;
  }

  /**
   * @param {Result} result
   * @param {string} [key] of what to do
   * @param {Values} [values]
   */
  end(result, key, values) {
    if (this.#slot.question) this.#slot.question.hidden = true;
    this.#show(result, key, values);
    if (!this.element.contains(document.activeElement)) return;
    if (document.activeElement instanceof HTMLElement && document.activeElement.offsetParent === null)
      this.#slot.try.focus();
  }

  /**
   * @param {string} name
   * @param {() => void} act
   * @param {() => void} onStop
   */
  #answer(name, act, onStop) {
    this.#slot[name]?.addEventListener("click", () => {
      this.#slot.try.focus(); // the pressed button is about to disappear
      onStop();
      act();
    });
  }

  /**
   * @param {Result} result
   * @param {string} [key]
   * @param {Values} [values]
   */
  #show(result, key, values) {
    this.#result = result;
    this.element.dataset.result = result;
    this.#slot.state.replaceChildren(state(TONES[result], text(result)));
    this.#slot.advice.textContent = key ? text(key, values) : "";
    this.#slot.advice.hidden = !key;
    this.#onChange();
  }
}
