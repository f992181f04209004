// The scanner's eye: camera, decoding and the line under the picture that says what the machine is doing.

import { icon } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { isMuted, setMuted } from "../lib/sounds.js";
import { camera } from "./camera.js";
import { debounce } from "./debounce.js";
import { reader } from "./qr-reader.js";

const HELD_MS = 1200; // how long the line speaks of a code that is still held there

const $ = (id) => document.getElementById(id);

/** `onCode(text)` once per code shown. Returns {open(), close(), lost(bool), adding(queueNo or null), forget()}. */
export function eye({ onCode }) {
  const video = $("camera").querySelector("video");
  const seen = debounce();
  let cameraTrouble = "preparing";
  let readerTrouble = null;
  let isLost = false;
  let addingTo = null;
  let held = null;

  const decoding = reader(video, {
    onText: (found) => (seen.isNew(found) ? onCode(found) : showHeld()),
    onTrouble(key) {
      readerTrouble = key;
      say();
    },
  });
  const source = camera(video, {
    onPicture({ hasTorch, isLit, isOneOfMany }) {
      cameraTrouble = null;
      $("flip").hidden = !isOneOfMany;
      $("torch").hidden = !hasTorch;
      $("torch").setAttribute("aria-pressed", String(isLit));
      say();
      if (!isLost) decoding.resume();
    },
    onProblem(key) {
      cameraTrouble = key;
      say();
    },
  });

  function say() {
    const trouble = isLost ? "stopped" : (cameraTrouble ?? readerTrouble);
    const line = $("camera").querySelector(".camera__say");
    const key = trouble ?? (held ? "held" : addingTo ? "adding" : "aim");
    if (line.dataset.said === `${key} ${addingTo}`) return; // a held code is seen 30 times a second
    line.dataset.said = `${key} ${addingTo}`;
    line.querySelector("[data-word]").textContent = text(key, { no: addingTo });
    line.querySelector("[data-icon]").replaceChildren(icon(isLost ? "nolink" : trouble ? "wait" : "scan"));
    $("camera").classList.toggle("is-off", isLost || Boolean(cameraTrouble));
    $("stop-adding").hidden = !addingTo;
  }
  function showHeld() {
    clearTimeout(held);
    held = setTimeout(() => {
      held = null;
      say();
    }, HELD_MS);
    say();
  }
  function showMute() {
    $("mute").setAttribute("aria-pressed", String(isMuted()));
  }

  $("flip").addEventListener("click", () => source.next());
  $("torch").addEventListener("click", async () =>
    $("torch").setAttribute("aria-pressed", String(await source.toggleTorch())),
  );
  $("mute").addEventListener("click", () => {
    setMuted(!isMuted());
    showMute();
  });
  showMute();

  return {
    open: () => source.start(),
    close() {
      decoding.pause();
      source.stop();
    },
    lost(isSo) {
      isLost = isSo;
      $("typed").querySelector("button").disabled = isSo;
      if (isSo) decoding.pause();
      else decoding.resume();
      say();
    },
    adding(queueNo) {
      addingTo = queueNo;
      say();
    },
    forget: seen.forget,
  };
}
