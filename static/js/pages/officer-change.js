// Entry module of the change of officer: a badge, read by a scanner that types or by the camera, takes the place of choosing a
// name. The PIN is typed all the same.

import { Camera } from "../lane/camera.js";
import { QrReader } from "../lane/qr-reader.js";
import { byId, fieldOf } from "../lib/dom.js";
import { listenToWedge } from "../lib/wedge.js";

const BADGE = /LBP[0-9A-Z]{26}/i;

class OfficerChange {
  #form = byId("change", HTMLFormElement);
  #video = byId("badge-camera", HTMLVideoElement);
  #opener = byId("scan-badge");
  #reader = new QrReader(this.#video, { onCode: (code) => this.#take(code), onProblem: () => {} });
  #camera = new Camera(this.#video, {
    onPicture: () => this.#reader.resume(),
    onProblem: () => this.#close(),
  });

  start() {
    fieldOf(this.#form, "pin").dataset.wedge = "scans";
    listenToWedge({
      onCode: (code) => this.#take(code),
      onBook: () => this.#refuse(true),
      isActive: () => true,
    });
    this.#opener.hidden = !navigator.mediaDevices;
    this.#opener.addEventListener("click", () => this.#open());
  }

  #open() {
    this.#refuse(false);
    this.#video.hidden = false;
    this.#camera.start();
    this.#reader.load();
  }

  #close() {
    this.#reader.pause();
    this.#camera.stop();
    this.#video.hidden = true;
  }

  /** @param {string} code */
  #take(code) {
    const badge = code.match(BADGE);
    this.#refuse(!badge);
    if (!badge) return;
    this.#close();
    fieldOf(this.#form, "badge").value = badge[0];
    byId("badge-read").hidden = false;
    const names = byId("who", HTMLFieldSetElement);
    names.hidden = names.disabled = true; // the badge says who it is
    fieldOf(this.#form, "pin").focus();
  }

  /** @param {boolean} isWrong */
  #refuse(isWrong) {
    byId("badge-wrong").hidden = !isWrong;
  }
}

new OfficerChange().start();
