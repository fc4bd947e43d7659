//! What happens is appended to a timeline, within its [`Limits`](super::Limits).
//!
//! In: events, and bytes of files, in the order in which they happen. Out: the [`Timeline`] with them; all that can be
//! asked of it (steps, samples, lanes, openings, runs of ticks) has learned of them. What does not fit any more is let
//! go.

use super::{Checkpoint, Limits, Timeline};
use crate::{storage::FileId, trace::Event};

/// Tables of a checkpoint for each event since the previous one: 4 or 8 bytes each, compared with about 100 of an
/// event.
const TABLES_AN_EVENT: usize = 4;

impl Timeline {
    /// `file` holds `bytes` at `offset` now.
    pub fn record_bytes(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        if self.flips.iter().all(|(_, id, ..)| *id != file) {
            return self.files.write(file, offset, bytes);
        }
        // The bytes are kept as they were written: bit flips are recorded separately.
        let mut written = bytes.to_vec();
        self.flip_bits(file, self.len(), offset, &mut written);
        self.files.write(file, offset, &written);
    }

    /// `event` has happened.
    pub fn push(&mut self, event: Event) {
        self.axis.learn(&event, self.len() + 1);
        self.tip.apply(&event);
        self.note_depth(&event);
        self.forget_file(&event);
        self.lanes.learn(self.len(), &event, self.tip.now());
        if self.replaces_last(&event) {
            self.ticks.learn(self.len() - 1, &event, self.tip.now());
            self.replace_last(event);
        } else {
            self.ticks.learn(self.len(), &event, self.tip.now());
            self.append(event);
        }
        self.samples.push(self.len(), &self.tip);
    }

    fn append(&mut self, event: Event) {
        let index = self.len();
        let (op, job) = self.steps.learn(index, &event);
        self.openings.learn(index, &event);
        let ends_operation = matches!(event, Event::OpEnded { .. });
        if let Event::BitFlipped { file, offset, bit } = event {
            self.flips.push((index, file, offset, bit));
        }
        self.record.push(op, job, event);
        let last = self.checkpoints.last().map_or(0, |checkpoint| checkpoint.position);
        if self.len() - last >= self.checkpoint_every() {
            self.checkpoints.push(Checkpoint { position: self.len(), scene: self.tip.clone() });
        }
        self.keep_within(self.limits);
        if ends_operation && self.fell_at.take().is_some() {
            self.let_go();
        }
    }

    /// The current distance between checkpoints, in events: large enough that a checkpoint's list of tables stays small
    /// beside the events.
    fn checkpoint_every(&self) -> usize {
        self.limits.checkpoint_every.max(self.tip.table_count() as usize / TABLES_AN_EVENT)
    }

    /// Whether the last event can be overwritten. A sample and a time report a current state, so of two in a row only
    /// the last counts; a long run does not become a long list of them.
    fn replaces_last(&self, event: &Event) -> bool {
        use Event::{Sampled, TimeAdvanced};
        let Some(last) = self.record.last() else { return false };
        matches!((last, event), (Sampled { .. }, Sampled { .. }) | (TimeAdvanced { .. }, TimeAdvanced { .. }))
    }

    fn replace_last(&mut self, event: Event) {
        let len = self.len();
        if self.cursor.position == len {
            self.cursor.scene.apply(&event);
        }
        if let Some(checkpoint) = self.checkpoints.last_mut().filter(|c| c.position == len) {
            checkpoint.scene.apply(&event);
        }
        if let Some(last) = self.record.last_mut() {
            *last = event;
        }
    }

    fn keep_within(&mut self, limits: Limits) {
        let (held, bytes) = (self.len() - self.start(), self.record.bytes());
        if held < limits.events && bytes < limits.event_bytes {
            return;
        }
        self.fell_at.get_or_insert(self.len());
        if held >= 2 * limits.events || bytes >= 2 * limits.event_bytes {
            self.let_go();
        }
    }

    /// Drops the oldest half of the events, up to a checkpoint.
    fn let_go(&mut self) {
        let middle = self.start() + (self.len() - self.start()) / 2;
        let Some(first) = self.checkpoints.iter().position(|c| c.position >= middle) else { return };
        self.checkpoints.drain(..first);
        let start = self.checkpoints[0].position;
        self.record.let_go(start);
        self.steps.let_go(start);
        self.ticks.let_go(start);
        if self.cursor.position < start {
            self.seek(start);
        }
    }

    fn forget_file(&mut self, event: &Event) {
        match event {
            Event::WalRemoved { wal } => self.files.removed(FileId::wal(*wal)),
            Event::TableRemoved { table } => self.files.removed(FileId::table(*table)),
            Event::OrphanRemoved { file } => self.files.removed(*file),
            _ => {}
        }
    }

    /// `event` has happened, and the tree may be deeper than it ever was.
    fn note_depth(&mut self, event: &Event) {
        if matches!(event, Event::VersionInstalled { .. } | Event::EditRecovered { .. }) {
            let depth = self.tip.drawn_levels();
            if self.depths.last().is_none_or(|(_, deepest)| *deepest < depth) {
                self.depths.push((self.len() + 1, depth));
            }
        }
    }
}
