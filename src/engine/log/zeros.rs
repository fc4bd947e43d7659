//! Zeros at the end of a log: space that the file system allocated beforehand, in which nothing was written.

use super::HEADER;
use crate::{
    plural::counted,
    storage::{Storage, window::Window},
};

/// More zeros than this were not allocated beforehand: RocksDB allocates little more than a memtable's bytes
/// (`DBImpl::GetWalPreallocateBlockSize`). And to look for what may lie behind them would take long.
const MAX_PREALLOCATED: u64 = 2 << 30;

/// How many zeros `bytes` begin with.
pub(super) fn zeros(bytes: &[u8]) -> usize {
    const STEP: usize = 256;
    let whole = bytes.chunks_exact(STEP).take_while(|step| step.iter().fold(0, |all, byte| all | byte) == 0).count();
    whole * STEP + bytes[whole * STEP..].iter().take_while(|byte| **byte == 0).count()
}

/// Whether the first `HEADER` of `bytes` are zeros: all of the rest may be.
pub(crate) fn may_be_preallocated(bytes: &[u8]) -> bool {
    bytes.get(..HEADER).is_some_and(|header| header == [0; HEADER])
}

/// What is to be said, beside what is wrong with it, of a `header` of zeros with which `rest` bytes begin; none if they
/// are few enough to be looked through.
pub(crate) fn too_many(header: &[u8], rest: u64) -> Option<String> {
    (may_be_preallocated(header) && rest > MAX_PREALLOCATED).then(|| {
        let (rest, most) = (counted(rest, "byte"), MAX_PREALLOCATED >> 30);
        format!(
            "; {rest} follow from there: more than {most} GB are not taken for zeros that were allocated beforehand"
        )
    })
}

/// Whether there are only zeros from `offset` on. What cannot be read is none.
pub(crate) async fn only_zeros<S: Storage>(window: &mut Window, storage: &S, mut offset: u64) -> bool {
    if window.len() - offset > MAX_PREALLOCATED {
        return false;
    }
    while offset < window.len() {
        match window.chunk(storage, offset, 1).await {
            Ok(chunk) if zeros(chunk) == chunk.len() => offset += chunk.len() as u64,
            _ => return false,
        }
    }
    true
}
