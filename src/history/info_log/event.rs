//! The events that a `LOG` has as JSON, behind `EVENT_LOG_v1`.
//!
//! In: the JSON. Out: an [`EventLine`] with what is known here; fields that it lacks are 0 or empty, others are passed
//! over. The names are those of `db/event_helpers.cc`, `db/flush_job.cc`, `db/compaction/compaction_job.cc` and
//! `db/db_impl/db_impl_compaction_flush.cc`.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};

use super::super::MAX_TABLE_BYTES;

/// An event.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::history) struct EventLine {
    /// Its name: `flush_finished`.
    pub event: String,
    /// The job that it is of.
    pub job: u64,
    /// The column family, where the event names it.
    pub family: Option<String>,
    /// Why: `flush_reason` or `compaction_reason`.
    pub reason: String,
    /// Tables: the one that comes or goes, or the inputs of a compaction with their levels.
    pub tables: Vec<(usize, u64)>,
    /// How many bytes: of a table, of a compaction's inputs or outputs.
    pub bytes: u64,
    /// What a table holds.
    pub contents: Contents,
    /// The level to which a compaction writes or moves.
    pub output_level: Option<usize>,
    /// The score with which a level was due.
    pub score: Option<f64>,
    /// How many tables each level has after it.
    pub levels: Vec<u64>,
    /// How long a compaction took, in microseconds.
    pub micros: u64,
    /// Entries that a compaction read.
    pub input_records: u64,
    /// Entries that it wrote.
    pub output_records: u64,
    /// Memtables: that are flushed, or that wait.
    pub memtables: u64,
    /// Entries of the memtables that are flushed.
    pub entries: u64,
    /// Deletions among them.
    pub deletions: u64,
    /// Whether a compaction had to keep what an old snapshot sees; none where the release does not tell.
    pub has_snapshot: Option<bool>,
}

/// What a table, or the memtables of a flush, hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(in crate::history) struct Contents {
    /// Entries, with deletions.
    pub num_entries: u64,
    /// Deletions.
    pub num_deletions: u64,
    /// Bytes of keys, with eight for each that are the engine's.
    pub raw_key_size: u64,
    /// Bytes of values.
    pub raw_value_size: u64,
}

/// No table has more entries: sums of them stay numbers.
const MAX_ENTRIES: u64 = 1 << 40;

impl Contents {
    fn capped(self) -> Contents {
        let num_entries = self.num_entries.min(MAX_ENTRIES);
        Contents { num_entries, num_deletions: self.num_deletions.min(num_entries), ..self }
    }
}

/// Reads an event; none if it is not JSON.
pub(super) fn event(json: &str) -> Option<EventLine> {
    serde_json::from_str(json).ok()
}

impl<'de> Deserialize<'de> for EventLine {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<EventLine, D::Error> {
        deserializer.deserialize_map(Fields)
    }
}

struct Fields;

impl<'de> Visitor<'de> for Fields {
    type Value = EventLine;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<EventLine, M::Error> {
        let mut line = EventLine::default();
        while let Some(name) = map.next_key::<String>()? {
            match name.as_str() {
                "event" => line.event = map.next_value()?,
                "job" => line.job = map.next_value()?,
                "cf_name" => line.family = Some(map.next_value()?),
                "flush_reason" | "compaction_reason" => line.reason = map.next_value()?,
                "file_number" => line.tables.push((0, map.next_value()?)),
                "file_size" | "total_files_size" | "input_data_size" | "total_output_size" => {
                    line.bytes = map.next_value::<u64>()?.min(MAX_TABLE_BYTES);
                }
                "table_properties" => line.contents = map.next_value::<Contents>()?.capped(),
                "output_level" | "destination_level" => line.output_level = Some(map.next_value()?),
                "score" => line.score = Some(map.next_value()?),
                "lsm_state" => line.levels = map.next_value()?,
                "compaction_time_micros" => line.micros = map.next_value::<u64>()?.min(MAX_TABLE_BYTES),
                "num_input_records" => line.input_records = map.next_value()?,
                "num_output_records" => line.output_records = map.next_value()?,
                "num_memtables" | "immutable_memtables" => line.memtables = map.next_value()?,
                "num_entries" => line.entries = map.next_value()?,
                "num_deletes" => line.deletions = map.next_value()?,
                // -1 where there is none (`EarliestSnapshot` of `db/compaction/compaction_job.cc`), or the largest.
                "oldest_snapshot_seqno" => {
                    let oldest: i128 = map.next_value()?;
                    line.has_snapshot = Some(oldest >= 0 && oldest < i128::from(i64::MAX));
                }
                _ => match name.strip_prefix("files_L").and_then(|level| level.parse().ok()) {
                    Some(level) => {
                        let tables: Vec<u64> = map.next_value()?;
                        line.tables.extend(tables.into_iter().map(|table| (level, table)));
                    }
                    None => {
                        map.next_value::<IgnoredAny>()?;
                    }
                },
            }
        }
        Ok(line)
    }
}
