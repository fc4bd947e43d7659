//! What each kind of event tells: the first sentence that `src/trace/event.rs` says of it, which
//! `tests/lessons/names.rs` holds this against.

/// The kinds of events, in the order of the trace.
pub const EVENT_ABOUT: &[(&str, &str)] = &[
    ("op_began", "A command begins."),
    ("op_ended", "The command is over; `result` is what it answered."),
    (
        "recovery_began",
        "An open begins, under these options, at virtual time `nanos` or later; `fresh` if there is no database yet.",
    ),
    ("manifest_read", "`CURRENT` named this manifest, and its edits will be applied."),
    ("edit_recovered", "One edit of the manifest was applied."),
    ("manifest_torn_tail", "The manifest's last edit was never whole: it was dropped, as if never written."),
    ("wal_replay_began", "A log will be replayed."),
    ("frame_replayed", "One frame was whole; its records follow as inserts."),
    ("wal_torn_tail", "The log ends in the middle of a frame: a crash leaves that of one that was not synced yet."),
    ("wal_damaged", "Replay of this log stopped here (point-in-time mode): the rest of it was dropped."),
    ("wal_skipped", "These bytes of the log were passed over (skip mode): replay goes on behind them."),
    (
        "wal_gap",
        "The frame at `offset` goes on too late: the writes `first_seq` to `last_seq` are in no frame before it, and \
         are lost (skip mode).",
    ),
    (
        "orphan_removed",
        "A file that nothing refers to (a job's output that a crash orphaned, a log that was flushed) was deleted.",
    ),
    ("recovery_ended", "The database is open."),
    ("wal_created", "A log was begun; the active memtable's writes go there."),
    ("wal_appended", "A frame was appended: one batch, all of it or nothing."),
    ("wal_synced", "The log is durable up to `upto`."),
    ("wal_removed", "The log's entries are in tables: its file was deleted."),
    ("memtable_inserted", "An entry is in the active memtable and can be read."),
    (
        "acknowledged",
        "The write returns to its caller at virtual time `nanos`: everything up to `upto` is acknowledged, and \
         everything up to `durable` survives a power cut.",
    ),
    ("memtable_sealed", "The active memtable is immutable now and waits for its flush; `next` is the new active one."),
    ("stalled", "A write has to wait."),
    ("stall_ended", "The stalled write goes on, `waited` nanoseconds later."),
    (
        "stall_conditions_changed",
        "The stall condition has changed: from now on, writes run at full speed, are slowed down, or are stopped.",
    ),
    (
        "write_delayed",
        "A write of `bytes` was slowed down to `rate` bytes a second, and goes on at virtual time `nanos`.",
    ),
    ("writes_stopped", "A sync failed: no write is accepted until a reopen finds out what reached the disk."),
    ("flush_began", "A flush begins to write these memtables, oldest first, into one table."),
    ("compaction_picked", "A compaction was picked: what will be done, and why."),
    ("input_block_read", "An input's data block was read by a merge."),
    ("merge_kept", "The merge keeps this entry: it goes into the table that the job began last."),
    ("merge_dropped", "The merge drops this entry; `by` is the sequence number that hides it."),
    ("table_began", "An output table begins."),
    ("block_written", "A data block of an output is complete."),
    ("section_written", "Another part of an output is complete."),
    ("table_finished", "The output's file is whole and durable, but not yet part of the tree."),
    ("job_scheduled", "The job was executed: its outputs are written, but not part of the tree."),
    ("job_waits", "The device has moved the flush's bytes."),
    ("install_began", "The device has moved the job's bytes: what it brings is logged and installed now."),
    ("job_failed", "A job failed; its inputs are as they were."),
    ("manifest_created", "A manifest with one edit that holds the whole shape was written."),
    ("current_swapped", "`CURRENT` names this manifest now."),
    ("edit_logged", "An edit was appended to the manifest and synced."),
    ("version_installed", "The edit was applied: readers see the new shape from now on."),
    ("flush_ended", "A flush is over."),
    ("compaction_ended", "A compaction is over."),
    ("table_pinned", "A table that left the tree is still read by an iterator: its file stays for now."),
    ("table_removed", "A table's file was deleted."),
    ("get_began", "A get begins, as of sequence number `at`."),
    ("memtable_probed", "A memtable was searched; `found` is the sequence number of the version seen."),
    ("range_probed", "A table's key range was compared with the key."),
    ("filter_probed", "A table's filter was asked: `maybe` is false where the key is certainly absent."),
    ("index_probed", "A table's index was searched: the key can only be in `block`; none if it is past the last."),
    ("block_probed", "A data block was searched; `found` is the sequence number of the version seen."),
    ("false_positive", "The filter had said maybe, and the key is not there."),
    ("get_ended", "The get is over."),
    ("scan_began", "A scan begins, as of sequence number `at`."),
    ("scan_block_read", "A scan read a data block."),
    ("scan_emitted", "A scan returned an entry."),
    ("scan_skipped", "A scan passed over an entry: an older version, a tombstone, or one newer than the snapshot."),
    ("scan_ended", "The scan is over."),
    ("cache_inserted", "A data block was put into the cache."),
    ("cache_evicted", "A data block was evicted from the cache, to make room or because its table was deleted."),
    ("snapshot_taken", "A snapshot sees everything up to `seq`, and nothing after, until it is released."),
    ("snapshot_released", "What only the snapshot saw may be dropped now."),
    (
        "snapshot_broken",
        "Tables that the snapshot saw were dropped unread, as FIFO compaction does: what only they held, it sees no \
         longer.",
    ),
    ("time_advanced", "Virtual time moved on: to `now` in whole seconds, to `nanos` exactly."),
    (
        "sampled",
        "What the memtable and the WAL hold and the counters, reported once per operation where `Detail::Operations` \
         is not wanted.",
    ),
    ("power_cut", "The power was cut: memory is lost, and only some of what the disk had not confirmed is left."),
    (
        "aftermath",
        "The first open after a power cut found everything up to `recovered`; compare what had been acknowledged, and \
         what was promised to be durable.",
    ),
    ("bit_flipped", "A bit of a file was flipped without an error, as a bad sector would."),
    (
        "disk_changed",
        "The disk behaves differently from now on: `room` is the number of bytes that still fit (none: no limit), \
         `lying` whether its syncs do nothing.",
    ),
    ("closed", "The database was closed; everything acknowledged is durable."),
];
