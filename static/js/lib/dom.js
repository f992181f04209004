// Elements without markup in strings: what a person or the server wrote is always text here, never HTML.

const SPRITE = new URL("../../img/icons.svg", import.meta.url).pathname;
const SVG = "http://www.w3.org/2000/svg";

/** A new element: `make("p", {class: "meta", hidden: false}, "text", child, null)`. Functions become listeners. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children.filter((child) => child != null && child !== false));
  return element;
}

/** An icon of the sprite; decoration, so always put a word beside it. */
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

/** State as shape + word: tone is go, wait, stop or neutral. */
export function state(tone, word) {
  return make("span", { class: `state state--${tone}` }, icon(tone), word);
}

/** A copy of the one element in `<template id=…>`. */
export function copyOf(id) {
  return document.getElementById(id).content.firstElementChild.cloneNode(true);
}

/** The `[data-slot]` elements under `element`, by name. */
export function slots(element) {
  return Object.fromEntries([...element.querySelectorAll("[data-slot]")].map((slot) => [slot.dataset.slot, slot]));
}
