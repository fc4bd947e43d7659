//! A disk that takes an image of itself at every change.

use std::{cell::RefCell, ops::Range, rc::Rc};

use crate::{
    entry::SeqNo,
    error::Result,
    storage::{
        FileId, FileKind, Storage,
        fault::{Call, Fault},
        memory::Memory,
    },
};

/// The most calls of one run: more, and the engine is going in circles.
pub(super) const MAX_CALLS: u64 = 200_000;

/// A kind of call, on a kind of file.
pub(super) type CallKind = (Call, Option<FileKind>);

/// The disk after one call.
#[derive(Debug)]
pub(super) struct Shot {
    pub disk: Fault<Memory>,
    /// Which call.
    pub call: Call,
    /// Of which file.
    pub file: FileId,
    /// During which operation of the script.
    pub op: usize,
    /// Every write up to this one was promised to be durable.
    pub promised: SeqNo,
    /// No write behind this one had been handed over.
    pub handed: SeqNo,
}

/// Every image so far, and what is true of the next one.
#[derive(Debug, Default)]
pub(super) struct Film {
    pub shots: Vec<Shot>,
    /// Every call, changing or not, by its kind and the kind of its file.
    pub calls: Vec<CallKind>,
    pub op: usize,
    pub promised: SeqNo,
    pub handed: SeqNo,
}

/// The disk with its film.
#[derive(Debug)]
pub(super) struct Watch {
    disk: Fault<Memory>,
    film: Rc<RefCell<Film>>,
    /// Whether images are taken; if not, calls are only counted.
    pictures: bool,
}

impl Watch {
    /// Takes an image of `disk` after every call that changes it.
    pub fn new(disk: Fault<Memory>) -> (Watch, Rc<RefCell<Film>>) {
        Watch::with(disk, true)
    }

    /// Only notes the calls.
    pub fn counting(disk: Fault<Memory>) -> (Watch, Rc<RefCell<Film>>) {
        Watch::with(disk, false)
    }

    fn with(disk: Fault<Memory>, pictures: bool) -> (Watch, Rc<RefCell<Film>>) {
        let film = Rc::new(RefCell::new(Film::default()));
        disk.controls().cut_after(Some(disk.controls().calls() + MAX_CALLS));
        (Watch { disk, film: film.clone(), pictures }, film)
    }

    /// The disk.
    pub fn disk(&self) -> &Fault<Memory> {
        &self.disk
    }

    fn shoot(&self, call: Call, file: FileId) {
        let film = &mut *self.film.borrow_mut();
        film.calls.push((call, Some(file.kind)));
        if self.pictures {
            let Film { op, promised, handed, .. } = *film;
            film.shots.push(Shot { disk: self.disk.image(), call, file, op, promised, handed });
        }
    }

    fn note(&self, call: Call, kind: Option<FileKind>) {
        self.film.borrow_mut().calls.push((call, kind));
    }
}

impl Storage for Watch {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let result = self.disk.append(file, bytes);
        self.shoot(Call::Append, file);
        result
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        let result = self.disk.sync(file).await;
        self.shoot(Call::Sync, file);
        result
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let result = self.disk.create(file, bytes).await;
        self.shoot(Call::Create, file);
        result
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.note(Call::Read, Some(file.kind));
        self.disk.read(file, range).await
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        let result = self.disk.swap_current(manifest).await;
        self.shoot(Call::SwapCurrent, manifest);
        result
    }

    async fn current(&self) -> Result<Option<FileId>> {
        self.note(Call::Current, None);
        self.disk.current().await
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        let result = self.disk.remove(file).await;
        self.shoot(Call::Remove, file);
        result
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.note(Call::List, None);
        self.disk.list().await
    }
}
