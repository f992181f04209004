// The page where staff check a receipt: the camera fills the form and sends it. Typing and wedge scanners need no script.

import { camera } from "../lane/camera.js";
import { reader } from "../lane/qr-reader.js";
import { text } from "../lib/messages.js";

const $ = (id) => document.getElementById(id);

function say(key) {
  $("camera-says").textContent = key ? text(key) : "";
}

function scan() {
  const video = $("camera").querySelector("video");
  const decoding = reader(video, {
    onText(found) {
      decoding.pause();
      source.stop();
      $("code").value = found;
      $("check").requestSubmit();
    },
    onTrouble: (key) => say(key ?? "aim"),
  });
  const source = camera(video, {
    onPicture() {
      $("camera").hidden = false;
      say("aim");
      decoding.resume();
    },
    onProblem(key) {
      $("camera").hidden = true;
      say(key);
    },
  });
  $("scan").disabled = true;
  source.start();
}

$("scanner").hidden = false;
$("scan").addEventListener("click", scan);
$("checked")?.focus();
