// Keep the screen of a working page awake. The browser releases the lock whenever the page is hidden, so it is requested
// again each time the page is shown.

/**
 * @param {(isAwake: boolean) => void} [onChange] whether the browser grants the lock: without a secure context or on a
 *   low battery it may not
 */
export function keepAwake(onChange = () => {}) {
  async function request() {
    if (document.hidden) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => document.hidden || onChange(false));
      onChange(true);
    } catch {
      onChange(false);
    }
  }
  document.addEventListener("visibilitychange", request);
  request();
}
