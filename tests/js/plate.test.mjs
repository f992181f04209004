// Plates while they are typed.

import assert from "node:assert/strict";
import test from "node:test";
import { formatPlate, isPlate } from "../../static/js/lane/plate.js";

test("a plate is formatted while it is typed", () => {
  assert.equal(formatPlate("bg1234xx"), "BG 1234 XX");
  assert.equal(formatPlate("b-12"), "B 12");
  assert.equal(formatPlate("bg"), "BG");
  assert.equal(formatPlate(""), "");
});

test("characters beyond a plate are dropped", () => {
  assert.equal(formatPlate("BG 12345 XXXX"), "BG 1234");
  assert.equal(formatPlate("BG 1234 XXXX"), "BG 1234 XXX");
});

test("an empty plate and a complete plate are accepted", () => {
  for (const plate of ["", "B 1", "BG 1234", "BG 1234 XX", "BG 1234 XXX"]) assert.ok(isPlate(plate), plate);
});

test("half a plate is not accepted", () => {
  for (const plate of ["B", "BG XX", "1234", "bg 1234 xx", "BG 12345"]) assert.ok(!isPlate(plate), plate);
});
