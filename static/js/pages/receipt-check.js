// Entry module. The page where staff check a receipt: the camera fills the form and sends it. Typing and wedge scanners need
// no script.

import { Camera } from "../lane/camera.js";
import { QrReader } from "../lane/qr-reader.js";
import { byId, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";

/** @param {string | null} key */
function showHint(key) {
  byId("camera-says").textContent = key ? text(key) : "";
}

function scan() {
  const video = select("video", byId("camera"), HTMLVideoElement);
  const reader = new QrReader(video, {
    onCode(code) {
      reader.pause();
      camera.stop();
      byId("code", HTMLInputElement).value = code;
      byId("check", HTMLFormElement).requestSubmit();
    },
    onProblem: (key) => showHint(key ?? "aim"),
  });
  const camera = new Camera(video, {
    onPicture() {
      byId("camera").hidden = false;
      showHint("aim");
      reader.resume();
    },
    onProblem(key) {
      byId("camera").hidden = true;
      showHint(key);
    },
  });
  byId("scan", HTMLButtonElement).disabled = true;
  camera.start();
  reader.load();
}

byId("scanner").hidden = false;
byId("scan").addEventListener("click", scan);
document.getElementById("checked")?.focus();
