//! Search on the timeline: for "run to the next …" and for breakpoints.

use super::Timeline;
use crate::{entry::Bytes, trace::Event};

/// What one looks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The beginning of a flush.
    Flush,
    /// The beginning of a compaction.
    Compaction,
    /// A write that has to wait.
    Stall,
    /// A filter that said maybe, for nothing.
    FalsePositive,
    /// The beginning of an open.
    Recovery,
    /// A power cut.
    Crash,
    /// The beginning of an operation.
    Operation,
    /// Anything that happens to this key.
    Key(Bytes),
}

/// Where a breakpoint stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stop {
    /// The position: the event just before it is the one.
    pub position: usize,
    /// Which of the breakpoints it was.
    pub which: usize,
}

impl What {
    /// `flush`, `compaction`, `stall`, `false_positive`, `recovery`, `crash`, `operation`, or `key:` and a key as
    /// [`entry::text`](crate::entry::text) writes it.
    pub fn parse(name: &str) -> Option<What> {
        Some(match name {
            "flush" => What::Flush,
            "compaction" => What::Compaction,
            "stall" => What::Stall,
            "false_positive" => What::FalsePositive,
            "recovery" => What::Recovery,
            "crash" => What::Crash,
            "operation" => What::Operation,
            _ => What::Key(bytes_of_text(name.strip_prefix("key:")?)?),
        })
    }

    /// Whether `event` is what one looks for.
    pub fn matches(&self, event: &Event) -> bool {
        match self {
            What::Flush => matches!(event, Event::FlushBegan { .. }),
            What::Compaction => matches!(event, Event::CompactionPicked { .. }),
            What::Stall => matches!(event, Event::Stalled { .. }),
            What::FalsePositive => matches!(event, Event::FalsePositive { .. }),
            What::Recovery => matches!(event, Event::RecoveryBegan { .. }),
            What::Crash => matches!(event, Event::PowerCut { .. }),
            What::Operation => matches!(event, Event::OpBegan { .. }),
            What::Key(key) => names(event, key),
        }
    }
}

/// Whether `event` concerns `key`.
pub fn names(event: &Event, key: &[u8]) -> bool {
    match event {
        Event::WalAppended { records, .. } | Event::FrameReplayed { records, .. } => {
            records.iter().any(|record| *record.key == *key)
        }
        Event::MemtableInserted { record, .. } => *record.key == *key,
        Event::MergeKept { key: named, .. }
        | Event::MergeDropped { key: named, .. }
        | Event::GetBegan { key: named, .. }
        | Event::GetEnded { key: named, .. }
        | Event::ScanEmitted { key: named, .. }
        | Event::ScanSkipped { key: named, .. } => **named == *key,
        _ => false,
    }
}

/// The bytes that [`entry::text`](crate::entry::text) wrote as `text`; `None` where a backslash begins no escape.
pub fn bytes_of_text(text: &str) -> Option<Bytes> {
    let (mut bytes, mut rest) = (Vec::with_capacity(text.len()), text);
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = &rest[at + 1..];
        rest = if let Some(after) = escape.strip_prefix('\\') {
            bytes.push(b'\\');
            after
        } else {
            let digits = escape.strip_prefix('x')?.get(..2).filter(|d| d.bytes().all(|b| b.is_ascii_hexdigit()))?;
            bytes.push(u8::from_str_radix(digits, 16).ok()?);
            &escape[3..]
        };
    }
    bytes.extend_from_slice(rest.as_bytes());
    Some(bytes.as_slice().into())
}

impl Timeline {
    /// The nearest position after (or before) `from` at which `what` has just happened.
    pub fn find(&self, what: &What, from: usize, backwards: bool) -> Option<usize> {
        self.next_stop(std::slice::from_ref(what), from, backwards).map(|stop| stop.position)
    }

    /// The nearest position after (or before) `from` at which one of `breakpoints` has just happened.
    pub fn next_stop(&self, breakpoints: &[What], from: usize, backwards: bool) -> Option<Stop> {
        let which = |event: &Event| breakpoints.iter().position(|what| what.matches(event));
        let stop = |row: super::EventRow<'_>| Some(Stop { position: row.index + 1, which: which(row.event)? });
        if backwards {
            self.events(0, from.saturating_sub(1)).rev().find_map(stop)
        } else {
            self.events(from, self.len()).find_map(stop)
        }
    }
}
