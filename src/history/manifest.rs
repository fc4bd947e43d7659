//! The `MANIFEST` of RocksDB or LevelDB: the log of a database's version edits, read for what changes its shape.
//!
//! In: the file's bytes, a log with one edit to a record. Out: a `Manifest`: whose it is, and the edits of
//! each column family. Errors: it is damaged before its end, or uses what cannot be followed.
//!
//! As in `VersionSet::Recover` of RocksDB, an atomic group counts only when it is complete: at the end of the file, one
//! that lacks edits is left out. So is a record that is cut short. Everything left out is reported.

use std::collections::BTreeMap;

use super::{
    ColumnFamily, Edit, Rules,
    edit_fields::Fields,
    log::{self, Records, Tail},
};
use crate::{
    error::{Error, ErrorKind, Result},
    plural::counted,
    words::say,
};

/// How both databases call keys in the order of their bytes.
pub(super) const BYTEWISE: &str = "leveldb.BytewiseComparator";

/// Whether `bytes` begin like a manifest.
pub fn is(bytes: &[u8]) -> bool {
    log::is(bytes)
}

/// All that a manifest says.
#[derive(Debug)]
pub(super) struct Manifest {
    /// Whose it is.
    pub rules: Rules,
    /// Its column families, the default one first.
    pub families: Vec<Log>,
    /// How many edits were read.
    pub edits: u64,
    /// What was left out of all families.
    pub left_out: Vec<String>,
}

/// One column family's edits.
#[derive(Debug, Default)]
pub(super) struct Log {
    pub name: String,
    pub comparator: Option<String>,
    pub edits: Vec<Edit>,
    /// Tables that the database marked for compaction.
    pub marked: u64,
    pub is_dropped: bool,
}

impl Log {
    /// How it is listed.
    pub fn told(&self) -> ColumnFamily {
        let compactions = self.edits.iter().filter(|edit| !edit.removed.is_empty()).count() as u64;
        let flushes = self.edits.iter().filter(|edit| edit.is_flush()).count() as u64;
        ColumnFamily { name: self.name.clone(), flushes, compactions, is_dropped: self.is_dropped }
    }
}

impl Manifest {
    /// Reads all of `bytes`.
    ///
    /// # Errors
    /// See above.
    pub fn read(bytes: &[u8]) -> Result<Manifest> {
        let Records { records, tail } = log::records(bytes)?;
        let mut reading = Reading::default();
        for (at, record) in records {
            let fields = Fields::read(&record).map_err(|trouble| match reading.edits {
                0 => Error::invalid(
                    "this is a log as RocksDB writes it, but its records are not version edits: a write-ahead log is \
                     not a history",
                ),
                _ => trouble.at(at),
            })?;
            reading.record(at, fields)?;
        }
        Ok(reading.end(&tail))
    }
}

#[derive(Default)]
struct Reading {
    families: BTreeMap<u64, Log>,
    edits: u64,
    /// How many edits made a version.
    places: usize,
    is_leveldb: bool,
    is_rocksdb: bool,
    /// An atomic group that is not whole yet, and how many edits it lacks.
    group: Vec<(u64, Fields)>,
    lacks: u64,
}

impl Reading {
    fn record(&mut self, at: u64, fields: Fields) -> Result<()> {
        self.edits += 1;
        self.is_leveldb |= fields.is_leveldb;
        self.is_rocksdb |= fields.is_rocksdb;
        let Some(follow) = fields.follow else {
            if self.group.is_empty() {
                self.make(at, fields);
                return Ok(());
            }
            let edits = counted(self.lacks, "edit");
            return Err(corrupt(say!(
                "the edit at byte {at} of the manifest belongs to no atomic group, and one still lacks {edits}",
                at,
                edits,
            )));
        };
        if !self.group.is_empty() && follow + 1 != self.lacks {
            let expected = self.lacks - 1;
            return Err(corrupt(say!(
                "the edit at byte {at} of the manifest says that {follow} of its atomic group follow, not {expected}",
                at,
                follow,
                expected,
            )));
        }
        self.group.push((at, fields));
        self.lacks = follow;
        if follow == 0 {
            std::mem::take(&mut self.group).into_iter().for_each(|(at, fields)| self.make(at, fields));
        }
        Ok(())
    }

    fn make(&mut self, at: u64, fields: Fields) {
        let makes_version = fields.makes_version();
        let log = self.families.entry(fields.column_family).or_default();
        if let Some(name) = fields.comes {
            log.name = name;
        }
        log.comparator = fields.comparator.or(log.comparator.take());
        log.is_dropped |= fields.goes;
        log.marked += fields.marked;
        let Fields { removed, added, cursors, time, .. } = fields;
        self.places += usize::from(makes_version);
        log.edits.push(Edit { at, removed, added, cursors, time, place: self.places, makes_version });
    }

    fn end(mut self, tail: &Tail) -> Manifest {
        self.families.entry(0).or_default().name = "default".into();
        for (id, log) in self.families.iter_mut().filter(|(_, log)| log.name.is_empty()) {
            log.name = format!("#{id}");
        }
        let mut left_out = Vec::new();
        if let Some((at, _)) = self.group.first() {
            let edits = counted(self.lacks, "edit");
            left_out.push(match self.lacks {
                1 => say!(
                    "the atomic group at byte {at}, of which {edits} is missing at the end of the file: RocksDB does \
                     not apply it either",
                    at,
                    edits,
                ),
                _ => say!(
                    "the atomic group at byte {at}, of which {edits} are missing at the end of the file: RocksDB does \
                     not apply it either",
                    at,
                    edits,
                ),
            });
        }
        left_out.extend(tail.told());
        Manifest {
            rules: if self.is_leveldb && !self.is_rocksdb { Rules::LevelDb } else { Rules::RocksDb },
            families: self.families.into_values().collect(),
            edits: self.edits - self.group.len() as u64,
            left_out,
        }
    }
}

fn corrupt(what: String) -> Error {
    Error::new(ErrorKind::Corruption, what)
}
