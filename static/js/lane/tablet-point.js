// Where this tablet stands: lane, window and point (gate, window or both), and what the office has set. It is remembered,
// so that `/lane` opens it again.

const page = document.getElementById("main").dataset;

export const settings = JSON.parse(document.getElementById("lane-settings").textContent);

export const place = {
  lane: Number(page.lane),
  kind: page.laneKind,
  window: Number(page.window) || null,
  isGate: page.point === "gate",
  isWindow: page.point === "window",
  timezone: page.timezone,
};

/** What every move tells the server of this place. */
export const here = { lane: place.lane, ...(place.window && { window: place.window }) };

/** Whether there is another lane or window to hand a vehicle on to. */
export const hasElsewhere = settings.lanes.length > 1 || settings.lanes[0].windows > 1;

/** Whether a lane of this tablet's kind takes the vehicle. */
export const takes = ({ kind }) => place.kind === "mixed" || kind === place.kind;

localStorage.setItem("ampera.point", page.remembered);
