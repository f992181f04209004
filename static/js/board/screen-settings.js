// What the office has set remotely for this screen: its place, its loudspeaker, a sound test. Only enrolled displays
// receive it.

import { connect } from "../lib/connection.js";

/** @typedef {{office?: string, lane?: number | null, site?: string}} Place of the page */
/**
 * @typedef {object} SettingsOptions
 * @property {(settings: ScreenSettings) => void} onSettings now and at each change
 * @property {() => void} onTest a test was requested while the page is open
 */

/**
 * @param {Place} place
 * @param {SettingsOptions} options
 */
export function followSettings(place, { onSettings, onTest }) {
  /** @type {ScreenSettings | null} */
  let known = null;

  /** @param {ScreenSettings} settings */
  function onState(settings) {
    if (isElsewhere(settings, known, place)) return location.reload(); // the server knows the way to its new place
    onSettings(settings);
    if (known && settings.tested_at && settings.tested_at !== known.tested_at) onTest();
    known = settings;
  }
  connect({ namespace: "/screen", auth: place, onState });
}

/**
 * Whether the screen was moved. The screen of a whole office may show a part of it, as long as nobody has moved it.
 * @param {ScreenSettings} settings
 * @param {ScreenSettings | null} known
 * @param {Place} place
 */
function isElsewhere({ lane, site }, known, place) {
  if (known !== null && (known.lane !== lane || known.site !== site)) return true;
  return lane ? lane !== place.lane : Boolean(site) && site !== place.site;
}
