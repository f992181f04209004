// The handover form: who collects, identity and book per row, signature, confirm. The hold button says in words what
// is still lacking; the key of the record is made here, when the form opens.

import { copyOf, slots } from "../lib/dom.js";
import { hold } from "../lib/hold-button.js";
import { count, text } from "../lib/messages.js";
import { bookRow } from "./book-row.js";
import { collectorBand } from "./collector-band.js";
import { bookNumber } from "./parse-input.js";
import { signatureBand } from "./signature-band.js";

const EARLY_MS = 2500; // how long the button says that it was let go too early
const MANY = 4; // books; from here on it is counted how many match
const NEXT = "input:not([type=radio], [type=checkbox]), select";

/**
 * `books`: passports of the visit; `draft`: the body of an unanswered attempt (after a reload); `onConfirm(body)` when the
 * button was held; `onStop(error, book)`; `askReason()`. Returns {element, lost(bool), refuse(error), take(number)}.
 */
export function handoverForm(visit, books, { settings, draft, onConfirm, onStop, askReason }) {
  const element = copyOf("window-form");
  const slot = slots(element);
  const band = (name) => element.querySelector(`[data-band=${name}]`);
  const key = draft?.key ?? crypto.randomUUID();
  const button = element.querySelector(".hold");
  let isLost = false;
  let isWhole = false; // every band is built

  const confirm = hold(button, {
    words: { held: text("hold_held"), early: text("hold_early"), confirm: text("hold_confirm") },
    say: sayEarly,
    onHeld: () => onConfirm(body()),
  });
  const rows = books.map((book) => bookRow(book, { visitId: visit.id, onChange: label, onStop }));
  const collector = collectorBand(band("collector"), {
    checklists: settings.checklists,
    books,
    draft: draft?.collector,
    onChange: changed,
  });
  const signed = signatureBand(band("signature"), {
    isRequired: settings.signature_required,
    mayBeUnsigned: settings.may_be_unsigned,
    askReason,
    onChange: changed,
  });

  function label() {
    if (!isWhole) return;
    const unmatched = rows.filter((row) => !row.isMatched()).length;
    const lacking = [collector.missing(), unmatched ? count("lacking_books", unmatched) : null, signed.missing()];
    const parts = lacking.flatMap((what, i) => (what ? [String(i + 1)] : []));
    const [what] = lacking.filter(Boolean);
    slot.matched.textContent = text("matched", { n: rows.length - unmatched, all: rows.length });
    Object.assign(slot.bar, { max: rows.length, value: rows.length - unmatched });
    button.disabled = isLost || parts.length > 0;
    if (isLost) confirm.label(text("hold_lost"));
    else if (what) confirm.label(text("lacking", { parts: listed(parts), what }));
    else confirm.label(count(button.dataset.holdMode === "two-step" ? "press" : "hold", books.length));
    if (button.disabled) confirm.reset();
    slot.say.textContent = "";
  }
  /** The officer changed something: what was refused is not what stands there any more. */
  function changed() {
    slot.refusal.hidden = true;
    label();
  }
  function sayEarly(sentence) {
    slot.say.textContent = sentence;
    confirm.label(sentence);
    setTimeout(label, EARLY_MS);
  }
  function body() {
    return {
      key,
      visit_id: visit.id,
      passports: rows.map((row) => row.value()),
      collector: collector.value(),
      ...signed.value(),
    };
  }

  slot.title.textContent = text("form_of", { no: visit.queue_no });
  band("books")
    .querySelector("table")
    .append(...rows.map((row) => row.element));
  band("books").addEventListener("input", changed);
  slot.progress.hidden = books.length < MANY;
  isWhole = true;
  signed.start();
  element.addEventListener("submit", (event) => event.preventDefault());
  element.addEventListener(
    "keydown",
    (event) => event.key === "Enter" && event.target.matches(NEXT) && goOn(event, element),
  );

  return {
    element,
    lost(isSo) {
      isLost = isSo;
      label();
    },
    /** The server's refusal in place; the focus goes to the first field it is about. */
    refuse({ message, fields = {}, tries_left: triesLeft }) {
      slot.refusal.hidden = false;
      slot.refusal.querySelector("[data-word]").textContent = message;
      collector.refuse(fields);
      signed.refuse(fields.signature ?? "");
      rows.forEach((row, n) => {
        for (const part of ["identity", "book"]) if (`passports.${n}.${part}` in fields) row.refuse(part, triesLeft);
      });
      const wrong = element.querySelector("[aria-invalid=true]") ?? slot.refusal;
      wrong.focus();
      wrong.select?.(); // what is typed or scanned next replaces it
    },
    /** A scanner typed this: the book in the focused field, or in the first empty one. */
    take(scanned) {
      const found = bookNumber(scanned);
      const row = rows.find((one) => one.owns(document.activeElement)) ?? rows.find((one) => one.isEmpty());
      if (!found?.isSure || !row) return;
      changed();
      row.take(found.number);
    },
  };
}

function listed(parts) {
  return new Intl.ListFormat(document.documentElement.lang, { style: "long", type: "conjunction" }).format(parts);
}

/** Enter goes to the next field that is shown; after the last one to the button. */
function goOn(event, form) {
  event.preventDefault();
  const fields = [...form.querySelectorAll(NEXT)].filter((field) => field.offsetParent !== null);
  const next = fields[fields.indexOf(event.target) + 1] ?? form.querySelector(".hold:enabled");
  if (!next) return event.target.blur();
  next.focus();
  next.select?.();
}
