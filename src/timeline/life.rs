//! The life of a key: where every version of it was written, moved, read and dropped.

use serde::Serialize;

use super::{EventRow, Timeline};
use crate::{
    entry::{EntryKind, SeqNo},
    policy::Action,
    trace::{DropReason, Event, KeepReason, Place},
    version::{TableId, VersionEdit},
};

/// The most steps of a life that are reported: the last ones.
const MAX_STEPS: usize = 1000;

/// What happened to a version of the key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum VersionStep {
    /// It was written to a log.
    Logged {
        /// The log.
        wal: u64,
        /// Where its frame begins.
        offset: u64,
    },
    /// It was read back from a log.
    Replayed {
        /// The log.
        wal: u64,
    },
    /// It was put into a memtable.
    Inserted {
        /// The memtable.
        memtable: u64,
    },
    /// A flush or a compaction wrote it to a table.
    Written {
        /// Where it was before.
        from: Place,
        /// The table; none if it was not reported.
        to: Option<TableId>,
        /// Why it was kept.
        reason: KeepReason,
    },
    /// Its table changed levels.
    Moved {
        /// The table.
        table: TableId,
        /// The level before.
        from: usize,
        /// The level now.
        to: usize,
    },
    /// A flush or a compaction left it out.
    Dropped {
        /// Where it was.
        from: Place,
        /// Why.
        reason: DropReason,
        /// The sequence number that hides it.
        by: Option<SeqNo>,
    },
    /// Its table was dropped unread, with all that it held.
    DroppedWithTable {
        /// The table.
        table: TableId,
    },
    /// A read was decided by it.
    Read {
        /// Where it was found.
        place: Place,
    },
    /// A read of the key found no version of it.
    NotFound {},
}

/// One step in the life of a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LifeStep {
    /// The index of the event.
    pub event: usize,
    /// The version; none where there was none.
    pub seq: Option<SeqNo>,
    /// Put or delete, where that is known.
    pub kind: Option<EntryKind>,
    /// What happened to it.
    pub what: VersionStep,
}

/// Follows one key along the events.
struct Follower<'a> {
    key: &'a [u8],
    /// The table that the running job writes.
    output: Option<TableId>,
    /// Tables that hold a version of the key, with that version.
    holders: Vec<(TableId, SeqNo, EntryKind)>,
    /// The running jobs that drop tables.
    drops: Vec<u64>,
    life: Vec<LifeStep>,
}

impl Timeline {
    /// The steps in the life of `key`, first to last; the last `MAX_STEPS` where there are more.
    pub fn key_life(&self, key: &[u8]) -> Vec<LifeStep> {
        let mut follower = Follower { key, output: None, holders: Vec::new(), drops: Vec::new(), life: Vec::new() };
        self.events(0, self.len()).for_each(|row| follower.follow(row));
        let cut = follower.life.len().saturating_sub(MAX_STEPS);
        follower.life.split_off(cut)
    }
}

impl Follower<'_> {
    fn follow(&mut self, row: EventRow<'_>) {
        match row.event {
            Event::TableBegan { table, .. } => self.output = Some(*table),
            Event::TableRemoved { table } => self.holders.retain(|(holder, ..)| holder != table),
            Event::CompactionPicked { job, compaction } if compaction.action == Action::Drop => self.drops.push(*job),
            Event::VersionInstalled { job, edit, .. } if self.drops.contains(job) => {
                self.drops.retain(|other| other != job);
                self.dropped(row.index, edit);
            }
            Event::VersionInstalled { edit, .. } => self.moved(row.index, edit),
            event if super::find::names(event, self.key) => self.happened(row.index, event),
            _ => {}
        }
    }

    fn happened(&mut self, index: usize, event: &Event) {
        match event {
            Event::WalAppended { wal, offset, records, .. } => {
                for record in records.iter().filter(|r| *r.key == *self.key) {
                    self.step(index, record.seq, record.kind, VersionStep::Logged { wal: *wal, offset: *offset });
                }
            }
            Event::FrameReplayed { wal, records, .. } => {
                for record in records.iter().filter(|r| *r.key == *self.key) {
                    self.step(index, record.seq, record.kind, VersionStep::Replayed { wal: *wal });
                }
            }
            Event::MemtableInserted { memtable, record, .. } => {
                self.step(index, record.seq, record.kind, VersionStep::Inserted { memtable: *memtable });
            }
            Event::MergeKept { seq, kind, from, reason, .. } => {
                self.step(index, *seq, *kind, VersionStep::Written { from: *from, to: self.output, reason: *reason });
                self.holders.extend(self.output.map(|table| (table, *seq, *kind)));
            }
            Event::MergeDropped { seq, kind, from, reason, by, .. } => {
                self.step(index, *seq, *kind, VersionStep::Dropped { from: *from, reason: *reason, by: *by });
            }
            Event::ScanEmitted { seq, from, .. } => {
                self.step(index, *seq, EntryKind::Put, VersionStep::Read { place: *from })
            }
            Event::GetEnded { seq, kind, place, .. } => {
                let what = place.map_or(VersionStep::NotFound {}, |place| VersionStep::Read { place });
                self.life.push(LifeStep { event: index, seq: *seq, kind: *kind, what });
            }
            _ => {}
        }
    }

    fn moved(&mut self, index: usize, edit: &VersionEdit) {
        for (to, table) in &edit.added {
            let from = edit.removed.iter().find(|(_, removed)| removed.id == table.id).map(|(level, _)| *level);
            let Some(from) = from else { continue };
            for (_, seq, kind) in self.holders.clone().into_iter().filter(|(holder, ..)| *holder == table.id) {
                self.step(index, seq, kind, VersionStep::Moved { table: table.id, from, to: *to });
            }
        }
    }

    fn dropped(&mut self, index: usize, edit: &VersionEdit) {
        for (_, table) in &edit.removed {
            for (_, seq, kind) in self.holders.clone().into_iter().filter(|(holder, ..)| *holder == table.id) {
                self.step(index, seq, kind, VersionStep::DroppedWithTable { table: table.id });
            }
        }
    }

    fn step(&mut self, event: usize, seq: SeqNo, kind: EntryKind, what: VersionStep) {
        self.life.push(LifeStep { event, seq: Some(seq), kind: Some(kind), what });
    }
}
