// The one open window of this tablet: the page opens, updates and closes it.

import { listenToWedge } from "../lib/wedge.js";
import { VisitWindow } from "./visit-window.js";

/** @typedef {import("./visit-window.js").WindowOptions} WindowOptions */

/** @type {VisitWindow | null} */
let opened = null;
let isWedgeOn = false;

/**
 * @param {HTMLElement} root
 * @param {WindowOptions} options
 */
export function openWindow(root, options) {
  if (!isWedgeOn)
    listenToWedge({
      onCode: (code) => opened?.scans.take(code),
      onBook: (zone) => opened?.scans.swipe(zone),
      isActive: () => opened !== null,
    });
  isWedgeOn = true;
  closeWindow();
  opened = new VisitWindow(root, options, closeWindow);
}

/**
 * The lane's state came: the books of the visit may have moved, or another officer has taken the visit over.
 * @param {LaneState} state
 */
export function updateWindow(state) {
  opened?.learn(state);
}

/** A supervisor has decided about a vehicle. @param {SupervisorCall} call */
export function notifyDecision(call) {
  opened?.decided(call);
}

/** Whether undoing a move may close the window. */
export const mayUndo = () => opened?.mayUndo ?? true;

export function closeWindow() {
  opened?.close();
  opened = null;
}
