//! How each event moves: where what is new comes from, and how what is gone leaves.
//!
//! In: an [`Event`]. Out: its [`Motion`], or the reason why nothing on the stage moves. What stays and changes its
//! place slides in every motion; the motion says only what happens to the rest.

use std::cmp::Reverse;

use super::part::{Holder, PartId};
use crate::{
    entry::{Bytes, SeqNo},
    trace::{Event, Place},
    version::VersionEdit,
};

/// The motion of an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Motion {
    /// What changes slides or fades.
    Slide,
    /// A frame falls from the command onto the tape.
    Write,
    /// An entry falls from the frame that has it into the memtable.
    Insert,
    /// An entry goes down from its source to the output.
    Keep(Holder),
    /// An entry is struck and falls out of the picture.
    Discard,
    /// The inputs leave in one clear step, and the outputs stand solid.
    Install,
    /// What leaves the tree falls out of it unread.
    DropTables,
    /// A log or a file is crossed out.
    CrossOut,
    /// What is not durable falls off.
    PowerCut,
    /// What is torn or damaged falls off the tape.
    TearOff,
    /// A file that nothing refers to falls out of the picture.
    RemoveOrphan,
    /// A row runs out of the band at the bottom.
    Row(PartId),
    /// Nothing on the stage moves, for this reason.
    Still(&'static str),
}

/// Where a new part comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Entrance {
    /// It fades in where it will be.
    Fade,
    /// It comes from the end of the command's line.
    FromCommand,
    /// It comes from where that part is.
    From(PartId),
    /// It comes from the frame that was written or read last.
    FromFrame,
}

/// How a part leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// It fades.
    Fade,
    /// It is struck through and falls.
    Struck,
    /// It falls.
    Fall,
}

/// The motion of `event`.
pub fn of(event: &Event) -> Motion {
    use Event::*;
    match event {
        WalAppended { .. } => Motion::Write,
        MemtableInserted { .. } => Motion::Insert,
        MergeKept { from, .. } => Motion::Keep(holder(*from)),
        MergeDropped { .. } => Motion::Discard,
        VersionInstalled { edit, .. } if drops_only(edit) => Motion::DropTables,
        VersionInstalled { .. } => Motion::Install,
        WalRemoved { .. } => Motion::CrossOut,
        PowerCut { .. } => Motion::PowerCut,
        WalTornTail { .. } | WalDamaged { .. } => Motion::TearOff,
        OrphanRemoved { .. } => Motion::RemoveOrphan,
        ScanEmitted { key, seq, from } => Motion::Row(entry(*from, key, *seq)),
        OpBegan { .. }
        | OpEnded { .. }
        | RecoveryBegan { .. }
        | ManifestRead { .. }
        | EditRecovered { .. }
        | ManifestTornTail { .. }
        | WalReplayBegan { .. }
        | FrameReplayed { .. }
        | RecoveryEnded { .. }
        | WalSynced { .. }
        | MemtableSealed { .. }
        | FlushBegan { .. }
        | CompactionPicked { .. }
        | TableFinished { cut: Some(_), .. }
        | JobScheduled { .. }
        | JobFailed { .. }
        | ManifestCreated { .. }
        | EditLogged { .. }
        | GetBegan { .. }
        | GetEnded { .. }
        | MemtableProbed { .. }
        | RangeProbed { .. }
        | FilterProbed { .. }
        | IndexProbed { .. }
        | BlockProbed { .. }
        | FalsePositive { .. }
        | ScanBegan { .. }
        | SnapshotTaken { .. }
        | SnapshotReleased { .. }
        | Sampled { .. } => Motion::Slide,
        WalSkipped { .. } | WalGap { .. } => Motion::Still("it is about bytes inside a log, which the inspector shows"),
        TableRemoved { .. } | TablePinned { .. } => Motion::Still("the table left the picture when it left the tree"),
        WalCreated { .. } => Motion::Still("an empty log has no frame"),
        TableFinished { cut: None, .. } => {
            Motion::Still("it is whole, but no part of the tree: its border stays dashed")
        }
        FlushEnded { .. } | CompactionEnded { .. } => Motion::Still("what it wrote stands since the install"),
        Acknowledged { .. } => Motion::Still("the answer to the command shows it"),
        Stalled { .. } | StallEnded { .. } | StallConditionsChanged { .. } | WriteDelayed { .. } => {
            Motion::Still("a wait has no place on the key axis: the jobs' lanes show it over time")
        }
        WritesStopped { .. } => Motion::Still("a message of the page says it"),
        InputBlockRead { .. } => Motion::Still("the front passes the block's entries one by one"),
        TableBegan { .. } => Motion::Still("a table without an entry has no place on the key axis"),
        BlockWritten { .. } | SectionWritten { .. } => Motion::Still("the entries of the block went down before"),
        JobWaits { .. } => Motion::Still("its outputs stand as they did"),
        InstallBegan { .. } => Motion::Still("the manifest's edit and the install follow"),
        CurrentSwapped { .. } => Motion::Still("the name of the manifest was drawn when it was created"),
        ScanEnded { .. } => Motion::Still("the band stays, and its cursors go"),
        ScanBlockRead { .. } => Motion::Still("the band lies over the block already"),
        ScanSkipped { .. } => Motion::Still("what is skipped stays where it is"),
        CacheInserted { .. } | CacheEvicted { .. } => Motion::Still("the block cache has a panel of its own"),
        SnapshotBroken { .. } => Motion::Still("the tables that it saw have left already"),
        TimeAdvanced { .. } => Motion::Still("time has an axis of its own"),
        Aftermath { .. } => Motion::Still("the frames that were lost are drawn as such since the cut"),
        BitFlipped { .. } => Motion::Still("nothing knows of it yet"),
        DiskChanged { .. } => Motion::Still("the disk's state is no part of the tree"),
        Closed {} => Motion::Still("what is on disk stays as it is"),
    }
}

/// Whether an edit takes tables away and brings none.
fn drops_only(edit: &VersionEdit) -> bool {
    edit.added.is_empty() && !edit.removed.is_empty()
}

/// The holder at a place.
pub fn holder(place: Place) -> Holder {
    match place {
        Place::Memtable { id } => Holder::Memtable(id),
        Place::Table { id, .. } => Holder::Table(id),
    }
}

fn entry(place: Place, key: &Bytes, seq: SeqNo) -> PartId {
    PartId::Entry(holder(place), key.clone(), Reverse(seq))
}

impl Motion {
    /// Where a new part comes from.
    pub fn entrance(&self, part: &PartId) -> Entrance {
        match (self, part) {
            (Motion::Write, PartId::Frame(..)) => Entrance::FromCommand,
            (Motion::Keep(from), PartId::Entry(_, key, seq)) => Entrance::From(PartId::Entry(*from, key.clone(), *seq)),
            (Motion::Insert, PartId::Entry(..)) => Entrance::FromFrame,
            _ => Entrance::Fade,
        }
    }

    /// How a part leaves.
    pub fn exit(&self, part: &PartId) -> Exit {
        match (self, part) {
            (Motion::Discard, PartId::Entry(..)) | (Motion::CrossOut, PartId::Frame(..)) => Exit::Struck,
            (Motion::TearOff | Motion::RemoveOrphan, PartId::Frame(..)) => Exit::Fall,
            (
                Motion::DropTables | Motion::PowerCut | Motion::RemoveOrphan,
                PartId::Entry(..) | PartId::Tray(_) | PartId::Density(_),
            ) => Exit::Fall,
            _ => Exit::Fade,
        }
    }
}
