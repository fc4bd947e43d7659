//! Why a compaction ended an output table where it did.
//!
//! In: nothing. Out: [`CutReason`], one variant for each rule of the [`Cutter`](super::Cutter), with the numbers that
//! the rule compared. The event that reports a finished output carries it.

use serde::Serialize;

/// Which rule ended an output; the rules are those of RocksDB's `CompactionOutputs::ShouldStopBefore`.
///
/// Sizes are those of an output's closed data blocks, which is what the rules compare: the finished file is larger, by
/// its last block, filter and index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "rule", rename_all = "snake_case")]
#[allow(missing_docs, reason = "each field is named for what it holds; the variants' docs say the rest")]
pub enum CutReason {
    /// The next key is where the next round-robin compaction of the output level begins.
    RoundRobinCursor,
    /// The output has reached `limit`: the target file size, or twice that where there are grandparents.
    TargetSize { size: u64, limit: u64 },
    /// At a grandparent's boundary, the output and the grandparents that it overlaps are larger than `limit`
    /// (`max_compaction_bytes`): compacting it would cost too much.
    MaxCompactionBytes { size: u64, overlap: u64, limit: u64 },
    /// The next key lies behind a grandparent that no key of the merge falls into, and `overlap` bytes of grandparents
    /// begin on the way: more than `limit`, an eighth of the target file size. With the cut, the next compactions leave
    /// that grandparent alone.
    SkippedGrandparent { overlap: u64, limit: u64 },
    /// At a grandparent's boundary, the output has reached `limit`: half of the target file size, and 5 % more for each
    /// of the `crossed` boundaries, up to 90 %.
    GrandparentBoundary { size: u64, limit: u64, crossed: u64 },
    /// The merge has no more entries: this is its last output.
    LastInput,
}
