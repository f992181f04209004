// The clips of the loudspeaker: fetched ahead into the browser's cache, decoded when first spoken, then kept decoded.

import { audio } from "../lib/sounds.js";

const MANIFEST = new URL("../../voice/manifest.json", import.meta.url);
const FETCH_PAUSE_MS = 100; // between two clips that are fetched ahead: the page comes first
const FETCH_WITHIN_MS = 4000; // a clip that fell into a hole of the network must not silence the next call

/** `base` is their address. `load(names)` gives the decoded clips, or null when one of them cannot be had. */
export function clipsAt(base) {
  const decoded = new Map();

  const get = (address) => fetch(address, { signal: AbortSignal.timeout(FETCH_WITHIN_MS) });
  async function decode(name) {
    const response = await get(`${base}/${name}.mp3`);
    if (!response.ok) throw new Error(`clip ${name}: ${response.status}`);
    return audio().decodeAudioData(await response.arrayBuffer());
  }
  function one(name) {
    if (!decoded.has(name)) {
      decoded.set(name, decode(name));
      decoded.get(name).catch(() => decoded.delete(name)); // the next call tries again
    }
    return decoded.get(name);
  }
  return {
    async load(names) {
      try {
        return await Promise.all(names.map(one));
      } catch {
        return null;
      }
    },
    /** So that a call can be spoken while the server is away. */
    async fetchAhead() {
      const names = await get(MANIFEST)
        .then((response) => response.json())
        .catch(() => ({}));
      for (const name of Object.keys(names)) {
        await get(`${base}/${name}`)
          .then((response) => response.arrayBuffer())
          .catch(() => {});
        await new Promise((go) => setTimeout(go, FETCH_PAUSE_MS));
      }
    },
  };
}
