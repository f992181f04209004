// What somebody has set on this device and nowhere else. A browser that blocks storage remembers nothing: all is as at first.

/**
 * "muted": no sound but that of a stop. "still": no vibration. "pad": digits come from the page's own keys.
 * @typedef {"muted" | "still" | "pad"} Setting
 */

/** @param {Setting} setting */
export function isSet(setting) {
  try {
    return localStorage.getItem(keyOf(setting)) === "yes";
  } catch {
    return false;
  }
}

/**
 * @param {Setting} setting
 * @param {boolean} isWanted
 */
export function set(setting, isWanted) {
  try {
    localStorage.setItem(keyOf(setting), isWanted ? "yes" : "no");
  } catch {
    // Then the device stays as at first.
  }
}

/** @param {Setting} setting */
const keyOf = (setting) => `ampera.${setting}`;
