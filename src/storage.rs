//! The contract with a disk: where bytes are stored, and which of them survive a crash.
//!
//! In: whole files and appended bytes. Out: exactly those bytes again. Errors: [`ErrorKind`] says what the caller can
//! do. [`Storage`] is the whole contract, eight calls; nothing in `engine/` knows which backend it has.
//!
//! | call | promise |
//! | --- | --- |
//! | [`append`](Storage::append) | visible to `read` at once; **volatile** until [`sync`](Storage::sync) returns |
//! | [`sync`](Storage::sync) | everything appended so far to that file survives a crash |
//! | [`create`](Storage::create) | whole and durable, or absent |
//! | [`read`](Storage::read) | exactly those bytes, or an error that names file and range |
//! | [`swap_current`](Storage::swap_current) | atomic: after a crash, the old or the new, never neither |
//! | [`current`](Storage::current) | the manifest that `swap_current` last named, or none in a new database |
//! | [`remove`](Storage::remove) | the file is gone; a crash before the next sync may undo it |
//! | [`list`](Storage::list) | every file and its length, in order |
//!
//! In detail, for who writes a backend; `tests/storage/contract.rs` holds every backend to it, [`fault`] plays what a
//! crash may do:
//!
//! - **Crash.** Of the bytes that were appended and not synced, a *prefix* may survive, of each file its own: never a
//!   hole, never bytes that were not written.
//! - **Files.** An append to a file that was removed begins a new one. An append of no bytes changes nothing. A create
//!   over a file that exists replaces it; if it fails, there is the old one or none. A removal is undone by a crash
//!   unless any sync, create or swap has returned after it.
//! - **Errors.** A read of bytes that do not exist is [`Corruption`](ErrorKind::Corruption), with the file, the offset
//!   and the message of `missing` below. A full disk is [`NoSpace`](ErrorKind::NoSpace), a database that another
//!   process or tab has open is [`Busy`](ErrorKind::Busy), and any other failure [`Io`](ErrorKind::Io).
//! - **After an error** of append or sync, the caller knows only that what was synced before is durable: some of the
//!   bytes may be there. A backend either keeps them for the next sync, or refuses every further call.
//! - **Owner.** One value has the database; dropping it lets go of it. A call's future may be dropped: what it did
//!   until then may be there or not, as after a crash.
//! - **Foreign files** are left alone and not listed.
//!
//! `append` is not `async`: it only buffers the bytes, so a write that need not be durable at once never suspends.
//! Native backends never suspend at all, so [`block_on`] drives them with a single poll.

use std::{
    future::Future,
    ops::Range,
    pin::pin,
    task::{Context, Poll, Waker},
};

use crate::error::{Error, ErrorKind, Result};
pub use crate::file_id::{FileId, FileKind};

pub mod fault;
#[cfg(not(target_arch = "wasm32"))]
pub mod file;
#[cfg(target_arch = "wasm32")]
pub mod indexed_db;
pub mod memory;
pub(crate) mod window;

/// A disk, as the engine sees it: see the module's docs for the promises.
#[allow(async_fn_in_trait, reason = "single-threaded by design: no backend is Send, and none needs to be")]
pub trait Storage {
    /// Adds `bytes` at the end of `file`, creating it where it is absent. Volatile until [`sync`](Storage::sync).
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()>;
    /// Makes everything appended to `file` so far survive a crash.
    async fn sync(&mut self, file: FileId) -> Result<()>;
    /// Writes a whole file, in place of one of its name: durable when this returns. If it fails or a crash comes first,
    /// the file is absent, or as it was before.
    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()>;
    /// Exactly the bytes of `range`, or an error that names file and range.
    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>>;
    /// Makes `manifest` the one that the next open starts from: atomic and durable.
    async fn swap_current(&mut self, manifest: FileId) -> Result<()>;
    /// The manifest to start from; `None` in a new database.
    async fn current(&self) -> Result<Option<FileId>>;
    /// Deletes `file`; deleting what is absent is no error.
    async fn remove(&mut self, file: FileId) -> Result<()>;
    /// Every file with its length in bytes, ordered by kind and number.
    async fn list(&self) -> Result<Vec<(FileId, u64)>>;

    /// The whole of `file`, whose length is `len`.
    async fn read_all(&self, file: FileId, len: u64) -> Result<Vec<u8>> {
        self.read(file, 0..len).await
    }
}

/// The error of a read that `file` cannot answer, which is `len` bytes long or absent. A reference to bytes that do not
/// exist is damage.
fn missing(file: FileId, range: &Range<u64>, len: Option<u64>) -> Error {
    let message = match len {
        None => format!("{file} does not exist"),
        Some(len) => format!("{file} has {len} bytes, but bytes {} to {} were wanted", range.start, range.end),
    };
    Error { kind: ErrorKind::Corruption, message, file: Some(file), offset: Some(range.start) }
}

/// Runs a future that never suspends, as every native backend's do.
///
/// # Panics
/// If the future suspends: that is a backend that must be driven by the browser's event loop.
pub fn block_on<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("a native backend suspended"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_names_read_back() {
        for id in [FileId::wal(7), FileId::table(1_234_567), FileId::manifest(0), FileId::wal(FileId::MAX_NUMBER)] {
            assert_eq!(FileId::parse(&id.to_string()), Some(id));
        }
        for foreign in [
            "",
            "CURRENT",
            "7.log",
            "0000007.log",
            "000007.tmp",
            "MANIFEST-",
            "MANIFEST-00000x",
            "00000é.sst",
            "9007199254740992.log",
            "18446744073709551615.log",
        ] {
            assert_eq!(FileId::parse(foreign), None, "{foreign}");
        }
    }
}
