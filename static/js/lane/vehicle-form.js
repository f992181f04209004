// The next vehicle, described before its scan. The kind stays for later vehicles; priority, plate and look are of one only.

import { fieldOf, markWrong, select } from "../lib/dom.js";
import { isPlate, keepPlateFormat } from "./plate.js";
import { tabletPoint } from "./tablet-point.js";

const KIND_KEY = "ampera.vehicle";

export class VehicleForm {
  #kind;
  #priority;
  #plate;
  #look;
  #error;

  /** @param {HTMLFormElement} form */
  constructor(form) {
    this.#kind = fieldOf(form, "kind");
    this.#priority = fieldOf(form, "priority");
    this.#plate = fieldOf(form, "plate");
    this.#look = fieldOf(form, "look");
    this.#error = select(".field__error", form);
    const { kind } = tabletPoint();
    this.#kind.value = kind === "mixed" ? (localStorage.getItem(KIND_KEY) ?? "car") : kind;
    keepPlateFormat(this.#plate);
    this.#listen(form);
  }

  /** What the scan sends about the vehicle. */
  value() {
    const plate = this.#plate.value;
    const look = this.#look.value.trim();
    return {
      kind: this.#kind.value,
      ...(this.#priority.value && { priority: this.#priority.value }),
      ...(plate && this.#checkPlate() && { plate }),
      ...(look && { look }),
    };
  }

  /** The vehicle was let in: the next one starts without priority, plate and look. */
  reset() {
    this.#priority.value = this.#plate.value = this.#look.value = "";
    this.#checkPlate();
    this.#markPriority();
  }

  /** @param {HTMLFormElement} form */
  #listen(form) {
    const plate = this.#plate;
    plate.addEventListener("change", () => this.#checkPlate());
    plate.addEventListener("input", () => isPlate(plate.value) && this.#checkPlate());
    this.#priority.addEventListener("change", () => this.#markPriority());
    form.addEventListener("change", () => {
      if (tabletPoint().kind === "mixed") localStorage.setItem(KIND_KEY, this.#kind.value);
    });
    form.addEventListener("submit", (event) => event.preventDefault());
  }

  #checkPlate() {
    const isValid = isPlate(this.#plate.value);
    this.#error.hidden = isValid;
    markWrong(this.#plate, !isValid);
    return isValid;
  }

  #markPriority() {
    this.#priority.classList.toggle("vehicle__priority--set", Boolean(this.#priority.value));
  }
}
