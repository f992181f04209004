// What the office has set for this screen from afar: its place, its loudspeaker, a test. Only enrolled displays hear it.

import { connect } from "../lib/connection.js";

/**
 * `place` = {office, lane, site} of the page. `onSettings({speaks, volume})` now and at each change,
 * `onTest()` when somebody asks to hear it while the page is open.
 */
export function followSettings(place, { onSettings, onTest }) {
  let known = null;

  function take(settings) {
    if (isElsewhere(settings)) return location.reload(); // the server knows the way to its new place
    onSettings(settings);
    if (known && settings.tested_at && settings.tested_at !== known.tested_at) onTest();
    known = settings;
  }
  /** The screen of a whole office may show a part of it, as long as nobody has moved it. */
  function isElsewhere({ lane, site }) {
    if (known !== null && (known.lane !== lane || known.site !== site)) return true;
    return lane ? lane !== place.lane : Boolean(site) && site !== place.site;
  }
  connect({ namespace: "/screen", auth: place, onState: take });
}
