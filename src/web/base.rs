//! A copy of a disk as of its open: the start of a branch of the timeline.

use super::storage::AnyStorage;
use crate::{
    error::Result,
    storage::{Storage, memory::Memory},
};

/// The largest disk that is copied, in bytes: an open must not wait long for a copy that few will need.
pub const MAX_COPIED_BYTES: u64 = 8 << 20;

/// A copy of `storage`; none if it is larger than [`MAX_COPIED_BYTES`].
///
/// # Errors
/// It cannot be read.
pub async fn copy(storage: &AnyStorage) -> Result<Option<Memory>> {
    let files = storage.list().await?;
    if files.iter().map(|(_, len)| len).sum::<u64>() > MAX_COPIED_BYTES {
        return Ok(None);
    }
    let mut copy = Memory::new();
    for (file, len) in files {
        let bytes = storage.read_all(file, len).await?;
        copy.create(file, &bytes).await?;
    }
    if let Some(manifest) = storage.current().await? {
        copy.swap_current(manifest).await?;
    }
    Ok(Some(copy))
}
