// Finding and making elements. Nothing is built from markup in strings: what a person or the server wrote is always text
// here, never HTML.

const SPRITE = new URL("../../img/icons.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | number | null | undefined | false} Child */
/** @typedef {string | number | boolean | null | undefined | ((event: any) => unknown)} Attribute */

/**
 * The element with this id, which the page must have. `type` is the element's class where more than HTMLElement is needed.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  return checked(document.getElementById(id), type, `#${id}`);
}

/**
 * The first match below `root`, which must exist.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @param {new () => T} [type]
 * @returns {T}
 */
export function select(selector, root = document, type) {
  return checked(root.querySelector(selector), type, selector);
}

/**
 * All matches below `root`.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} selector
 * @param {ParentNode} [root]
 * @param {new () => T} [type]
 * @returns {T[]}
 */
export function selectAll(selector, root = document, type) {
  return [...root.querySelectorAll(selector)].map((element) => checked(element, type, selector));
}

/**
 * The field of a form with this name: an input, a select, or the group of its radio buttons.
 * @template [T=HTMLInputElement]
 * @param {HTMLFormElement} form
 * @param {string} name
 * @returns {T}
 */
export function fieldOf(form, name) {
  return /** @type {T} */ (form.elements.namedItem(name));
}

/**
 * @template {HTMLElement} T
 * @param {Element | null} element
 * @param {(new () => T) | undefined} type
 * @param {string} name
 * @returns {T}
 */
function checked(element, type, name) {
  if (!(element instanceof (type ?? HTMLElement))) throw new Error(`The page has no ${name}`);
  return /** @type {T} */ (element);
}

/**
 * A new element: `make("p", {class: "meta", hidden: false}, "text", child, null)`. Functions become listeners.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, Attribute>} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, String(value));
  }
  for (const child of children) {
    if (child != null && child !== false) element.append(child instanceof Node ? child : String(child));
  }
  return element;
}

/**
 * An icon of the sprite. It is decoration: always put a word beside it.
 * @param {string} name
 */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("focusable", "false");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${SPRITE}#${name}`);
  svg.append(use);
  return svg;
}

/**
 * A state as shape and word.
 * @param {Tone} tone
 * @param {string} word
 */
export function state(tone, word) {
  return make("span", { class: `state state--${tone}` }, icon(tone), word);
}

/**
 * Mark a field as wrong or right, for the eye (class `input--wrong`) and for screen readers.
 * @param {HTMLElement} field
 * @param {boolean} isWrong
 */
export function markWrong(field, isWrong) {
  field.classList.toggle("input--wrong", isWrong);
  if (isWrong) field.setAttribute("aria-invalid", "true");
  else field.removeAttribute("aria-invalid");
}

/**
 * A copy of the only element in `<template id=…>`.
 * @param {string} id
 */
export function copyOf(id) {
  const { firstElementChild } = byId(id, HTMLTemplateElement).content;
  return /** @type {HTMLElement} */ (firstElementChild?.cloneNode(true));
}

/**
 * The `[data-slot]` elements under `element`, by name. They are not typed further: the template decides what they are.
 * @param {ParentNode} element
 * @returns {Record<string, any>}
 */
export function slots(element) {
  return Object.fromEntries(selectAll("[data-slot]", element).map((slot) => [slot.dataset.slot, slot]));
}
