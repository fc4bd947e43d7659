// Every type of event that the engine knows has a story, with its names and numbers in it.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { before, TOLD, story } from "./story.js";

/** @typedef {import("../timeline.js").Event} Event */

const put = /** @type {const} */ ({ seq: 18, kind: "put", key: "user:1", value: "Alice", value_bytes: 5 });
const del = /** @type {const} */ ({ seq: 19, kind: "delete", key: "user:2", value: "", value_bytes: 0 });
const cost = {
  memtables: 1,
  tables: 2,
  filters: 2,
  filter_negatives: 1,
  false_positives: 0,
  blocks: 1,
  cache_hits: 0,
  bytes_read: 96,
};
const meta = {
  id: 7,
  bytes: 412,
  entries: 9,
  tombstones: 1,
  smallest: "a",
  largest: "k",
  smallest_seq: 1,
  largest_seq: 9,
  oldest_time: 0,
  newest_time: 0,
};
const edit = /** @type {import("../../lsmscope.js").VersionEdit} */ ({
  removed: [[0, { ...meta, id: 5 }]],
  added: [[1, meta]],
  log_number: undefined,
  next_file: undefined,
  last_seq: undefined,
  time: undefined,
});
const score = {
  level: 0,
  score: 1,
  tables: 3,
  bytes: 900,
  entries: 12,
  target_bytes: null,
  by: "tables",
  formula: { text: "3 tables / trigger 3", held: null, limit: null },
};
const reason = { rule: "level_score", option: "level0_file_num_compaction_trigger", scores: [score], candidates: [] };
const merge = {
  action: "merge",
  inputs: [
    { level: 0, tables: [4, 5, 6] },
    { level: 1, tables: [3] },
  ],
  output_level: 1,
  target_file_size: 512,
  reason,
};
const memtable = /** @type {const} */ ({ in: "memtable", id: 2 });
const table = /** @type {const} */ ({ in: "table", id: 7, level: 1 });

/**
 * One event or more of every type, each with words that its story must have.
 * @type {[Event, ...string[]][]}
 */
const SAMPLES = /** @type {[Event, ...string[]][]} */ ([
  [{ type: "op_began", op: 3, command: "put a 1" }, "Operation 3", "`put a 1`"],
  [{ type: "op_ended", op: 3, ok: true, result: "ok  seq 18" }, "is done", "seq 18"],
  [{ type: "op_ended", op: 3, ok: false, result: "no space\nmore" }, "failed", "no space", "in the console"],
  [{ type: "recovery_began", fresh: true, options: {}, nanos: 0 }, "new database"],
  [{ type: "recovery_began", fresh: false, options: {}, nanos: 0 }, "Recovery begins"],
  [{ type: "manifest_read", file: "MANIFEST-000001", bytes: 44, edits: 3 }, "MANIFEST-000001", "3 edits"],
  [{ type: "edit_recovered", edit }, "`000007` to L1", "`000005` from L0"],
  [{ type: "edit_recovered", edit: { ...edit, removed: [], added: [] } }, "changes no table"],
  [{ type: "manifest_torn_tail", file: "MANIFEST-000001", offset: 99, bytes: 12 }, "byte 99", "12 B"],
  [
    { type: "manifest_torn_tail", file: "MANIFEST-000001", offset: 99, bytes: 4096, zeros: true },
    "byte 99",
    "4 KB of zeros",
    "No edit",
  ],
  [{ type: "wal_replay_began", wal: 2, bytes: 2048 }, "000002.log", "2 KB"],
  [
    { type: "frame_replayed", wal: 2, offset: 32, bytes: 30, first_seq: 18, records: [put] },
    "seq 18",
    "`user:1` = `Alice`",
  ],
  [{ type: "wal_torn_tail", wal: 2, offset: 62, bytes: 11 }, "byte 62", "11 B"],
  [{ type: "wal_torn_tail", wal: 2, offset: 62, bytes: 4096, zeros: true }, "byte 62", "4 KB of zeros", "No write"],
  [{ type: "wal_damaged", wal: 2, offset: 62, bytes: 11, what: "checksum" }, "checksum", "11 B"],
  [{ type: "wal_skipped", wal: 2, offset: 62, bytes: 11, what: "checksum" }, "checksum", "11 B", "behind"],
  [{ type: "wal_gap", wal: 2, offset: 73, first_seq: 4, last_seq: 6 }, "writes 4 to 6", "sequence number 7"],
  [{ type: "wal_gap", wal: 2, offset: 73, first_seq: 4, last_seq: 4 }, "write 4", "Number 4 is"],
  [{ type: "orphan_removed", file: "000009.sst" }, "000009.sst"],
  [{ type: "recovery_ended", last_seq: 19, tables: 3, entries: 1 }, "3 tables", "1 entry", "19"],
  [{ type: "wal_created", wal: 2 }, "000002.log"],
  [
    { type: "wal_appended", wal: 2, offset: 32, bytes: 30, crc: 1, first_seq: 18, records: [put] },
    "seq 18",
    "30 B",
    "byte 32",
    "`Alice`",
  ],
  [
    { type: "wal_appended", wal: 2, offset: 32, bytes: 60, crc: 1, first_seq: 18, records: [put, del] },
    "2 writes at once",
    "delete `user:2`",
  ],
  [{ type: "wal_synced", wal: 2, upto: 62 }, "byte 62", "000002.log"],
  [{ type: "wal_removed", wal: 2 }, "000002.log"],
  [{ type: "memtable_inserted", memtable: 1, record: put, bytes: 120 }, "Put user:1", "18", "120 B"],
  [{ type: "memtable_inserted", memtable: 1, record: del, bytes: 120 }, "Tombstone user:2", "19"],
  [{ type: "acknowledged", upto: 19, durable: 19 }, "Acknowledged and durable", "19"],
  [{ type: "acknowledged", upto: 19, durable: 17 }, "not durable", "everything up to 17", "2 writes"],
  [
    {
      type: "power_cut",
      losses: [{ file: "000002.log", bytes: 100, durable: 60, kept: 70 }],
      undone: ["000004.sst"],
      acked: 19,
      durable: 17,
    },
    "power is cut",
    "`000002.log` had 40 B",
    "10 B are left",
    "`000004.sst` had been deleted",
  ],
  [{ type: "power_cut", losses: [], undone: [], acked: 19, durable: 19 }, "everything had been synced"],
  [
    { type: "aftermath", acked: 19, promised: 17, recovered: 17 },
    "2 acknowledged writes lost",
    "sequence numbers 18 to 19",
    "None of it had been promised",
  ],
  [
    { type: "aftermath", acked: 19, promised: 17, recovered: 18 },
    "1 acknowledged write lost",
    "lost: sequence number 19.",
  ],
  [
    { type: "aftermath", acked: 19, promised: 17, recovered: 19 },
    "Nothing was lost",
    "2 writes of it had not been synced",
  ],
  [{ type: "aftermath", acked: 19, promised: 19, recovered: 19 }, "Nothing was lost"],
  [
    { type: "aftermath", acked: 19, promised: 19, recovered: 0 },
    "Promised writes are lost",
    "nothing is there",
    "19 writes",
  ],
  [{ type: "bit_flipped", file: "000004.sst", offset: 17, bit: 3 }, "Bit 3 of byte 17", "000004.sst"],
  [{ type: "disk_changed", room: 0, lying: false }, "full", "Nothing more"],
  [{ type: "disk_changed", room: 100, lying: false }, "100 B"],
  [{ type: "disk_changed", room: null, lying: true }, "lies"],
  [{ type: "disk_changed", room: null, lying: false }, "healthy"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "bytes" }, "as many bytes", "Memtable 2"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "entries" }, "as many entries"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "wal_size" }, "its log"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "soft_limit" }, "soft limit"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "asked" }, "asked for"],
  [{ type: "memtable_sealed", memtable: 1, next: 2, reason: "recovery" }, "leaves the rest behind"],
  [{ type: "stalled", reason: "memtables" }, "has to wait", "as many memtables"],
  [{ type: "stalled", reason: "memory" }, "as many bytes"],
  [
    {
      type: "stalled",
      reason: "level0",
      why: { cause: "level0", value: 36, limit: 36, option: "level0_stop_writes_trigger" },
    },
    "Level 0 has",
    "the limit is 36",
  ],
  [
    {
      type: "stalled",
      reason: "pending_bytes",
      why: { cause: "pending_bytes", value: 2048, limit: 1024, option: "hard_pending_compaction_bytes_limit" },
    },
    "2 KB",
    "1 KB",
  ],
  [{ type: "stall_ended", reason: "memtables", waited: 2500000 }, "2.5 ms", "sealed memtables"],
  [{ type: "stall_conditions_changed", condition: { condition: "normal" } }, "full speed"],
  [
    {
      type: "stall_conditions_changed",
      condition: {
        condition: "delayed",
        rate: 16 << 20,
        why: { cause: "level0", value: 20, limit: 20, option: "level0_slowdown_writes_trigger" },
      },
    },
    "16 MB/s",
    "20 tables on level 0",
    "level0_slowdown_writes_trigger",
  ],
  [
    {
      type: "stall_conditions_changed",
      condition: {
        condition: "stopped",
        why: { cause: "level0", value: 36, limit: 36, option: "level0_stop_writes_trigger" },
      },
    },
    "have to wait",
    "36 tables",
  ],
  [{ type: "write_delayed", bytes: 100, rate: 1000, waited: 1e8, nanos: 3e9 }, "100 ms", "3 s", "1000 B a second"],
  [
    { type: "job_scheduled", job: 4, bytes_read: 2048, bytes_written: 1024, began: 1e9, ends: 1.5e9 },
    "Job 4",
    "2 KB",
    "1 KB",
    "from 1 s to 1.5 s",
  ],
  [
    { type: "job_scheduled", job: 4, bytes_read: 0, bytes_written: 1024, began: 1e9, ends: 2 ** 63 },
    "Job 4",
    "1 KB",
    "never done: virtual time ends before",
  ],
  [{ type: "job_waits", job: 5, behind: 4 }, "Flush 5", "memtable 4 is older"],
  [{ type: "install_began", job: 5 }, "Job 5", "becomes part of the tree"],
  [{ type: "writes_stopped", what: "the disk is gone" }, "the disk is gone", "Reopen"],
  [{ type: "flush_began", job: 4, memtables: [1] }, "Flush 4", "Memtable 1 is"],
  [{ type: "flush_began", job: 4, memtables: [1, 2] }, "Memtables 1 and 2 are"],
  [
    { type: "compaction_picked", job: 5, compaction: merge },
    "merge to L1",
    "3 tables of level 0 and 1 table of level 1",
    "3 tables / trigger 3",
    "1.00",
  ],
  [
    {
      type: "compaction_picked",
      job: 5,
      compaction: { ...merge, action: "move", inputs: [{ level: 1, tables: [3] }], output_level: 2 },
    },
    "move to L2",
    "as it is",
  ],
  [
    {
      type: "compaction_picked",
      job: 5,
      compaction: {
        ...merge,
        action: "move",
        reason: { ...merge.reason, rule: "moved_at_open" },
        inputs: [{ level: 1, tables: [3, 4] }],
        output_level: 5,
      },
    },
    "move to L5",
    "as they are",
    "fill up from the last one",
  ],
  [{ type: "input_block_read", job: 5, table: 7, block: 0, bytes: 96 }, "000007", "96 B"],
  [
    { type: "merge_kept", job: 5, key: "a", seq: 14, kind: "put", from: table, reason: "newest" },
    "Kept a · 14",
    "newest",
    "`000007` on level 1",
  ],
  [{ type: "merge_kept", job: 5, key: "a", seq: 14, kind: "put", from: table, reason: "snapshot" }, "snapshot"],
  [
    { type: "merge_kept", job: 5, key: "a", seq: 14, kind: "delete", from: memtable, reason: "tombstone_hides" },
    "tombstone",
    "memtable 2",
  ],
  [
    { type: "merge_kept", job: 5, key: "a", seq: 14, kind: "delete", from: memtable, reason: "tombstone_retained" },
    "tombstone_retention_seconds",
  ],
  [
    { type: "merge_dropped", job: 5, key: "a", seq: 3, kind: "put", from: table, reason: "shadowed", by: 14 },
    "Dropped a · 3",
    "sequence number 14 hides it",
  ],
  [
    {
      type: "merge_dropped",
      job: 5,
      key: "a",
      seq: 3,
      kind: "delete",
      from: table,
      reason: "tombstone_done",
      by: null,
    },
    "no deeper level",
  ],
  [{ type: "table_began", job: 5, table: 8, level: 1 }, "000008", "level 1"],
  [
    {
      type: "block_written",
      job: 5,
      table: 8,
      block: 0,
      offset: 0,
      bytes: 80,
      raw_bytes: 96,
      entries: 3,
      first: "a",
      last: "c",
    },
    "3 entries",
    "`a` to `c`",
    "compressed from 96 B",
  ],
  ...["filter", "index", "properties", "footer"].map((section) => [
    { type: "section_written", job: 5, table: 8, section, offset: 80, bytes: 32 },
    section,
    "32 B",
    "byte 80",
  ]),
  [
    { type: "table_finished", job: 5, table: meta, level: 1 },
    "000007",
    "9 entries",
    "412 B",
    "not part of the tree yet",
  ],
  [{ type: "job_failed", job: 5, what: "no space" }, "no space", "nothing is lost"],
  [{ type: "manifest_created", file: "MANIFEST-000009", bytes: 44 }, "MANIFEST-000009"],
  [{ type: "current_swapped", file: "MANIFEST-000009" }, "MANIFEST-000009"],
  [{ type: "edit_logged", file: "MANIFEST-000009", offset: 44, bytes: 30 }, "30 B at byte 44"],
  [{ type: "version_installed", job: 5, edit, flushed: [] }, "+1 −1", "`000007` on level 1", "`000005` is out"],
  [{ type: "version_installed", job: 5, edit: { ...edit, removed: [] }, flushed: [2] }, "memtable 2 is not needed"],
  [{ type: "flush_ended", job: 4, tables: [8], bytes: 412 }, "Flush 4", "000008", "412 B"],
  [{ type: "flush_ended", job: 4, tables: [], bytes: 0 }, "Nothing was left"],
  [
    {
      type: "compaction_ended",
      job: 5,
      bytes_read: 900,
      bytes_written: 600,
      entries_in: 12,
      entries_out: 9,
      moved: false,
    },
    "12 entries",
    "9 came out",
    "3 dead ones",
  ],
  [
    { type: "compaction_ended", job: 5, bytes_read: 0, bytes_written: 0, entries_in: 0, entries_out: 0, moved: true },
    "changed its level",
  ],
  [{ type: "table_pinned", table: 8 }, "000008", "iterator"],
  [{ type: "table_removed", table: 8 }, "000008", "deleted"],
  [{ type: "get_began", key: "user:1", at: 19 }, "Get user:1", "19"],
  [{ type: "memtable_probed", memtable: 1, found: null }, "not there"],
  [{ type: "memtable_probed", memtable: 1, found: 18 }, "seq 18"],
  [{ type: "range_probed", table: 8, level: 0, inside: true }, "in its range"],
  [{ type: "range_probed", table: 8, level: 0, inside: false }, "out of range"],
  [
    {
      type: "filter_probed",
      table: 8,
      level: 0,
      bits: [
        { bit: 5, set: true },
        { bit: 9, set: true },
      ],
      maybe: true,
    },
    "maybe",
    "2 bits",
  ],
  [{ type: "filter_probed", table: 8, level: 0, bits: [{ bit: 5, set: false }], maybe: false }, "no", "Bit 5"],
  [{ type: "index_probed", table: 8, level: 0, block: 2 }, "block 2"],
  [{ type: "index_probed", table: 8, level: 0, block: null }, "past the end"],
  [{ type: "block_probed", table: 8, level: 0, block: 2, cached: false, bytes: 96, found: 18 }, "96 B", "seq 18"],
  [{ type: "block_probed", table: 8, level: 0, block: 2, cached: true, bytes: 96, found: null }, "cache", "not in it"],
  [{ type: "false_positive", table: 8, level: 1 }, "False positive", "000008"],
  [
    { type: "get_ended", key: "user:1", found: true, seq: 18, kind: "put", place: table, cost },
    "Found user:1",
    "`000007` on level 1",
    "1 table spared by filters",
    "96 B",
  ],
  [
    {
      type: "get_ended",
      key: "user:2",
      found: false,
      seq: 19,
      kind: "delete",
      place: memtable,
      cost: { ...cost, bytes_read: 0 },
    },
    "was deleted",
    "nothing was read",
  ],
  [{ type: "get_ended", key: "x", found: false, seq: null, kind: null, place: null, cost }, "No place holds `x`"],
  [
    { type: "scan_began", start: "a", end: null, reverse: false, at: 19, sources: [memtable, table] },
    "from `a` to the last",
    "2 sources",
  ],
  [
    { type: "scan_began", start: null, end: "z", reverse: true, at: 19, sources: [] },
    "from the first key to `z`, backwards",
  ],
  [{ type: "scan_block_read", table: 8, level: 0, block: 1, cached: false, bytes: 96 }, "96 B"],
  [{ type: "scan_emitted", key: "a", seq: 14, from: table }, "Returned a · 14"],
  [{ type: "scan_skipped", key: "a", seq: 3, kind: "put", from: table }, "passed over"],
  [{ type: "scan_skipped", key: "a", seq: 3, kind: "delete", from: table }, "tombstone"],
  [{ type: "scan_ended", returned: 1, skipped: 2, cost }, "1 entry", "2 passed over"],
  [{ type: "cache_inserted", table: 8, block: 1, bytes: 96 }, "96 B"],
  [{ type: "cache_evicted", table: 8, block: 1, bytes: 96 }, "no longer in the cache"],
  [{ type: "snapshot_taken", snapshot: 1, seq: 19 }, "Snapshot 1", "19"],
  [{ type: "snapshot_released", snapshot: 1 }, "snapshot 1"],
  [
    { type: "snapshot_broken", job: 5, snapshot: 1, tables: [7, 8], entries: 8 },
    "lost 2 tables",
    "`000007` and `000008`",
    "FIFO compaction",
    "8 entries",
  ],
  [{ type: "time_advanced", now: 60, nanos: 60.5e9 }, "1 min 1 s"],
  [
    { type: "sampled", memtable: 1, entries: 4, bytes: 96, wal_bytes: 120, last_seq: 19, counters: {} },
    "4 entries",
    "96 B",
    "120 B",
    "19",
  ],
  [{ type: "closed" }, "closed"],
]);

/** The variants of `enum Event`, as they are serialized. */
function eventTypes() {
  const source = readFileSync(new URL("../../src/trace/event.rs", import.meta.url), "utf8");
  const body = /pub enum Event \{(.*?)\n\}/s.exec(source)?.[1] ?? "";
  return [...body.matchAll(/^ {4}([A-Z]\w+) \{/gm)].map(([, name]) =>
    name.replaceAll(/(?<!^)([A-Z])/g, "_$1").toLowerCase(),
  );
}

test("every event that the engine can tell has a story, and there is no other", () => {
  const types = eventTypes();
  assert.ok(types.length > 50, `only ${types.length} variants were read from src/trace/event.rs`);
  assert.deepEqual([...TOLD].sort(), [...types].sort());
});

test("every type of event is tried below", () => {
  const tried = new Set(SAMPLES.map(([event]) => event.type));
  assert.deepEqual(
    TOLD.filter((type) => !tried.has(/** @type {Event["type"]} */ (type))),
    [],
  );
});

for (const [event, ...words] of SAMPLES) {
  test(`${event.type}: ${words.join(", ")}`, () => {
    const told = story(event);
    const all = `${told.title} ${told.text} ${told.why ?? ""}`;
    assert.doesNotMatch(all, /undefined|null|NaN|\[object/, "a field is missing");
    assert.ok(told.title.length <= 48, `the title is too long for its line: ${told.title}`);
    assert.match(told.text, /[.:]$|`$/, "the text ends as a sentence");
    assert.equal(all.split("`").length % 2, 1, "every backtick is closed");
    for (const word of words)
      assert.ok(`${told.title} ${told.text}`.includes(word), `"${word}" is not in: ${told.title} | ${told.text}`);
  });
}

test("a key of any length or content leaves the sentence whole", () => {
  const key = `${"k".repeat(500)}\`x`;
  const told = story({ type: "get_began", key, at: 7 });
  assert.ok(told.title.length <= 48 && told.text.length < 300);
  assert.equal(told.text.split("`").length % 2, 1);
});

test("where earlier events were let go, nobody is told that nothing has happened", () => {
  assert.match(before(0).title, /Nothing has happened yet/);
  const { title, text } = before(284_338);
  assert.match(title, /no longer kept/);
  assert.match(text, /284,338 events/);
});
