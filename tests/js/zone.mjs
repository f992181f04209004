// The two lines that an invented passport has.

const LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const digit = (text) =>
  String([...text].reduce((sum, sign, i) => sum + Math.max(0, LETTERS.indexOf(sign)) * [7, 3, 1][i % 3], 0) % 10);

/** [upper, lower] line. */
export function linesOf({
  number = "X1234567",
  name = "CONTOH<<AHMAD",
  issuer = "IDN",
  birth = "900101",
  expiry = "360101",
  personal = "",
} = {}) {
  const upper = `P<${issuer.padEnd(3, "<")}${name}`.slice(0, 44).padEnd(44, "<");
  const [no, own] = [number.padEnd(9, "<"), personal.padEnd(14, "<")];
  const begin = `${no}${digit(no)}`;
  const [born, until] = [birth + digit(birth), expiry + digit(expiry)];
  const rest = `${own}${personal ? digit(own) : "<"}`;
  return [upper, `${begin}IDN${born}M${until}${rest}${digit(begin + born + until + rest)}`];
}
