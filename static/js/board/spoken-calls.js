// Which calls this screen has spoken and which still wait to be: survives reloads, never longer than LAST calls.

const LAST = 100;
const MOST_WAITING = 30; // nobody listens longer than that: the oldest is let go
const SAME_CALL_MS = 3600 * 1000; // after a restore from a backup the server may give an id to another call

/** `name` tells screens apart that share a browser. `isNew`: nothing was remembered here before. */
export function memoryOf(name) {
  const key = `ampera.spoken.${name}`;
  const kept = read(key);
  const { spoken, waiting } = kept ?? { spoken: [], waiting: [] };

  function keep() {
    spoken.splice(0, spoken.length - LAST);
    try {
      localStorage.setItem(key, JSON.stringify({ spoken, waiting }));
    } catch {
      // Without storage a reload forgets.
    }
  }
  const isSame = (call) => (other) =>
    other.id === call.id && Math.abs(Date.parse(other.at) - Date.parse(call.at)) < SAME_CALL_MS;
  return {
    isNew: kept === null,
    waiting,
    knows: (call) => spoken.some(isSame(call)) || waiting.some(isSame(call)),
    add(call) {
      waiting.push(call);
      if (waiting.length > MOST_WAITING) this.done(waiting[0]);
      else keep();
    },
    /** Spoken, or on purpose not: it is not spoken any more. */
    done(call) {
      const place = waiting.findIndex(isSame(call));
      if (place >= 0) waiting.splice(place, 1);
      spoken.push({ id: call.id, at: call.at });
      keep();
    },
  };
}

function read(key) {
  try {
    const kept = JSON.parse(localStorage.getItem(key));
    return Array.isArray(kept?.spoken) && Array.isArray(kept?.waiting) ? kept : null;
  } catch {
    return null;
  }
}
