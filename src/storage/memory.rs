//! A disk in memory: two images of every file, what a reader sees and what a crash would leave.
//!
//! [`Memory::crash`] turns the second into the first, which is all that a power cut is.

use std::{collections::BTreeMap, ops::Range};

use super::{FileId, Storage};
use crate::error::Result;

#[derive(Clone, Debug, Default)]
struct File {
    bytes: Vec<u8>,
    /// How much of `bytes` survives a crash; `None` if not even the file's name does.
    durable: Option<usize>,
}

/// The memory backend.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    files: BTreeMap<FileId, File>,
    current: Option<FileId>,
}

impl Memory {
    /// An empty disk.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Cuts the power: what was not synced is gone.
    pub fn crash(&mut self) {
        self.files.retain(|_, file| {
            file.bytes.truncate(file.durable.unwrap_or(0));
            file.durable.is_some()
        });
    }

    /// The bytes of `file` for a test to look at or to damage.
    pub fn bytes_mut(&mut self, file: FileId) -> Option<&mut Vec<u8>> {
        self.files.get_mut(&file).map(|f| &mut f.bytes)
    }
}

impl Storage for Memory {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.files.entry(file).or_default().bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        if let Some(file) = self.files.get_mut(&file) {
            file.durable = Some(file.bytes.len());
        }
        Ok(())
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.files.insert(file, File { bytes: bytes.to_vec(), durable: Some(bytes.len()) });
        Ok(())
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        let found = self.files.get(&file);
        // Not `as`: where an address has 32 bits, it would take a far offset for a near one.
        let bytes = usize::try_from(range.start).ok().zip(usize::try_from(range.end).ok());
        match (found, bytes) {
            (Some(found), Some((start, end))) => found.bytes.get(start..end).map(<[u8]>::to_vec),
            _ => None,
        }
        .ok_or_else(|| super::missing(file, &range, found.map(|f| f.bytes.len() as u64)))
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.current = Some(manifest);
        Ok(())
    }

    async fn current(&self) -> Result<Option<FileId>> {
        Ok(self.current)
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.files.remove(&file);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        Ok(self.files.iter().map(|(id, f)| (*id, f.bytes.len() as u64)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::block_on;

    #[test]
    fn a_crash_takes_what_was_not_synced() {
        let mut disk = Memory::new();
        let (a, b) = (FileId::wal(1), FileId::wal(2));
        disk.append(a, b"kept").unwrap();
        block_on(disk.sync(a)).unwrap();
        disk.append(a, b"lost").unwrap();
        disk.append(b, b"lost").unwrap();
        assert_eq!(block_on(disk.read(a, 0..8)).unwrap(), b"keptlost");
        disk.crash();
        assert_eq!(block_on(disk.list()).unwrap(), [(a, 4)]);
    }

    #[test]
    fn a_read_past_the_end_names_file_and_range() {
        let mut disk = Memory::new();
        block_on(disk.create(FileId::table(3), b"abc")).unwrap();
        let error = block_on(disk.read(FileId::table(3), 1..9)).unwrap_err();
        assert_eq!(error.message, "000003.sst has 3 bytes, but bytes 1 to 9 were wanted");
        assert_eq!(block_on(disk.read(FileId::table(4), 0..1)).unwrap_err().message, "000004.sst does not exist");
    }
}
