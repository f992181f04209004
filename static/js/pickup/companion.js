// Announcing the collector without a reload: the server's new section replaces the old one, with the right list of papers.

import { byId, select } from "../lib/dom.js";
import { fieldsOf, postForm } from "../lib/post-form.js";

const ID = "companion";

/** Take over the forms of the section from now on. */
export function sendCompanions() {
  document.addEventListener("submit", (event) => {
    if (!(event.target instanceof HTMLFormElement) || !event.target.matches("[data-announce]")) return;
    event.preventDefault();
    send(event.target, event.submitter);
  });
  document.addEventListener("change", ({ target }) => {
    if (target instanceof Element && target.matches(`#${ID} [name=class]`)) showPerson();
  });
  showPerson();
}

/**
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
async function send(form, submitter) {
  const refusal = await postForm(form.action, fieldsOf(form, submitter));
  if (refusal) showProblem(Object.values(refusal.fields ?? {})[0] || refusal.message);
  else await replaceSection();
}

/** The name is asked for only of another person. */
function showPerson() {
  const person = document.querySelector(`#${ID} [data-person]`);
  if (!(person instanceof HTMLElement)) return;
  const chosen = document.querySelector(`#${ID} [name=class]:checked`);
  person.hidden = !(chosen instanceof HTMLInputElement) || chosen.value === "self";
}

/** @param {string} sentence */
function showProblem(sentence) {
  const problem = select(`#${ID} [role=alert]`);
  problem.hidden = false;
  select("span", problem).textContent = sentence;
  const name = byId("companion-name");
  const person = name.closest("[data-person]");
  if (person instanceof HTMLElement && !person.hidden) name.focus();
}

async function replaceSection() {
  /** @type {RequestInit} */
  const options = { cache: "no-store", headers: { Accept: "text/html" } };
  const answer = await fetch(location.pathname, options).catch(() => null);
  if (!answer?.ok) return location.reload();
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const section = page.getElementById(ID);
  if (!section) return location.reload();
  byId(ID).replaceWith(section);
  showPerson();
  section.tabIndex = -1;
  section.focus();
}
