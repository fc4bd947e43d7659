// What is said of changed options before they are applied; sizes and presets as a person reads them.

import assert from "node:assert/strict";
import { test } from "node:test";

import { assignment } from "./command-lines.js";
import { effects } from "./option-effects.js";
import { presetLabel, readable, sizeText } from "./options.js";

test("it says what applying does, to what, and what RocksDB does without", () => {
  const changed = [
    { name: "write_buffer_size", group: "memtable" },
    { name: "block_size", group: "table" },
  ];
  const told = effects(changed, "");
  assert.match(told[0], /^Closes the database and opens it again/);
  assert.equal(told.length, 4, told.join("\n"));
  assert.match(told[3], /RocksDB changes write_buffer_size without/);
  assert.match(effects([{ name: "num_levels", group: "compaction" }], "").join(" "), /fewer levels/);
});

test("a size is read and typed as 64 KB, exactly, and stands as one word in a line", () => {
  const sizes = ["65536", "1048576", "1536", "200000", "0", "64KB"].map(sizeText);
  assert.deepEqual(sizes, ["64 KB", "1 MB", "1536", "200000", "0", "64KB"]);
  const knobs = /** @type {import("./catalog.js").Knob[]} */ ([
    { name: "block_size", unit: "bytes" },
    { name: "ttl", unit: "seconds" },
  ]);
  assert.deepEqual(readable(knobs, { block_size: "4096", ttl: "4096" }), { block_size: "4 KB", ttl: "4096" });
  assert.equal(assignment("block_size", "4 KB"), "block_size=4KB");
});

test("a preset says in the list what it is for", () => {
  assert.equal(
    presetLabel({ name: "rocksdb", about: "RocksDB's own defaults: 64 MB memtables." }),
    "rocksdb – RocksDB's own defaults",
  );
  assert.equal(presetLabel({ name: "balanced", about: "Between the two." }), "balanced – Between the two");
});
