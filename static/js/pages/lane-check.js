// Entry module. The opening check of a lane: each part is tried on its own, says what to do when it fails, and the result is
// kept for the supervisor.

import { CameraReading, compareScans } from "../lane-check/code-reading.js";
import { judged, measure } from "../lane-check/network.js";
import { Part } from "../lane-check/part.js";
import { ScreenTest } from "../lane-check/screen-test.js";
import { timeOfDay } from "../lib/clock.js";
import { connect } from "../lib/connection.js";
import { byId } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { LONGEST_MS } from "../lib/patience.js";
import { play, unlockOnGesture } from "../lib/sounds.js";

class LaneCheckPage {
  #root = byId("parts");
  #lane = Number(this.#root.dataset.lane);
  #code = this.#root.dataset.code ?? "";
  #network = this.#part("network", () => this.#measure());
  #screen = this.#part(
    "screen",
    () => this.#test.start(),
    () => this.#test.stop(),
  );
  #sound = this.#part("sound", () => this.#playSound());
  #printer = this.#part("printer", (part) => {
    print();
    part.ask();
  });
  #camera = this.#part(
    "camera",
    () => this.#reading.start(),
    () => this.#reading.stop(),
  );
  #scanner = this.#part("scanner", (part) => part.ask());
  #test = new ScreenTest(this.#screen, this.#lane);
  #reading = new CameraReading(this.#camera, this.#code);

  start() {
    unlockOnGesture();
    compareScans(this.#scanner, this.#code);
    connect({
      namespace: "/lane",
      auth: { lane: this.#lane },
      path: `/api/v1/lanes/${this.#lane}/state`,
      onState: (state) => this.#test.learn(state),
    });
    byId("save").addEventListener("click", () => this.#save());
    this.#measure();
  }

  get #parts() {
    return [this.#network, this.#screen, this.#sound, this.#printer, this.#camera, this.#scanner];
  }

  /**
   * @param {string} name
   * @param {(part: Part) => unknown} onTry
   * @param {() => void} [onStop]
   */
  #part(name, onTry, onStop) {
    return new Part(name, { onChange: () => this.#sum(), onTry, onStop });
  }

  async #measure() {
    this.#network.begin();
    const { isFine, key, values } = judged(await measure(this.#lane));
    this.#network.end(isFine ? "works" : "failed", key, values);
  }

  async #playSound() {
    if (await play("recorded")) this.#sound.ask();
    else this.#sound.end("failed", "sound_silent");
  }

  #sum() {
    const results = this.#parts.map((part) => part?.result ?? "untried");
    /** @param {string[]} wanted */
    const number = (...wanted) => results.filter((result) => wanted.includes(result)).length;
    byId("summary").textContent = text("summary", {
      works: number("works"),
      failed: number("failed"),
      untried: number("untried", "trying"),
    });
    byId("saved").textContent = "";
  }

  async #save() {
    const results = Object.fromEntries(
      this.#parts.map(({ name, result }) => [name, result === "trying" ? "untried" : result]),
    );
    byId("save", HTMLButtonElement).disabled = true;
    const answer = await answerOrNull(post(`/api/v1/lanes/${this.#lane}/checks`, { results }, { timeout: LONGEST_MS }));
    byId("save", HTMLButtonElement).disabled = false;
    const time = answer?.ok ? timeOfDay(answer.body.at, this.#root.dataset.timezone).slice(0, 5) : "";
    byId("saved").textContent = text(answer?.ok ? "saved" : "unsaved", { time });
  }
}

new LaneCheckPage().start();
