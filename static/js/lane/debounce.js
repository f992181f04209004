// One code held in front of the camera is one scan, however long and however badly it is seen in between.

const GONE_MS = 2500; // not seen for this long: it was taken away and may come again

/** Returns {isNew(text), forget()}; call `isNew` for every sighting. */
export function debounce(now = () => performance.now()) {
  let last = null;
  let seenAt = 0;
  return {
    isNew(text) {
      const isSame = text === last && now() - seenAt < GONE_MS;
      last = text;
      seenAt = now();
      return !isSame;
    },
    forget() {
      last = null;
    },
  };
}
