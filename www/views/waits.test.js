// What the next compaction waits for: each style speaks of its own triggers.

import assert from "node:assert/strict";
import { test } from "node:test";

import { emptyLevel, isDue, waitsFor } from "./waits.js";

const STYLES = /** @type {const} */ (["leveled", "full", "universal", "size_tiered", "lazy_leveling", "fifo"]);

/**
 * @param {Partial<import("./waits.js").Options>} changes
 */
const options = (changes) =>
  /** @type {import("./waits.js").Options} */ (
    /** @type {unknown} */ ({
      disable_auto_compactions: false,
      job_mode: "inline",
      level0_file_num_compaction_trigger: 3,
      size_tiered_min_threshold: 4,
      max_bytes_for_level_multiplier: 5,
      fifo_max_table_files_size: 2048,
      ...changes,
    })
  );

/**
 * A tree with so many tables on level 0.
 * @param {number} count
 * @param {string} formula
 * @param {number} score
 */
const tree = (count, formula, score) =>
  /** @type {import("./waits.js").View} */ (
    /** @type {unknown} */ ({ levels: [{ level: 0, count, bytes: 300 * count, score: { score, formula } }] })
  );

test("each style names the trigger that it has, and how near it is", () => {
  const told = (/** @type {typeof STYLES[number]} */ style, /** @type {string} */ formula) =>
    waitsFor(tree(2, formula, 0.5), options({ compaction_style: style }));
  assert.equal(told("leveled", "2 tables / trigger 3"), "Level 0 is compacted when it has 3 tables; now 2.");
  assert.equal(
    told("full", "2 tables / trigger 3"),
    "All tables are merged into one when level 0 has 3 tables; now 2.",
  );
  assert.equal(
    told("universal", "2 sorted runs / trigger 3"),
    "Runs are weighed for a merge when there are 3; now 2 sorted runs.",
  );
  assert.equal(
    told("size_tiered", "2 tables of like size / threshold 4"),
    "Tables of like size are merged when there are 4; now 2 tables of like size.",
  );
  assert.equal(
    told("lazy_leveling", "2 runs in one tier / limit 5"),
    "A tier is merged when it has 5 runs; now 2 runs in one tier.",
  );
  assert.equal(
    told("fifo", "600 bytes / limit 2048"),
    "The oldest tables are dropped when all are larger than 2 KB; now 600 B.",
  );
});

test("universal compaction that has weighed its runs is not due: it says why nothing may come of it", () => {
  const view = tree(5, "5 sorted runs / trigger 3", 5 / 3);
  assert.equal(
    waitsFor(view, options({ compaction_style: "universal" })),
    "Runs are weighed: 5 sorted runs / trigger 3. They are merged only where their sizes or their number ask for it.",
  );
  assert.deepEqual(
    STYLES.map((style) => isDue(1.5, style)),
    [true, true, false, true, true, true],
  );
  assert.equal(
    waitsFor(view, options({ compaction_style: "leveled", job_mode: "manual" })),
    "Level 0 is due: 5 sorted runs / trigger 3. Jobs wait until asked for.",
  );
});

test("only leveled compaction merges level 0 into level 1", () => {
  const told = STYLES.map((style) => emptyLevel(1, style));
  assert.equal(new Set(told).size, STYLES.length);
  assert.deepEqual(
    told.map((text) => text.startsWith("Level 0 is merged into here")),
    [true, false, false, false, false, false],
  );
});
