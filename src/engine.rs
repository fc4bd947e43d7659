//! The engine.
pub mod cache;
pub mod codec;
pub mod log;
pub mod manifest;
pub mod memtable;
mod report;
pub mod table;
pub mod wal;

pub use report::{JobReport, MemtableReport, OutputReport, Report, WalReport};
