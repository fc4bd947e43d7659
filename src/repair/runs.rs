//! Merges sorted runs into one: of each key the newest version.

use std::{cmp::Reverse, collections::BinaryHeap, rc::Rc};

use crate::{
    engine::table::{Block, BlockCursor, Handle},
    entry::{EntryRef, SeqNo},
    error::{Error, Result},
    storage::{FileId, Storage},
    verify::table::read_part,
};

/// Good blocks of one table, whose entries are in order.
#[derive(Debug)]
pub(super) struct Run {
    pub file: FileId,
    /// Whether the table is in the new database, until the repair is done.
    pub temporary: bool,
    pub blocks: Vec<Handle>,
    next: usize,
    cursor: Option<BlockCursor>,
}

impl Run {
    pub fn new(file: FileId, temporary: bool, blocks: Vec<Handle>) -> Run {
        Run { file, temporary, blocks, next: 0, cursor: None }
    }

    /// The entry it is at.
    pub fn entry(&self) -> Option<EntryRef<'_>> {
        self.cursor.as_ref().filter(|cursor| cursor.valid()).map(BlockCursor::entry)
    }

    /// Goes to the first entry, or the next; to none behind the last.
    ///
    /// # Errors
    /// A block that was good before cannot be read again.
    pub async fn advance<S: Storage, D: Storage>(&mut self, damaged: &S, fresh: &D) -> Result<()> {
        if let Some(cursor) = &mut self.cursor {
            cursor.next();
            if cursor.valid() {
                return Ok(());
            }
        }
        let Some(&handle) = self.blocks.get(self.next) else {
            self.cursor = None;
            return Ok(());
        };
        self.next += 1;
        let payload = match self.temporary {
            true => read_part(fresh, self.file, handle).await,
            false => read_part(damaged, self.file, handle).await,
        };
        let block = payload.and_then(Block::parse);
        let block = block.map_err(|what| Error::corruption(self.file, handle.offset, what))?;
        let mut cursor = BlockCursor::new(Rc::new(block));
        cursor.seek_to_first();
        self.cursor = Some(cursor);
        Ok(())
    }
}

/// The order of a heap whose greatest is the next entry: smallest key, highest sequence number.
type Head = Reverse<(Vec<u8>, Reverse<SeqNo>, usize)>;

/// Runs that are read together.
#[derive(Debug)]
pub(super) struct Merge {
    runs: Vec<Run>,
    heads: BinaryHeap<Head>,
    /// The key that was returned last.
    last: Option<Vec<u8>>,
}

impl Merge {
    /// Begins at the first entry of each run.
    ///
    /// # Errors
    /// A block cannot be read.
    pub async fn new<S: Storage, D: Storage>(runs: Vec<Run>, damaged: &S, fresh: &D) -> Result<Merge> {
        let mut merge = Merge { runs, heads: BinaryHeap::new(), last: None };
        for i in 0..merge.runs.len() {
            merge.runs[i].advance(damaged, fresh).await?;
            merge.push(i);
        }
        Ok(merge)
    }

    fn push(&mut self, i: usize) {
        if let Some(entry) = self.runs[i].entry() {
            self.heads.push(Reverse((entry.key.to_vec(), Reverse(entry.seq), i)));
        }
    }

    /// The run that is at the newest version of the next key.
    ///
    /// # Errors
    /// A block cannot be read.
    pub async fn next_newest<S: Storage, D: Storage>(&mut self, damaged: &S, fresh: &D) -> Result<Option<usize>> {
        while let Some(Reverse((key, _, i))) = self.heads.peek() {
            if self.last.as_ref() != Some(key) {
                self.last = Some(key.clone());
                return Ok(Some(*i));
            }
            self.step(damaged, fresh).await?;
        }
        Ok(None)
    }

    /// The entry that run `i` is at.
    pub fn entry(&self, i: usize) -> Option<EntryRef<'_>> {
        self.runs[i].entry()
    }

    async fn step<S: Storage, D: Storage>(&mut self, damaged: &S, fresh: &D) -> Result<()> {
        if let Some(Reverse((_, _, i))) = self.heads.pop() {
            self.runs[i].advance(damaged, fresh).await?;
            self.push(i);
        }
        Ok(())
    }
}
