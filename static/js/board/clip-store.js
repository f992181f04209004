// The clips of the loudspeaker: fetched ahead into the browser's cache, decoded when first spoken, then kept decoded.

import { audio } from "../lib/sounds.js";

const MANIFEST = new URL("../../voice/manifest.json", import.meta.url);
const FETCH_PAUSE_MS = 100; // between two clips that are fetched ahead: the page comes first
const FETCH_TIMEOUT_MS = 4000; // a clip that the network has swallowed must not silence the next call

export class ClipStore {
  #base;
  /** @type {Map<string, Promise<AudioBuffer>>} */
  #decoded = new Map();

  /** @param {string} base address of the clips */
  constructor(base) {
    this.#base = base;
  }

  /**
   * The decoded clips, or null when one of them cannot be had.
   * @param {string[]} names
   */
  async load(names) {
    try {
      return await Promise.all(names.map((name) => this.#clip(name)));
    } catch {
      return null;
    }
  }

  /** Fetch all clips, so that a call can be spoken while the server is away. */
  async fetchAhead() {
    const names = await request(MANIFEST)
      .then((response) => response.json())
      .catch(() => ({}));
    for (const name of Object.keys(names)) {
      await request(`${this.#base}/${name}`)
        .then((response) => response.arrayBuffer())
        .catch(() => {});
      await new Promise((resume) => setTimeout(resume, FETCH_PAUSE_MS));
    }
  }

  /** @param {string} name */
  #clip(name) {
    const known = this.#decoded.get(name);
    if (known) return known;
    const clip = this.#decode(name);
    this.#decoded.set(name, clip);
    clip.catch(() => this.#decoded.delete(name)); // the next call tries again
    return clip;
  }

  /** @param {string} name */
  async #decode(name) {
    const response = await request(`${this.#base}/${name}.mp3`);
    if (!response.ok) throw new Error(`clip ${name}: ${response.status}`);
    return /** @type {AudioContext} */ (audio()).decodeAudioData(await response.arrayBuffer());
  }
}

/** @param {string | URL} address */
const request = (address) => fetch(address, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
