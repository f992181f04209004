// Entry module. The button that signs in with a passkey, or adds one to the own account. Both go where the server says.

import { byId, select } from "../lib/dom.js";
import { answerOrNull, post } from "../lib/http.js";
import { text } from "../lib/messages.js";
import { createPasskey, hasPasskeys, usePasskey } from "../lib/passkeys.js";

const box = select("[data-passkey]");
const button = select("button", box);

/** @param {string} sentence */
function showProblem(sentence) {
  select("[data-passkey-problem]", box).hidden = false;
  const banner = byId("passkey-problem");
  select("div", banner).textContent = sentence;
  banner.focus();
}

async function signIn() {
  const options = await answerOrNull(post("/login/passkey/options"));
  if (!options?.ok) return options;
  const credential = await usePasskey(options.body);
  if (!credential) return undefined;
  return answerOrNull(post(`/login/passkey?next=${encodeURIComponent(box.dataset.next ?? "")}`, credential));
}

/** @param {string} id of a field */
function typed(id) {
  const field = byId(id);
  return field instanceof HTMLInputElement ? field.value : "";
}

async function add() {
  const password = typed("passkey-password");
  const options = await answerOrNull(post("/account/factors/passkeys/options", { password }));
  if (!options?.ok) return options;
  const credential = await createPasskey(options.body);
  if (!credential) return undefined;
  return answerOrNull(post("/account/factors/passkeys", { name: typed("passkey-name"), credential }));
}

/** @param {() => Promise<import("../lib/http.js").Answer | null | undefined>} act undefined: the person cancelled */
async function run(act) {
  button.setAttribute("aria-busy", "true");
  const answer = await act();
  button.removeAttribute("aria-busy");
  if (answer?.ok) location.assign(answer.body.next);
  else showProblem(answer === undefined ? text("cancelled") : (answer?.body?.error?.message ?? text("lost")));
}

if (hasPasskeys()) {
  box.hidden = false;
  button.addEventListener("click", () => run(box.dataset.passkey === "add" ? add : signIn));
} else {
  document.querySelector("[data-passkey-none]")?.removeAttribute("hidden");
}
