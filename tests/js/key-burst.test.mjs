// Scanners as their makers set them: no key of theirs reaches a control, and every code is one scan.

import assert from "node:assert/strict";
import test from "node:test";
import { KeyBurst } from "../../static/js/lib/key-burst.js";

const CODE = "SAB0123456789ABCDEFGHJKMNPQRS";
const SCANNER_MS = 8;

/** Types texts and keys; remembers codes and the end keys that reached the page. */
class Keyboard {
  constructor(place = "page", gap = SCANNER_MS) {
    this.burst = new KeyBurst();
    this.place = place;
    this.gap = gap;
    this.now = 1000;
    this.codes = [];
    this.reached = [];
  }

  type(text) {
    for (const key of text) this.press(key);
    return this;
  }

  press(key, { isControl = false } = {}) {
    this.now += this.gap;
    const { isSwallowed, code } = this.burst.press({ key, at: this.now, isControl, place: this.place });
    if (code) this.codes.push(code);
    if (!isSwallowed && (key.length > 1 || key === " " || isControl)) this.reached.push(key);
    return this;
  }

  wait(ms) {
    this.now += ms;
    const code = this.burst.quiet(this.now, this.place);
    if (code) this.codes.push(code);
    return this;
  }
}

for (const [name, end] of Object.entries({
  Enter: ["Enter"],
  "carriage return and line feed": ["Enter", "Enter"],
  Tab: ["Tab"],
  "Tab and Enter": ["Tab", "Enter"],
  "Enter and Tab": ["Enter", "Tab"],
  "three Enters": ["Enter", "Enter", "Enter"],
})) {
  test(`a scan that ends with ${name} is one code and presses nothing`, () => {
    const keyboard = new Keyboard().type(CODE);
    for (const key of end) keyboard.press(key);
    keyboard.wait(200);
    assert.deepEqual([keyboard.codes, keyboard.reached], [[CODE], []]);
  });
}

test("a line feed as Ctrl+J ends a scan and reaches nothing", () => {
  const keyboard = new Keyboard().type(CODE).press("Enter").press("j", { isControl: true });
  assert.deepEqual([keyboard.codes, keyboard.reached], [[CODE], []]);
});

test("a scanner without an end key is read after a short pause", () => {
  assert.deepEqual(new Keyboard().type(CODE).wait(200).codes, [CODE]);
});

test("a slow scanner without an end key is read once the code is whole", () => {
  assert.deepEqual(new Keyboard("page", 100).type(CODE).wait(200).codes, [CODE]);
});

test("an end key that comes late after a code still reaches nothing", () => {
  const keyboard = new Keyboard().type(CODE).wait(200).press("Enter").press("Enter");
  assert.deepEqual([keyboard.codes, keyboard.reached], [[CODE], []]);
});

for (const prefix of ["]Q1", "\\000026", "s", "Q", "]d2"]) {
  test(`a code after the prefix ${prefix} is the code alone`, () => {
    assert.deepEqual(new Keyboard().type(prefix + CODE).press("Enter").codes, [CODE]);
  });
}

test("a code in lower case is a code", () => {
  assert.deepEqual(new Keyboard().type(CODE.toLowerCase()).wait(200).codes, [CODE.toLowerCase()]);
});

test("two scans one after the other are two codes", () => {
  const keyboard = new Keyboard().type(CODE).press("Enter").wait(600).type("X1234567").press("Enter");
  assert.deepEqual(keyboard.codes, [CODE, "X1234567"]);
});

test("a short barcode with Enter presses no button", () => {
  const keyboard = new Keyboard().type("AB1").press("Enter").press("Enter");
  assert.deepEqual([keyboard.codes, keyboard.reached], [[], []]);
});

test("a web address with blanks presses no button", () => {
  const keyboard = new Keyboard().type("https://contoh.example/a b c").press("Enter");
  assert.deepEqual(keyboard.reached, []);
});

test("an officer's own Enter and Tab work", () => {
  const keyboard = new Keyboard("page", 300).press("Tab").press("Enter").press("Enter");
  assert.deepEqual(keyboard.reached, ["Tab", "Enter", "Enter"]);
});

test("Enter works again half a second after a scan", () => {
  const keyboard = new Keyboard().type(CODE).press("Enter").wait(600).press("Enter");
  assert.deepEqual(keyboard.reached, ["Enter"]);
});

test("a whole code leaves a marked field, with Enter, Tab or neither", () => {
  for (const end of ["Enter", "Tab", null]) {
    const keyboard = new Keyboard("marked").type(CODE);
    if (end) keyboard.press(end);
    assert.deepEqual(keyboard.wait(200).codes, [CODE]);
  }
});

test("a plate or queue number in a marked field stays there, and its Enter counts", () => {
  const keyboard = new Keyboard("marked", 120).type("BG 1234 XY").press("Enter").wait(200);
  assert.deepEqual([keyboard.codes, keyboard.reached.at(-1)], [[], "Enter"]);
});

test("a scan into another field keeps its first Enter and loses the second", () => {
  const keyboard = new Keyboard("field").type("X1234567").press("Enter").press("Enter").press("Tab");
  assert.deepEqual([keyboard.codes, keyboard.reached], [[], ["Enter"]]);
});

test("a hand that types into a field may press Enter twice", () => {
  const keyboard = new Keyboard("field", 110).type("4567").press("Enter").press("Enter");
  assert.deepEqual(keyboard.reached, ["Enter", "Enter"]);
});

test("a touch after a scan ends what is left of it", () => {
  const keyboard = new Keyboard("field").type("X1234567").press("Enter");
  keyboard.burst.touched();
  keyboard.press("Enter");
  assert.deepEqual(keyboard.reached, ["Enter", "Enter"]);
});

test("keys before the focus moved are no part of a scan", () => {
  const keyboard = new Keyboard().type("  ");
  keyboard.burst.moved();
  keyboard.press("Enter");
  assert.equal(keyboard.reached.at(-1), "Enter");
});

test("a scan right after another one is a scan of its own", () => {
  const keyboard = new Keyboard();
  keyboard.type("X1234567").press("Enter");
  keyboard.type("X7654321").press("Enter");
  assert.deepEqual(keyboard.codes, ["X1234567", "X7654321"]);
});
