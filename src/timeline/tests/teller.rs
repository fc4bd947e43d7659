//! Generates an engine's events without an engine, so that the timeline's tests choose their number and order.

use std::rc::Rc;

use super::options;
use crate::{
    entry::{Bytes, EntryKind},
    policy::{Action, Compaction, Inputs, Reason},
    trace::{Event, KeepReason, Place, SealReason, WalRecord},
    version::{TableMeta, VersionEdit},
};

/// A small engine that only talks: puts, gets, flushes and compactions, drawn from a seed.
pub struct Teller {
    state: u64,
    told: Vec<Event>,
    op: u64,
    seq: u64,
    number: u64,
    memtable: u64,
    wal_end: u64,
    inserted: Vec<WalRecord>,
    level0: Vec<Rc<TableMeta>>,
}

impl Teller {
    pub fn new(seed: u64) -> Teller {
        let told = vec![
            Event::RecoveryBegan { fresh: true, options: options(), nanos: 0, counters: None },
            Event::WalCreated { wal: 0 },
            Event::RecoveryEnded { last_seq: 0, tables: 0, entries: 0 },
        ];
        let (inserted, level0) = (Vec::new(), Vec::new());
        Teller { state: seed, told, op: 0, seq: 0, number: 1, memtable: 0, wal_end: 0, inserted, level0 }
    }

    pub fn events(seed: u64, count: usize) -> Vec<Event> {
        let mut teller = Teller::new(seed);
        while teller.told.len() < count {
            teller.operation();
        }
        teller.told.truncate(count);
        teller.told
    }

    pub fn random(&mut self, below: u64) -> u64 {
        self.state = self.state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.state >> 33) % below
    }

    fn operation(&mut self) {
        self.op += 1;
        let command = format!("operation {}", self.op);
        self.told.push(Event::OpBegan { op: self.op, command });
        match self.random(4) {
            0 => self.get(),
            _ => self.put(),
        }
        if self.inserted.len() >= 4 {
            self.flush();
        }
        if self.level0.len() >= 3 {
            self.compact();
        }
        self.told.push(Event::OpEnded { op: self.op, ok: true, result: "ok".into() });
    }

    fn key(&mut self) -> Bytes {
        Bytes::from(format!("k{:03}", self.random(300)).as_str())
    }

    fn put(&mut self) {
        self.seq += 1;
        let (key, seq) = (self.key(), self.seq);
        let record = WalRecord { seq, kind: EntryKind::Put, key, value: "value".into(), value_bytes: 5 };
        let records = vec![record.clone()];
        let (wal, offset) = (self.memtable, self.wal_end);
        self.told.push(Event::WalAppended { wal, offset, bytes: 40, crc: 7, first_seq: seq, records });
        self.wal_end += 40;
        self.inserted.push(record.clone());
        let bytes = self.inserted.len() as u64 * 41;
        self.told.push(Event::MemtableInserted { memtable: self.memtable, record, bytes });
    }

    fn get(&mut self) {
        let key = self.key();
        self.told.push(Event::GetBegan { key: key.clone(), at: self.seq });
        self.told.push(Event::MemtableProbed { memtable: self.memtable, found: None });
        if let Some(table) = self.level0.first() {
            self.told.push(Event::RangeProbed { table: table.id, level: 0, inside: true });
            self.told.push(Event::FalsePositive { table: table.id, level: 0 });
        }
        let cost = Box::default();
        self.told.push(Event::GetEnded { key, found: false, seq: None, kind: None, place: None, cost });
    }

    fn flush(&mut self) {
        let (memtable, job) = (self.memtable, self.number);
        self.number += 2;
        self.memtable = self.number;
        self.told.push(Event::MemtableSealed { memtable, next: self.memtable, reason: SealReason::Entries });
        self.told.push(Event::WalCreated { wal: self.memtable });
        self.told.push(Event::FlushBegan { job, memtables: vec![memtable] });
        self.told.push(Event::TableBegan { job, table: job + 1, level: 0 });
        self.inserted.sort_by(|a, b| a.key.cmp(&b.key).then(b.seq.cmp(&a.seq)));
        for record in std::mem::take(&mut self.inserted) {
            self.told.push(Event::MergeKept {
                job,
                key: record.key.clone(),
                seq: record.seq,
                kind: record.kind,
                from: Place::Memtable { id: memtable },
                reason: KeepReason::Newest,
            });
            self.inserted.push(record);
        }
        let table = self.table(job + 1);
        self.inserted.clear();
        self.level0.insert(0, table.clone());
        self.told.push(Event::TableFinished { job, table: table.clone(), level: 0, cut: None });
        let edit = Rc::new(VersionEdit { added: vec![(0, table)], ..VersionEdit::default() });
        self.told.push(Event::VersionInstalled { job, edit, flushed: vec![memtable] });
        self.told.push(Event::WalRemoved { wal: memtable });
        self.told.push(Event::FlushEnded { job, tables: vec![job + 1], bytes: 200 });
        self.wal_end = 0;
    }

    fn table(&self, id: u64) -> Rc<TableMeta> {
        Rc::new(TableMeta {
            id,
            bytes: 200,
            entries: self.inserted.len() as u64,
            tombstones: 0,
            smallest: self.inserted[0].key.clone(),
            largest: self.inserted[self.inserted.len() - 1].key.clone(),
            smallest_seq: self.seq,
            largest_seq: self.seq,
            ..TableMeta::default()
        })
    }

    /// All of level 0 is dropped but one table, which moves: what matters here is that the shape changes.
    fn compact(&mut self) {
        let job = self.number;
        self.number += 1;
        let inputs = vec![Inputs::listed(0, self.level0.iter().map(|t| t.id).collect())];
        let reason = Reason::default();
        let compaction = Compaction {
            action: Action::Merge,
            inputs,
            output_level: 1,
            target_file_size: 512,
            cuts: Default::default(),
            cursor: None,
            reason,
        };
        self.told.push(Event::CompactionPicked { job, compaction: Rc::new(compaction) });
        let removed = self.level0.drain(..).map(|t| (0, t)).collect();
        let edit = Rc::new(VersionEdit { removed, ..VersionEdit::default() });
        self.told.push(Event::VersionInstalled { job, edit, flushed: vec![] });
        self.told.push(Event::CompactionEnded {
            job,
            bytes_read: 600,
            bytes_written: 0,
            entries_in: 12,
            entries_out: 0,
            moved: false,
        });
    }
}
