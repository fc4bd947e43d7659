//! A file read in order through a window: much of it at a time, never all of it.

use crate::{
    error::Result,
    storage::{FileId, Storage},
};

/// How much is read ahead, in bytes.
const AHEAD: u64 = 64 * 1024;

/// A part of a file that is in memory, and moves along as further bytes are asked for.
#[derive(Debug)]
pub(crate) struct Window<'s, S> {
    storage: &'s S,
    file: FileId,
    len: u64,
    start: u64,
    bytes: Vec<u8>,
}

impl<'s, S: Storage> Window<'s, S> {
    /// `file` is `len` bytes long.
    pub fn new(storage: &'s S, file: FileId, len: u64) -> Window<'s, S> {
        Window { storage, file, len, start: 0, bytes: Vec::new() }
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
    pub async fn get(&mut self, offset: u64, wanted: u64) -> Result<&[u8]> {
        let end = offset.saturating_add(wanted).min(self.len);
        let offset = offset.min(end);
        if offset < self.start || end > self.start + self.bytes.len() as u64 {
            let far = end.max(offset.saturating_add(AHEAD)).min(self.len);
            self.bytes = match self.storage.read(self.file, offset..far).await {
                Err(_) if far > end => self.storage.read(self.file, offset..end).await,
                read => read,
            }?;
            self.start = offset;
        }
        let at = |offset: u64| (offset - self.start) as usize;
        Ok(&self.bytes[at(offset)..at(end)])
    }
}
