//! Damaged files: every bit of every file flipped, one at a time, and larger damage.
//!
//! In: a database of more than 64 KiB, with tables on several levels, with compression and without, a manifest of
//! several edits, and several live logs. The campaign applies one damage at a time: it flips each bit, truncates each
//! file at each length, swaps files of one kind, removes each file, appends foreign bytes, and makes `CURRENT` name
//! another file. Each time it opens the database, and reads it by a scan and by a get of every key. Errors: an answer
//! other than
//!
//! - the right value;
//! - an error of kind corruption that names the file and the byte.
//!
//! A truncated log looks like a log torn by a power cut, and a missing last log like one that was never created: the
//! state of a shorter history is right there. A truncated manifest is detected, because tables or logs of its lost
//! edits exist, so no write may be missing; `damage/manifest.rs` truncates manifests of databases at every stage. The
//! other recovery modes read the damaged logs too, and may drop the records that they drop by design (`Allowed`).
//!
//! A case is one slice of the damages of one database; [`SLICES`] cases cover all. Some bits are also flipped in a
//! directory, every bit of the file `CURRENT` among them. Some of the damaged databases are also compacted, which must
//! not copy damage into tables with right checksums, and verified, which must find the damage.

use std::{cell::RefCell, fmt, rc::Rc};

use super::{
    Campaign, Case, Found, Tally,
    model::{self, History, State},
    ops::Write,
};
use crate::{
    Engine, Error, ErrorKind,
    engine::ScanRange,
    entry::text,
    options::{Options, WalRecoveryMode},
    storage::{FileId, FileKind, Storage, block_on},
};

mod database;
mod directory;
mod frozen;
mod manifest;

use database::Database;
use frozen::{Disk, Frozen};

/// The number of cases that share the damages of one database.
pub const SLICES: u64 = 64;

/// One damaged database in `COMPACTED` is also compacted.
const COMPACTED: u64 = 64;

/// One bit in `ON_FILES` is also flipped in a directory.
const ON_FILES: u64 = 211;

/// One damage to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// Flips a bit, counted from the file's first.
    Flip(FileId, u64),
    /// Truncates a file to this length.
    Cut(FileId, u64),
    /// Swaps the bytes of two files of one kind.
    Swap(FileId, FileId),
    /// Removes a file.
    Drop(FileId),
    /// Appends bytes to a file: zeros, or a copy of its first ones.
    Lengthen(FileId, usize, bool),
    /// Makes `CURRENT` name another file, or none.
    Current(Option<FileId>),
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Damage::Flip(file, bit) => write!(f, "bit {} of byte {} of {file} is flipped", bit % 8, bit / 8),
            Damage::Cut(file, len) => write!(f, "{file} ends at byte {len}"),
            Damage::Swap(a, b) => write!(f, "{a} and {b} have each other's bytes"),
            Damage::Drop(file) => write!(f, "{file} is gone"),
            Damage::Lengthen(file, more, true) => write!(f, "{more} zeros come behind {file}"),
            Damage::Lengthen(file, more, false) => write!(f, "the first {more} bytes of {file} come behind it again"),
            Damage::Current(Some(file)) => write!(f, "CURRENT names {file}"),
            Damage::Current(None) => write!(f, "CURRENT is gone"),
        }
    }
}

/// The right answers of a damaged database, besides an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    /// The values after all writes.
    Exact,
    /// The values after a prefix of the writes.
    Prefix,
    /// For each key, any value that it had, or none: frames in the middle of a log may be missing.
    Pieces,
}

/// Runs a case.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let database = Database::make(&mut case.random(Campaign::Damage, &[u64::MAX, case.number / SLICES]))?;
    let trial = Trial { disk: Rc::new(RefCell::new(database.disk.clone())), database: &database };
    let all = damages(&database.disk);
    let (slice, count) = (case.number % SLICES, all.count());
    let numbers: Box<dyn Iterator<Item = u64>> = match case.at.first() {
        Some(at) => Box::new(std::iter::once(*at)),
        None => Box::new((slice..count).step_by(SLICES as usize)),
    };
    for i in numbers {
        let Some(damage) = all.get(i) else { return Err(format!("there is no damage {i}; there are {count}")) };
        tally.point(&[i], &[]);
        tally.bits += u64::from(matches!(damage, Damage::Flip(..)));
        trial.suffer(damage, i, tally).map_err(|what| format!("{damage}: {what}"))?;
    }
    if *trial.disk.borrow() != database.disk {
        return Err("the campaign did not put things back in their place".to_string());
    }
    if case.at.is_empty()
        && let Some(scratch) = case.scratch
    {
        directory::run(&trial, scratch, slice, tally)?;
    }
    if case.at.is_empty() {
        manifest::run(case, tally)?;
    }
    Ok(())
}

/// All damages of a database, numbered: flipped bits first, then truncations, then `rest`.
struct Damages {
    bits: u64,
    bytes: u64,
    files: Vec<(FileId, u64)>,
    rest: Vec<Damage>,
}

fn damages(disk: &Disk) -> Damages {
    let files: Vec<(FileId, u64)> = disk.files.iter().map(|(id, bytes)| (*id, bytes.len() as u64)).collect();
    let bytes = files.iter().map(|(_, len)| len).sum::<u64>();
    let mut rest = Vec::new();
    for (i, (a, len)) in files.iter().enumerate() {
        rest.extend(files[i + 1..].iter().filter(|(b, _)| b.kind == a.kind).map(|(b, _)| Damage::Swap(*a, *b)));
        rest.push(Damage::Drop(*a));
        for more in [1, 4, 23, 24, 25, 100, *len as usize] {
            rest.extend([Damage::Lengthen(*a, more, true), Damage::Lengthen(*a, more, false)]);
        }
        rest.push(Damage::Current(Some(*a)));
    }
    rest.push(Damage::Current(None));
    rest.push(Damage::Current(Some(FileId::manifest(999))));
    Damages { bits: bytes * 8, bytes, files, rest }
}

impl Damages {
    fn count(&self) -> u64 {
        self.bits + self.bytes + self.rest.len() as u64
    }

    fn get(&self, i: u64) -> Option<Damage> {
        if i < self.bits {
            let (file, at) = self.locate(i / 8)?;
            return Some(Damage::Flip(file, at * 8 + i % 8));
        }
        if i < self.bits + self.bytes {
            let (file, at) = self.locate(i - self.bits)?;
            return Some(Damage::Cut(file, at));
        }
        self.rest.get((i - self.bits - self.bytes) as usize).copied()
    }

    fn locate(&self, mut byte: u64) -> Option<(FileId, u64)> {
        for (file, len) in &self.files {
            if byte < *len {
                return Some((*file, byte));
            }
            byte -= len;
        }
        None
    }
}

/// A database to which damages are applied and undone, one after the other.
struct Trial<'a> {
    disk: Rc<RefCell<Disk>>,
    database: &'a Database,
}

impl Trial<'_> {
    /// Applies damage `i`, checks the database, and undoes the damage.
    fn suffer(&self, damage: Damage, i: u64, tally: &mut Tally) -> Result<(), Found> {
        let undo = self.disk.borrow_mut().inflict(damage);
        let result = self.look(damage, i, tally);
        self.disk.borrow_mut().undo(damage, undo);
        result
    }

    fn look(&self, damage: Damage, i: u64, tally: &mut Tally) -> Result<(), Found> {
        let options = &self.database.options;
        // One damage in `COMPACTED` of each slice.
        let compacted = (i / SLICES).is_multiple_of(COMPACTED);
        if compacted && matches!(damage, Damage::Flip(..)) && model::is_sound(&Frozen::new(self.disk.clone())).is_ok() {
            return Err("verify finds nothing".to_string());
        }
        self.open_and_read(options, allowed(damage, options.wal_recovery_mode), compacted, damage, tally)?;
        if let Damage::Flip(file, _) | Damage::Cut(file, _) | Damage::Lengthen(file, ..) = damage
            && (file.kind == FileKind::Wal || matches!(damage, Damage::Cut(..)) && file.kind == FileKind::Manifest)
        {
            let others = &self.database.other_modes;
            let options = &others[(i / 3) as usize % others.len()];
            let mode = options.wal_recovery_mode;
            self.open_and_read(options, allowed(damage, mode), compacted, damage, tally)
                .map_err(|what| format!("with {mode:?}: {what}"))?;
        }
        Ok(())
    }

    fn open_and_read(
        &self,
        options: &Options,
        allowed: Allowed,
        compacted: bool,
        damage: Damage,
        tally: &mut Tally,
    ) -> Result<(), Found> {
        tally.operations += 2 + self.database.keys.len() as u64;
        let mut engine = match model::open(Frozen::new(self.disk.clone()), options) {
            Ok(engine) => engine,
            Err((error, _)) => return speaks(&error, damage),
        };
        self.read(&mut engine, allowed, damage)?;
        if compacted {
            tally.operations += 1;
            match block_on(engine.compact(None)) {
                Ok(_) => {}
                Err(error) => speaks(&error, damage)?,
            }
            self.read(&mut engine, allowed, damage).map_err(|what| format!("after a compaction: {what}"))?;
        }
        Ok(())
    }

    /// Checks a scan, and a get of every key.
    fn read<S: Storage>(&self, engine: &mut Engine<S>, allowed: Allowed, damage: Damage) -> Result<(), Found> {
        let seq = engine.last_seq();
        let history = &self.database.history;
        if seq > history.last() || allowed == Allowed::Exact && seq != history.last() {
            return Err(format!("it opens with {seq} writes, should be {}", history.last()));
        }
        let right = match allowed {
            Allowed::Exact => self.database.state.clone(),
            Allowed::Prefix | Allowed::Pieces => history.state(seq),
        };
        let is_right = |key: &[u8], value: Option<&[u8]>| match allowed {
            Allowed::Pieces => self.database.was(key, value),
            _ => model::same_value(key, value, right.get(key).map(Vec::as_slice)),
        };
        match block_on(engine.scan(ScanRange::default(), None)) {
            Err(error) => speaks(&error, damage)?,
            Ok(found) if allowed == Allowed::Pieces => {
                found.entries.iter().try_for_each(|(key, value)| is_right(key, Some(value)))?;
            }
            Ok(found) => {
                model::same_scan(&found.entries, right.iter().map(|(k, v)| (k.as_slice(), v.as_slice())))?;
            }
        }
        for key in &self.database.keys {
            match block_on(engine.get(key)) {
                Err(error) => speaks(&error, damage)?,
                Ok(value) => is_right(key, value.as_deref())?,
            }
        }
        Ok(())
    }
}

/// The right answers under `damage` and a recovery mode, besides an error.
fn allowed(damage: Damage, mode: WalRecoveryMode) -> Allowed {
    let drops = match mode {
        WalRecoveryMode::AbsoluteConsistency | WalRecoveryMode::TolerateCorruptedTailRecords => Allowed::Exact,
        WalRecoveryMode::PointInTime => Allowed::Prefix,
        WalRecoveryMode::SkipAnyCorruptedRecords => Allowed::Pieces,
    };
    match damage {
        Damage::Flip(file, _) if file.kind == FileKind::Wal => drops,
        // No mode can distinguish a truncated log from one that a crash has torn.
        Damage::Cut(file, _) | Damage::Drop(file) | Damage::Lengthen(file, ..)
            if file.kind == FileKind::Wal && drops == Allowed::Exact =>
        {
            Allowed::Prefix
        }
        Damage::Swap(file, _) | Damage::Cut(file, _) | Damage::Drop(file) | Damage::Lengthen(file, ..)
            if file.kind == FileKind::Wal =>
        {
            drops
        }
        _ => Allowed::Exact,
    }
}

/// Checks that an error is of kind corruption, and names a file and a byte, or `CURRENT`.
fn speaks(error: &Error, damage: Damage) -> Result<(), Found> {
    let places = error.file.is_some() && error.offset.is_some();
    let says = places || matches!(damage, Damage::Current(_)) && error.message.contains("CURRENT");
    if error.kind == ErrorKind::Corruption && says {
        Ok(())
    } else {
        Err(format!("an error that does not say what is damaged, and where: {:?}: {error}", error.kind))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn every_bit_and_every_length_is_damaged_once_and_mended() {
        let database = Database::make(&mut Random::new(1)).unwrap();
        let mut disk = database.disk.clone();
        let all = damages(&disk);
        let mut seen = std::collections::BTreeSet::new();
        for i in 0..all.count() {
            let damage = all.get(i).unwrap();
            assert!(seen.insert(format!("{damage:?}")), "{damage:?} comes twice");
            let undo = disk.inflict(damage);
            disk.undo(damage, undo);
        }
        assert_eq!(all.get(all.count()), None);
        assert!(disk == database.disk);
        let bytes = disk.files.values().map(Vec::len).sum::<usize>();
        assert!(seen.len() > bytes * 9 && bytes as u64 >= database::MIN_BYTES, "{bytes}");
    }
}
