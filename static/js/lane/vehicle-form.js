// Which vehicle comes next, chosen before its scan: the kind stays for the next ones, priority and plate are of one only.

import { isPlate, plateField } from "./plate.js";
import { place } from "./tablet-point.js";

const KIND = "ampera.vehicle";

/** Returns {value(), reset()}: what the scan says of the vehicle; `reset` after it was let in. */
export function vehicleChooser(form) {
  const { kind, priority, plate } = form.elements;
  const known = place.kind === "mixed" ? (localStorage.getItem(KIND) ?? "car") : place.kind;
  const error = form.querySelector(".field__error");

  function check() {
    const isWrong = !isPlate(plate.value);
    error.hidden = !isWrong;
    plate.classList.toggle("input--wrong", isWrong);
    if (isWrong) plate.setAttribute("aria-invalid", "true");
    else plate.removeAttribute("aria-invalid");
    return !isWrong;
  }
  const mark = () => priority.classList.toggle("vehicle__priority--set", Boolean(priority.value));

  kind.value = known;
  plateField(plate);
  plate.addEventListener("change", check);
  plate.addEventListener("input", () => isPlate(plate.value) && check());
  priority.addEventListener("change", mark);
  form.addEventListener("change", () => place.kind === "mixed" && localStorage.setItem(KIND, kind.value));
  form.addEventListener("submit", (event) => event.preventDefault());

  return {
    value: () => ({
      kind: kind.value,
      ...(priority.value && { priority: priority.value }),
      ...(plate.value && check() && { plate: plate.value }),
    }),
    reset() {
      priority.value = plate.value = "";
      check();
      mark();
    },
  };
}
