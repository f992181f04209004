// The tablet's camera: the back one first, another by choice (remembered), light where there is one. It comes back by
// itself when it was pulled out, was busy, or the page slept.

const CAMERA = "ampera.camera";
const TORCH = "ampera.torch";
const RETRY_MS = 3000;
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 } };
const PROBLEMS = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "camera_missing",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

/**
 * `onPicture({hasTorch, isLit, isOneOfMany})` when the camera runs, `onProblem(key)` when it does not.
 * Returns {start(), stop(), next(), toggleTorch()}.
 */
export function camera(video, { onPicture, onProblem }) {
  let track = null;
  let isWanted = false;
  let attempt = 0;
  let retry = null;

  async function start() {
    isWanted = true;
    clearTimeout(retry);
    if (track?.readyState === "live" && !track.muted) return;
    if (!navigator.mediaDevices) return onProblem("camera_insecure");
    const mine = ++attempt;
    try {
      const stream = await open();
      if (mine !== attempt || !isWanted) return release(stream);
      await show(stream);
    } catch (error) {
      if (mine === attempt) fail(error);
    }
  }
  async function show(stream) {
    release(video.srcObject);
    video.srcObject = stream;
    [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => isWanted && start());
    video.play().catch(() => {}); // interrupted by the next stream, or waits for the first touch
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const hasTorch = Boolean(track.getCapabilities?.().torch);
    const isLit = hasTorch && (await light(track, localStorage.getItem(TORCH) === "on"));
    onPicture({ hasTorch, isLit, isOneOfMany: cameras.length > 1 });
  }
  function fail(error) {
    onProblem(PROBLEMS[error.name] ?? "camera_failed");
    retry = setTimeout(() => isWanted && error.name !== "NotAllowedError" && start(), RETRY_MS);
  }
  function stop() {
    isWanted = false;
    attempt++;
    clearTimeout(retry);
    release(video.srcObject);
    video.srcObject = track = null;
  }
  async function next() {
    const cameras = (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
    const now = cameras.findIndex(({ deviceId }) => deviceId === track?.getSettings().deviceId);
    localStorage.setItem(CAMERA, cameras[(now + 1) % cameras.length]?.deviceId ?? "");
    stop();
    await start();
  }
  async function toggleTorch() {
    const isLit = await light(track, localStorage.getItem(TORCH) !== "on");
    localStorage.setItem(TORCH, isLit ? "on" : "off");
    return isLit;
  }

  const comeBack = () => isWanted && !document.hidden && start();
  document.addEventListener("visibilitychange", comeBack);
  navigator.mediaDevices?.addEventListener("devicechange", comeBack);
  navigator.permissions
    ?.query({ name: "camera" })
    .then((permission) => permission.addEventListener("change", comeBack))
    .catch(() => {}); // not every browser knows this permission

  return { start, stop, next, toggleTorch };
}

async function open() {
  const chosen = localStorage.getItem(CAMERA);
  const ask = (which) => navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, ...which }, audio: false });
  if (!chosen) return ask({ facingMode: { ideal: "environment" } });
  try {
    return await ask({ deviceId: { exact: chosen } });
  } catch (error) {
    if (!["OverconstrainedError", "NotFoundError"].includes(error.name)) throw error;
    localStorage.removeItem(CAMERA); // that camera is gone
    return ask({ facingMode: { ideal: "environment" } });
  }
}

async function light(track, wish) {
  try {
    await track.applyConstraints({ advanced: [{ torch: wish }] });
    return wish;
  } catch {
    return false;
  }
}

function release(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
