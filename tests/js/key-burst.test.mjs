// Scanners as their makers set them: no key of theirs reaches a control, and every code is one scan.

import assert from "node:assert/strict";
import test from "node:test";
import { KeyBurst } from "../../static/js/lib/key-burst.js";
import { linesOf } from "./zone.mjs";

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

  press(key, { isControl = false, physical = "" } = {}) {
    this.now += this.gap;
    const press = { key, code: physical, at: this.now, isControl, place: this.place };
    const { isSwallowed, code } = this.burst.press(press);
    if (code) this.codes.push(code);
    if (!isSwallowed && (key.length > 1 || key === " " || isControl)) this.reached.push(key);
    return this;
  }

  /** From now on the keys come this fast. */
  at(gap) {
    this.gap = gap;
    return this;
  }

  in(place) {
    this.place = place;
    return this;
  }

  /** The keys of an American keyboard, read by a computer that is set to another one. */
  typeAs(text, layout) {
    for (const character of text) {
      const physical = /\d/.test(character) ? `Digit${character}` : `Key${character}`;
      this.press(layout(character), { physical });
    }
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

// Variations of how scanners are set, where the cursor is, and how the keys come. `then` is what the page got.

const OTHER = "SAB9876543210ZYXWVTSRQPNMKJHG";
const FRENCH_DIGITS = "à&é\"'(-è_ç";
const french = (character) =>
  FRENCH_DIGITS[character] ?? { A: "Q", Q: "A", W: "Z", Z: "W", M: "," }[character] ?? character;
const russian = (character) =>
  /\d/.test(character) ? character : String.fromCharCode(character.charCodeAt(0) + 0x3d5);

const VARIATIONS = {
  "Escape at the end": [(keys) => keys.type(CODE).press("Escape"), [CODE]],
  "an arrow down at the end": [(keys) => keys.type(CODE).press("ArrowDown"), [CODE]],
  "Tab twice at the end": [(keys) => keys.type(CODE).press("Tab").press("Tab"), [CODE]],
  "Tab as Ctrl+I and Enter as Ctrl+M": [
    (keys) => keys.type(CODE).press("i", { isControl: true }).press("m", { isControl: true }),
    [CODE],
  ],
  "a frame of Ctrl+B and Ctrl+C": [
    (keys) => keys.press("b", { isControl: true }).type(CODE).press("c", { isControl: true }).wait(200),
    [CODE],
    ["b", "c"],
  ],
  "the reader's name before the code": [(keys) => keys.type("\\000026]Q1").type(CODE).press("Enter"), [CODE]],
  "a blank after the code": [(keys) => keys.type(`${CODE} `).press("Enter"), [`${CODE} `]],
  "caps lock, so that every letter is small": [
    (keys) => keys.type(CODE.toLowerCase()).press("Tab"),
    [CODE.toLowerCase()],
  ],
  "shift keys between the letters": [
    (keys) => {
      for (const key of CODE) keys.press("Shift").press(key);
      return keys.press("Enter");
    },
    [CODE],
    Array(29).fill("Shift"),
  ],
  "one key each 2 ms": [(keys) => keys.at(2).type(CODE).press("Enter").press("Enter"), [CODE]],
  "one key each 190 ms": [(keys) => keys.at(190).type(CODE).press("Enter"), [CODE]],
  "a pause of 300 ms in the middle": [
    (keys) => keys.type(CODE.slice(0, 13)).wait(300).type(CODE.slice(13)).press("Enter"),
    [CODE],
  ],
  "three parts and no end key": [
    (keys) => keys.type(CODE.slice(0, 9)).wait(250).type(CODE.slice(9, 20)).wait(250).type(CODE.slice(20)).wait(200),
    [CODE],
  ],
  "a pause of a second, which tears the code": [
    (keys) => keys.type(CODE.slice(0, 13)).wait(1000).type(CODE.slice(13)).press("Enter"),
    [CODE.slice(0, 13), CODE.slice(13)],
  ],
  "an Enter that comes 400 ms late": [(keys) => keys.type(CODE).wait(400).press("Enter"), [CODE]],
  "a French keyboard": [(keys) => keys.typeAs(CODE, french).press("Enter"), [CODE]],
  "a Russian keyboard, no end key": [(keys) => keys.typeAs(CODE, russian).wait(200), [CODE]],
  "two scanners, one after the other": [
    (keys) => keys.type(CODE).press("Enter").type(OTHER).press("Enter"),
    [CODE, OTHER],
  ],
  "two scanners at once without end keys: one code, no mixture": [(keys) => keys.type(CODE + OTHER).wait(200), [OTHER]],
  "a dead key among the letters": [(keys) => keys.type("]").press("Dead").type(CODE).press("Enter"), [CODE], ["Dead"]],
  "a product's barcode": [(keys) => keys.type("8991234567890").press("Enter").press("Enter"), ["8991234567890"]],
  "a code beside a plate, in the plate's field": [
    (keys) => keys.in("marked").at(150).type("BG 1234 XX").wait(900).at(8).type(CODE).press("Enter").press("Enter"),
    [CODE],
    [" ", " "],
  ],
  "a book in a field for scans": [
    (keys) => keys.in("scans").type("X1234567").press("Tab").press("Enter"),
    ["X1234567"],
  ],
  "two books in a field for scans, no end key": [
    (keys) => keys.in("scans").type("X1234567").wait(200).type("X7654321").wait(200),
    ["X1234567", "X7654321"],
  ],
  "a hand in a field for scans": [
    (keys) => keys.in("scans").at(120).type("X 1234567").press("Enter").wait(200),
    [],
    [" ", "Enter"],
  ],
  "a name typed fast in a field for scans": [(keys) => keys.in("scans").type("Ibu Contoh").wait(200), [], [" "]],
  "a hand's arrows and Escape": [
    (keys) => keys.at(250).press("ArrowDown").press("Escape").type("x").press("Escape"),
    [],
    ["ArrowDown", "Escape", "Escape"],
  ],
  "a hand that ticks twice with the space bar": [(keys) => keys.at(120).press(" ").press(" "), [], [" ", " "]],
};

for (const [name, [act, codes, reached = []]] of Object.entries(VARIATIONS))
  test(`scanner and hand: ${name}`, () => {
    const keys = act(new Keyboard());
    assert.deepEqual([keys.codes, keys.reached], [codes, reached]);
  });

test("what was in a control before a scan is known from the scan's first key", () => {
  const { burst } = new Keyboard().type("BG");
  assert.equal(burst.isBeginning(1000 + 2 * SCANNER_MS + 10), false);
  assert.equal(burst.isBeginning(1000 + 2 * SCANNER_MS + 300), true);
});

/** The keys of a text that reach the page. */
function reaching(keyboard, text) {
  return [...text].filter((key) => {
    keyboard.now += keyboard.gap;
    const { isSwallowed, code } = keyboard.burst.press({ key, at: keyboard.now, place: keyboard.place });
    if (code) keyboard.codes.push(code);
    return !isSwallowed;
  });
}

const [UPPER, LOWER] = linesOf();

for (const place of ["page", "marked", "scans", "field"]) {
  test(`the lines of a passport leave the place ${place} from their first filler on`, () => {
    const keyboard = new Keyboard(place);
    assert.deepEqual(reaching(keyboard, UPPER), ["P"]);
    keyboard.press("Enter");
    assert.deepEqual(reaching(keyboard, LOWER), []);
    keyboard.press("Enter").press("Enter");
    assert.deepEqual([keyboard.codes, keyboard.reached], [[UPPER, LOWER], []]);
  });

  test(`both lines without an end key are one text in the place ${place}`, () => {
    const keyboard = new Keyboard(place);
    reaching(keyboard, UPPER + LOWER);
    assert.deepEqual(keyboard.wait(600).codes, [UPPER + LOWER]);
  });
}

test("a hand types right behind a swiped passport", () => {
  const keyboard = new Keyboard("marked");
  reaching(keyboard, UPPER);
  keyboard.press("Enter");
  reaching(keyboard, LOWER);
  keyboard.press("Enter").at(120);
  assert.deepEqual(reaching(keyboard, "1671"), [..."1671"]);
});

test("a hand may type the filler", () => {
  assert.deepEqual(reaching(new Keyboard("field", 120), "a<b"), ["a", "<", "b"]);
});
