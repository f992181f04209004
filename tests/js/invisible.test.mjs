// Pasted numbers and searched names: what nobody sees does not count.

import assert from "node:assert/strict";
import test from "node:test";

import { formatPlate } from "../../static/js/lane/plate.js";
import { folded, typed } from "../../static/js/lib/invisible.js";
import { bookNumber, isoDate, last4, nikLast4 } from "../../static/js/lib/parse-input.js";

for (const mark of [
  "\u00ad",
  "\u200b",
  "\u200e",
  "\u202a",
  "\u202c",
  "\u2060",
  "\u2066",
  "\ufe0f",
  "\ufeff",
  "\u{e0041}",
])
  test(`U+${mark.codePointAt(0)?.toString(16)} in a pasted number does no harm`, () => {
    assert.equal(typed(`${mark}88${mark}00 `), "8800");
    assert.equal(isoDate(`${mark}24-11-1990${mark}`), "1990-11-24");
    assert.equal(nikLast4(`167101${mark}0203900001`), "0001");
    assert.equal(last4(`${mark}a1b2`), "A1B2");
    assert.equal(bookNumber(`X${mark}1234567`)?.number, "X1234567");
    assert.equal(formatPlate(`bg${mark}1234xx`), "BG 1234 XX");
  });

test("full-width digits are digits", () => {
  assert.equal(nikLast4("１６７１"), "1671");
  assert.equal(bookNumber("Ｘ１２３４５６７")?.number, "X1234567");
});

test("names are compared without accents and apostrophes", () => {
  for (const [name, query] of [
    ["Đặng Thị", "dang"],
    ["Łukasz", "lukasz"],
    ["Søren", "soren"],
    ["Nur'aini", "nuraini"],
    ["O’Contoh", "ocontoh"],
    ["Nuraini", "Nur’aini"],
    ["Strauß", "strauss"],
    ["Æsa", "aesa"],
  ])
    assert.ok(folded(name).includes(folded(query)), name);
});
