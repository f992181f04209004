// Feeds frames of the video to the decoding worker, one in flight. A worker that does not answer is thrown away, so
// that no picture can jam the scanner.

const WORKER = new URL("decode-worker.js", import.meta.url);
const FRAME_MS = 3000; // an answer takes 7 ms, on a slow tablet 70
const LOAD_MS = 30_000; // the reader is about 1 MB
const RESTART_MS = 1000;

/** `onText(text)` for every frame with a code; `onTrouble(key or null)` when the reader cannot load, or can again. */
export function reader(video, { onText, onTrouble }) {
  let worker = null;
  let watch = null;
  let isReady = false;
  let isPaused = true;
  let isAwaitingFrame = false;

  function start() {
    isReady = false;
    worker = new Worker(WORKER);
    worker.onmessage = ({ data }) => hear(data);
    worker.onerror = () => hear({ failed: true });
    guard(LOAD_MS);
  }
  function guard(ms) {
    clearTimeout(watch);
    watch = setTimeout(restart, ms);
  }
  function restart() {
    worker.terminate();
    start();
  }
  function hear({ ready, failed, text }) {
    clearTimeout(watch);
    if (failed) {
      isReady = false;
      onTrouble("reader_failed");
      watch = setTimeout(restart, RESTART_MS);
      return;
    }
    if (ready) onTrouble(null);
    isReady = true;
    if (text && !isPaused) onText(text);
    awaitFrame();
  }
  function awaitFrame() {
    if (isAwaitingFrame || isPaused || !isReady) return;
    isAwaitingFrame = true;
    nextFrame(video, () => {
      isAwaitingFrame = false;
      send();
    });
  }
  async function send() {
    if (isPaused || !isReady) return;
    const from = worker;
    const picture = await createImageBitmap(video).catch(() => null); // no picture while the camera changes
    if (!picture || from !== worker) {
      picture?.close();
      setTimeout(awaitFrame, 100);
      return;
    }
    isReady = false; // until this one is answered
    guard(FRAME_MS);
    worker.postMessage(picture, [picture]);
  }

  start();
  return {
    pause() {
      isPaused = true;
    },
    resume() {
      isPaused = false;
      awaitFrame();
    },
  };
}

function nextFrame(video, then) {
  if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(then);
  else requestAnimationFrame(then);
}
