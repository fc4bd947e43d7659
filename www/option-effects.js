// What applying changed options does: to the database, to the tree, and in RocksDB.

import { say } from "./words.js";

/** What a change does to what is there, by group of options. */
const BY_GROUP = /** @type {Record<string, string>} */ ({
  memtable: say("Memtable: holds from the next write on; what the log brings back may be sealed by the new limit."),
  wal: say("WAL: holds from the next write on."),
  table: say(
    "Tables: of new tables only; those that are there keep their blocks and filters until they are compacted.",
  ),
  compaction: say(
    "Compaction: tables stay where they are; what is due by the new sizes and triggers is compacted after the opening.",
  ),
  jobs: say("Jobs and stalls: hold from the opening on."),
  device: say("Device: times from then on; those that have passed stay."),
  engine: say("Engine: holds from the opening on."),
});

/** What RocksDB changes while it is open, with `SetOptions`. */
const DYNAMIC = new Set([
  "write_buffer_size",
  "max_write_buffer_number",
  "level0_file_num_compaction_trigger",
  "level0_slowdown_writes_trigger",
  "level0_stop_writes_trigger",
  "max_bytes_for_level_base",
  "max_bytes_for_level_multiplier",
  "target_file_size_base",
  "target_file_size_multiplier",
  "max_compaction_bytes",
  "disable_auto_compactions",
  "soft_pending_compaction_bytes_limit",
  "hard_pending_compaction_bytes_limit",
  "ttl",
]);

/**
 * Sentences for changes to these options, before they are applied.
 * @param {{ name: string, group: string }[]} changed
 * @param {string} preset The preset that is chosen; "" for none.
 */
export function effects(changed, preset) {
  const groups = Object.keys(BY_GROUP).filter((group) => preset !== "" || changed.some((knob) => knob.group === group));
  const dynamic = changed.filter((knob) => DYNAMIC.has(knob.name)).map((knob) => knob.name);
  const levels = preset !== "" || changed.some((knob) => knob.name === "num_levels");
  return [
    say(
      "Closes the database and opens it again: what is in memtables comes back from the log, running jobs end, " +
        "snapshots are released, and the block cache begins empty. Counters go on.",
    ),
    ...groups.map((group) => BY_GROUP[group]),
    levels ? say("With fewer levels than have tables, nothing is changed, and it says so.") : "",
    dynamic.length > 0
      ? say("RocksDB changes {options} without a reopening (SetOptions).", { options: dynamic.join(", ") })
      : "",
  ].filter((text) => text !== "");
}
