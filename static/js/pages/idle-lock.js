// Entry module. A tablet that nobody touches covers its page with a clock, and ends the session as soon as the server answers.
// What was typed stays in the tab for the same member of staff.

import { byId, select } from "../lib/dom.js";
import { answerOrNull, post, thisPage } from "../lib/http.js";
import { isLocked, wasTouched, whenIdle } from "../lib/idle.js";
import { runClock } from "../lib/wall-clock.js";

const RETRY_MS = 3000;
const SIGN_MS = 60_000; // the server locks by itself a tablet whose page was closed

const cover = byId("idle-lock", HTMLDialogElement);

async function lock() {
  for (const open of document.querySelectorAll("dialog[open]")) if (open instanceof HTMLDialogElement) open.close();
  cover.showModal(); // nothing below it can be seen, read or pressed
  runClock(select("[data-clock]", cover));
  while (!(await answerOrNull(post("/login/lock")))) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
  location.replace(`/login/locked?next=${thisPage()}`);
}

cover.addEventListener("cancel", (event) => event.preventDefault());
setInterval(() => wasTouched(SIGN_MS) && !isLocked() && answerOrNull(post("/login/awake")), SIGN_MS);
whenIdle(Number(cover.dataset.after) * 1000, lock);
