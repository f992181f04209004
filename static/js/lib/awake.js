// A tablet or a screen at work does not go to sleep (needs a secure context; without one it may).

export function keepAwake() {
  const ask = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {}); // low battery: it may sleep
  document.addEventListener("visibilitychange", ask);
  ask();
}
