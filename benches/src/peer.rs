//! The interface to every engine that the bench measures.

use std::{error::Error, path::Path};

/// Memtable and block cache of every engine, in bytes: small enough that the entries do not all stay in memory.
pub const MEMTABLE_BYTES: u64 = 16 << 20;
/// See [`MEMTABLE_BYTES`].
pub const CACHE_BYTES: u64 = 32 << 20;

/// An engine under measurement.
pub trait Peer: Sized {
    /// A new database in `dir`.
    fn open(dir: &Path) -> Result<Self, Box<dyn Error>>;
    /// Puts one entry; need not survive a power cut.
    fn put(&mut self, key: &[u8], value: &[u8]) -> Result<(), Box<dyn Error>>;
    /// Brings everything put so far into tables, so that reads measure tables and not the memtable.
    fn settle(&mut self) -> Result<(), Box<dyn Error>>;
    /// Whether the key is there; its value is read.
    fn get(&mut self, key: &[u8]) -> Result<bool, Box<dyn Error>>;
    /// Reads every entry in order of key: how many there are.
    fn scan(&mut self) -> Result<usize, Box<dyn Error>>;
}
