//! A storage engine that you can stop at any instant.

pub mod engine;
pub mod entry;
pub mod error;
pub mod inspect;
pub mod metrics;
pub mod options;
pub mod policy;
pub mod scene;
pub mod script;
pub mod session;
pub mod storage;
pub mod timeline;
pub mod trace;
pub mod version;
#[cfg(target_arch = "wasm32")]
pub mod web;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
pub use options::Options;
