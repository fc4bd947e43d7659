//! Damage: flips every bit of every file, one at a time, and does worse.
//!
//! A database of more than 64 KiB is made: tables on several levels, with compression and without, a manifest of
//! several edits, several live logs. Then, one at a time: each bit is flipped; each file is cut at each length; files
//! of one kind are swapped; each file is dropped, and lengthened by what does not belong there; `CURRENT` names
//! something else. Each time the database is opened and read, by a scan and by a get of every key. Allowed are
//!
//! - the right value;
//! - an error of kind corruption that names the file and the byte.
//!
//! A log that is *cut* looks like one that a power cut tore, and a missing last log looks like one that was never
//! begun: there, the state of a shorter history is right too. A manifest that is cut can be detected, because tables or
//! logs of its lost edits exist: nothing may be missing. `damage/manifest.rs` tries that on databases at every stage.
//! The other recovery modes are tried on the logs, and may drop what they are meant to drop (`Allowed`).
//!
//! A case is one slice of one database; [`SLICES`] cases make a whole one. Some of the bits are also flipped in a
//! directory, and there every bit of the file `CURRENT`; some of the damaged databases are also compacted, which must
//! not turn damage into tables with right checksums, and verified, which must find it.

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

/// How many cases one database is divided into.
pub const SLICES: u64 = 64;

/// One damaged database in this many is also compacted.
const COMPACTED: u64 = 64;

/// One bit in this many is also flipped in a directory.
const ON_FILES: u64 = 211;

/// One thing that is done to the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Damage {
    /// A bit is flipped.
    Flip(FileId, u64),
    /// A file ends early.
    Cut(FileId, u64),
    /// Two files of a kind have each other's bytes.
    Swap(FileId, FileId),
    /// A file is gone.
    Drop(FileId),
    /// Bytes that do not belong to a file come behind it: zeros, or its own first ones.
    Lengthen(FileId, usize, bool),
    /// `CURRENT` names this.
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

/// What a damaged database may answer besides an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    /// The right values.
    Exact,
    /// What was right after some of the writes.
    Prefix,
    /// For each key, a value that it once had, or none: whole frames of the logs may be missing.
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

/// Every damage, by number: bits first, then lengths, then the rest.
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

/// A database that is damaged, looked at, and mended, again and again.
struct Trial<'a> {
    disk: Rc<RefCell<Disk>>,
    database: &'a Database,
}

impl Trial<'_> {
    /// Tries one damage.
    fn suffer(&self, damage: Damage, i: u64, tally: &mut Tally) -> Result<(), Found> {
        let undo = self.disk.borrow_mut().inflict(damage);
        let result = self.look(damage, i, tally);
        self.disk.borrow_mut().undo(damage, undo);
        result
    }

    fn look(&self, damage: Damage, i: u64, tally: &mut Tally) -> Result<(), Found> {
        let options = &self.database.options;
        // One in `COMPACTED` of each slice.
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

    /// Reads everything.
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

/// What may be answered besides an error.
fn allowed(damage: Damage, mode: WalRecoveryMode) -> Allowed {
    let drops = match mode {
        WalRecoveryMode::AbsoluteConsistency | WalRecoveryMode::TolerateCorruptedTailRecords => Allowed::Exact,
        WalRecoveryMode::PointInTime => Allowed::Prefix,
        WalRecoveryMode::SkipAnyCorruptedRecords => Allowed::Pieces,
    };
    match damage {
        Damage::Flip(file, _) if file.kind == FileKind::Wal => drops,
        // No mode can tell a log that was cut here from one that a crash has torn.
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

/// Checks that an error says what is wrong, where.
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
