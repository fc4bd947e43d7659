//! A disk that records its calls and copies its contents after each one that changes them.
//!
//! In: the calls of an engine. Out: a [`Recording`], with a [`DiskImage`] for each point at which the power could go.
//! Errors: those of the disk below; after [`MAX_CALLS`] calls, the power is cut.

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

/// The maximum number of calls in one run; an engine that makes more loops.
pub(super) const MAX_CALLS: u64 = 200_000;

/// The kinds of a call and of its file.
pub(super) type CallKind = (Call, Option<FileKind>);

/// The disk's contents after one call.
#[derive(Debug)]
pub(super) struct DiskImage {
    pub disk: Fault<Memory>,
    /// The kind of the call.
    pub call: Call,
    /// The file that the call changed.
    pub file: FileId,
    /// The running operation of the script.
    pub op: usize,
    /// The last write that was promised to be durable.
    pub promised: SeqNo,
    /// The last write that the engine had received.
    pub handed: SeqNo,
}

/// The images and calls so far, and the fields `op`, `promised` and `handed` of the next image.
#[derive(Debug, Default)]
pub(super) struct Recording {
    pub images: Vec<DiskImage>,
    /// Every call, of reads too.
    pub calls: Vec<CallKind>,
    pub op: usize,
    pub promised: SeqNo,
    pub handed: SeqNo,
}

/// A disk, and the recording that its calls extend.
#[derive(Debug)]
pub(super) struct RecordingDisk {
    disk: Fault<Memory>,
    recording: Rc<RefCell<Recording>>,
    /// Whether the recording has images, or only calls.
    takes_images: bool,
}

impl RecordingDisk {
    /// Records the calls, and an image after every call that changes `disk`.
    pub fn new(disk: Fault<Memory>) -> (RecordingDisk, Rc<RefCell<Recording>>) {
        RecordingDisk::with(disk, true)
    }

    /// Records the calls only.
    pub fn counting(disk: Fault<Memory>) -> (RecordingDisk, Rc<RefCell<Recording>>) {
        RecordingDisk::with(disk, false)
    }

    fn with(disk: Fault<Memory>, takes_images: bool) -> (RecordingDisk, Rc<RefCell<Recording>>) {
        let recording = Rc::new(RefCell::new(Recording::default()));
        disk.controls().cut_after(Some(disk.controls().calls() + MAX_CALLS));
        (RecordingDisk { disk, recording: recording.clone(), takes_images }, recording)
    }

    /// The disk.
    pub fn disk(&self) -> &Fault<Memory> {
        &self.disk
    }

    fn record(&self, call: Call, file: FileId) {
        let recording = &mut *self.recording.borrow_mut();
        recording.calls.push((call, Some(file.kind)));
        if self.takes_images {
            let Recording { op, promised, handed, .. } = *recording;
            recording.images.push(DiskImage { disk: self.disk.image(), call, file, op, promised, handed });
        }
    }

    fn note(&self, call: Call, kind: Option<FileKind>) {
        self.recording.borrow_mut().calls.push((call, kind));
    }
}

impl Storage for RecordingDisk {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let result = self.disk.append(file, bytes);
        self.record(Call::Append, file);
        result
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        let result = self.disk.sync(file).await;
        self.record(Call::Sync, file);
        result
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        let result = self.disk.create(file, bytes).await;
        self.record(Call::Create, file);
        result
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.note(Call::Read, Some(file.kind));
        self.disk.read(file, range).await
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        let result = self.disk.swap_current(manifest).await;
        self.record(Call::SwapCurrent, manifest);
        result
    }

    async fn current(&self) -> Result<Option<FileId>> {
        self.note(Call::Current, None);
        self.disk.current().await
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        let result = self.disk.remove(file).await;
        self.record(Call::Remove, file);
        result
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.note(Call::List, None);
        self.disk.list().await
    }
}
