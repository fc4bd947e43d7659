//! Everything that happened, at positions to seek to.
//!
//! In: events, bytes of files and samples; a [`Recorder`] is the engine's [`Tracer`](crate::trace::Tracer) and puts
//! them into a [`Timeline`]. Out: the [`Scene`], the [`View`], steps, lanes, samples and files at any position. Errors:
//! none; a position that is not recorded is clamped to the nearest that is.
//!
//! Position `n` is after the first `n` events; 0 is before the first. The timeline keeps a copy of the scene as a
//! checkpoint every [`Limits::checkpoint_every`] events. To seek is to apply the events from the nearest checkpoint on;
//! a few steps forward apply those few events only.
//!
//! ```text
//! events        0 1 2 3 … 511 | 512 … 1023 | 1024 …
//! checkpoints   ^             ^            ^          seek(1000) = checkpoint 512 + 488 events
//! ```
//!
//! Memory is bounded ([`Limits`]). When the timeline is full, it records jobs only until the running operation ends,
//! and says so ([`Timeline::fell_at`]). If these fill it again, and when that operation ends, it drops the oldest half
//! of the events and [`Timeline::start`] moves up; the next operation is recorded in full. Positions keep their
//! numbers.

use std::rc::Rc;

use serde::Serialize;

use crate::{
    options::Options,
    scene::{
        Scene,
        axis::KeyAxis,
        layout::TimelinePosition,
        view::{TableView, View},
    },
    storage::FileId,
    trace::{Detail, Event},
    version::TableId,
};

mod append;
pub mod files;
pub mod find;
pub mod lanes;
pub mod life;
pub mod moments;
pub mod openings;
mod record;
mod recorder;
pub mod samples;
pub mod steps;
pub mod ticks;
pub mod track;

pub use recorder::Recorder;

use self::{
    files::Files, lanes::Lanes, openings::Openings, record::EventStore, samples::Samples, steps::Steps, ticks::Ticks,
};

/// The memory limits of a timeline.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// At this many events the detail falls to jobs; at twice as many the oldest half is dropped.
    pub events: usize,
    /// The same limit for the memory of the events, in bytes (an estimate).
    pub event_bytes: usize,
    /// The number of events from one checkpoint to the next. It is larger where the scene has many tables: a checkpoint
    /// lists them all, and n checkpoints of n tables would take n² of memory.
    pub checkpoint_every: usize,
    /// The most bytes of files kept for the inspector.
    pub file_bytes: usize,
    /// The most points of the charts.
    pub samples: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { events: 500_000, event_bytes: 96 << 20, checkpoint_every: 512, file_bytes: 32 << 20, samples: 2048 }
    }
}

/// An event and its place in the timeline.
#[derive(Clone, Copy, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EventRow<'a> {
    /// The index of the event: the position just before it.
    pub index: usize,
    /// The operation that it happened in, if any.
    pub op: Option<u64>,
    /// The flush or compaction that it happened in, if any.
    pub job: Option<u64>,
    /// What happened.
    pub event: &'a Event,
}

#[derive(Debug)]
struct Checkpoint {
    position: usize,
    scene: Scene,
}

/// The recorded events, with everything to navigate them.
#[derive(Debug)]
pub struct Timeline {
    limits: Limits,
    /// The most detail that is wanted.
    detail: Detail,
    fell_at: Option<usize>,
    record: EventStore,
    checkpoints: Vec<Checkpoint>,
    /// The scene after the last event.
    tip: Scene,
    /// The scene at the last position sought.
    cursor: Checkpoint,
    /// Events applied to the cursor so far: the cost of seeking.
    folds: u64,
    axis: KeyAxis,
    /// The positions at which the tree was deeper than ever before, each with its number of levels.
    depths: Vec<(usize, usize)>,
    steps: Steps,
    samples: Samples,
    lanes: Lanes,
    openings: Openings,
    ticks: Ticks,
    files: Files,
    /// Flipped bits: the index of the event, the file, the byte and the bit.
    flips: Vec<(usize, FileId, u64, u8)>,
}

impl Timeline {
    /// An empty timeline.
    pub fn new(options: &Rc<Options>) -> Timeline {
        Timeline::with_limits(options, Limits::default())
    }

    /// An empty timeline that holds no more than `limits`.
    pub fn with_limits(options: &Rc<Options>, limits: Limits) -> Timeline {
        let scene = Scene::new(options);
        let checkpoint = || Checkpoint { position: 0, scene: scene.clone() };
        Timeline {
            limits,
            detail: Detail::All,
            fell_at: None,
            record: EventStore::default(),
            checkpoints: vec![checkpoint()],
            cursor: checkpoint(),
            tip: scene,
            folds: 0,
            axis: KeyAxis::default(),
            depths: Vec::new(),
            steps: Steps::default(),
            samples: Samples::new(limits.samples),
            lanes: Lanes::default(),
            openings: Openings::default(),
            ticks: Ticks::default(),
            files: Files::new(limits.file_bytes),
            flips: Vec::new(),
        }
    }

    /// The position after the last event.
    pub fn len(&self) -> usize {
        self.record.end()
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The first recorded position: 0 until events were dropped.
    pub fn start(&self) -> usize {
        self.record.start()
    }

    /// The position at which the timeline was full and fell back to jobs only; none if it is not in that state.
    pub fn fell_at(&self) -> Option<usize> {
        self.fell_at
    }

    /// The detail that is wanted now.
    pub fn detail(&self) -> Detail {
        if self.fell_at.is_some() { self.detail.min(Detail::Jobs) } else { self.detail }
    }

    /// Wants no more than `detail` from now on.
    pub fn set_detail(&mut self, detail: Detail) {
        self.detail = detail;
    }

    /// The event at `index`, if it is recorded.
    pub fn event(&self, index: usize) -> Option<EventRow<'_>> {
        self.record.get(index)
    }

    /// The recorded events of `from..to`.
    pub fn events(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = EventRow<'_>> + Clone {
        self.record.range(from, to)
    }

    /// Marks, operations, and their steps.
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// The charts' points.
    pub fn samples(&self) -> &Samples {
        &self.samples
    }

    /// Jobs and stalls over virtual time.
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// Runs of events in which only time passed.
    pub fn ticks(&self) -> &Ticks {
        &self.ticks
    }

    /// Each open, and the options that it changed; those before [`start`](Timeline::start) too.
    pub fn openings(&self) -> &Openings {
        &self.openings
    }

    /// Bytes of files, deleted files included.
    pub fn files(&self) -> &Files {
        &self.files
    }

    /// Flips, in `bytes`, which `file` holds at `start`, every bit that was flipped before `position`. This turns bytes
    /// as they were written into the damaged ones, and back.
    pub fn flip_bits(&self, file: FileId, position: usize, start: u64, bytes: &mut [u8]) {
        let flipped = self.flips.iter().filter(|(index, id, ..)| *id == file && *index < position);
        for (_, _, offset, bit) in flipped {
            let at = offset.checked_sub(start).and_then(|at| usize::try_from(at).ok());
            if let Some(byte) = at.and_then(|at| bytes.get_mut(at)) {
                *byte ^= 1 << bit;
            }
        }
    }

    /// The scene after the last event.
    pub fn tip(&self) -> &Scene {
        &self.tip
    }

    /// The number of events that seeking has applied so far.
    pub fn folds(&self) -> u64 {
        self.folds
    }

    /// The last position sought.
    pub fn position(&self) -> usize {
        self.cursor.position
    }

    /// The scene at `position`, or at the nearest recorded one.
    pub fn seek(&mut self, position: usize) -> &Scene {
        let position = position.clamp(self.start(), self.len());
        self.rewind_to_nearest(position);
        for row in self.record.range(self.cursor.position, position) {
            self.cursor.scene.apply(row.event);
            self.folds += 1;
        }
        self.cursor.position = position;
        &self.cursor.scene
    }

    /// Puts the cursor at the last known scene at or before `position`: the cursor's own, a checkpoint's, or the tip.
    fn rewind_to_nearest(&mut self, position: usize) {
        if position == self.len() {
            if self.cursor.position != position {
                self.cursor = Checkpoint { position, scene: self.tip.clone() };
            }
            return;
        }
        let after = self.checkpoints.partition_point(|c| c.position <= position);
        let checkpoint = &self.checkpoints[after.saturating_sub(1)];
        let cursor_is_nearer = (checkpoint.position..=position).contains(&self.cursor.position);
        if !cursor_is_nearer {
            self.cursor = Checkpoint { position: checkpoint.position, scene: checkpoint.scene.clone() };
        }
    }

    /// The view at `position`, or at the nearest recorded one.
    pub fn view(&mut self, position: usize) -> View {
        self.turn_to(position);
        self.shown()
    }

    /// Moves to `position`, or to the nearest recorded one; [`shown`](Timeline::shown) returns its view.
    pub fn turn_to(&mut self, position: usize) {
        self.seek(position);
        self.axis.settle();
    }

    /// How many levels the tree has had at most, from the beginning to `position`.
    pub fn levels_until(&self, position: usize) -> usize {
        let count = self.depths.partition_point(|(since, _)| *since <= position);
        count.checked_sub(1).map_or(0, |last| self.depths[last].1)
    }

    /// The scene at the last position sought.
    pub fn scene(&self) -> &Scene {
        &self.cursor.scene
    }

    /// The key axis.
    pub fn axis(&self) -> &KeyAxis {
        &self.axis
    }

    /// The view at the last position sought.
    pub fn shown(&self) -> View {
        let position = self.cursor.position;
        let at = TimelinePosition { position, length: self.len(), start: self.start() };
        let now = position.checked_sub(1).and_then(|index| self.event(index)).map(|row| row.event);
        self.cursor.scene.view(&self.axis, at, now)
    }

    /// A table of the tree at that position, and its level.
    pub fn find_table(&self, id: TableId) -> Option<(usize, TableView)> {
        self.cursor.scene.find_table(&self.axis, id)
    }

    /// The tables of the tree at that position with their levels, from level 0 down, at most `most` of them.
    pub fn tables(&self, most: usize) -> Vec<(usize, TableView)> {
        self.cursor.scene.tables(&self.axis, most)
    }
}

#[cfg(test)]
mod tests;
