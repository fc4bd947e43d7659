//! Reads a file in order through a window: large parts of it at a time, never all of it.

use super::{FileId, Storage};
use crate::error::Result;

/// How much is read ahead, in bytes.
pub(crate) const AHEAD: u64 = 256 * 1024;

/// A part of a file that is in memory, and moves along as further bytes are asked for.
#[derive(Debug)]
pub(crate) struct Window {
    file: FileId,
    len: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl Window {
    /// `file` is `len` bytes long.
    pub fn new(file: FileId, len: u64) -> Window {
        Window { file, len, start: 0, bytes: Vec::new() }
    }

    pub fn file(&self) -> FileId {
        self.file
    }

    /// The length of the file.
    pub fn len(&self) -> u64 {
        self.len
    }

    /// `wanted` bytes from `offset` on, or as many as there are. Never asks the storage for more than the file has.
    ///
    /// # Errors
    /// These bytes cannot be read. Others may be: where much at a time cannot be read, just what is wanted is tried.
    pub async fn get<S: Storage>(&mut self, storage: &S, offset: u64, wanted: u64) -> Result<&[u8]> {
        let wanted = wanted.min(self.len.saturating_sub(offset)) as usize;
        self.chunk(storage, offset, wanted as u64).await.map(|bytes| &bytes[..wanted])
    }

    /// As [`get`](Window::get), and whatever else of the file is in memory from `offset` on.
    ///
    /// # Errors
    /// As [`get`](Window::get).
    pub async fn chunk<S: Storage>(&mut self, storage: &S, offset: u64, wanted: u64) -> Result<&[u8]> {
        let end = offset.saturating_add(wanted).min(self.len);
        let offset = offset.min(end);
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            let far = end.max(offset.saturating_add(AHEAD)).min(self.len);
            self.bytes = match storage.read(self.file, offset..far).await {
                Err(_) if far > end => storage.read(self.file, offset..end).await,
                read => read,
            }?;
            self.start = offset;
        }
        Ok(&self.bytes[(offset - self.start) as usize..])
    }
}
