//! The parts of a figure: what is drawn, where, and under which identity.
//!
//! In: nothing. Out: [`StagePart`]s, which the stage makes of a scene and the motion moves from one scene to the next.
//! A part keeps its [`PartId`] for as long as it is the same thing, so two pictures can be compared part by part; the
//! order of the identities is the order of drawing.

use std::{cmp::Reverse, fmt};

use super::{
    label::{Anchor, Label},
    measure,
};
use crate::{
    entry::{Bytes, SeqNo, text},
    version::TableId,
};

/// A place that holds entries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Holder {
    /// A memtable, by its number.
    Memtable(u64),
    /// A table, finished or being written.
    Table(TableId),
}

/// A lane of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LaneId {
    /// The logs, in order of time.
    Wal,
    /// The active memtable.
    Memtable,
    /// The sealed ones.
    Immutables,
    /// A level of the tree.
    Level(usize),
    /// The manifest, in order of time.
    Manifest,
}

/// What a part is. The order is that of drawing: later ones lie on top.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PartId {
    /// The ground of a lane.
    Lane(LaneId),
    /// Its name.
    LaneName(LaneId),
    /// What it holds, in numbers.
    LaneFacts(LaneId),
    /// In which order it holds that.
    LaneOrder(LaneId),
    /// The line between memory and disk.
    Divider,
    /// What is on its two sides.
    DividerName,
    /// The range of a scan.
    Band,
    /// A table's or a sealed memtable's tray.
    Tray(Holder),
    /// Neighbouring tables too narrow to draw: a level and the first of them.
    Group(usize, TableId),
    /// The name of a table, where there is room for it.
    TrayName(Holder),
    /// The entries of a holder, where there is no room for each: their density.
    Density(Holder),
    /// An entry: its holder, key and version.
    Entry(Holder, Bytes, Reverse<SeqNo>),
    /// How many entries a table has, over entries that have no room for words.
    EntryCount(TableId),
    /// A frame of a log: log and offset.
    Frame(u64, u64),
    /// What a power cut took of a torn frame.
    TornOff(u64, u64),
    /// Frames left out before the first one drawn.
    OlderFrames,
    /// How far a log is durable.
    Durable,
    /// Its name.
    DurableName,
    /// A snapshot on the tape, by its number: behind the last frame that it sees.
    Snapshot(u64),
    /// The name of a snapshot; 0 for those that are only counted.
    SnapshotName(u64),
    /// The file of the manifest, by its number.
    Manifest(u64),
    /// A label of the key axis.
    KeyName(Bytes),
    /// The title of the key axis.
    AxisName,
    /// The running command.
    Command,
    /// What it answered.
    Answer,
    /// Where an open reads the manifest or a log.
    ReadHead(LaneId),
    /// Its name.
    ReadHeadName(LaneId),
    /// The front of a merge, by its job.
    Front(u64),
    /// Its name.
    FrontName(u64),
    /// The plumb line of a get.
    Plumb,
    /// Its name.
    PlumbName,
    /// The name of the range of a scan.
    BandName,
    /// What a get learned of a holder.
    Probe(Holder),
    /// A data block of a table being written, by its number.
    Block(TableId, usize),
    /// The end of a table that a compaction has written.
    Cut(TableId),
    /// The rule that put it there.
    CutName(TableId),
    /// The key that a source of a scan gave last.
    Cursor(Holder),
    /// A bit that a filter was asked for, by its number.
    FilterBit(usize),
    /// What these bits say.
    FilterBitsName,
    /// A row that a scan returned, by its number.
    ScanRow(u64),
}

impl fmt::Display for LaneId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LaneId::Wal => f.write_str("wal"),
            LaneId::Memtable => f.write_str("memtable"),
            LaneId::Immutables => f.write_str("immutables"),
            LaneId::Level(level) => write!(f, "level-{level}"),
            LaneId::Manifest => f.write_str("manifest"),
        }
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Holder::Memtable(id) => write!(f, "memtable-{id}"),
            Holder::Table(id) => write!(f, "table-{id}"),
        }
    }
}

impl fmt::Display for PartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PartId::Lane(lane) => write!(f, "lane:{lane}"),
            PartId::LaneName(lane) => write!(f, "lane-name:{lane}"),
            PartId::LaneFacts(lane) => write!(f, "lane-facts:{lane}"),
            PartId::LaneOrder(lane) => write!(f, "lane-order:{lane}"),
            PartId::Divider => f.write_str("divider"),
            PartId::DividerName => f.write_str("divider-name"),
            PartId::Band => f.write_str("band"),
            PartId::Tray(holder) => write!(f, "tray:{holder}"),
            PartId::Group(level, first) => write!(f, "group:{level}:{first}"),
            PartId::TrayName(holder) => write!(f, "tray-name:{holder}"),
            PartId::Density(holder) => write!(f, "density:{holder}"),
            PartId::Entry(holder, key, seq) => write!(f, "entry:{holder}:{}:{}", seq.0, text(key)),
            PartId::EntryCount(table) => write!(f, "entry-count:{table}"),
            PartId::Frame(wal, offset) => write!(f, "frame:{wal}:{offset}"),
            PartId::TornOff(wal, offset) => write!(f, "torn-off:{wal}:{offset}"),
            PartId::OlderFrames => f.write_str("older-frames"),
            PartId::Durable => f.write_str("durable"),
            PartId::DurableName => f.write_str("durable-name"),
            PartId::Snapshot(number) => write!(f, "snapshot:{number}"),
            PartId::SnapshotName(number) => write!(f, "snapshot-name:{number}"),
            PartId::Manifest(number) => write!(f, "manifest:{number}"),
            PartId::KeyName(key) => write!(f, "key-name:{}", text(key)),
            PartId::AxisName => f.write_str("axis-name"),
            PartId::Command => f.write_str("command"),
            PartId::Answer => f.write_str("answer"),
            PartId::ReadHead(lane) => write!(f, "read-head:{lane}"),
            PartId::ReadHeadName(lane) => write!(f, "read-head-name:{lane}"),
            PartId::Front(job) => write!(f, "front:{job}"),
            PartId::FrontName(job) => write!(f, "front-name:{job}"),
            PartId::Plumb => f.write_str("plumb"),
            PartId::PlumbName => f.write_str("plumb-name"),
            PartId::BandName => f.write_str("band-name"),
            PartId::Probe(holder) => write!(f, "probe:{holder}"),
            PartId::Block(table, at) => write!(f, "block:{table}:{at}"),
            PartId::Cut(table) => write!(f, "cut:{table}"),
            PartId::CutName(table) => write!(f, "cut-name:{table}"),
            PartId::Cursor(holder) => write!(f, "cursor:{holder}"),
            PartId::FilterBit(at) => write!(f, "filter-bit:{at}"),
            PartId::FilterBitsName => f.write_str("filter-bits-name"),
            PartId::ScanRow(at) => write!(f, "scan-row:{at}"),
        }
    }
}

/// A colour by what it means; a [`Theme`](super::theme::Theme) says which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Tone {
    /// Behind everything.
    Ground,
    /// Text.
    Ink,
    /// Text of less weight.
    Quiet,
    /// The ground of lanes.
    Lane,
    /// Hairlines.
    Line,
    /// Entries in memory.
    Memory,
    /// Their ground.
    MemoryGround,
    /// Entries in tables.
    Table,
    /// Their ground.
    TableGround,
    /// Tombstones, and what is dropped or lost.
    Dead,
    /// Their ground.
    DeadGround,
    /// Logs.
    Log,
    /// Their ground.
    LogGround,
    /// What happens now.
    Now,
}

/// The number of tones.
pub const TONES: usize = Tone::Now as usize + 1;

/// A rectangle, in units of the picture.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Area {
    /// Left edge.
    pub x: f64,
    /// Upper edge.
    pub y: f64,
    /// Width.
    pub w: f64,
    /// Height.
    pub h: f64,
}

impl Area {
    /// From its edges.
    pub fn new(x: f64, y: f64, w: f64, h: f64) -> Area {
        Area { x, y, w, h }
    }

    /// The middle.
    pub fn middle(&self) -> (f64, f64) {
        (self.x + self.w / 2.0, self.y + self.h / 2.0)
    }

    /// The lower edge.
    pub fn bottom(&self) -> f64 {
        self.y + self.h
    }

    /// The right edge.
    pub fn right(&self) -> f64 {
        self.x + self.w
    }
}

/// How a box looks.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct BoxLook {
    /// Its ground, if it has one.
    pub fill: Option<Tone>,
    /// Its border, if it has one.
    pub border: Option<Tone>,
    /// Whether the border is dashed.
    pub dashed: bool,
    /// Whether it is hatched, as what is not durable.
    pub hatched: bool,
    /// Whether its right edge is torn.
    pub torn: bool,
    /// How round its corners are.
    pub radius: f64,
    /// What it says.
    pub words: Option<Label>,
    /// What its corner says.
    pub corner: Option<Label>,
}

/// What is at an end of a line: each kind of line has its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnd {
    /// An arrowhead at the lower end: a merge brings entries down.
    Arrow,
    /// A bob at the lower end: the plumb line of a get.
    Bob,
    /// A caret at the upper end: something reads here.
    Caret,
    /// A flag at the upper end that points back: what lies before it.
    Flag,
}

/// How a part looks.
#[derive(Clone, Debug, PartialEq)]
pub enum Look {
    /// A box with a text, and with a second one in its upper right corner.
    Box(BoxLook),
    /// A line from the upper left to the lower right corner of its area, which has no width or no height.
    Line {
        /// Its colour.
        tone: Tone,
        /// Its width.
        width: f64,
        /// Whether it is dashed.
        dashed: bool,
        /// What is at one of its ends, and how large it is.
        mark: Option<(LineEnd, f64)>,
    },
    /// A text alone.
    Label(Label),
    /// Bars that stand on the lower edge: left edge and width of each, as shares of the area's width, and its height,
    /// as a share of the area's.
    Bars {
        /// Their colour.
        tone: Tone,
        /// Left edge, width, height.
        bars: Vec<(f64, f64, f64)>,
    },
}

/// A part.
#[derive(Clone, Debug, PartialEq)]
pub struct StagePart {
    /// What it is.
    pub id: PartId,
    /// Where it is.
    pub area: Area,
    /// How it looks.
    pub look: Look,
    /// How opaque it is, from 0 to 1.
    pub alpha: f64,
    /// By how many degrees it is turned, clockwise.
    pub turn: f64,
}

impl Look {
    /// A box without a text.
    pub fn tray(fill: Option<Tone>, border: Option<Tone>, radius: f64) -> Look {
        Look::Box(BoxLook { fill, border, radius, ..BoxLook::default() })
    }

    /// A line with a mark at its end.
    pub fn line(tone: Tone, width: f64, mark: LineEnd, size: f64) -> Look {
        Look::Line { tone, width, dashed: false, mark: Some((mark, size)) }
    }

    /// A text on a ground of its own, as a pill `height` high.
    pub fn pill(words: Label, tone: Tone, height: f64) -> Look {
        let (fill, border, radius) = (Some(Tone::Ground), Some(tone), height / 2.0);
        Look::Box(BoxLook { fill, border, radius, words: Some(words), ..BoxLook::default() })
    }
}

impl StagePart {
    /// An opaque, upright part.
    pub fn new(id: PartId, area: Area, look: Look) -> StagePart {
        StagePart { id, area, look, alpha: 1.0, turn: 0.0 }
    }

    /// Where its words stand, if it has any: of a box, all of it.
    pub fn words_area(&self) -> Option<Area> {
        let says = |words: &Option<Label>| words.as_ref().is_some_and(|words| !words.text.is_empty());
        let Area { x, y, w, h } = self.area;
        match &self.look {
            Look::Box(look) => (says(&look.words) || says(&look.corner)).then_some(self.area),
            Look::Label(words) if !words.text.is_empty() => {
                let width = measure::width(&words.text, words.size, words.mono);
                let left = match words.anchor {
                    Anchor::Start => x,
                    Anchor::Middle => x + (w - width) / 2.0,
                    Anchor::End => x + w - width,
                };
                Some(Area::new(left, y + h / 2.0 - 0.6 * words.size, width, 1.2 * words.size))
            }
            _ => None,
        }
    }

    /// The same, less opaque.
    pub fn faint(self, alpha: f64) -> StagePart {
        StagePart { alpha, ..self }
    }
}
