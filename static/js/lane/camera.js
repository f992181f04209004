// The tablet's camera: the rear one first, another by choice (remembered), with a torch where there is one. It restarts by
// itself after it was unplugged or busy, and after the page was in the background.

const CAMERA_KEY = "ampera.camera";
const TORCH_KEY = "ampera.torch";
const RETRY_MS = 3000;
const FROZEN_MS = 5000; // without a single picture
const PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 } };
/** @type {Record<string, string>} */
const PROBLEMS = {
  NotAllowedError: "camera_denied",
  SecurityError: "camera_denied",
  NotFoundError: "camera_missing",
  NotReadableError: "camera_busy",
  AbortError: "camera_busy",
};

/**
 * @typedef {object} CameraOptions
 * @property {(picture: {hasTorch: boolean, isLit: boolean, isOneOfSeveral: boolean}) => void} onPicture the camera runs
 * @property {(key: string) => void} onProblem it does not; the key of the sentence
 */

export class Camera {
  #video;
  #options;
  /** @type {MediaStreamTrack | null} */
  #track = null;
  #isWanted = false;
  #attempt = 0;
  /** @type {number | undefined} */
  #retry;
  /** @type {number | undefined} */
  #watch;
  #picture = 0; // the picture that is awaited

  /**
   * @param {HTMLVideoElement} video
   * @param {CameraOptions} options
   */
  constructor(video, options) {
    this.#video = video;
    this.#options = options;
    const restart = () => this.#isWanted && !document.hidden && this.start();
    document.addEventListener("visibilitychange", restart);
    for (const event of ["focus", "pageshow"]) addEventListener(event, restart);
    navigator.mediaDevices?.addEventListener("devicechange", restart);
    navigator.permissions
      ?.query({ name: "camera" })
      .then((permission) => permission.addEventListener("change", restart))
      .catch(() => {}); // not every browser knows this permission
  }

  async start() {
    this.#isWanted = true;
    clearTimeout(this.#retry);
    if (this.#track?.readyState === "live" && !this.#track.muted) return this.#watchPictures(this.#track); // it may have stopped in the background
    if (!navigator.mediaDevices) return this.#options.onProblem("camera_insecure");
    const attempt = ++this.#attempt;
    try {
      const stream = await openCamera();
      if (attempt !== this.#attempt || !this.#isWanted) return release(stream);
      await this.#show(stream);
    } catch (error) {
      if (attempt === this.#attempt) this.#fail(nameOf(error));
    }
  }

  stop() {
    this.#isWanted = false;
    this.#attempt++;
    clearTimeout(this.#retry);
    clearTimeout(this.#watch);
    release(this.#video.srcObject);
    this.#video.srcObject = this.#track = null;
  }

  /** Switch to the next camera of the device. */
  async next() {
    const cameras = await listCameras();
    const current = cameras.findIndex(({ deviceId }) => deviceId === this.#track?.getSettings().deviceId);
    localStorage.setItem(CAMERA_KEY, cameras[(current + 1) % cameras.length]?.deviceId ?? "");
    this.stop();
    await this.start();
  }

  /** Resolves to whether the torch is lit now. */
  async toggleTorch() {
    const isLit = await light(this.#track, localStorage.getItem(TORCH_KEY) !== "on");
    localStorage.setItem(TORCH_KEY, isLit ? "on" : "off");
    return isLit;
  }

  /** @param {MediaStream} stream */
  async #show(stream) {
    release(this.#video.srcObject);
    this.#video.srcObject = stream;
    const [track] = stream.getVideoTracks();
    this.#track = track;
    track.addEventListener("ended", () => this.#isWanted && this.start());
    track.addEventListener("mute", () => track === this.#track && this.#lose("camera_frozen"));
    this.#watchPictures(track);
    this.#video.play().catch(() => {}); // interrupted by the next stream, or waiting for the first touch
    const cameras = await listCameras();
    const hasTorch = Boolean(capabilities(track).torch);
    const isLit = hasTorch && (await light(track, localStorage.getItem(TORCH_KEY) === "on"));
    this.#options.onPicture({ hasTorch, isLit, isOneOfSeveral: cameras.length > 1 });
  }

  /**
   * A camera may stop without a word. Where the browser tells each picture, seconds without one are trouble.
   * @param {MediaStreamTrack} track
   */
  #watchPictures(track) {
    clearTimeout(this.#watch);
    if (!("requestVideoFrameCallback" in this.#video)) return;
    this.#video.cancelVideoFrameCallback(this.#picture); // one watch, however often the page came back
    const isCurrent = () => track === this.#track && this.#isWanted;
    this.#watch = setTimeout(() => isCurrent() && !document.hidden && this.#lose("camera_frozen"), FROZEN_MS);
    this.#picture = this.#video.requestVideoFrameCallback(() => isCurrent() && this.#watchPictures(track));
  }

  /** The picture stands still: say so, and open the camera again. @param {string} key */
  #lose(key) {
    this.#options.onProblem(key);
    release(this.#video.srcObject);
    this.#track = null;
    this.#retry = setTimeout(() => this.#isWanted && this.start(), RETRY_MS);
  }

  /** @param {string} name of the error */
  #fail(name) {
    this.#options.onProblem(PROBLEMS[name] ?? "camera_failed");
    this.#retry = setTimeout(() => this.#isWanted && name !== "NotAllowedError" && this.start(), RETRY_MS);
  }
}

/** Whether this device has one; browsers tell so before its use is allowed. */
export async function hasCamera() {
  return Boolean(navigator.mediaDevices) && (await listCameras().catch(() => [])).length > 0;
}

async function openCamera() {
  const chosen = localStorage.getItem(CAMERA_KEY);
  /** @param {MediaTrackConstraints} which */
  const open = (which) => navigator.mediaDevices.getUserMedia({ video: { ...PICTURE, ...which }, audio: false });
  if (!chosen) return open({ facingMode: { ideal: "environment" } });
  try {
    return await open({ deviceId: { exact: chosen } });
  } catch (error) {
    if (!["OverconstrainedError", "NotFoundError"].includes(nameOf(error))) throw error;
    localStorage.removeItem(CAMERA_KEY); // that camera is gone
    return open({ facingMode: { ideal: "environment" } });
  }
}

async function listCameras() {
  return (await navigator.mediaDevices.enumerateDevices()).filter(({ kind }) => kind === "videoinput");
}

/**
 * @param {MediaStreamTrack | null} track
 * @param {boolean} isWanted
 */
async function light(track, isWanted) {
  try {
    const torch = /** @type {MediaTrackConstraintSet} */ ({ torch: isWanted });
    await track?.applyConstraints({ advanced: [torch] });
    return isWanted;
  } catch {
    return false;
  }
}

/**
 * The torch is no part of the standard types.
 * @param {MediaStreamTrack} track
 * @returns {MediaTrackCapabilities & {torch?: boolean}}
 */
const capabilities = (track) => track.getCapabilities?.() ?? {};

/** @param {unknown} error */
const nameOf = (error) => (error instanceof Error || error instanceof DOMException ? error.name : "");

/** @param {MediaProvider | null} stream */
function release(stream) {
  if (stream instanceof MediaStream) for (const track of stream.getTracks()) track.stop();
}
