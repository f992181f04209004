// Change a waiting vehicle: its kind, its plate (only the masked plate is known here), the word for it, and its priority
// with the reason.

import { byId, fieldOf, select, slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { isPlate, keepPlateFormat } from "./plate.js";

/**
 * @typedef {object} Changes
 * @property {{kind?: string, plate?: string, look?: string} | null} vehicle
 * @property {{reason: string | null} | null} priority
 */

/** @type {EditDialog | undefined} */
let opened;

/**
 * Resolves to what is to be changed, or to null after a cancel.
 * @param {Visit} visit
 */
export function editVehicle(visit) {
  opened ??= new EditDialog(byId("vehicle-edit", HTMLDialogElement));
  return opened.edit(visit);
}

class EditDialog {
  #dialog;
  #kind;
  #plate;
  #look;
  #priority;

  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    const form = select("form", dialog, HTMLFormElement);
    this.#dialog = dialog;
    this.#kind = fieldOf(form, "kind");
    this.#plate = fieldOf(form, "plate");
    this.#look = fieldOf(form, "look");
    this.#priority = fieldOf(form, "priority");
    const plate = this.#plate;
    keepPlateFormat(plate);
    plate.addEventListener("input", () => plate.setCustomValidity(isPlate(plate.value) ? "" : text("plate_wrong")));
  }

  /**
   * @param {Visit} visit
   * @returns {Promise<Changes | null>}
   */
  edit(visit) {
    const { title } = slots(this.#dialog);
    title.textContent = text("edit_title", { no: visit.queue_no });
    this.#kind.value = visit.kind;
    this.#priority.value = visit.priority ?? "";
    this.#plate.value = "";
    this.#plate.placeholder = visit.plate_masked ?? "BG 1234 XX";
    this.#look.value = visit.look ?? "";
    this.#dialog.returnValue = "";
    this.#dialog.showModal();
    title.focus();
    return new Promise((resolve) => {
      const close = () => resolve(this.#dialog.returnValue === "yes" ? this.#changes(visit) : null);
      this.#dialog.addEventListener("close", close, { once: true });
    });
  }

  /**
   * @param {Visit} visit
   * @returns {Changes}
   */
  #changes(visit) {
    const vehicle = {
      ...(this.#kind.value !== visit.kind && { kind: this.#kind.value }),
      ...(this.#plate.value && { plate: this.#plate.value }),
      ...(this.#look.value !== (visit.look ?? "") && { look: this.#look.value }),
    };
    const reason = this.#priority.value || null;
    return {
      vehicle: Object.keys(vehicle).length ? vehicle : null,
      priority: reason === (visit.priority ?? null) ? null : { reason },
    };
  }
}
