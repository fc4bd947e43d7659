//! Merges sorted sources into one order, and decides which entries can be dropped.

use super::{
    Engine,
    source::{Direction, Source},
};
use crate::{
    entry::{EntryKind, EntryRef, SeqNo, order},
    error::Result,
    storage::Storage,
    trace::{DropReason, KeepReason, Place, Tracer},
    version::{TableId, Version},
};

/// Several sources as one stream in the one order, or its reverse. No two sources hold the same (key, sequence number).
#[derive(Debug)]
pub(super) struct Merge {
    sources: Vec<Source>,
    /// Sources that are not exhausted, the one whose entry is next in front. Most of the time a step leaves the front
    /// where it is, so keeping the order costs one comparison.
    queue: Vec<usize>,
    direction: Direction,
}

impl Merge {
    /// Over `sources`, which all stand where the walk begins.
    pub fn new(sources: Vec<Source>, direction: Direction) -> Merge {
        let mut merge = Merge { queue: (0..sources.len()).collect(), sources, direction };
        merge.queue.retain(|i| merge.sources[*i].entry().is_some());
        let (sources, queue) = (&merge.sources, &mut merge.queue);
        queue.sort_by(|a, b| {
            if before(sources, direction, *a, *b) { std::cmp::Ordering::Less } else { std::cmp::Ordering::Greater }
        });
        merge
    }

    /// The entry it stands on.
    #[inline]
    pub fn entry(&self) -> Option<EntryRef<'_>> {
        self.queue.first().and_then(|i| self.sources[*i].entry())
    }

    /// Where that entry is.
    pub fn place(&self) -> Option<Place> {
        self.queue.first().map(|i| self.sources[*i].place())
    }

    /// Moves one entry on.
    #[inline]
    pub async fn advance<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        let Some(&front) = self.queue.first() else { return Ok(()) };
        if !self.sources[front].step(self.direction) {
            // A step that could not be finished in memory has left the source at the end of its block.
            self.sources[front].load(engine, self.direction).await?;
        }
        if self.sources[front].entry().is_none() {
            self.queue.remove(0);
            return Ok(());
        }
        let mut at = 0;
        while at + 1 < self.queue.len() && before(&self.sources, self.direction, self.queue[at + 1], self.queue[at]) {
            self.queue.swap(at, at + 1);
            at += 1;
        }
        Ok(())
    }
}

#[inline]
fn before(sources: &[Source], direction: Direction, a: usize, b: usize) -> bool {
    let (Some(a), Some(b)) = (sources[a].entry(), sources[b].entry()) else {
        unreachable!("exhausted sources are not queued");
    };
    let ordering = order((a.key, a.seq), (b.key, b.seq));
    match direction {
        Direction::Forward => ordering.is_lt(),
        Direction::Backward => ordering.is_gt(),
    }
}

/// The outcome for a merged entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Keep(KeepReason),
    Drop(DropReason, Option<SeqNo>),
}

/// Decides what a merge may drop.
///
/// The live snapshots cut the sequence numbers into stripes: readers in one stripe all see the same version of a key,
/// the newest in or below it. So of several versions in one stripe, only the newest can ever be read. A tombstone can
/// go when every reader sees it (no snapshot is older) and nothing older of its key is anywhere outside the merge.
#[derive(Debug)]
pub(super) struct Gate {
    /// Ascending.
    snapshots: Vec<SeqNo>,
    /// The last key seen, and its last version.
    last: Option<(Vec<u8>, SeqNo)>,
}

impl Gate {
    pub fn new(mut snapshots: Vec<SeqNo>) -> Gate {
        snapshots.sort_unstable();
        Gate { snapshots, last: None }
    }

    /// The first snapshot that sees `seq`; past the last for what only the present sees.
    fn stripe(&self, seq: SeqNo) -> usize {
        self.snapshots.partition_point(|s| *s < seq)
    }

    /// Judges the next entry of the merge. For a tombstone that every reader sees, `tombstone` says why it must stay,
    /// if it must.
    pub fn judge(&mut self, entry: &EntryRef<'_>, tombstone: impl FnOnce() -> Option<KeepReason>) -> Verdict {
        let stripe = self.stripe(entry.seq);
        let newer = match &self.last {
            Some((key, seq)) if key == entry.key => Some(*seq),
            _ => None,
        };
        match &mut self.last {
            Some((key, seq)) => {
                if newer.is_none() {
                    key.clear();
                    key.extend_from_slice(entry.key);
                }
                *seq = entry.seq;
            }
            none => *none = Some((entry.key.to_vec(), entry.seq)),
        }
        if let Some(newer) = newer
            && self.stripe(newer) == stripe
        {
            return Verdict::Drop(DropReason::Shadowed, Some(newer));
        }
        match entry.kind {
            EntryKind::Delete if stripe == 0 => match tombstone() {
                Some(reason) => Verdict::Keep(reason),
                None => Verdict::Drop(DropReason::TombstoneDone, None),
            },
            EntryKind::Delete => Verdict::Keep(KeepReason::TombstoneHides),
            EntryKind::Put if newer.is_some() => Verdict::Keep(KeepReason::Snapshot),
            EntryKind::Put => Verdict::Keep(KeepReason::Newest),
        }
    }
}

/// Whether a table outside of `inputs`, which begin at level `start`, may hold a version of `key` that is older than
/// `seq`. Above a deeper level, all versions are newer than those on it (RocksDB:
/// `Compaction::KeyNotExistsBeyondOutputLevel`).
pub(super) fn hides_something(version: &Version, start: usize, inputs: &[TableId], key: &[u8], seq: SeqNo) -> bool {
    let older = |t: &crate::version::TableMeta| t.contains(key) && t.smallest_seq < seq && !inputs.contains(&t.id);
    (start == 0 && version.levels[0].iter().any(|t| older(t)))
        || version.levels[start.max(1)..].iter().any(|level| {
            let at = level.partition_point(|t| &*t.largest < key);
            level.get(at).is_some_and(|t| older(t))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(snapshots: &[SeqNo], versions: &[(SeqNo, EntryKind)], hides: Option<KeepReason>) -> Vec<Verdict> {
        let mut gate = Gate::new(snapshots.to_vec());
        let entry = |&(seq, kind): &(SeqNo, EntryKind)| EntryRef { key: b"k", seq, kind, value: b"" };
        versions.iter().map(|v| gate.judge(&entry(v), || hides)).collect()
    }

    use DropReason::*;
    use EntryKind::*;
    use KeepReason::*;
    use Verdict::*;

    #[test]
    fn without_snapshots_only_the_newest_version_stays() {
        assert_eq!(
            judge(&[], &[(9, Put), (5, Put), (1, Delete)], Some(TombstoneHides)),
            [Keep(Newest), Drop(Shadowed, Some(9)), Drop(Shadowed, Some(5))]
        );
    }

    #[test]
    fn a_snapshot_keeps_the_version_it_sees_and_no_other() {
        assert_eq!(
            judge(&[5, 6], &[(9, Put), (5, Put), (4, Put)], None),
            [Keep(Newest), Keep(Snapshot), Drop(Shadowed, Some(5))]
        );
    }

    #[test]
    fn a_tombstone_with_nothing_below_goes_and_takes_what_it_hid_along() {
        assert_eq!(judge(&[], &[(9, Delete), (5, Put)], None), [Drop(TombstoneDone, None), Drop(Shadowed, Some(9))]);
        assert_eq!(judge(&[20], &[(9, Delete), (5, Put)], None), [Drop(TombstoneDone, None), Drop(Shadowed, Some(9))]);
    }

    #[test]
    fn a_tombstone_that_a_snapshot_does_not_see_stays_above_what_the_snapshot_sees() {
        assert_eq!(judge(&[5], &[(9, Delete), (5, Put)], None), [Keep(TombstoneHides), Keep(Snapshot)]);
    }

    #[test]
    fn another_key_begins_anew() {
        let mut gate = Gate::new(vec![]);
        let put = |key| EntryRef { key, seq: 1, kind: Put, value: b"" };
        assert_eq!(gate.judge(&put(b"a"), || None), Keep(Newest));
        assert_eq!(gate.judge(&put(b"b"), || None), Keep(Newest));
    }
}
