//! The engine.
pub mod codec;
pub mod log;
pub mod manifest;
pub mod memtable;
mod report;
pub mod wal;

pub use report::{JobReport, MemtableReport, OutputReport, Report, WalReport};
