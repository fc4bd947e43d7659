//! Sorted streams of entries, from a memtable or from a run of tables, in both directions.
//!
//! A source stands on an entry, or is exhausted. Stepping is synchronous while the next entry is in memory
//! ([`Source::step`]) and asynchronous where a run must load its next block ([`Source::load`]).

use std::{cell::RefCell, collections::VecDeque, rc::Rc};

use super::{
    Engine, Mem,
    memtable::{Memtable, MemtablePosition},
    table::{Block, BlockCursor, Table},
};
use crate::{
    entry::{EntryKind, EntryRef, MAX_SEQ, SeqNo},
    error::Result,
    storage::Storage,
    trace::{Place, Tracer},
    version::TableMeta,
};

/// Which way a source is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// The reader of a block, which determines how it is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// A scan: through the cache, block by block.
    Scan,
    /// The merge of a job: past the cache, a table at a time.
    Job(u64),
}

#[derive(Debug)]
pub(super) enum Source {
    Memtable(MemtableSource),
    Run(RunSource),
}

impl Source {
    pub fn memtable(mem: &Mem) -> Source {
        Source::Memtable(MemtableSource {
            id: mem.id,
            table: mem.table.clone(),
            length: 0,
            at: None,
            key: Vec::new(),
            value: Vec::new(),
            seq: 0,
            kind: EntryKind::Put,
        })
    }

    /// Tables of one level that follow one another without overlap.
    pub fn run(level: usize, tables: Vec<Rc<TableMeta>>, purpose: Purpose) -> Source {
        Source::Run(RunSource {
            level,
            tables,
            purpose,
            at: 0,
            table: None,
            block: 0,
            cursor: None,
            ahead: VecDeque::new(),
        })
    }

    /// The entry it stands on.
    #[inline]
    pub fn entry(&self) -> Option<EntryRef<'_>> {
        match self {
            Source::Memtable(m) => m.at.map(|_| EntryRef { key: &m.key, seq: m.seq, kind: m.kind, value: &m.value }),
            Source::Run(r) => r.cursor.as_ref().filter(|c| c.valid()).map(BlockCursor::entry),
        }
    }

    /// Where that entry is.
    pub fn place(&self) -> Place {
        match self {
            Source::Memtable(m) => Place::Memtable { id: m.id },
            Source::Run(r) => Place::Table { id: r.tables[r.at.min(r.tables.len() - 1)].id, level: r.level },
        }
    }

    /// Stands on the first entry that is not before (key, seq), or, backward, on the last that is not after.
    pub async fn seek<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        direction: Direction,
        key: &[u8],
        seq: SeqNo,
    ) -> Result<()> {
        match (self, direction) {
            (Source::Memtable(m), _) => {
                m.seek(direction, key, seq);
                Ok(())
            }
            (Source::Run(r), Direction::Forward) => r.seek(engine, key, seq).await,
            (Source::Run(r), Direction::Backward) => r.seek_for_prev(engine, key, seq).await,
        }
    }

    /// Stands on the very first or very last entry.
    pub async fn seek_to_end<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        direction: Direction,
    ) -> Result<()> {
        match (self, direction) {
            (Source::Memtable(m), Direction::Forward) => {
                m.seek(direction, b"", MAX_SEQ);
                Ok(())
            }
            (Source::Memtable(m), Direction::Backward) => {
                let last = m.table.borrow().last();
                m.load(last);
                Ok(())
            }
            (Source::Run(r), Direction::Forward) => r.seek(engine, b"", MAX_SEQ).await,
            (Source::Run(r), Direction::Backward) => r.seek_to_last(engine).await,
        }
    }

    /// Moves one entry on, as far as that can be done without reading: `false` if a block must be loaded first.
    #[inline]
    pub fn step(&mut self, direction: Direction) -> bool {
        match self {
            Source::Memtable(m) => {
                m.step(direction);
                true
            }
            Source::Run(r) => r.step(direction),
        }
    }

    /// Finishes a step that [`step`](Source::step) could not: loads the next block and stands on its first entry, or is
    /// exhausted.
    pub async fn load<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, direction: Direction) -> Result<()> {
        match (self, direction) {
            (Source::Run(r), Direction::Forward) => r.load_next(engine).await,
            (Source::Run(r), Direction::Backward) => r.load_previous(engine).await,
            (Source::Memtable(_), _) => unreachable!("a memtable is in memory"),
        }
    }
}

/// A memtable may grow while an iterator stands in it, so the entry is copied, and found again after a change.
#[derive(Debug)]
pub(super) struct MemtableSource {
    id: u64,
    table: Rc<RefCell<Memtable>>,
    /// The memtable's length when `at` was right.
    length: usize,
    at: Option<MemtablePosition>,
    key: Vec<u8>,
    value: Vec<u8>,
    seq: SeqNo,
    kind: EntryKind,
}

impl MemtableSource {
    fn seek(&mut self, direction: Direction, key: &[u8], seq: SeqNo) {
        let table = self.table.borrow();
        let mut at = Some(table.seek(key, seq));
        if direction == Direction::Backward {
            let exact = table.at(table.seek(key, seq)).is_some_and(|e| e.key == key && e.seq == seq);
            if !exact {
                at = table.before(table.seek(key, seq));
            }
        }
        drop(table);
        self.load(at);
    }

    fn step(&mut self, direction: Direction) {
        let table = self.table.borrow();
        let mut at = self.at;
        if table.len() != self.length {
            at = Some(table.seek(&self.key, self.seq));
        }
        let at = match direction {
            Direction::Forward => at.map(|p| table.after(p)),
            Direction::Backward => at.and_then(|p| table.before(p)),
        };
        drop(table);
        self.load(at);
    }

    fn load(&mut self, at: Option<MemtablePosition>) {
        let table = self.table.borrow();
        self.length = table.len();
        self.at = at;
        match at.and_then(|p| table.at(p)) {
            Some(entry) => {
                self.key.clear();
                self.key.extend_from_slice(entry.key);
                self.value.clear();
                self.value.extend_from_slice(entry.value);
                self.seq = entry.seq;
                self.kind = entry.kind;
            }
            None => self.at = None,
        }
    }
}

#[derive(Debug)]
pub(super) struct RunSource {
    level: usize,
    tables: Vec<Rc<TableMeta>>,
    purpose: Purpose,
    /// Which of `tables`; past the end when exhausted.
    at: usize,
    table: Option<Rc<Table>>,
    block: usize,
    cursor: Option<BlockCursor>,
    /// For a job: the next blocks of the table, read already.
    ahead: VecDeque<Block>,
}

impl RunSource {
    fn step(&mut self, direction: Direction) -> bool {
        let Some(cursor) = self.cursor.as_mut() else {
            return true;
        };
        match direction {
            Direction::Forward => cursor.next(),
            Direction::Backward => cursor.prev(),
        }
        cursor.valid()
    }

    fn exhaust(&mut self) {
        self.cursor = None;
        self.table = None;
        self.ahead.clear();
    }

    async fn seek<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, key: &[u8], seq: SeqNo) -> Result<()> {
        self.at = self.tables.partition_point(|t| &*t.largest < key);
        while let Some(table) = self.open(engine).await? {
            if let Some(block) = table.find_block(key, seq) {
                self.load(engine, &table, block).await?.seek(key, seq);
                return Ok(());
            }
            // Every entry of this table is before (key, seq), though its last key is not.
            self.at += 1;
            self.table = None;
        }
        Ok(())
    }

    async fn seek_for_prev<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        key: &[u8],
        seq: SeqNo,
    ) -> Result<()> {
        let Some(at) = self.tables.partition_point(|t| &*t.smallest <= key).checked_sub(1) else {
            self.exhaust();
            return Ok(());
        };
        self.at = at;
        let Some(table) = self.open(engine).await? else { return Ok(()) };
        let block = table.find_block(key, seq).unwrap_or(table.blocks() - 1);
        let cursor = self.load(engine, &table, block).await?;
        cursor.seek_for_prev(key, seq);
        if cursor.valid() { Ok(()) } else { self.load_previous(engine).await }
    }

    async fn seek_to_last<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        self.at = self.tables.len() - 1;
        let Some(table) = self.open(engine).await? else { return Ok(()) };
        self.load(engine, &table, table.blocks() - 1).await?.seek_to_last();
        Ok(())
    }

    async fn load_next<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        let Some(table) = self.table.clone() else { return Ok(()) };
        if self.block + 1 < table.blocks() {
            self.load(engine, &table, self.block + 1).await?.seek_to_first();
            return Ok(());
        }
        self.at += 1;
        self.table = None;
        if let Some(table) = self.open(engine).await? {
            self.load(engine, &table, 0).await?.seek_to_first();
        }
        Ok(())
    }

    async fn load_previous<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        let Some(table) = self.table.clone() else { return Ok(()) };
        if self.block > 0 {
            self.load(engine, &table, self.block - 1).await?.seek_to_last();
            return Ok(());
        }
        let Some(at) = self.at.checked_sub(1) else {
            self.exhaust();
            return Ok(());
        };
        self.at = at;
        self.table = None;
        if let Some(table) = self.open(engine).await? {
            self.load(engine, &table, table.blocks() - 1).await?.seek_to_last();
        }
        Ok(())
    }

    /// The table at `at`; none, and exhausted, past the last.
    async fn open<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<Option<Rc<Table>>> {
        let Some(meta) = self.tables.get(self.at) else {
            self.exhaust();
            return Ok(None);
        };
        if let Some(table) = self.table.as_ref().filter(|t| t.meta().id == meta.id) {
            return Ok(Some(table.clone()));
        }
        let table = engine.table(meta).await?;
        self.ahead.clear();
        self.table = Some(table.clone());
        Ok(Some(table))
    }

    async fn load<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        table: &Rc<Table>,
        block: usize,
    ) -> Result<&mut BlockCursor> {
        let content = match self.purpose {
            Purpose::Job(job) => engine.job_block(job, table, block, &mut self.ahead).await?,
            Purpose::Scan => engine.scan_block(table, self.level, block).await?,
        };
        self.block = block;
        match &mut self.cursor {
            Some(cursor) => cursor.reset(content),
            none => *none = Some(BlockCursor::new(content)),
        }
        Ok(self.cursor.as_mut().expect("it was just set"))
    }
}
