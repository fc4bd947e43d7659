//! Scans: a merge of everything that may hold a key of the range, as of one sequence number.
//!
//! An [`ScanIter`] holds the version it began with, so that the tables it reads stay, whatever is compacted meanwhile;
//! and it sees nothing that was written after it began. Of each key's versions it returns the newest one visible, if
//! that is a put.

use std::rc::Rc;

use super::{
    Engine, Snapshot, emit,
    merge::Merge,
    source::{Direction, Purpose, Source},
    table::{Block, Table},
};
use crate::{
    entry::{Bytes, EntryKind, MAX_SEQ, SeqNo},
    error::{Error, Result},
    storage::Storage,
    trace::{Cost, Event, Place, Tracer},
    version::Version,
};

/// Which keys, how many, and from which side. Both ends are inclusive; none is open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ScanRange {
    /// The first key.
    pub start: Option<Vec<u8>>,
    /// The last key.
    pub end: Option<Vec<u8>>,
    /// The most entries.
    pub limit: Option<u64>,
    /// From the last key down to the first.
    pub reverse: bool,
}

/// What a scan returned, and what that cost.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scanned {
    /// Keys and values in the order of the scan.
    pub entries: Vec<(Vec<u8>, Vec<u8>)>,
    /// Entries passed over: older versions, tombstones, and those that the reader does not see.
    pub skipped: u64,
    /// What it cost.
    pub cost: Cost,
}

/// A running scan.
#[derive(Debug)]
pub struct ScanIter {
    range: ScanRange,
    at: SeqNo,
    merge: Option<Merge>,
    /// Keeps the tables that the sources read.
    _version: Rc<Version>,
    sources: Vec<Source>,
    /// The last key that was decided.
    decided: Option<Vec<u8>>,
    returned: u64,
    skipped: u64,
    done: bool,
    /// Why it cannot go on: a source may have moved before the read failed, so that going on could pass over entries.
    failed: Option<Error>,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Begins a scan of `range`, as of now or of a snapshot.
    ///
    /// # Errors
    /// [`Closed`](crate::ErrorKind::Closed): the database, or the snapshot.
    pub fn iter(&mut self, range: ScanRange, at: Option<Snapshot>) -> Result<ScanIter> {
        let at = self.visible(at)?;
        let version = self.state.version.clone();
        let sources = self.scan_sources(&version, &range);
        emit!(
            self,
            Operations,
            Event::ScanBegan {
                start: range.start.as_deref().map(Bytes::from),
                end: range.end.as_deref().map(Bytes::from),
                reverse: range.reverse,
                at,
                sources: sources.iter().map(Source::place).collect(),
            }
        );
        let iter = ScanIter {
            range,
            at,
            merge: None,
            _version: version,
            sources,
            decided: None,
            returned: 0,
            skipped: 0,
            done: false,
            failed: None,
        };
        Ok(iter)
    }

    /// Everything in `range`, as of now or of a snapshot.
    ///
    /// # Errors
    /// As [`iter`](Engine::iter), or damage in a file that was read.
    pub async fn scan(&mut self, range: ScanRange, at: Option<Snapshot>) -> Result<Scanned> {
        self.state.scan_cost = Cost::default();
        let mut iter = self.iter(range, at)?;
        let mut entries = Vec::new();
        while iter.next_with(self, |key, value| entries.push((key.to_vec(), value.to_vec()))).await? {}
        let (skipped, cost) = (iter.skipped, self.state.scan_cost);
        emit!(self, Operations, Event::ScanEnded { returned: entries.len() as u64, skipped, cost: Box::new(cost) });
        Ok(Scanned { entries, skipped, cost })
    }

    /// What the blocks have cost that scans have read since the last [`scan`](Engine::scan) began.
    pub fn scan_cost(&self) -> &Cost {
        &self.state.scan_cost
    }

    /// Memtables newest first, tables of level 0 newest first, then one run a level.
    fn scan_sources(&self, version: &Version, range: &ScanRange) -> Vec<Source> {
        let mut sources = vec![Source::memtable(&self.state.active)];
        sources.extend(self.state.immutables.iter().rev().map(Source::memtable));
        let start = range.start.as_deref().unwrap_or(b"");
        let inside = |t: &&Rc<crate::version::TableMeta>| {
            &*t.largest >= start && range.end.as_deref().is_none_or(|end| &*t.smallest <= end)
        };
        for (level, tables) in version.levels.iter().enumerate() {
            let tables: Vec<_> = tables.iter().filter(inside).cloned().collect();
            match level {
                0 => sources.extend(tables.into_iter().map(|t| Source::run(0, vec![t], Purpose::Scan))),
                _ if !tables.is_empty() => sources.push(Source::run(level, tables, Purpose::Scan)),
                _ => {}
            }
        }
        sources
    }

    /// A data block for a scan, through the cache.
    pub(super) async fn scan_block(&mut self, table: &Rc<Table>, level: usize, i: usize) -> Result<Rc<Block>> {
        let (block, cached) = self.block(table, i).await?;
        let bytes = table.block_len(i);
        let cost = &mut self.state.scan_cost;
        cost.blocks += 1;
        cost.cache_hits += u64::from(cached);
        cost.bytes_read += if cached { 0 } else { bytes };
        emit!(self, All, Event::ScanBlockRead { table: table.meta().id, level, block: i as u64, cached, bytes });
        Ok(block)
    }
}

impl ScanIter {
    /// The next entry, if there is one.
    ///
    /// # Errors
    /// Damage in a file that was read.
    pub async fn next<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
    ) -> Result<Option<(Vec<u8>, Vec<u8>)>> {
        let mut found = None;
        self.next_with(engine, |key, value| found = Some((key.to_vec(), value.to_vec()))).await?;
        Ok(found)
    }

    /// Gives the next entry to `take`; `false` if there is none.
    ///
    /// # Errors
    /// Damage in a file that was read, or that it could not be read. From then on, always that error: begin a new scan.
    pub async fn next_with<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        take: impl FnOnce(&[u8], &[u8]),
    ) -> Result<bool> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let found = self.step(engine, take).await;
        self.failed = found.as_ref().err().cloned();
        found
    }

    async fn step<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        take: impl FnOnce(&[u8], &[u8]),
    ) -> Result<bool> {
        if self.done || self.range.limit.is_some_and(|limit| self.returned >= limit) {
            return Ok(false);
        }
        if self.merge.is_none() {
            self.begin(engine).await?;
        }
        let found = match self.range.reverse {
            false => self.next_forward(engine, take).await?,
            true => self.next_backward(engine, take).await?,
        };
        self.done = !found;
        self.returned += u64::from(found);
        Ok(found)
    }

    async fn begin<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>) -> Result<()> {
        let mut sources = std::mem::take(&mut self.sources);
        let direction = if self.range.reverse { Direction::Backward } else { Direction::Forward };
        let from = if self.range.reverse { &self.range.end } else { &self.range.start };
        for source in &mut sources {
            match (from, direction) {
                (None, _) => source.seek_to_end(engine, direction).await?,
                (Some(key), Direction::Forward) => source.seek(engine, direction, key, MAX_SEQ).await?,
                (Some(key), Direction::Backward) => source.seek(engine, direction, key, 0).await?,
            }
        }
        self.merge = Some(Merge::new(sources, direction));
        Ok(())
    }

    /// Versions of a key come newest first: the first visible one decides.
    async fn next_forward<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        take: impl FnOnce(&[u8], &[u8]),
    ) -> Result<bool> {
        let merge = self.merge.as_mut().expect("begun");
        while let Some(entry) = merge.entry() {
            if self.range.end.as_deref().is_some_and(|end| entry.key > end) {
                break;
            }
            if entry.seq <= self.at && self.decided.as_deref() != Some(entry.key) {
                match &mut self.decided {
                    Some(key) => {
                        key.clear();
                        key.extend_from_slice(entry.key);
                    }
                    none => *none = Some(entry.key.to_vec()),
                }
                if entry.kind == EntryKind::Put {
                    take(entry.key, entry.value);
                    if engine.wants_all() {
                        let (key, seq, from) =
                            (entry.key.into(), entry.seq, merge.place().expect("it stands on an entry"));
                        emit!(engine, All, Event::ScanEmitted { key, seq, from });
                    }
                    merge.advance(engine).await?;
                    return Ok(true);
                }
            }
            self.skipped += 1;
            skip(engine, merge);
            merge.advance(engine).await?;
        }
        Ok(false)
    }

    /// Versions of a key come oldest first: the last visible one decides, and is known only once the key is over.
    async fn next_backward<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        take: impl FnOnce(&[u8], &[u8]),
    ) -> Result<bool> {
        let merge = self.merge.as_mut().expect("begun");
        let mut best: Option<Best> = None;
        while let Some(entry) = merge.entry() {
            if self.range.start.as_deref().is_some_and(|start| entry.key < start) {
                break;
            }
            if let Some(Best { key, value, .. }) = &best
                && key != entry.key
            {
                if value.is_some() {
                    break;
                }
                best = None;
            }
            if entry.seq <= self.at {
                let value = (entry.kind == EntryKind::Put).then(|| entry.value.to_vec());
                let from = merge.place().expect("it stands on an entry");
                let older = best.replace(Best { key: entry.key.to_vec(), value, seq: entry.seq, from });
                self.skipped += u64::from(older.is_some() || entry.kind == EntryKind::Delete);
            } else {
                self.skipped += 1;
                skip(engine, merge);
            }
            merge.advance(engine).await?;
        }
        let Some(Best { key, value: Some(value), seq, from }) = best else { return Ok(false) };
        take(&key, &value);
        emit!(engine, All, Event::ScanEmitted { key: key.as_slice().into(), seq, from });
        Ok(true)
    }
}

/// The newest visible version so far of the key that a backward scan is at.
struct Best {
    key: Vec<u8>,
    /// None for a tombstone.
    value: Option<Vec<u8>>,
    seq: SeqNo,
    from: Place,
}

fn skip<S: Storage, T: Tracer>(engine: &mut Engine<S, T>, merge: &Merge) {
    if engine.wants_all()
        && let (Some(entry), Some(from)) = (merge.entry(), merge.place())
    {
        let (key, seq, kind) = (entry.key.into(), entry.seq, entry.kind);
        emit!(engine, All, Event::ScanSkipped { key, seq, kind, from });
    }
}
