// Change a waiting vehicle: its kind, its plate (only its mask is known here), and whether it goes first and why.

import { slots } from "../lib/dom.js";
import { text } from "../lib/messages.js";
import { isPlate, plateField } from "./plate.js";

const dialog = document.getElementById("vehicle-edit");
const { title } = slots(dialog);
const form = dialog.querySelector("form");
const { kind, plate, priority } = form.elements;

plateField(plate);
plate.addEventListener("input", () => plate.setCustomValidity(isPlate(plate.value) ? "" : text("plate_wrong")));

/** Resolves to {vehicle: {kind?, plate?} or null, priority: {reason} or null}: what is to change; null for nothing. */
export function editVehicle(visit) {
  title.textContent = text("edit_title", { no: visit.queue_no });
  kind.value = visit.kind;
  priority.value = visit.priority ?? "";
  plate.value = "";
  plate.placeholder = visit.plate_masked ?? "BG 1234 XX";
  dialog.returnValue = "";
  dialog.showModal();
  title.focus();
  return new Promise((resolve) => {
    const close = () => resolve(dialog.returnValue === "yes" ? changes(visit) : null);
    dialog.addEventListener("close", close, { once: true });
  });
}

function changes(visit) {
  const vehicle = {
    ...(kind.value !== visit.kind && { kind: kind.value }),
    ...(plate.value && { plate: plate.value }),
  };
  const isFirstNow = priority.value || null;
  return {
    vehicle: Object.keys(vehicle).length ? vehicle : null,
    priority: isFirstNow === (visit.priority ?? null) ? null : { reason: isFirstNow },
  };
}
