//! A copy-on-write disk: writes go into a layer that is discarded.
//!
//! In: a [`Disk`], which a [`Damage`] changes and an [`Undo`] restores. Out: [`Frozen`], a storage for one open. So a
//! damaged database is opened hundreds of thousands of times without a copy. Errors: [`MAX_READS`] reads were made.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    ops::Range,
    rc::Rc,
};

use super::Damage;
use crate::{
    error::{Error, ErrorKind, Result},
    storage::{FileId, Storage},
};

/// The files, and the manifest that `CURRENT` names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Disk {
    pub files: BTreeMap<FileId, Vec<u8>>,
    pub current: Option<FileId>,
}

/// The inverse of a damage.
#[derive(Debug)]
pub(super) enum Undo {
    Nothing,
    Tail(Vec<u8>),
    /// The number of bytes to remove from the end.
    More(usize),
    Current(Option<FileId>),
}

impl Disk {
    fn bytes(&mut self, file: FileId) -> &mut Vec<u8> {
        self.files.entry(file).or_default()
    }

    /// Applies `damage` in place.
    pub fn inflict(&mut self, damage: Damage) -> Undo {
        match damage {
            Damage::Flip(file, bit) => self.bytes(file)[(bit / 8) as usize] ^= 1 << (bit % 8),
            Damage::Cut(file, len) => return Undo::Tail(self.bytes(file).split_off(len as usize)),
            Damage::Swap(a, b) => self.swap(a, b),
            Damage::Drop(file) => return Undo::Tail(self.files.remove(&file).unwrap_or_default()),
            Damage::Lengthen(file, more, zeros) => {
                let bytes = self.bytes(file);
                let more = more.min(bytes.len());
                if zeros {
                    bytes.resize(bytes.len() + more, 0)
                } else {
                    bytes.extend_from_within(..more)
                }
                return Undo::More(more);
            }
            Damage::Current(named) => return Undo::Current(std::mem::replace(&mut self.current, named)),
        }
        Undo::Nothing
    }

    /// Undoes `damage`.
    pub fn undo(&mut self, damage: Damage, undo: Undo) {
        match (damage, undo) {
            (Damage::Flip(..), _) => drop(self.inflict(damage)),
            (Damage::Swap(a, b), _) => self.swap(a, b),
            (Damage::Cut(file, _) | Damage::Drop(file), Undo::Tail(tail)) => self.bytes(file).extend(tail),
            (Damage::Lengthen(file, ..), Undo::More(more)) => {
                let bytes = self.bytes(file);
                bytes.truncate(bytes.len() - more);
            }
            (Damage::Current(_), Undo::Current(named)) => self.current = named,
            _ => {}
        }
    }

    fn swap(&mut self, a: FileId, b: FileId) {
        let taken = std::mem::take(self.bytes(a));
        let taken = std::mem::replace(self.bytes(b), taken);
        *self.bytes(a) = taken;
    }
}

/// A shared disk, and the changes on top of it.
#[derive(Debug)]
pub(super) struct Frozen {
    below: Rc<RefCell<Disk>>,
    /// The files that were written, or removed (`None`), since.
    above: BTreeMap<FileId, Option<Vec<u8>>>,
    current: Option<FileId>,
    reads: Cell<u64>,
}

/// The maximum number of reads in one check of a database; an engine that makes more loops.
const MAX_READS: u64 = 20_000;

impl Frozen {
    /// A storage with the files of `disk`.
    pub fn new(disk: Rc<RefCell<Disk>>) -> Frozen {
        let current = disk.borrow().current;
        Frozen { below: disk, above: BTreeMap::new(), current, reads: Cell::new(0) }
    }
}

impl Storage for Frozen {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let below = &self.below;
        let above = self.above.entry(file).or_insert_with(|| below.borrow().files.get(&file).cloned());
        above.get_or_insert_default().extend_from_slice(bytes);
        Ok(())
    }

    async fn sync(&mut self, _: FileId) -> Result<()> {
        Ok(())
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.above.insert(file, Some(bytes.to_vec()));
        Ok(())
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.reads.set(self.reads.get() + 1);
        if self.reads.get() > MAX_READS {
            return Err(Error::new(ErrorKind::Io, format!("there were {MAX_READS} reads: it does not come to an end")));
        }
        let below = self.below.borrow();
        let found = match self.above.get(&file) {
            Some(above) => above.as_ref(),
            None => below.files.get(&file),
        };
        let bytes = found.and_then(|bytes| {
            bytes.get(usize::try_from(range.start).ok()?..usize::try_from(range.end).ok()?).map(<[u8]>::to_vec)
        });
        bytes.ok_or_else(|| Error {
            file: Some(file),
            offset: Some(range.start),
            ..Error::new(ErrorKind::Corruption, format!("{file} has no bytes {range:?}"))
        })
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.current = Some(manifest);
        Ok(())
    }

    async fn current(&self) -> Result<Option<FileId>> {
        Ok(self.current)
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.above.insert(file, None);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        let below = self.below.borrow();
        let mut files: BTreeMap<FileId, u64> = below.files.iter().map(|(id, b)| (*id, b.len() as u64)).collect();
        for (file, above) in &self.above {
            match above {
                Some(bytes) => files.insert(*file, bytes.len() as u64),
                None => files.remove(file),
            };
        }
        Ok(files.into_iter().collect())
    }
}
