//! The writes of a history: what each flush wrote, and what was dropped since.
//!
//! In: a [`History`]. Out: [`RecordedWrites`]. Errors: no flush is known, or a table's entries are not; the history
//! does not fit together.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::outcome::{OutcomeSums, WhatIfOutcome};
use crate::{
    entry::Bytes,
    error::{Error, Result},
    history::{Edit, History, job_speed::JobSpeed, shape::Shape},
    version::{TableId, TableMeta, Version},
    words::say,
};

/// One flush.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RecordedFlush {
    /// Entries of its table, deletions included.
    pub entries: u64,
    /// Deletions among them.
    pub tombstones: u64,
    /// The bytes of its table.
    pub bytes: u64,
    /// When its table was in the tree, in microseconds since the first; 0 if that is not known.
    pub micros: u64,
    /// Which part of all keys it lies in, from 0 to 1: from there, to there.
    pub span: (f64, f64),
}

/// A table that a merge wrote: what sizes are estimated from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct RecordedTable {
    pub entries: u64,
    pub tombstones: u64,
    pub bytes: u64,
}

/// How a writer goes on that does not wait for compactions.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Pace {
    /// How long compactions take.
    pub speed: JobSpeed,
    /// Whether writes waited for flushes.
    pub is_pressed: bool,
}

/// All writes of a history.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordedWrites {
    pub flushes: Vec<RecordedFlush>,
    /// Outputs of merges.
    pub tables: Vec<RecordedTable>,
    /// How many entries merges dropped.
    pub dropped: u64,
    /// What the database came to.
    pub measured: WhatIfOutcome,
    /// None of a writer that waits, as far as is known.
    pub pace: Option<Pace>,
}

impl RecordedWrites {
    pub fn of(history: &History) -> Result<RecordedWrites> {
        let mut reading = Reading {
            shape: Shape::new(history.options.levels()),
            sums: OutcomeSums::default(),
            entries: BTreeMap::new(),
            flushes: Vec::new(),
            tables: Vec::new(),
            dropped: 0,
        };
        for (at, edit) in history.edits.iter().enumerate() {
            reading.edit(at, edit, history)?;
        }
        let Reading { mut shape, mut sums, flushes, tables, dropped, .. } = reading;
        if flushes.is_empty() {
            return Err(Error::invalid(say!("the history has no flush: there is nothing to be written again")));
        }
        let version = shape.version();
        let quantiles = Quantiles::of(version);
        let first = history.flushed.values().min().copied().unwrap_or(0);
        let flush = |(at, table): &(usize, Rc<TableMeta>)| RecordedFlush {
            entries: table.entries,
            tombstones: table.tombstones,
            bytes: table.bytes,
            micros: history.flushed.get(at).map_or(0, |micros| micros - first),
            span: quantiles.span(table),
        };
        let has_times = flushes.iter().all(|(at, _)| history.flushed.contains_key(at));
        let has_pace = has_times && !history.flushes_wait();
        let pace =
            history.speed.filter(|_| has_pace).map(|speed| Pace { speed, is_pressed: history.waits_for_flushes });
        sums.counters.flushes = flushes.len() as u64;
        Ok(RecordedWrites {
            flushes: flushes.iter().map(flush).collect(),
            tables,
            dropped,
            measured: sums.outcome(version, None),
            pace,
        })
    }
}

/// What was read so far.
struct Reading {
    shape: Shape,
    sums: OutcomeSums,
    /// The entries of each table so far.
    entries: BTreeMap<TableId, u64>,
    /// Tables that were flushed, each with the number of its edit.
    flushes: Vec<(usize, Rc<TableMeta>)>,
    tables: Vec<RecordedTable>,
    dropped: u64,
}

impl Reading {
    fn edit(&mut self, at: usize, edit: &Edit, history: &History) -> Result<()> {
        let added = || edit.added.iter().map(|added| &added.table);
        if let Some(table) = added().find(|table| table.entries == 0) {
            return Err(Error::invalid(say!(
                "what table {id} holds is not known: a LOG of that time tells it, LOG or LOG.old",
                id = table.id,
            )));
        }
        // No sum overflows, whatever a damaged file has: whether its sizes can be is found out when the edit is made.
        let bytes = added().map(|table| table.bytes).fold(0, u64::saturating_add);
        let counters = &mut self.sums.counters;
        if edit.is_flush() {
            self.sums.before_flush(self.shape.bytes(), self.shape.sorted_runs());
            add(&mut self.sums.counters.flush_bytes, bytes);
            self.sums.beside(self.shape.bytes(), bytes);
            self.flushes.extend(added().map(|table| (at, table.clone())));
        } else if is_move(edit) {
            counters.moves += 1;
        } else if !edit.removed.is_empty() {
            counters.compactions += 1;
            add(&mut counters.compaction_bytes_written, bytes);
            self.sums.beside(self.shape.bytes(), bytes);
            let read = edit.removed.iter().filter_map(|(_, id)| self.entries.get(id)).copied();
            let written = added().map(|table| table.entries).fold(0, u64::saturating_add);
            add(&mut self.dropped, read.fold(0, u64::saturating_add).saturating_sub(written));
            self.tables.extend(added().map(|table| {
                let TableMeta { entries, tombstones, bytes, .. } = **table;
                RecordedTable { entries, tombstones, bytes }
            }));
        }
        self.entries.extend(added().map(|table| (table.id, table.entries)));
        self.shape.make(edit).map_err(|what| history.unfit(edit, what))
    }
}

/// Whether `edit` only changes the level of tables.
fn is_move(edit: &Edit) -> bool {
    let removed: BTreeSet<TableId> = edit.removed.iter().map(|(_, removed)| *removed).collect();
    edit.added.iter().any(|added| removed.contains(&added.table.id))
}

fn add(sum: &mut u64, n: u64) {
    *sum = sum.saturating_add(n);
}

/// Where keys lie among all keys, from 0 to 1: by the entries of the level that has the most at the end.
struct Quantiles {
    /// For each of its tables in order: its first and last key, and the share of entries before it and up to its end.
    tables: Vec<(Bytes, Bytes, f64, f64)>,
}

/// A span that is wider than this is all keys: the first and the last few of a level are not known so exactly.
const NEARLY_ALL: f64 = 0.9;

impl Quantiles {
    fn of(version: &Version) -> Quantiles {
        let entries =
            |level: &usize| version.levels[*level].iter().map(|table| table.entries).fold(0, u64::saturating_add);
        let Some(level) = (1..version.levels.len()).max_by_key(entries) else {
            return Quantiles { tables: Vec::new() };
        };
        let all = entries(&level).max(1) as f64;
        let mut before = 0_u64;
        let share = |table: &TableMeta| {
            let from = before as f64 / all;
            add(&mut before, table.entries);
            (table.smallest.clone(), table.largest.clone(), from, before as f64 / all)
        };
        let mut share = share;
        Quantiles { tables: version.levels[level].iter().map(|table| share(table)).collect() }
    }

    /// The part of all keys that `table` lies in.
    fn span(&self, table: &TableMeta) -> (f64, f64) {
        let (from, to) = (self.place(&table.smallest), self.place(&table.largest));
        if to - from > NEARLY_ALL { (0.0, 1.0) } else { (from, to) }
    }

    fn place(&self, key: &Bytes) -> f64 {
        let at = self.tables.partition_point(|(_, last, ..)| last < key);
        match self.tables.get(at) {
            None => 1.0,
            Some((first, _, from, _)) if key <= first => *from,
            Some((first, last, from, to)) => from + (to - from) * between(first, last, key),
        }
    }
}

/// How far `key` is on the way from `first` to `last`, by the eight bytes behind what these begin with alike.
fn between(first: &[u8], last: &[u8], key: &[u8]) -> f64 {
    let alike = first.iter().zip(last).take_while(|(a, b)| a == b).count();
    let number = |key: &[u8]| {
        let mut bytes = [0; 8];
        let rest = key.get(alike..).unwrap_or_default();
        let length = rest.len().min(8);
        bytes[..length].copy_from_slice(&rest[..length]);
        u64::from_be_bytes(bytes) as f64
    };
    let (from, to) = (number(first), number(last));
    if to > from { ((number(key) - from) / (to - from)).clamp(0.0, 1.0) } else { 0.0 }
}
