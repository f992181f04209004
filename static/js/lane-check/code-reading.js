// Reading the test code: with the camera, or with a scanner that types. The test code opens nothing.

import { Camera } from "../lane/camera.js";
import { QrReader } from "../lane/qr-reader.js";
import { select } from "../lib/dom.js";
import { listenToWedge } from "../lib/wedge.js";

/** Whether this is the test code, perhaps behind the prefix of a reader. @param {string} read @param {string} wanted */
export const isTestCode = (read, wanted) => read.trim().toUpperCase().endsWith(wanted);

export class CameraReading {
  #part;
  #wanted;
  #video;
  #camera;
  #reader;

  /**
   * @param {import("./part.js").Part} part
   * @param {string} wanted
   */
  constructor(part, wanted) {
    this.#part = part;
    this.#wanted = wanted;
    this.#video = select("video", part.element, HTMLVideoElement);
    this.#reader = new QrReader(this.#video, {
      onCode: (code) => this.#read(code),
      onProblem: (key) => key && this.#fail(key),
    });
    this.#camera = new Camera(this.#video, {
      onPicture: () => this.#reader.resume(),
      onProblem: (key) => this.#fail(key),
    });
  }

  start() {
    this.#part.ask();
    this.#video.hidden = false;
    this.#camera.start();
    this.#reader.load();
  }

  stop() {
    this.#reader.pause();
    this.#camera.stop();
    this.#video.hidden = true;
  }

  /** @param {string} code */
  #read(code) {
    if (this.#part.result !== "trying") return;
    if (!isTestCode(code, this.#wanted)) return this.#part.ask("camera_other");
    this.stop();
    this.#part.end("works");
  }

  /** @param {string} key */
  #fail(key) {
    if (this.#part.result !== "trying") return;
    this.stop();
    this.#part.end("failed", key);
  }
}

/**
 * From now on what a scanner types is compared while the part is being tried.
 * @param {import("./part.js").Part} part
 * @param {string} wanted
 */
export function compareScans(part, wanted) {
  listenToWedge({
    isActive: () => part.result === "trying",
    onBook: () => part.end("failed", "scanner_other"),
    onCode: (code) => (isTestCode(code, wanted) ? part.end("works") : part.end("failed", "scanner_other")),
  });
}
