// A vehicle's plate (TNKB) while it is typed: region, digits, letters. Whether it is one decides the server.

const PARTS = /^([A-Z]{0,2})(\d{0,4})([A-Z]{0,3})/;

/** "bg1234xx" -> "BG 1234 XX", also of half a plate. */
export function plated(typed) {
  const plain = typed.toUpperCase().replace(/[^A-Z0-9]/g, "");
  return PARTS.exec(plain).slice(1).filter(Boolean).join(" ");
}

/** Nothing, or complete enough to be sent. */
export const isPlate = (plate) => /^([A-Z]{1,2} \d{1,4}( [A-Z]{1,3})?)?$/.test(plate);

/** Keep what is typed into `input` in shape. */
export function plateField(input) {
  input.addEventListener("input", () => (input.value = plated(input.value)));
}
