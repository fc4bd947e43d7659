//! The running get or scan: what it has learned of each memtable and table so far.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    axis::KeyAxis,
    view::{MemtableProbe, ProbeState, ReadKind, ReadView},
};
use crate::{
    entry::{Bytes, EntryKind, SeqNo},
    trace::{Cost, Event, Place},
    version::TableId,
};

/// A read.
#[derive(Clone, Debug)]
pub struct Read {
    kind: ReadKind,
    key: Option<Bytes>,
    start: Option<Bytes>,
    end: Option<Bytes>,
    memtables: Vec<MemtableProbe>,
    /// Shared between copies of the scene: a read may touch thousands of tables.
    tables: Rc<BTreeMap<TableId, ProbeState>>,
    done: bool,
    found: bool,
    seq: Option<SeqNo>,
    decided_by: Option<EntryKind>,
    place: Option<Place>,
    /// For a scan: the key that each source gave last.
    cursors: Rc<BTreeMap<Place, Bytes>>,
    /// For a get: the last answer of each table's index or block.
    answers: Rc<BTreeMap<TableId, TableAnswer>>,
    cost: Option<Cost>,
}

/// What a table's index or one of its blocks answered a get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableAnswer {
    /// The key can only be in this block; none if it is past the last.
    Index(Option<u64>),
    /// A block was searched.
    Block {
        /// Whether it came from the cache.
        cached: bool,
        /// Whether the key was there.
        found: bool,
    },
}

impl Read {
    /// A get of `key`.
    pub fn get(key: &Bytes) -> Read {
        Read { key: Some(key.clone()), ..Read::new(ReadKind::Get) }
    }

    /// A scan from `start` up to `end` that merges `sources`.
    pub fn scan(start: Option<&Bytes>, end: Option<&Bytes>, sources: &[Place]) -> Read {
        let tables = sources.iter().filter_map(|source| match source {
            Place::Table { id, .. } => Some((*id, ProbeState::Inside)),
            Place::Memtable { .. } => None,
        });
        let memtables = sources.iter().filter_map(|source| match source {
            Place::Memtable { id } => Some(MemtableProbe { memtable: *id, found: None }),
            Place::Table { .. } => None,
        });
        Read {
            start: start.cloned(),
            end: end.cloned(),
            tables: Rc::new(tables.collect()),
            memtables: memtables.collect(),
            ..Read::new(ReadKind::Scan)
        }
    }

    fn new(kind: ReadKind) -> Read {
        Read {
            kind,
            key: None,
            start: None,
            end: None,
            memtables: Vec::new(),
            tables: Rc::default(),
            done: false,
            found: false,
            seq: None,
            decided_by: None,
            place: None,
            cursors: Rc::default(),
            answers: Rc::default(),
            cost: None,
        }
    }

    /// What it has learned of `table`.
    pub fn probe(&self, table: TableId) -> Option<ProbeState> {
        self.tables.get(&table).copied()
    }

    /// The last answer of the index or a block of `table`.
    pub fn answer(&self, table: TableId) -> Option<TableAnswer> {
        self.answers.get(&table).copied()
    }

    /// The key of a get.
    pub fn key(&self) -> Option<&Bytes> {
        self.key.as_ref()
    }

    /// The range of a scan; none of a get.
    pub fn range(&self) -> Option<(Option<&Bytes>, Option<&Bytes>)> {
        (self.kind == ReadKind::Scan).then_some((self.start.as_ref(), self.end.as_ref()))
    }

    /// The version that decided it.
    pub fn decided_seq(&self) -> Option<SeqNo> {
        self.seq
    }

    /// Whether it is over.
    pub fn is_done(&self) -> bool {
        self.done
    }

    /// The kind of the version that decided it.
    pub fn decided_by(&self) -> Option<EntryKind> {
        self.decided_by
    }

    /// The memtables that were searched.
    pub fn memtables(&self) -> &[MemtableProbe] {
        &self.memtables
    }

    /// What it has learned of each table, by table.
    pub fn probes(&self) -> impl Iterator<Item = (TableId, ProbeState)> {
        self.tables.iter().map(|(table, state)| (*table, *state))
    }

    /// It took a step.
    pub fn apply(&mut self, event: &Event) {
        use ProbeState::*;
        self.note_answer(event);
        match event {
            Event::MemtableProbed { memtable, found } => {
                self.memtables.push(MemtableProbe { memtable: *memtable, found: *found });
            }
            Event::RangeProbed { table, inside, .. } => self.learn(*table, if *inside { Inside } else { Outside }),
            Event::FilterProbed { table, maybe, .. } => {
                self.learn(*table, if *maybe { FilterMaybe } else { FilterNo });
            }
            Event::IndexProbed { table, block: None, .. } => self.learn(*table, Missed),
            Event::BlockProbed { table, found, .. } => {
                self.learn(*table, if found.is_some() { Found } else { Missed });
            }
            Event::FalsePositive { table, .. } => self.learn(*table, FalsePositive),
            Event::ScanEmitted { key, from, seq } => {
                self.turn(*from, key);
                self.emit(*from, *seq);
            }
            Event::ScanSkipped { key, from, .. } => self.turn(*from, key),
            Event::GetEnded { found, seq, kind, place, cost, .. } => {
                (self.done, self.found, self.cost) = (true, *found, Some(**cost));
                (self.seq, self.decided_by, self.place) = (*seq, *kind, *place);
            }
            Event::ScanEnded { returned, cost, .. } => {
                (self.done, self.found, self.cost) = (true, *returned > 0, Some(**cost));
            }
            _ => {}
        }
    }

    fn note_answer(&mut self, event: &Event) {
        let (table, answer) = match event {
            Event::IndexProbed { table, block, .. } => (*table, TableAnswer::Index(*block)),
            Event::BlockProbed { table, cached, found, .. } => {
                (*table, TableAnswer::Block { cached: *cached, found: found.is_some() })
            }
            // The verdict on its filter takes the place of what its block said.
            Event::FalsePositive { table, .. } => {
                Rc::make_mut(&mut self.answers).remove(table);
                return;
            }
            _ => return,
        };
        Rc::make_mut(&mut self.answers).insert(table, answer);
    }

    /// A source has given an entry of `key`.
    fn turn(&mut self, from: Place, key: &Bytes) {
        Rc::make_mut(&mut self.cursors).insert(from, key.clone());
    }

    /// For a scan: the key that each source gave last.
    pub fn cursors(&self) -> impl Iterator<Item = (Place, &Bytes)> {
        self.cursors.iter().map(|(place, key)| (*place, key))
    }

    fn emit(&mut self, from: Place, seq: SeqNo) {
        match from {
            Place::Table { id, .. } if self.probe(id) != Some(ProbeState::Found) => {
                self.learn(id, ProbeState::Found);
            }
            Place::Table { .. } => {}
            Place::Memtable { id } => {
                if let Some(probe) = self.memtables.iter_mut().find(|p| p.memtable == id) {
                    probe.found = Some(seq);
                }
            }
        }
    }

    fn learn(&mut self, table: TableId, state: ProbeState) {
        Rc::make_mut(&mut self.tables).insert(table, state);
    }

    /// For the page.
    pub fn view(&self, axis: &KeyAxis) -> ReadView {
        ReadView {
            kind: self.kind,
            key: self.key.clone(),
            x: self.key.as_ref().map(|key| axis.middle(key)),
            memtables: self.memtables.clone(),
            done: self.done,
            found: self.found,
            seq: self.seq,
            decided_by: self.decided_by,
            place: self.place,
            cost: self.cost,
        }
    }
}
