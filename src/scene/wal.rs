//! The logs in the scene: how long each is, how much of it is durable, and its last frames.
//!
//! Only the last frames are kept, so that a scene is as cheap to copy after a million writes as after ten; older bytes
//! are in the file, where the inspector reads them.

use std::{collections::VecDeque, rc::Rc};

use super::view::{FrameView, LogView, WalView};
use crate::{
    entry::SeqNo,
    storage::FileId,
    trace::{WalRecord, WalReport},
};

/// The most frames kept of each log.
pub const MAX_FRAMES: usize = 64;

/// The most records kept of each frame.
pub const MAX_RECORDS: usize = 16;

#[derive(Debug)]
struct Frame {
    offset: u64,
    bytes: u64,
    first_seq: SeqNo,
    records: Vec<WalRecord>,
    /// Records of the frame that were left out.
    hidden_records: usize,
}

/// A log.
#[derive(Clone, Debug)]
pub struct Wal {
    /// Its number.
    pub wal: u64,
    /// Its length.
    pub bytes: u64,
    /// How much of it is durable.
    pub synced: u64,
    /// How many frames were appended, kept or not.
    count: u64,
    frames: VecDeque<Rc<Frame>>,
}

impl Wal {
    /// An empty log.
    pub fn new(wal: u64) -> Wal {
        Wal { wal, bytes: 0, synced: 0, count: 0, frames: VecDeque::new() }
    }

    /// A log that was on disk already, all `bytes` of it.
    pub fn replayed(wal: u64, bytes: u64) -> Wal {
        Wal { bytes, synced: bytes, ..Wal::new(wal) }
    }

    /// A frame was added at the end.
    pub fn append(&mut self, offset: u64, bytes: u64, first_seq: SeqNo, records: &[WalRecord]) {
        self.bytes = offset + bytes;
        self.count += 1;
        if self.frames.len() == MAX_FRAMES {
            self.frames.pop_front();
        }
        let shown = &records[..records.len().min(MAX_RECORDS)];
        let hidden_records = records.len() - shown.len();
        self.frames.push_back(Rc::new(Frame { offset, bytes, first_seq, records: shown.to_vec(), hidden_records }));
    }

    /// A power cut left the first `bytes` of it. Frames behind them stay in the scene, marked as lost, until the next
    /// open: the page shows what was lost.
    pub fn cut(&mut self, bytes: u64) {
        (self.bytes, self.synced) = (bytes, bytes);
    }

    /// Its length is known, but not its frames, nor whether all of it is durable, because no sync was reported.
    pub fn sampled(&mut self, bytes: u64, durable: bool) {
        if durable {
            self.synced = bytes;
        }
        if bytes != self.bytes {
            self.bytes = bytes;
            // A gap between frames would be drawn as if nothing were there.
            self.frames.clear();
        }
    }

    /// Where its last frame ends that was appended or read.
    pub fn end_of_frames(&self) -> u64 {
        self.frames.back().map_or(0, |frame| frame.offset + frame.bytes)
    }

    /// For the comparison with the engine.
    pub fn report(&self) -> WalReport {
        WalReport { wal: self.wal, bytes: self.bytes, synced: self.synced, frames: self.count }
    }

    /// For the page.
    pub fn log_view(&self) -> LogView {
        LogView { file: FileId::wal(self.wal), bytes: self.bytes, synced: self.synced }
    }

    /// For the figure.
    pub fn view(&self) -> WalView {
        let frame = |frame: &Rc<Frame>| FrameView {
            offset: frame.offset,
            bytes: frame.bytes,
            first_seq: frame.first_seq,
            records: frame.records.clone(),
            hidden_records: frame.hidden_records,
            synced: frame.offset + frame.bytes <= self.synced,
            torn: frame.offset < self.bytes && frame.offset + frame.bytes > self.bytes,
            lost: frame.offset >= self.bytes,
        };
        WalView {
            wal: self.wal,
            file: FileId::wal(self.wal),
            bytes: self.bytes,
            synced: self.synced,
            frames: self.frames.iter().map(frame).collect(),
            hidden: self.count as usize - self.frames.len(),
        }
    }
}
