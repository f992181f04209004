// Codes before the camera that are no pickup codes.

import assert from "node:assert/strict";
import test from "node:test";
import { mayBeCode, StrayCodes } from "../../static/js/lane/stray-codes.js";

const CODE = `SAB${"0".repeat(26)}`;

for (const read of [CODE, CODE.toLowerCase(), `]Q3${CODE}`, `${CODE}\r\n`, "7KQ4-M2XR", "7kq4 m2xr"])
  test(`${JSON.stringify(read)} may be a code`, () => assert.equal(mayBeCode(read), true));

for (const read of [
  "https://qris.example/abc",
  "00020101021126610014",
  "8991002101234",
  "",
  `${CODE}0`,
  "BG 1234 XX 9",
])
  test(`${JSON.stringify(read)} is a stray code`, () => assert.equal(mayBeCode(read), false));

test("a stray code counts only when it is held without a break", () => {
  let now = 0;
  const strays = new StrayCodes(() => now);
  const at = (ms, code = "botol") => {
    now = ms;
    return strays.isHeld(code);
  };
  assert.deepEqual([at(0), at(400), at(900), at(1000)], [false, false, false, true]);
  assert.deepEqual([at(3000), at(3500)], [false, false]); // it was away
  assert.deepEqual([at(3600, "stiker"), at(4100, "stiker"), at(4600, "stiker")], [false, false, true]);
});
