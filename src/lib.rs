//! A storage engine that you can stop at any instant.

pub mod entry;
pub mod error;
pub mod storage;

pub use error::{Error, ErrorKind, Result};
