//! The simulator: the engine's policies over tables that have sizes and key ranges, but no bytes.

pub mod keys;
mod stream;
pub mod tables;
