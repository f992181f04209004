// In which class the collector takes each book.

import assert from "node:assert/strict";
import test from "node:test";

const { Capacities } = await import("../../static/js/window/capacities.js");

const book = (id, holder, name) => ({ passport_id: id, holder, holder_name: name });
const FAMILY = [
  book(1, 1, "Contoh Ayah"),
  book(2, 2, "Contoh Ibu"),
  book(3, 1, "Contoh Ayah"),
  book(4, 3, "Contoh Anak"),
];

/** The class of every book when "family" is chosen for all. */
const classes = (capacities) => FAMILY.map(({ passport_id: id }) => capacities.classOf(id, "family"));

test("one class applies to all books until somebody differs", () => {
  const capacities = new Capacities(FAMILY);
  assert.equal(capacities.isMixed, false);
  assert.deepEqual(classes(capacities), ["family", "family", "family", "family"]);
  assert.deepEqual(
    capacities.holders.map(({ name }) => name),
    ["Contoh Ayah", "Contoh Ibu", "Contoh Anak"],
  );
});

test("the collector takes all books of their own as their own", () => {
  const capacities = new Capacities(FAMILY);
  capacities.setOwn(1);
  assert.deepEqual(classes(capacities), ["self", "family", "self", "family"]);
  assert.equal(capacities.own.name, "Contoh Ayah");
  assert.deepEqual(capacities.inUse("family"), ["self", "family"]);
});

test("one person collects: another own book takes the place of the first", () => {
  const capacities = new Capacities(FAMILY);
  capacities.setOwn(1);
  capacities.choose(2, "self");
  assert.deepEqual(classes(capacities), ["family", "self", "family", "family"]);
  capacities.choose(2, "proxy");
  assert.deepEqual(classes(capacities), ["family", "proxy", "family", "family"]);
  assert.equal(capacities.own, null);
});

test("a class for all ends the choices of single books and keeps the collector", () => {
  const capacities = new Capacities(FAMILY);
  capacities.setOwn(2);
  capacities.choose(4, "proxy");
  capacities.forget();
  assert.deepEqual(classes(capacities), ["family", "self", "family", "family"]);
});

test("a draft comes back, without a holder whose books are gone", () => {
  const before = new Capacities(FAMILY);
  before.setOwn(2);
  before.choose(4, "proxy");
  const draft = JSON.parse(JSON.stringify(before.draft()));
  const after = new Capacities(FAMILY);
  after.restore(draft);
  assert.deepEqual(classes(after), ["family", "self", "family", "proxy"]);
  const without = new Capacities([FAMILY[0], FAMILY[3]]);
  without.restore(draft);
  assert.equal(without.own, null);
});

test("a book that stays behind decides nothing, and its holder may still be the collector", () => {
  const capacities = new Capacities(FAMILY);
  capacities.setOwn(1);
  capacities.choose(4, "proxy");
  capacities.leaveOut([1, 3, 4]);
  assert.deepEqual(
    capacities.present.map(({ name }) => name),
    ["Contoh Ibu"],
  );
  assert.equal(capacities.own.name, "Contoh Ayah");
  assert.deepEqual(capacities.inUse("family"), ["family"]);
  capacities.leaveOut([]);
  assert.deepEqual(classes(capacities), ["self", "family", "self", "proxy"]);
});
