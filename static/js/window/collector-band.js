// Band 1: who collects, in which capacity, and what they showed. The checklist of each class is the office's.

import { make, slots } from "../lib/dom.js";
import { count, text } from "../lib/messages.js";
import { announcedNames } from "./announced-collectors.js";
import { last4 } from "./parse-input.js";

/**
 * `books`: those to hand over; `draft`: a collector to start from. Returns {missing(), value(), refuse(fields)};
 * `missing()` is the sentence of what is still lacking, or null.
 */
export function collectorBand(section, { checklists, books, draft, onChange }) {
  const slot = slots(section);
  const error = section.querySelector("#collector-error");
  const person = {
    name: section.querySelector("#collector-name"),
    document: section.querySelector("#collector-document"),
    document_last4: section.querySelector("#collector-last4"),
  };
  const shown = new Set(draft?.shown ?? []);
  const announced = announcedNames(slot.announced, books, (name) => {
    person.name.value = name;
    clear();
    person.document_last4.focus();
  });

  const kind = () => section.querySelector("[name=class]:checked")?.value ?? null;
  const needed = () => checklists[kind()] ?? [];
  const unticked = () => needed().filter((item) => !shown.has(item)).length;
  const isPersonComplete = () =>
    kind() === "self" || Boolean(person.name.value.trim() && last4(person.document_last4.value));

  function show() {
    slot.person.hidden = !kind() || kind() === "self";
    announced.offer(!slot.person.hidden);
    slot.hint.hidden = kind() !== "self" || books.length < 2;
    slot.shown.replaceChildren(...needed().map(tick));
  }
  function tick(item) {
    const change = ({ target }) => {
      if (target.checked) shown.add(item);
      else shown.delete(item);
      clear();
    };
    return make(
      "label",
      { class: "tick" },
      make("input", { type: "checkbox", value: item, checked: shown.has(item), change }),
      text(`shown_${item}`),
    );
  }
  function clear() {
    error.hidden = true;
    for (const input of [...Object.values(person), ...slot.shown.querySelectorAll("input")]) mark(input, false);
    onChange();
  }
  function fill() {
    if (!draft) return;
    section.querySelector(`[name=class][value=${draft.class}]`).checked = true;
    for (const [name, input] of Object.entries(person)) input.value = draft[name] ?? input.value;
  }

  for (const radio of section.querySelectorAll("[name=class]"))
    radio.addEventListener("change", () => {
      show();
      clear();
    });
  for (const input of Object.values(person)) input.addEventListener("input", clear);
  fill();
  show();

  return {
    missing() {
      if (!kind()) return text("lacking_class");
      if (!isPersonComplete()) return text("lacking_person");
      return unticked() ? count("lacking_shown", unticked()) : null;
    },
    value() {
      const about = { class: kind(), shown: needed().filter((item) => shown.has(item)) };
      if (kind() === "self") return about;
      return {
        ...about,
        name: person.name.value.trim(),
        document: person.document.value,
        document_last4: last4(person.document_last4.value),
      };
    },
    /** Mark what the server finds lacking: "shown" and "collector.NAME" of `fields`. */
    refuse(fields) {
      const lacking = Object.keys(person).filter((name) => `collector.${name}` in fields);
      for (const name of lacking) mark(person[name], true);
      for (const input of slot.shown.querySelectorAll("input"))
        mark(input, [fields.shown ?? []].flat().includes(input.value));
      const told = lacking.length
        ? text("lacking_person")
        : fields.shown && count("lacking_shown", [fields.shown].flat().length);
      error.hidden = !told;
      error.querySelector("[data-word]").textContent = told || "";
    },
  };
}

function mark(input, isWrong) {
  input.classList.toggle("input--wrong", isWrong && input.type !== "checkbox");
  if (isWrong) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
}
