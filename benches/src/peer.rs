//! The interface of a measured engine.

use std::{error::Error, path::Path};

/// The memtable's size in every engine: small, so that not all entries stay in memory.
pub const MEMTABLE_BYTES: u64 = 16 << 20;
/// The block cache's size in every engine: small, so that not all entries stay in memory.
pub const CACHE_BYTES: u64 = 32 << 20;

/// A measured engine.
pub trait Peer: Sized {
    /// A new database in `dir`.
    fn open(dir: &Path) -> Result<Self, Box<dyn Error>>;
    /// Puts one entry, which need not survive a power cut.
    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Box<dyn Error>>;
    /// Flushes all entries into tables, so that reads measure tables and not the memtable.
    fn settle(&mut self) -> Result<(), Box<dyn Error>>;
    /// Whether the key exists; reads its value.
    fn get(&mut self, key: &[u8]) -> Result<bool, Box<dyn Error>>;
    /// Reads every entry in key order, and returns their number.
    fn scan(&mut self) -> Result<usize, Box<dyn Error>>;
}
