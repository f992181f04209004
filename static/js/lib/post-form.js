// Sending a form of the applicant's pages without a reload. It is apart from forms.js so that a phone loads only this.

import { text } from "./messages.js";

const TIMEOUT_MS = 8000;

/**
 * Post the fields as a browser would. Resolves to null after a success, else to the refusal; its message is never empty.
 * @param {string} action
 * @param {URLSearchParams} fields
 * @returns {Promise<{message: string, fields?: Record<string, string>} | null>}
 */
export async function postForm(action, fields) {
  const headers = { Accept: "application/json" };
  const options = { method: "POST", body: fields, headers, signal: AbortSignal.timeout(TIMEOUT_MS) };
  const answer = await fetch(action, options).catch(() => null);
  if (answer?.ok) return null;
  const refused = await answer?.json().catch(() => null);
  return { message: text("lost"), ...refused?.error };
}

/**
 * The fields of a form, with the button that sent it.
 * @param {HTMLFormElement} form
 * @param {HTMLElement | null} submitter
 */
export function fieldsOf(form, submitter) {
  // Every field of these forms is text: a FormData of them is a list of pairs of strings.
  const fields = new URLSearchParams(/** @type {any} */ (new FormData(form)));
  if (submitter instanceof HTMLButtonElement && submitter.name) fields.set(submitter.name, submitter.value);
  return fields;
}
