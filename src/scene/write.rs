//! Opening and writing in the scene: logs, memtables, sequence numbers, stalls.

use super::{Scene, memtable::SceneMemtable, ordmap::OrdMap, wal::Wal};
use crate::{runtime::clock::whole_seconds, storage::FileId, trace::Event};

impl Scene {
    /// An open finds what is there.
    pub(super) fn recover(&mut self, event: &Event) {
        use Event::*;
        self.read_on(event);
        match event {
            RecoveryBegan { options, nanos, fresh, counters } => {
                // Memory is lost; the next events report what an open finds on disk.
                let (on_disk, orphans) = (self.found_on_disk(*fresh), self.orphans_of_jobs());
                let (operation, disk) = (self.operation.take(), self.disk);
                let (contents, now) = (std::mem::take(&mut self.contents), *nanos);
                let opening = Scene { operation, disk, on_disk, orphans, contents, now, ..Scene::new(options) };
                let counters = counters.as_deref().copied().unwrap_or_default();
                *self = Scene { recovering: true, counters, ..opening };
            }
            ManifestRead { file, bytes, .. } => self.manifest = Some((*file, *bytes)),
            ManifestTornTail { file, offset, .. } => self.manifest = Some((*file, *offset)),
            EditRecovered { edit } => {
                self.reshape(edit);
                self.last_seq = edit.last_seq.unwrap_or(self.last_seq);
                self.now = self.now.max(edit.time.map_or(0, whole_seconds));
            }
            WalReplayBegan { wal, bytes } => {
                self.wals.push(Wal::replayed(*wal, *bytes));
            }
            FrameReplayed { wal, offset, bytes, first_seq, records } => {
                self.last_seq = self.last_seq.max(first_seq + (records.len() as u64).saturating_sub(1));
                if let Some(wal) = self.wal(*wal) {
                    let length = wal.bytes;
                    wal.append(*offset, *bytes, *first_seq, records);
                    // The whole file is there already: replaying reads it.
                    wal.bytes = length;
                }
            }
            WalTornTail { wal, offset, .. } | WalDamaged { wal, offset, .. } => {
                if let Some(wal) = self.wal(*wal) {
                    (wal.bytes, wal.synced) = (*offset, *offset);
                }
            }
            OrphanRemoved { file } => self.forget(*file),
            RecoveryEnded { last_seq, .. } => {
                (self.open, self.recovering, self.last_seq) = (true, false, *last_seq);
                (self.acked_seq, self.durable_seq) = (*last_seq, *last_seq);
            }
            _ => {}
        }
    }

    /// A write goes into the log and the memtable, waits, or is acknowledged.
    pub(super) fn write(&mut self, event: &Event) {
        use Event::*;
        match event {
            WalCreated { wal } => self.wals.push(Wal::new(*wal)),
            WalAppended { wal, offset, bytes, first_seq, records, .. } => {
                self.counters.wal_bytes += bytes;
                self.last_seq = first_seq + (records.len() as u64).saturating_sub(1);
                if let Some(wal) = self.wal(*wal) {
                    wal.append(*offset, *bytes, *first_seq, records);
                }
            }
            WalSynced { wal, upto } => {
                self.counters.wal_syncs += 1;
                self.durable_seq = self.last_seq;
                if let Some(wal) = self.wal(*wal) {
                    wal.synced = *upto;
                }
            }
            WalRemoved { wal } => self.forget(FileId::wal(*wal)),
            MemtableInserted { memtable, record, bytes } => {
                self.active.id = *memtable;
                self.active.insert(record, *bytes);
                if !self.recovering {
                    self.counters.writes += 1;
                    self.counters.user_bytes += record.key.len() as u64 + record.value_bytes;
                }
            }
            Acknowledged { upto, nanos, .. } => (self.acked_seq, self.now) = (*upto, *nanos),
            MemtableSealed { next, .. } => {
                let sealed = std::mem::replace(&mut self.active, SceneMemtable::new(*next));
                self.immutables.push(sealed);
            }
            Stalled { reason, .. } => {
                self.counters.stalls += 1;
                self.stalled = Some((*reason, self.now));
            }
            StallEnded { waited, .. } => {
                self.counters.stall_nanos += waited;
                self.stalled = None;
            }
            StallConditionsChanged { condition } => self.condition = *condition,
            WriteDelayed { waited, nanos, .. } => {
                self.counters.delays += 1;
                self.counters.stall_nanos += waited;
                self.now = *nanos;
            }
            WritesStopped { what } => self.writes_stopped = Some(what.as_str().into()),
            Sampled { memtable, entries, bytes, wal_bytes, last_seq, durable_seq, nanos, counters } => {
                self.active.id = *memtable;
                self.active.sampled(*entries as usize, *bytes);
                // 0: the last log is closed, and the next write begins another.
                if let Some(wal) = self.wals.last_mut().filter(|_| *wal_bytes > 0) {
                    wal.sampled(*wal_bytes, durable_seq == last_seq);
                }
                (self.last_seq, self.now, self.counters) = (*last_seq, *nanos, **counters);
                (self.acked_seq, self.durable_seq) = (*last_seq, *durable_seq);
                // Samples do not report reads and the cache: what was known of them may no longer be true.
                (self.read, self.cached, self.cached_bytes) = (None, OrdMap::default(), 0);
            }
            _ => {}
        }
    }
}
