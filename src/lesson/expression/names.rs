//! The names that expressions know: fields of events, the state, formulas.
//!
//! `tests/lessons/names.rs` holds the fields against `src/trace/event.rs`, and the names of the state against
//! `docs/lesson-format.md`.

use crate::options::Options;
pub(in crate::lesson) use crate::options::nearest;
use crate::words::say;

/// The fields of each kind of event, as the trace writes them.
pub const EVENT_FIELDS: &[(&str, &[&str])] = &[
    ("op_began", &["op", "command"]),
    ("op_ended", &["op", "ok", "result"]),
    ("recovery_began", &["fresh", "options", "nanos", "counters"]),
    ("manifest_read", &["file", "bytes", "edits"]),
    ("edit_recovered", &["edit"]),
    ("manifest_torn_tail", &["file", "offset", "bytes", "zeros"]),
    ("wal_replay_began", &["wal", "bytes"]),
    ("frame_replayed", &["wal", "offset", "bytes", "first_seq", "records"]),
    ("wal_torn_tail", &["wal", "offset", "bytes", "zeros"]),
    ("wal_damaged", &["wal", "offset", "bytes", "what"]),
    ("wal_skipped", &["wal", "offset", "bytes", "what"]),
    ("wal_gap", &["wal", "offset", "first_seq", "last_seq"]),
    ("orphan_removed", &["file"]),
    ("recovery_ended", &["last_seq", "tables", "entries"]),
    ("wal_created", &["wal"]),
    ("wal_appended", &["wal", "offset", "bytes", "crc", "first_seq", "records"]),
    ("wal_synced", &["wal", "upto"]),
    ("wal_removed", &["wal"]),
    ("memtable_inserted", &["memtable", "record", "bytes"]),
    ("acknowledged", &["upto", "durable", "nanos"]),
    ("memtable_sealed", &["memtable", "next", "reason"]),
    ("stalled", &["reason", "why"]),
    ("stall_ended", &["reason", "waited"]),
    ("stall_conditions_changed", &["condition"]),
    ("write_delayed", &["bytes", "rate", "waited", "nanos"]),
    ("writes_stopped", &["what"]),
    ("flush_began", &["job", "memtables"]),
    ("compaction_picked", &["job", "compaction"]),
    ("input_block_read", &["job", "table", "block", "bytes"]),
    ("merge_kept", &["job", "key", "seq", "kind", "from", "reason"]),
    ("merge_dropped", &["job", "key", "seq", "kind", "from", "reason", "by"]),
    ("table_began", &["job", "table", "level"]),
    ("block_written", &["job", "table", "block", "offset", "bytes", "raw_bytes", "entries", "first", "last"]),
    ("section_written", &["job", "table", "section", "offset", "bytes"]),
    ("table_finished", &["job", "table", "level", "cut"]),
    ("job_scheduled", &["job", "bytes_read", "bytes_written", "began", "ends"]),
    ("job_waits", &["job", "behind"]),
    ("install_began", &["job"]),
    ("job_failed", &["job", "what"]),
    ("manifest_created", &["file", "bytes"]),
    ("current_swapped", &["file"]),
    ("edit_logged", &["file", "offset", "bytes"]),
    ("version_installed", &["job", "edit", "flushed"]),
    ("flush_ended", &["job", "tables", "bytes"]),
    ("compaction_ended", &["job", "bytes_read", "bytes_written", "entries_in", "entries_out", "moved"]),
    ("table_pinned", &["table"]),
    ("table_removed", &["table"]),
    ("get_began", &["key", "at"]),
    ("memtable_probed", &["memtable", "found"]),
    ("range_probed", &["table", "level", "inside"]),
    ("filter_probed", &["table", "level", "bits", "maybe"]),
    ("index_probed", &["table", "level", "block"]),
    ("block_probed", &["table", "level", "block", "cached", "bytes", "found"]),
    ("false_positive", &["table", "level"]),
    ("get_ended", &["key", "found", "seq", "kind", "place", "cost"]),
    ("scan_began", &["start", "end", "reverse", "at", "sources"]),
    ("scan_block_read", &["table", "level", "block", "cached", "bytes"]),
    ("scan_emitted", &["key", "seq", "from"]),
    ("scan_skipped", &["key", "seq", "kind", "from"]),
    ("scan_ended", &["returned", "skipped", "cost"]),
    ("cache_inserted", &["table", "block", "bytes"]),
    ("cache_evicted", &["table", "block", "bytes"]),
    ("snapshot_taken", &["snapshot", "seq"]),
    ("snapshot_released", &["snapshot"]),
    ("snapshot_broken", &["job", "snapshot", "tables", "entries"]),
    ("time_advanced", &["now", "nanos"]),
    ("sampled", &["memtable", "entries", "bytes", "wal_bytes", "last_seq", "durable_seq", "nanos", "counters"]),
    ("power_cut", &["losses", "undone", "acked", "durable"]),
    ("aftermath", &["acked", "promised", "recovered"]),
    ("bit_flipped", &["file", "offset", "bit"]),
    ("disk_changed", &["room", "lying"]),
    ("closed", &[]),
];

/// The fields of a read's cost.
const COST_FIELDS: &[&str] =
    &["memtables", "tables", "filters", "filter_negatives", "false_positives", "blocks", "cache_hits", "bytes_read"];

/// The fields of a table that always have a value.
const TABLE_FIELDS: &[&str] = &[
    "id",
    "bytes",
    "entries",
    "tombstones",
    "smallest",
    "largest",
    "smallest_seq",
    "largest_seq",
    "oldest_time",
    "newest_time",
];

/// Fields of events that have fields themselves: the kind, the field, what is in it.
pub const INNER_FIELDS: &[(&str, &str, &[&str])] = &[
    ("get_ended", "cost", COST_FIELDS),
    ("scan_ended", "cost", COST_FIELDS),
    ("table_finished", "table", TABLE_FIELDS),
];

/// The fields of `kind`; none if there is no such kind.
pub(super) fn fields(kind: &str) -> Option<(&'static str, &'static [&'static str])> {
    EVENT_FIELDS.iter().find(|(name, _)| *name == kind).copied()
}

/// The names of `report`, `begin` and `at(…)`.
pub const STATE_NAMES: &[&str] = &[
    "tables",
    "entries",
    "tombstones",
    "table_bytes",
    "disk_bytes",
    "memtable",
    "immutables",
    "wals",
    "wal_bytes",
    "manifest_bytes",
    "acked_seq",
    "durable_seq",
    "last_seq",
    "snapshots",
    "writes",
    "user_bytes",
    "flushes",
    "compactions",
    "moves",
    "stalls",
    "delays",
    "flush_bytes",
    "compaction_bytes_read",
    "compaction_bytes_written",
    "logged_bytes",
    "wal_syncs",
    "write_user",
    "write_rocksdb",
    "space_rocksdb",
    "read_runs",
    "levels",
    "cached",
    "cached_bytes",
    "seconds",
    "open",
    "power",
];

/// The names of `expected` and `compared`.
pub const FORMULA_NAMES: &[&str] =
    &["write", "write_rocksdb", "space", "space_rocksdb", "scan", "absent_get", "absent_get_monkey"];

/// The names of `picked`.
pub const PICKED_NAMES: &[&str] = &[
    "action",
    "level",
    "output_level",
    "tables",
    "inputs",
    "rule",
    "option",
    "scores",
    "candidates",
    "rules",
    "runs",
    "target_file_size",
];

/// What expressions begin with, beside calls, events and variables.
pub(in crate::lesson) const NAMES: &[&str] =
    &["report", "begin", "options", "expected", "compared", "picked", "truth", "answer", "clicked"];

/// Names that stand for something, so that no variable can have them.
pub(in crate::lesson) const RESERVED: &[&str] = &[
    "report", "begin", "options", "expected", "compared", "picked", "answer", "truth", "clicked", "fork", "true",
    "false", "and", "or", "not", "where", "get", "scan",
];

/// What is to be said of `name`, which is none of `known`: the nearest, or all.
pub(in crate::lesson) fn did_you_mean(name: &str, known: &[&str]) -> String {
    match nearest(name, known) {
        Some(near) => say!("Did you mean {near}?", near),
        None => say!("Write one of {known}.", known = known.join(", ")),
    }
}

/// What is to be said of `name`, which is no option, if it is none.
pub(in crate::lesson) fn unknown_option(name: &str) -> Option<String> {
    if Options::NAMES.contains(&name) {
        return None;
    }
    let near = nearest(name, Options::NAMES);
    Some(near.map_or(say!("help options lists them all."), |near| say!("Did you mean {near}?", near)))
}
