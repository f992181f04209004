// Whether a verdict on the screen says something else than the server says now. Ages grow, and vehicles before
// it go, without making it untrue.

const PASSING = ["since_s", "idle_s", "ahead", "ahead_nos"]; // ages, and who waits before the vehicle

/**
 * @param {ScanAnswer} shown
 * @param {ScanAnswer} now
 */
export function hasOutlivedTruth(shown, now) {
  return JSON.stringify(substance(shown)) !== JSON.stringify(substance(now));
}

/** @param {ScanAnswer} answer */
function substance({ verdict, tone, next, facts = {}, visit }) {
  const lasting = Object.entries(facts).filter(([name]) => !PASSING.includes(name));
  return [verdict, tone, next, "idle_s" in facts, lasting.sort(), visit && vehicle(visit)];
}

/** @param {Visit} visit */
function vehicle({ queue_no: no, state, claim, passports }) {
  return [
    no,
    state,
    claim?.lane,
    claim?.officer,
    passports.map(({ passport_id: id, status, shelf }) => [id, status, shelf]),
  ];
}

/**
 * The books of the code that was scanned, and how many others the vehicle has. A take-over is about the whole vehicle.
 * @param {ScanAnswer} answer
 */
export function booksOfScan({ visit, pickup_id: scanned }) {
  const all = visit?.passports ?? [];
  const own = all.filter(({ pickup_id: id }) => id === scanned);
  const codes = new Set(all.map(({ pickup_id: id }) => id)).size;
  return { own: own.length ? own : all, all: all.length, codes };
}
