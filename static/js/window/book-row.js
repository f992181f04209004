// One book of the form: the holder's identity from the card in hand, the number from the book in hand, and the server's
// answer beside them. A field is asked about when it is left, never while its first keys are typed.

import { copyOf, icon, make, slots, state } from "../lib/dom.js";
import { kindTag } from "../lib/kind-label.js";
import { count, text } from "../lib/messages.js";
import { play } from "../lib/sounds.js";
import { checks } from "./checks.js";
import { bookNumber, dashed, isoDate, last4, nikLast4 } from "./parse-input.js";

const PAUSE_MS = 500; // after a complete book number it is asked about at once: a wrong one costs no try
const LONG_NAME = 34; // letters; a longer name gets a line of its own

/**
 * `book`: a passport of the visit; `onChange()` after every change of its answers, `onStop(error, book)` when the form
 * cannot go on. Returns {element, isMatched(), isEmpty(), value(), owns(input), take(number), refuse(part, triesLeft)}.
 */
export function bookRow(book, { visitId, onChange, onStop }) {
  const element = copyOf("window-row");
  const field = slots(element);
  const inputs = { identity: [field.identity, field.document], book: [field.book] };
  const answers = { identity: null, book: null };
  let proof = book.identity;
  let pause = null;

  const typedValue = (part) =>
    part === "book" ? (bookNumber(field.book.value)?.number ?? null) : identityOf(proof, field);
  const asked = checks(visitId, book.passport_id, { typedValue, onAnswer, onStop: (error) => onStop(error, book) });

  function onAnswer(part, told, isNew) {
    if (isNew && told === "mismatch") play("stop");
    answers[part] = told;
    paint();
  }
  function paint() {
    for (const part of Object.keys(inputs)) for (const input of inputs[part]) mark(input, answers[part]);
    field.result.replaceChildren(...result(answers, { asked, proof, field }));
    onChange();
  }
  function left(part) {
    clearTimeout(pause);
    const isTyped = inputs[part].every((input) => input.hidden || input.value.trim());
    if (typedValue(part) !== null) asked.ask(part);
    else if (isTyped) onAnswer(part, "short");
  }
  function typed(part) {
    clearTimeout(pause);
    if (part === "book" && bookNumber(field.book.value)?.isSure) pause = setTimeout(() => asked.ask("book"), PAUSE_MS);
    onAnswer(part, typedValue(part) === null ? null : asked.known(part));
  }
  function prove(by) {
    proof = by;
    answers.identity = null;
    showProof(book, proof, field);
    paint();
  }

  label(element, field, book);
  prove(proof);
  field.identity.addEventListener("input", ({ inputType }) => {
    if (proof !== "nik") field.identity.value = dashed(field.identity.value, inputType?.startsWith("delete"));
    typed("identity");
  });
  field.document.addEventListener("input", () => typed("identity"));
  field.book.addEventListener("input", () => typed("book"));
  for (const part of Object.keys(inputs))
    for (const input of inputs[part]) input.addEventListener("change", () => left(part));
  field.switch.addEventListener("click", () => {
    prove(proof === "nik" ? "birth_date" : "nik");
    field.identity.focus();
  });

  return {
    element,
    isMatched: () => Object.values(answers).every((told) => told === "match"),
    isEmpty: () => !field.book.value,
    value: () => ({ passport_id: book.passport_id, book: typedValue("book"), identity: typedValue("identity") }),
    owns: (input) => input === field.book,
    take(number) {
      field.book.value = number;
      field.book.focus();
      asked.ask("book");
    },
    refuse: asked.refuse,
  };
}

function identityOf(proof, field) {
  const named = (name, value) => value && { [name]: value };
  if (proof === "nik") return named("nik_last4", nikLast4(field.identity.value));
  const birth = named("birth_date", isoDate(field.identity.value));
  if (proof !== "birth_date+document") return birth;
  const old = named("document_last4", last4(field.document.value));
  return birth && old && { ...birth, ...old };
}

/** What stands beside the row: the gravest answer first. */
function result(answers, { asked, proof, field }) {
  const told = Object.values(answers);
  const partOf = (answer) => Object.keys(answers).find((part) => answers[part] === answer);
  if (answers.identity === "mismatch") return [wrong(count("mismatch_identity", asked.triesLeft()))];
  if (answers.book === "mismatch") return [wrong(text("mismatch_book"))];
  if (told.includes("asking")) return [make("span", { class: "state" }, icon("check"), text("asking"))];
  if (told.includes("lost")) return [wrong(text("unanswered_row")), askAgain(() => asked.ask(partOf("lost")))];
  if (told.includes("short")) return [wrong(text(shortOf(partOf("short"), proof, field)))];
  if (told.every((one) => one === "match")) return [state("go", text("match"))];
  return told.includes("match") ? [state("go", text(`match_${partOf("match")}`))] : [];
}

function shortOf(part, proof, field) {
  if (part === "book") return "short_book";
  if (proof === "nik") return "short_nik";
  return isoDate(field.identity.value) ? "short_document" : "short_date";
}

function wrong(sentence) {
  return make("p", { class: "field__error" }, icon("stop"), sentence);
}

function askAgain(click) {
  return make("button", { class: "button button--lane", type: "button", click }, text("ask_again"));
}

function mark(input, told) {
  const isWrong = told === "mismatch" || told === "short";
  input.classList.toggle("input--right", told === "match");
  input.classList.toggle("input--wrong", isWrong);
  if (isWrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}

function showProof(book, proof, field) {
  const isDate = proof !== "nik";
  const name = book.holder_name;
  field.proof.textContent = text(`proof_${proof.replace("+", "_")}`);
  field.identity.value = "";
  field.identity.maxLength = isDate ? 10 : 19;
  field.identity.placeholder = isDate ? text("date_shape") : "";
  field.identity.setAttribute("aria-label", text(isDate ? "whose_birth_date" : "whose_nik", { name }));
  field.document.hidden = proof !== "birth_date+document";
  field.switch.hidden = book.identity !== "nik";
  const whose = make("span", { class: "visually-hidden" }, ` ${text("use_whose", { name })}`);
  field.switch.replaceChildren(text(isDate ? "use_nik" : "use_birth_date"), whose);
}

function label(element, field, book) {
  const name = book.holder_name;
  field.name.replaceChildren(...[name, kindTag(book)].filter(Boolean));
  if (name.length > LONG_NAME) {
    const head = make("th", { class: "ledger__who", colspan: 4, scope: "rowgroup" }, name, kindTag(book));
    element.prepend(make("tr", { class: "ledger__long" }, head));
    field.name.remove();
  }
  field.result.id = `result-${book.passport_id}`;
  for (const input of [field.identity, field.document, field.book])
    input.setAttribute("aria-describedby", field.result.id);
  field.document.setAttribute("aria-label", text("whose_document", { name }));
  field.document.placeholder = text("document_shape");
  field.book.setAttribute("aria-label", text("whose_book", { name }));
}
