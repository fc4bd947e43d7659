import assert from "node:assert/strict";
import { test } from "node:test";

import { limitAt } from "../sim/limits.js";
import { causeSaid, limitsOf } from "./limits.js";

/** @typedef {import("./limits.js").LogReport} LogReport */

const OPTIONS = {
  compaction_style: "kCompactionStyleLevel",
  level0_file_num_compaction_trigger: "4",
  level0_slowdown_writes_trigger: "18",
  level0_stop_writes_trigger: "20",
  soft_pending_compaction_bytes_limit: "1048576",
  hard_pending_compaction_bytes_limit: "0",
};
/** A log that begins at its third second. */
const report = (/** @type {object[]} */ families, /** @type {object} */ rest = {}) =>
  /** @type {LogReport} */ (
    /** @type {unknown} */ ({ database: "RocksDB", from: 3e6, changes: [], families, ...rest })
  );
const family = (/** @type {string} */ name, /** @type {object} */ options = {}) => ({
  name,
  options: { ...OPTIONS, ...options },
});
/** @param {ReturnType<typeof limitsOf>} limits */
const written = (limits, moment = 0) => limits.map((limit) => limit.short(limitAt(limit, moment) ?? 0));
const stall = (/** @type {object} */ what) =>
  /** @type {import("../../lsmscope.js").StallEpisode} */ (
    /** @type {unknown} */ ({ cause: "level0", peak: 20, family: 0, until: 8e6, ...what })
  );

test("limits are those of the options in force; what is switched off has none", () => {
  const one = report([family("default")]);
  assert.deepEqual(written(limitsOf(one, "level0", null)), ["trigger 4", "limited 18", "stop 20"]);
  assert.deepEqual(written(limitsOf(one, "pending", null)), ["soft limit 1 MB"]);
  const universal = report([family("default", { compaction_style: "kCompactionStyleUniversal" })]);
  assert.deepEqual(written(limitsOf(universal, "level0", null)), ["limited 18", "stop 20"]);
  const still = report([family("default", { disable_auto_compactions: "1" })]);
  assert.deepEqual(limitsOf(still, "level0", null), []);
});

test("a limit that was changed within the log has its values before and after", () => {
  const at = 5e6;
  const name = "level0_stop_writes_trigger";
  const changed = report([family("default", { [name]: "30" })], {
    changes: [{ at, family: "default", name, old: "20", new: "30" }],
  });
  const limits = limitsOf(changed, "level0", null);
  assert.deepEqual([written(limits, 1.9).at(-1), written(limits, 2).at(-1)], ["stop 20", "stop 30"]);
});

test("families that differ have limits only where one is chosen", () => {
  const two = report([family("default"), family("posts", { level0_stop_writes_trigger: "40" })]);
  assert.deepEqual(written(limitsOf(two, "level0", null)), ["trigger 4", "limited 18"]);
  assert.deepEqual(written(limitsOf(two, "level0", 1)), ["trigger 4", "limited 18", "stop 40"]);
});

test("LevelDB's limits are its constants", () => {
  const leveldb = report([{ name: "default", options: {} }], { database: "LevelDB" });
  assert.deepEqual(written(limitsOf(leveldb, "level0", null)), ["trigger 4", "limited 8", "stop 12"]);
  assert.deepEqual(limitsOf(leveldb, "pending", null), []);
});

test("what held writes up names the limits, as far as they are known", () => {
  const one = report([
    family("default", { max_write_buffer_number: "2", hard_pending_compaction_bytes_limit: "2097152" }),
  ]);
  assert.equal(causeSaid(one, stall({})), "up to 20 tables on level 0, limited from 18, stop at 20");
  assert.equal(
    causeSaid(one, stall({ cause: "memtables", peak: 2 })),
    "up to 2 memtables wait for their flush, stop at 2",
  );
  assert.equal(
    causeSaid(one, stall({ cause: "pending_bytes", peak: 1.5 * 2 ** 20 })),
    "up to 1.5 MB are to be compacted, limited from 1 MB, stop at 2 MB",
  );
  assert.equal(causeSaid(report([{ name: "default", options: {} }]), stall({})), "up to 20 tables on level 0");
});
