//! The store of a timeline's events, in pieces.
//!
//! In: one event after the other, each with the operation and the job that it belongs to. Out: rows by index. A hundred
//! thousand events are some megabytes, so they are kept in pieces of [`PIECE`] rows: one long list would be copied, and
//! take twice its room, each time it is full. A row has its numbers in four bytes each, and none of its own index.

use std::{collections::VecDeque, mem::size_of};

use super::EventRow;
use crate::trace::Event;

/// Rows of a piece.
const PIECE: usize = 512;

#[derive(Debug)]
struct Row {
    /// 0: none; operations and jobs are counted from 1.
    op: u32,
    job: u32,
    event: Event,
}

/// Events, the oldest first.
#[derive(Debug, Default)]
pub struct EventStore {
    pieces: VecDeque<Vec<Row>>,
    /// The index of the first row of the first piece.
    base: usize,
    /// The index of the first event that is there: inside of the first piece.
    start: usize,
    len: usize,
    /// About how much memory the events take.
    bytes: usize,
}

/// A number that is 0 where there is none. One past four bytes (which takes years to count to) is none.
fn packed(number: Option<u64>) -> u32 {
    number.and_then(|number| u32::try_from(number).ok()).unwrap_or(0)
}

fn unpacked(number: u32) -> Option<u64> {
    (number > 0).then_some(u64::from(number))
}

fn bytes_of(row: &Row) -> usize {
    size_of::<Row>() + row.event.heap_bytes()
}

impl EventStore {
    /// The index of the first event that is there.
    pub fn start(&self) -> usize {
        self.start
    }

    /// The index after the last event.
    pub fn end(&self) -> usize {
        self.len
    }

    /// About how much memory they take.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// `event` comes next.
    pub fn push(&mut self, op: Option<u64>, job: Option<u64>, event: Event) {
        if self.pieces.back().is_none_or(|piece| piece.len() == PIECE) {
            self.pieces.push_back(Vec::with_capacity(PIECE));
        }
        let row = Row { op: packed(op), job: packed(job), event };
        self.bytes += bytes_of(&row);
        self.pieces.back_mut().expect("there is one").push(row);
        self.len += 1;
    }

    /// The last event, if there is one, to be replaced by one that takes as much memory.
    pub fn last_mut(&mut self) -> Option<&mut Event> {
        self.pieces.back_mut()?.last_mut().map(|row| &mut row.event)
    }

    /// The last event.
    pub fn last(&self) -> Option<&Event> {
        self.pieces.back()?.last().map(|row| &row.event)
    }

    /// The event at `index`, if it is there.
    pub fn get(&self, index: usize) -> Option<EventRow<'_>> {
        if !(self.start..self.len).contains(&index) {
            return None;
        }
        let at = index - self.base;
        let row = self.pieces.get(at / PIECE)?.get(at % PIECE)?;
        Some(EventRow { index, op: unpacked(row.op), job: unpacked(row.job), event: &row.event })
    }

    /// The events of `from..to` that are there.
    pub fn range(&self, from: usize, to: usize) -> impl DoubleEndedIterator<Item = EventRow<'_>> + Clone {
        let from = from.clamp(self.start, self.len);
        (from..to.clamp(from, self.len)).filter_map(|index| self.get(index))
    }

    /// Lets the events before `start` go.
    pub fn let_go(&mut self, start: usize) {
        self.start = start.clamp(self.start, self.len);
        while self.base + PIECE <= self.start {
            let Some(gone) = self.pieces.pop_front() else { break };
            self.bytes -= gone.iter().map(bytes_of).sum::<usize>();
            self.base += PIECE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(snapshot: u64) -> Event {
        Event::SnapshotTaken { snapshot, seq: 0 }
    }

    #[test]
    fn rows_are_found_by_index_across_pieces_and_let_go_by_the_piece() {
        let mut record = EventStore::default();
        for n in 0..PIECE as u64 * 3 + 7 {
            record.push((n % 3 > 0).then_some(n), None, taken(n));
        }
        let each = record.bytes() / record.end();
        let end = record.end();
        let indexes = |record: &EventStore, from, to| record.range(from, to).map(|row| row.index).collect::<Vec<_>>();
        for start in [0, 1, PIECE - 1, PIECE, 2 * PIECE + 3] {
            record.let_go(start);
            assert_eq!((record.start(), record.end()), (start, end));
            assert_eq!(indexes(&record, 0, usize::MAX), (start..end).collect::<Vec<_>>());
            assert!(start == 0 || record.get(start - 1).is_none());
            assert!(record.bytes() <= (end - start + PIECE) * each, "{} bytes", record.bytes());
        }
        let row = record.get(2 * PIECE + 4).unwrap();
        assert_eq!((row.op, row.job, row.event), (Some(2 * PIECE as u64 + 4), None, &taken(2 * PIECE as u64 + 4)));
        assert!(record.get(end).is_none());
        assert_eq!(indexes(&record, end - 2, end + 9), [end - 2, end - 1]);
        assert_eq!(record.range(end - 2, end).next_back().map(|row| row.index), Some(end - 1));
    }
}
