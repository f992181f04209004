// Leaving the tablet: unfinished work asks before it is lost, and what another officer left open is cleared up.

import { byId, select } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { foreignQuestions, forgetQuestion, forgetWork, hasWork } from "../window/kept-work.js";
import { isRecorded } from "../window/pending-submission.js";
import { ask } from "./ask-dialog.js";
import { tabletPoint } from "./tablet-point.js";

/** What is unfinished ends at a sign-out, so a stray touch asks first. */
export function guardWork() {
  const form = byId("sign-out", HTMLFormElement);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { staff } = tabletPoint();
    if (hasWork(staff) && !(await ask("sign_out"))) return;
    forgetWork();
    form.submit();
  });
  byId("language").addEventListener("click", (event) => {
    if (byId("language").ariaDisabled === "true") event.preventDefault(); // kept work is there again afterwards
  });
  byId("change-point").addEventListener("click", async (event) => {
    if (byId("change-point").ariaDisabled === "true") return event.preventDefault();
    if (!hasWork(tabletPoint().staff)) return;
    event.preventDefault();
    if (await ask("change_point")) location.assign(byId("change-point").getAttribute("href") ?? "");
  });
}

/** Without the connection a link leads to the browser's error page. @param {boolean} isLost */
export function barLeaving(isLost) {
  select("button", byId("sign-out"), HTMLButtonElement).disabled = isLost;
  for (const id of ["change-point", "language"]) byId(id).ariaDisabled = String(isLost);
}

/**
 * Handovers that another officer sent from this tab are asked about, and never sent in this officer's name.
 * @param {(sentence: string) => void} onKnown
 */
export async function askForOthers(onKnown) {
  for (const { key, queueNo: no } of foreignQuestions(tabletPoint().staff)) {
    const isKnown = await isRecorded(key);
    if (isKnown === null) continue;
    forgetQuestion(key);
    onKnown(text(isKnown ? "other_recorded" : "other_not_recorded", { no }));
  }
}
