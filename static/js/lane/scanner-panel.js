// The picture of the scanner: camera, decoding, and the line under the picture that shows what the machine is doing.

import { byId, icon, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { isMuted, setMuted, watchAllowed } from "../lib/sounds.js";
import { Camera, hasCamera } from "./camera.js";
import { Debounce } from "./debounce.js";
import { QrReader } from "./qr-reader.js";
import { mayBeCode, StrayCodes } from "./stray-codes.js";

const NO_CAMERA = ["camera_denied", "camera_missing", "camera_insecure", "camera_failed"];
const HELD_MS = 1200; // how long the line is about a code that is still held before the camera

export class ScannerPanel {
  #onCode;
  #isCovered;
  #sightings = new Debounce();
  #strays = new StrayCodes();
  #isStray = false;
  #reader;
  #camera;
  /** @type {string | null} */
  #cameraProblem = "preparing";
  /** @type {string | null} */
  #readerProblem = null;
  #isLost = false;
  /** @type {string | null} */
  #addingTo = null;
  /** @type {number | undefined} */
  #held;

  /**
   * `onCode` once for each code that is shown to the camera; while a verdict covers it, other QR codes are none.
   * @param {{onCode: (code: string) => void, isCovered: () => boolean}} options
   */
  constructor({ onCode, isCovered }) {
    this.#onCode = onCode;
    this.#isCovered = isCovered;
    const video = select("video", byId("camera"), HTMLVideoElement);
    this.#reader = new QrReader(video, {
      onCode: (code) => this.#read(code),
      onProblem: (key) => {
        this.#readerProblem = key;
        this.#paint();
      },
    });
    this.#camera = new Camera(video, {
      onPicture: (picture) => this.#showTools(picture),
      onProblem: (key) => {
        this.#cameraProblem = key;
        this.#paint();
      },
    });
    this.#listen();
    this.#paintMute();
  }

  open() {
    this.#camera.start();
    hasCamera().then((isThere) => isThere && this.#reader.load());
  }

  close() {
    this.#reader.pause();
    this.#camera.stop();
  }

  /** Scan the same code again when it is shown. */
  forget() {
    this.#sightings.forget();
  }

  /** @param {boolean} isLost */
  setLost(isLost) {
    this.#isLost = isLost;
    select("button", byId("typed"), HTMLButtonElement).disabled = isLost;
    if (isLost) this.#reader.pause();
    else this.#reader.resume();
    this.#paint();
  }

  /** The vehicle that the next code joins. @param {string | null} queueNo */
  setAddingTo(queueNo) {
    this.#addingTo = queueNo;
    const vehicle = document.getElementById("vehicle");
    if (vehicle) vehicle.inert = queueNo !== null; // the code joins a vehicle that is known
    this.#paint();
  }

  #listen() {
    watchAllowed((isAllowed) => {
      byId("sound-off").hidden = isAllowed;
      select("[data-word]", byId("sound-off")).textContent = isAllowed ? "" : text("sound_off");
    });
    byId("retry-camera").addEventListener("click", () => this.#camera.start());
    byId("flip").addEventListener("click", () => this.#camera.next());
    byId("torch").addEventListener("click", async () => {
      const isLit = await this.#camera.toggleTorch();
      byId("torch").setAttribute("aria-pressed", String(isLit));
    });
    byId("mute").addEventListener("click", () => {
      setMuted(!isMuted());
      this.#paintMute();
    });
  }

  /** @param {string} code */
  #read(code) {
    const isMeant = mayBeCode(code) || (!this.#isCovered() && this.#strays.isHeld(code));
    if (isMeant && this.#sightings.isNew(code)) this.#onCode(code);
    else this.#showLine(!isMeant);
  }

  /** @param {{hasTorch: boolean, isLit: boolean, isOneOfSeveral: boolean}} picture */
  #showTools({ hasTorch, isLit, isOneOfSeveral }) {
    this.#cameraProblem = null;
    this.#reader.load(); // of a camera that has just been plugged in
    byId("flip").hidden = !isOneOfSeveral;
    byId("torch").hidden = !hasTorch;
    byId("torch").setAttribute("aria-pressed", String(isLit));
    this.#paint();
    if (!this.#isLost) this.#reader.resume();
  }

  /** A line for a moment: the code is held still, or is no code of ours. @param {boolean} isStray */
  #showLine(isStray) {
    this.#isStray = isStray;
    clearTimeout(this.#held);
    this.#held = setTimeout(() => {
      this.#held = undefined;
      this.#paint();
    }, HELD_MS);
    this.#paint();
  }

  #paint() {
    const problem = this.#isLost ? "stopped" : (this.#cameraProblem ?? this.#readerProblem);
    const line = select(".camera__say", byId("camera"));
    const key = problem ?? (this.#held ? (this.#isStray ? "stray" : "held") : this.#addingTo ? "adding" : "aim");
    const shown = `${key} ${this.#addingTo}`;
    if (line.dataset.shown === shown) return; // a held code is seen 30 times a second
    line.dataset.shown = shown;
    select("[data-word]", line).textContent = text(key, { no: this.#addingTo });
    select("[data-icon]", line).replaceChildren(icon(this.#isLost ? "nolink" : problem ? "wait" : "scan"));
    byId("camera").classList.toggle("is-off", this.#isLost || Boolean(this.#cameraProblem));
    byId("camera").classList.toggle("is-none", NO_CAMERA.includes(this.#cameraProblem ?? ""));
    byId("retry-camera").hidden = this.#isLost || this.#cameraProblem !== "camera_denied";
    byId("stop-adding").hidden = !this.#addingTo;
  }

  #paintMute() {
    byId("mute").setAttribute("aria-pressed", String(isMuted()));
  }
}
