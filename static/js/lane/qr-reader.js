// Feeds frames of the video to the decoding worker, one at a time. A worker that does not answer is replaced, so that no
// picture can block the scanner.

const WORKER = new URL("decode-worker.js", import.meta.url);
const FRAME_TIMEOUT_MS = 3000; // an answer takes 7 ms, on a slow tablet 70
const LOAD_TIMEOUT_MS = 30_000; // the reader is about 1 MB
const RESTART_MS = 1000;
const NO_PICTURE_MS = 100;

/**
 * @typedef {object} ReaderOptions
 * @property {(code: string) => void} onCode for every frame with a code
 * @property {(key: string | null) => void} onProblem when the reader cannot load; null when it works
 */

export class QrReader {
  #video;
  #options;
  /** @type {Worker | null} */
  #worker = null;
  /** @type {number | undefined} */
  #watch;
  #isReady = false;
  #isPaused = true;
  #isAwaitingFrame = false;

  /**
   * @param {HTMLVideoElement} video
   * @param {ReaderOptions} options
   */
  constructor(video, options) {
    this.#video = video;
    this.#options = options;
  }

  /** Load the decoder, which takes longer than a camera takes to open: call this once there is a camera. */
  load() {
    this.#worker ??= this.#start();
  }

  pause() {
    this.#isPaused = true;
  }

  resume() {
    this.#isPaused = false;
    this.#awaitFrame();
  }

  #start() {
    this.#isReady = false;
    const worker = new Worker(WORKER);
    worker.onmessage = ({ data }) => this.#receive(data);
    worker.onerror = () => this.#receive({ failed: true });
    this.#restartAfter(LOAD_TIMEOUT_MS);
    return worker;
  }

  /** @param {number} ms */
  #restartAfter(ms) {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => {
      this.#worker?.terminate();
      this.#worker = this.#start();
    }, ms);
  }

  /** @param {{ready?: boolean, failed?: boolean, text?: string | null}} message */
  #receive({ ready, failed, text }) {
    clearTimeout(this.#watch);
    if (failed) {
      this.#isReady = false;
      this.#options.onProblem("reader_failed");
      return this.#restartAfter(RESTART_MS);
    }
    if (ready) this.#options.onProblem(null);
    this.#isReady = true;
    if (text && !this.#isPaused) this.#options.onCode(text);
    this.#awaitFrame();
  }

  #awaitFrame() {
    if (this.#isAwaitingFrame || this.#isPaused || !this.#isReady) return;
    this.#isAwaitingFrame = true;
    onNextFrame(this.#video, () => {
      this.#isAwaitingFrame = false;
      this.#send();
    });
  }

  async #send() {
    if (this.#isPaused || !this.#isReady) return;
    const worker = this.#worker;
    const picture = await createImageBitmap(this.#video).catch(() => null); // no picture while the camera changes
    if (!picture || worker !== this.#worker) {
      picture?.close();
      setTimeout(() => this.#awaitFrame(), NO_PICTURE_MS);
      return;
    }
    this.#isReady = false; // until this frame is answered
    this.#restartAfter(FRAME_TIMEOUT_MS);
    worker?.postMessage(picture, [picture]);
  }
}

/**
 * @param {HTMLVideoElement} video
 * @param {() => void} callback
 */
function onNextFrame(video, callback) {
  if ("requestVideoFrameCallback" in video) video.requestVideoFrameCallback(callback);
  else requestAnimationFrame(callback);
}
