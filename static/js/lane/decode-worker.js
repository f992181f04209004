// Reads QR codes off the main thread (a classic worker, because the reader is one script). One picture in, one answer
// out: {text} or {text: null}. The first message out is {ready: true}, or {failed: true} when the reader cannot load.

const VENDOR = new URL("../../vendor/zxing-wasm/", self.location.href);
const MAX_WIDTH = 1280; // px; more costs time and reads no better
const OPTIONS = {
  formats: ["QRCode"],
  maxNumberOfSymbols: 1,
  tryHarder: false,
  tryRotate: false,
  tryInvert: true, // a telephone in dark mode
  tryDownscale: true,
  textMode: "Plain",
};

load().then(
  () => self.postMessage({ ready: true }),
  () => self.postMessage({ failed: true }), // the network is gone, or the page is being left
);

async function load() {
  importScripts(new URL("index.js", VENDOR).href);
  await ZXingWASM.prepareZXingModule({
    overrides: { locateFile: (/** @type {string} */ name) => new URL(name, VENDOR).href },
    fireImmediately: true,
  });
}

const canvas = new OffscreenCanvas(1, 1);
const context = /** @type {OffscreenCanvasRenderingContext2D} */ (
  canvas.getContext("2d", { willReadFrequently: true })
);

self.onmessage = async ({ data: picture }) => {
  const scale = Math.min(1, MAX_WIDTH / picture.width);
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  context.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const pixels = context.getImageData(0, 0, canvas.width, canvas.height);
  const [found] = await ZXingWASM.readBarcodes(pixels, OPTIONS).catch(() => []);
  self.postMessage({ text: found?.text ?? null });
};
