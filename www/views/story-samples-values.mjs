// What events for tests of their stories are made of: records, tables, an edit, a compaction.

export const put = /** @type {const} */ ({ seq: 18, kind: "put", key: "user:1", value: "Alice", value_bytes: 5 });
export const del = /** @type {const} */ ({ seq: 19, kind: "delete", key: "user:2", value: "", value_bytes: 0 });
export const cost = {
  memtables: 1,
  tables: 2,
  filters: 2,
  filter_negatives: 1,
  false_positives: 0,
  blocks: 1,
  cache_hits: 0,
  bytes_read: 96,
};
export const meta = {
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
export const edit = /** @type {import("../../lsmscope.js").VersionEdit} */ ({
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
const reason = {
  rule: "level_score",
  option: "level0_file_num_compaction_trigger",
  scores: [score],
  candidates: [],
};
export const merge = {
  action: "merge",
  inputs: [
    { level: 0, tables: [4, 5, 6] },
    { level: 1, tables: [3] },
  ],
  output_level: 1,
  target_file_size: 512,
  reason,
};
export const memtable = /** @type {const} */ ({ in: "memtable", id: 2 });
export const table = /** @type {const} */ ({ in: "table", id: 7, level: 1 });
