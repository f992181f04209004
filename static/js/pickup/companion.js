// Who comes, sent without a reload: what the server then says of it replaces the section, with the right list of papers.

import { text } from "../lib/messages.js";

const TIMEOUT_MS = 8000;
const ID = "companion";

document.addEventListener("submit", async (event) => {
  const form = event.target;
  if (!form.matches("[data-announce]")) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(form));
  if (event.submitter && event.submitter.name) body.set(event.submitter.name, event.submitter.value);
  const wrong = await send(form.action, body);
  if (wrong) tell(wrong);
  else await look();
});
document.addEventListener("change", ({ target }) => target.matches(`#${ID} [name=class]`) && showPerson());
showPerson();

/** The name is asked for only of somebody else. */
function showPerson() {
  const place = document.querySelector(`#${ID} [data-person]`);
  if (!place) return;
  const chosen = document.querySelector(`#${ID} [name=class]:checked`);
  place.hidden = !chosen || chosen.value === "self";
}

/** The sentence about what went wrong, or "". */
async function send(address, body) {
  const options = {
    method: "POST",
    body,
    headers: { Accept: "application/json" },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  };
  const answer = await fetch(address, options).catch(() => null);
  if (answer && answer.ok) return "";
  const refused = answer && (await answer.json().catch(() => null));
  if (!refused || !refused.error) return text("lost");
  return Object.values(refused.error.fields || {})[0] || refused.error.message;
}

function tell(sentence) {
  const place = document.querySelector(`#${ID} [role=alert]`);
  place.hidden = false;
  place.querySelector("span").textContent = sentence;
  const name = document.getElementById("companion-name");
  if (!name.closest("[data-person]").hidden) name.focus();
}

async function look() {
  const options = { cache: "no-store", headers: { Accept: "text/html" } };
  const answer = await fetch(location.pathname, options).catch(() => null);
  if (!answer || !answer.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const next = page.getElementById(ID);
  if (!next) return location.reload();
  document.getElementById(ID).replaceWith(next);
  showPerson();
  next.tabIndex = -1;
  next.focus();
}
