//! What identifies an event beside its kind, in a few words: the check that goes with a moment's name.
//!
//! In: an event. Out: a short text. It has what a person would call the event by (keys, levels, numbers of entries),
//! and no numbers that another version gives out differently: no file numbers, no times, no bytes. Where nothing but
//! such numbers is in an event, the text is empty, and the kind alone is the check.

use crate::{entry::text, trace::Event, version::TableMeta};

/// The longest that a key may be in it, in characters.
const MAX_KEY: usize = 24;

/// What identifies `event` among those of its kind.
pub fn facts(event: &Event) -> String {
    use Event::*;
    match event {
        OpBegan { command, .. } => cut(command),
        RecoveryBegan { fresh, .. } => if *fresh { "fresh" } else { "" }.into(),
        RecoveryEnded { last_seq, tables, entries } => format!("seq {last_seq}, {tables} tables, {entries} entries"),
        FrameReplayed { first_seq, .. } | WalAppended { first_seq, .. } => format!("seq {first_seq}"),
        MemtableInserted { record, .. } => version(&record.key, record.seq),
        Acknowledged { upto, .. } => format!("seq {upto}"),
        MergeKept { key, seq, .. }
        | MergeDropped { key, seq, .. }
        | ScanEmitted { key, seq, .. }
        | ScanSkipped { key, seq, .. } => version(key, *seq),
        FlushBegan { memtables, .. } => format!("{} memtables", memtables.len()),
        CompactionPicked { compaction, .. } => {
            format!("L{} to L{}", compaction.start_level(), compaction.output_level)
        }
        TableBegan { level, .. } => format!("L{level}"),
        BlockWritten { first, last, .. } => format!("{} to {}", key(first), key(last)),
        SectionWritten { section, .. } => format!("{section:?}").to_ascii_lowercase(),
        TableFinished { table, level, .. } => format!("L{level} {}", range(table)),
        VersionInstalled { edit, .. } | EditRecovered { edit } => {
            format!("{} removed, {} added", edit.removed.len(), edit.added.len())
        }
        FlushEnded { tables, .. } => format!("{} tables", tables.len()),
        CompactionEnded { entries_in, entries_out, .. } => format!("{entries_in} to {entries_out} entries"),
        GetBegan { key: wanted, .. } | GetEnded { key: wanted, .. } => key(wanted),
        RangeProbed { level, .. }
        | FilterProbed { level, .. }
        | IndexProbed { level, .. }
        | BlockProbed { level, .. }
        | FalsePositive { level, .. } => format!("L{level}"),
        ScanEnded { returned, .. } => format!("{returned} entries"),
        SnapshotTaken { snapshot, .. } | SnapshotReleased { snapshot } => snapshot.to_string(),
        PowerCut { acked, .. } => format!("seq {acked}"),
        Aftermath { recovered, .. } => format!("seq {recovered}"),
        _ => String::new(),
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_KEY).collect()
}

fn key(bytes: &[u8]) -> String {
    cut(&text(bytes))
}

fn version(bytes: &[u8], seq: u64) -> String {
    format!("{} · {seq}", key(bytes))
}

fn range(table: &TableMeta) -> String {
    format!("{} to {}", key(&table.smallest), key(&table.largest))
}
