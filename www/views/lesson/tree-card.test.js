// The tree of a policy card: which tables it shows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { levelsOf } from "./tree-card.js";

test("the tables of a card, level by level, with their keys and bytes", () => {
  const card = [
    "options: preset=universal",
    "level 0",
    "  2: a-z bytes=300 seq=11-20",
    "  1: a-c bytes=8053063680",
    "level 1",
    "level 2",
    "  7: d-d seq=1-9 bytes=40",
  ];
  assert.deepEqual(levelsOf(card.join("\n")), [
    {
      level: 0,
      tables: [
        { id: "2", keys: "a-z", bytes: 300 },
        { id: "1", keys: "a-c", bytes: 8_053_063_680 },
      ],
    },
    { level: 2, tables: [{ id: "7", keys: "d-d", bytes: 40 }] },
  ]);
});
