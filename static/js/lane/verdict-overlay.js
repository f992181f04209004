// What fills the camera's zone: the camera itself, or a verdict over it while scanning goes on behind. A verdict that
// the server cannot confirm any more turns grey at once.

const $ = (id) => document.getElementById(id);

let covering = null;
let isGrey = false;

/** Put a verdict over the camera; focus moves to its primary act only when `isTyped`. */
export function cover(element, { isTyped = false } = {}) {
  covering?.remove();
  covering = element;
  $("scanner-zone").append(element);
  $("scanner-panel").inert = true;
  paint();
  $("scanner-zone").scrollIntoView({ block: "nearest" });
  if (isTyped) element.querySelector(".button--primary")?.focus();
}

/** The camera again; `focus` puts the cursor into the field for typing. */
export function uncover({ focus = false } = {}) {
  covering?.remove();
  covering = null;
  $("scanner-panel").inert = false;
  if (focus) $("code").focus();
}

/** While the link is lost nothing on the screen may look like permission. */
export function grey(isSo) {
  isGrey = isSo;
  paint();
}

/** Acts that write wait: for the link, or for the answer to the one under way. */
export function busy(isSo) {
  for (const button of covering?.querySelectorAll("[data-writes]") ?? []) button.disabled = isSo || isGrey;
}

function paint() {
  covering?.classList.toggle("verdict--grey", isGrey);
  busy(false);
}
