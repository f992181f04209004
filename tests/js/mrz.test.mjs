// The two lines of a passport: what they say, and that one wrong character is never read as another book.

import assert from "node:assert/strict";
import test from "node:test";
import { isPartOfZone, readZone } from "../../static/js/lib/mrz.js";
import { linesOf } from "./zone.mjs";

const NOW = Date.parse("2026-11-30T05:00:00Z");
const SPECIMEN = ["P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10"]; // of ICAO
const read = (changes) => readZone(...linesOf(changes), NOW);

test("the specimen of ICAO is read", () => {
  assert.deepEqual(readZone(...SPECIMEN, NOW), {
    number: "L898902C3",
    issuer: "UTO",
    name: { words: ["ERIKSSON", "ANNA", "MARIA"], isCut: false },
    birthDate: "1974-08-12",
    expiry: "2012-04-15",
  });
});

test("the built lines are those of ICAO", () => {
  const built = linesOf({ number: "L898902C3", issuer: "UTO", name: "ERIKSSON<<ANNA<MARIA" });
  assert.equal(built[0], SPECIMEN[0]);
});

for (const number of ["X1234567", "XC123456", "XC1234567", "A123456"]) {
  test(`the number ${number} is read`, () => {
    assert.equal(read({ number }).number, number);
  });
}

test("a personal number and its digit are read over", () => {
  const zone = read({ personal: "16710101019" });
  assert.equal(zone.number, "X1234567");
});

test("every single wrong digit of the lower line is noticed", () => {
  const [upper, lower] = linesOf({ personal: "16710101019" });
  for (let at = 0; at < lower.length; at++) {
    if (!/\d/.test(lower[at])) continue;
    const other = String((Number(lower[at]) + 1) % 10);
    assert.equal(readZone(upper, lower.slice(0, at) + other + lower.slice(at + 1), NOW), null, `at ${at}`);
  }
});

test("a lost or a doubled character is noticed", () => {
  const [upper, lower] = linesOf();
  for (let at = 0; at < lower.length; at++) {
    assert.equal(readZone(upper, lower.slice(0, at) + lower.slice(at + 1), NOW), null, `without ${at}`);
    assert.equal(readZone(upper, lower.slice(0, at) + lower[at] + lower.slice(at), NOW), null, `twice ${at}`);
  }
});

test("a letter O in the place of a zero is no zero", () => {
  const [upper, lower] = linesOf({ birth: "900101" });
  assert.equal(readZone(upper, lower.replace("900101", "9O0101"), NOW), null);
});

test("without a readable upper line the name is not known and the number is", () => {
  const [upper, lower] = linesOf();
  for (const damaged of ["", upper.slice(1), upper.replace("CONTOH", "C0NTOH")]) {
    const { number, issuer, name } = readZone(damaged, lower, NOW);
    assert.deepEqual([number, issuer, name], ["X1234567", null, null]);
  }
});

test("a birth date is in the past, whatever its century", () => {
  const born = (birth) => read({ birth }).birthDate;
  assert.deepEqual([born("261130"), born("261201"), born("500101")], ["2026-11-30", "1926-12-01", "1950-01-01"]);
});

test("a day that the book does not know is no birth date", () => {
  assert.equal(read({ birth: "90<<<<" }).birthDate, null);
});

test("a name of one word, and one that has no room, are read", () => {
  const words = (name) => read({ name }).name;
  assert.deepEqual(words("CONTOH"), { words: ["CONTOH"], isCut: false });
  assert.equal(words(`CONTOH<<${"PANJANG<".repeat(5)}`).isCut, true);
});

test("codes, numbers and dates are no part of a zone", () => {
  for (const text of [`SAB${"7".repeat(26)}`, "7KQ4-M2XR", "X1234567", "1671012345678901", "HTTPS://CONTOH.EXAMPLE/P"])
    assert.equal(isPartOfZone(text), false, text);
  for (const line of linesOf({ number: "XC1234567", personal: "16710101019012" })) assert.ok(isPartOfZone(line), line);
});
