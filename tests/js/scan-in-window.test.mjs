// What a scan means while a window is open.

import assert from "node:assert/strict";
import test from "node:test";
import { meaningOf } from "../../static/js/window/scan-in-window.js";

const CODES = [`SAB${"7".repeat(26)}`, `]Q1sab${"x".repeat(26)}`, "7KQ4-M2XR", "7kq4m2xr"];
const BOOKS = ["X1234567", "XC123456", "x 1234567", "4567"];

test("on the green of a finished visit a code opens the next verdict", () => {
  for (const code of CODES) assert.equal(meaningOf(code, { phase: "recorded", isDone: true }), "next", code);
});

test("while books of the vehicle are left a code waits, so that no visit ends by a scan", () => {
  for (const code of CODES) assert.equal(meaningOf(code, { phase: "recorded", isDone: false }), "wait", code);
});

test("before the green a code waits", () => {
  for (const phase of ["visit", "form", "checking", "stopped"])
    for (const code of CODES) assert.equal(meaningOf(code, { phase, isDone: false }), "wait", `${phase} ${code}`);
});

test("a book is for the form and for nothing else", () => {
  for (const book of BOOKS) {
    assert.equal(meaningOf(book, { phase: "form", isDone: false }), "book", book);
    for (const phase of ["visit", "checking", "recorded", "stopped"])
      assert.equal(meaningOf(book, { phase, isDone: phase === "recorded" }), "wait", `${phase} ${book}`);
  }
});

test("what is neither code nor book waits", () => {
  for (const other of ["8991234567890", "https://contoh.example", ""])
    for (const phase of ["visit", "form", "recorded"])
      assert.equal(meaningOf(other, { phase, isDone: true }), "wait", `${phase} ${other}`);
});
