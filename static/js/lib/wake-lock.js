// A page at work does not let its screen sleep. `tell(isAwake)` hears whether the browser does so: without a secure
// context or on a low battery it may not. The browser lets go whenever the page is hidden, so it is asked again.

export function keepAwake(tell = () => {}) {
  async function ask() {
    if (document.hidden) return;
    try {
      const lock = await navigator.wakeLock.request("screen");
      lock.addEventListener("release", () => document.hidden || tell(false));
      tell(true);
    } catch {
      tell(false);
    }
  }
  document.addEventListener("visibilitychange", ask);
  ask();
}
