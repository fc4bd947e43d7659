import assert from "node:assert/strict";
import { test } from "node:test";

import { placeOf } from "./places.js";

const PLACES = [
  { place: "memtable", part: "lane:memtable" },
  { place: "immutable 1", part: "tray:memtable-1" },
  { place: "table 3", part: "tray:table-3" },
];

test("a click means the part itself, or what it is in", () => {
  assert.equal(placeOf(PLACES, "tray:table-3", "level-0"), "table 3");
  assert.equal(placeOf(PLACES, "entry:table-3:1:m", "level-0"), "table 3", "an entry is in its table");
  assert.equal(placeOf(PLACES, "entry:memtable-2:5:m", "memtable"), "memtable", "of the active one, the lane");
  assert.equal(placeOf(PLACES, "entry:memtable-1:5:m", "immutables"), "immutable 1");
  assert.equal(placeOf(PLACES, "lane:memtable", "memtable"), "memtable");
  assert.equal(placeOf(PLACES, "entry:table-33:1:table-3", "level-1"), undefined, "nothing of it is asked for");
});
