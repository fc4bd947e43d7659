//! A disk with faults: wraps any backend, cuts its power and makes its calls fail.
//!
//! In: the calls of [`Storage`], passed on to the backend inside. [`Fault`] also records how much of each file was made
//! durable, so that [`Fault::cut`] can do what a power cut would: it takes away unsynced bytes (none, all, or some of
//! them, torn at any byte) and undoes removals that no sync has made durable. [`Controls`] cause other faults while the
//! engine owns the disk: the power goes after a number of calls, a call fails once or for good, the space runs out, or
//! a sync reports success and does nothing.
//!
//! What is modelled, and why so:
//!
//! - Unsynced bytes of a file survive as a *prefix* ([`Keep`]), each file's on its own: a later file's bytes may be
//!   kept and an earlier one's lost, as a disk reorders its writes.
//! - A removal is held back until the next honest sync, create or swap, so that a cut can undo it.
//! - [`create`](Storage::create) and [`swap_current`](Storage::swap_current) are durable when they return, unless the
//!   disk [lies](Controls::set_lying): then a cut may lose the new file, or bring the old `CURRENT` back.
//! - An append that meets a full disk writes what still fits: a frame may be torn without any power cut.

use std::{collections::BTreeMap, ops::Range};

use serde::Serialize;

use super::{FileId, Storage};
use crate::{
    error::{Error, Result},
    random::Random,
};

mod controls;

pub use controls::{Call, Controls, PlannedFailure};

/// What a power cut leaves of what was not synced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// Nothing, and removals that were not synced are undone: the least that the contract allows.
    Nothing,
    /// Everything: the disk happened to be done.
    Everything,
    /// Of each file a part drawn from this seed, torn at any byte; a removal is undone or not, as drawn.
    Torn(u64),
    /// The first n unsynced bytes, in the order of the files; removals are undone.
    Bytes(u64),
}

/// What a power cut did to one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct FileLoss {
    /// The file.
    pub file: FileId,
    /// How long it was.
    pub bytes: u64,
    /// How much of it had been made durable; none if not even its name.
    pub durable: Option<u64>,
    /// How long it is now; none if it is gone.
    pub kept: Option<u64>,
}

/// What a power cut did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// Every file that had bytes which were not durable.
    pub losses: Vec<FileLoss>,
    /// Files that had been removed, and are there again.
    pub undone: Vec<FileId>,
    /// The manifest that `CURRENT` names again, if the disk had lied about a swap.
    pub swapped_back: Option<FileId>,
}

#[derive(Clone, Copy, Debug)]
struct Known {
    len: u64,
    /// How much survives a power cut; none if not even the name does.
    durable: Option<u64>,
}

impl Known {
    fn is_durable(&self) -> bool {
        self.durable == Some(self.len)
    }
}

/// A backend that can be made to fail.
#[derive(Debug)]
pub struct Fault<S> {
    inner: S,
    controls: Controls,
    files: BTreeMap<FileId, Known>,
    /// Removed, but still in the backend: a power cut may bring them back.
    removed: BTreeMap<FileId, Known>,
    /// What `CURRENT` named before a swap that the disk lied about.
    swapped_from: Option<FileId>,
}

impl<S: Storage> Fault<S> {
    /// Wraps `inner`, in which everything counts as durable.
    ///
    /// # Errors
    /// Its files cannot be listed.
    pub async fn new(inner: S) -> Result<Fault<S>> {
        let known = |(file, len): &(FileId, u64)| (*file, Known { len: *len, durable: Some(*len) });
        let files = inner.list().await?.iter().map(known).collect();
        let controls = Controls::default();
        Ok(Fault { inner, controls, files, removed: BTreeMap::new(), swapped_from: None })
    }

    /// The controls of its faults, for a caller that does not own the disk.
    pub fn controls(&self) -> &Controls {
        &self.controls
    }

    /// The backend.
    pub fn inner(&self) -> &S {
        &self.inner
    }

    /// The backend, as it is: removals that were held back are left undone.
    pub fn into_inner(self) -> S {
        self.inner
    }

    /// An image of the disk at this moment, with controls of its own, for campaigns that cut its power.
    pub fn image(&self) -> Fault<S>
    where
        S: Clone,
    {
        Fault {
            inner: self.inner.clone(),
            controls: Controls::default(),
            files: self.files.clone(),
            removed: self.removed.clone(),
            swapped_from: self.swapped_from,
        }
    }

    /// How much of each file is not durable, by file: what [`Keep::Nothing`] would take.
    pub fn unsynced(&self) -> impl Iterator<Item = (FileId, u64)> {
        self.files.iter().filter(|(_, f)| !f.is_durable()).map(|(id, f)| (*id, f.len - f.durable.unwrap_or(0)))
    }

    /// Carries out the removals that were held back. The power may go no more: the database is being closed.
    pub async fn settle(&mut self) -> Result<()> {
        while let Some((&file, _)) = self.removed.first_key_value() {
            self.inner.remove(file).await?;
            self.removed.remove(&file);
        }
        Ok(())
    }

    /// Carries out the removals that were held back, as far as that goes. What was just made durable is durable all the
    /// same, so it does not fail for this: a removal that does not work is held back for another time.
    async fn try_to_settle(&mut self) {
        let _ = self.settle().await;
    }

    /// Cuts the power: what was not durable is lost, except for what `keep` says. Then the power is on again, and what
    /// is left is durable.
    ///
    /// # Errors
    /// The backend failed.
    pub async fn cut(&mut self, keep: Keep) -> Result<Cut> {
        self.controls.set_power(true);
        let mut fate = Fate::new(keep);
        let mut cut = Cut::default();
        for (file, known) in std::mem::take(&mut self.files) {
            let kept = if known.is_durable() { Some(known.len) } else { fate.of(known) };
            if !known.is_durable() {
                self.shorten(file, known, kept).await?;
                cut.losses.push(FileLoss { file, bytes: known.len, durable: known.durable, kept });
            }
            if let Some(kept) = kept {
                self.files.insert(file, Known { len: kept, durable: Some(kept) });
            }
        }
        for (file, known) in std::mem::take(&mut self.removed) {
            // Its name may come back, but not what of it was never durable.
            let kept = if fate.undoes() { known.durable } else { None };
            self.shorten(file, known, kept).await?;
            if let Some(kept) = kept {
                self.files.insert(file, Known { len: kept, durable: Some(kept) });
                cut.undone.push(file);
            }
        }
        if let Some(old) = self.swapped_from.take()
            && fate.undoes()
            && self.files.contains_key(&old)
        {
            self.inner.swap_current(old).await?;
            cut.swapped_back = Some(old);
        }
        Ok(cut)
    }

    /// Leaves `file` with `kept` bytes, or without a name.
    async fn shorten(&mut self, file: FileId, known: Known, kept: Option<u64>) -> Result<()> {
        match kept {
            None => self.inner.remove(file).await,
            Some(kept) if kept == known.len => self.inner.sync(file).await,
            Some(kept) => {
                let bytes = self.inner.read(file, 0..kept).await?;
                self.inner.create(file, &bytes).await
            }
        }
    }

    /// Flips bit `bit` (0 to 7, from the lowest) of the byte at `offset` of `file`, as a bad sector would, without an
    /// error.
    ///
    /// # Errors
    /// There is no such file or byte.
    pub async fn flip(&mut self, file: FileId, offset: u64, bit: u8) -> Result<()> {
        let len = match self.files.get(&file) {
            Some(known) if offset < known.len => known.len,
            Some(known) => {
                return Err(Error::invalid(format!("{file} has {} bytes: there is no byte {offset}", known.len)));
            }
            None => return Err(Error::invalid(format!("there is no file {file}"))),
        };
        let mut bytes = self.inner.read_all(file, len).await?;
        bytes[offset as usize] ^= 1 << (bit & 7);
        self.inner.create(file, &bytes).await
    }

    /// Whether a file counts as durable after a call that ought to make it so.
    fn now_durable(&self, len: u64) -> Option<u64> {
        (!self.controls.lying()).then_some(len)
    }
}

/// Draws what is kept, file by file.
struct Fate {
    keep: Keep,
    random: Random,
    /// For [`Keep::Bytes`]: how many may still be kept.
    left: u64,
}

impl Fate {
    fn new(keep: Keep) -> Fate {
        let (seed, left) = match keep {
            Keep::Torn(seed) => (seed, 0),
            Keep::Bytes(left) => (0, left),
            Keep::Nothing | Keep::Everything => (0, 0),
        };
        Fate { keep, random: Random::new(seed), left }
    }

    /// How much is kept of a file that is not durable; none if its name goes too.
    fn of(&mut self, known: Known) -> Option<u64> {
        let durable = known.durable.unwrap_or(0);
        let unsynced = known.len - durable;
        let kept = match self.keep {
            Keep::Nothing => 0,
            Keep::Everything => unsynced,
            Keep::Torn(_) => match self.random.below(4) {
                // Nothing and everything are as likely as any place between.
                0 => 0,
                1 => unsynced,
                _ => self.random.below(unsynced + 1),
            },
            Keep::Bytes(_) => {
                let kept = self.left.min(unsynced);
                self.left -= kept;
                kept
            }
        };
        match known.durable {
            // An empty file may have got its name, or not.
            None if kept == 0 => (matches!(self.keep, Keep::Torn(_)) && self.random.one_in(2)).then_some(0),
            _ => Some(durable + kept),
        }
    }

    fn undoes(&mut self) -> bool {
        match self.keep {
            Keep::Nothing | Keep::Bytes(_) => true,
            Keep::Everything => false,
            Keep::Torn(_) => self.random.one_in(2),
        }
    }
}

impl<S: Storage> Storage for Fault<S> {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.controls.begin(Call::Append, Some(file))?;
        let room = self.controls.take_room(bytes.len() as u64);
        let fits = &bytes[..room as usize];
        self.inner.append(file, fits)?;
        let known = self.files.entry(file).or_insert(Known { len: 0, durable: None });
        known.len += room;
        if fits.len() < bytes.len() { Err(controls::full(file)) } else { Ok(()) }
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        self.controls.begin(Call::Sync, Some(file))?;
        if self.controls.lying() {
            return Ok(());
        }
        self.inner.sync(file).await?;
        if let Some(known) = self.files.get_mut(&file) {
            known.durable = Some(known.len);
        }
        self.try_to_settle().await;
        Ok(())
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.controls.begin(Call::Create, Some(file))?;
        if self.controls.take_room(bytes.len() as u64) < bytes.len() as u64 {
            return Err(controls::full(file));
        }
        self.inner.create(file, bytes).await?;
        // Where a number is used again, the removal of the file before it must not take the new one.
        self.removed.remove(&file);
        let len = bytes.len() as u64;
        self.files.insert(file, Known { len, durable: self.now_durable(len) });
        if !self.controls.lying() {
            self.try_to_settle().await;
        }
        Ok(())
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.controls.begin(Call::Read, Some(file))?;
        if self.removed.contains_key(&file) {
            return Err(super::missing(file, &range, None));
        }
        self.inner.read(file, range).await
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.controls.begin(Call::SwapCurrent, Some(manifest))?;
        let old = self.inner.current().await?;
        self.inner.swap_current(manifest).await?;
        if self.controls.lying() {
            // What was lost can go back only to what was durable.
            self.swapped_from = self.swapped_from.or(old);
            return Ok(());
        }
        self.swapped_from = None;
        self.try_to_settle().await;
        Ok(())
    }

    async fn current(&self) -> Result<Option<FileId>> {
        self.controls.begin(Call::Current, None)?;
        self.inner.current().await
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.controls.begin(Call::Remove, Some(file))?;
        if let Some(known) = self.files.remove(&file) {
            self.controls.give_room(known.len);
            self.removed.insert(file, known);
        }
        Ok(())
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.controls.begin(Call::List, None)?;
        Ok(self.files.iter().map(|(id, known)| (*id, known.len)).collect())
    }
}

#[cfg(test)]
mod tests;
