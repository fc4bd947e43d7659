//! Writes the new database: tables on level 1, and the manifest that names them.

use super::{Account, RepairProgress, runs::Run};
use crate::{
    engine::{
        manifest,
        table::{Table, TableBuilder},
    },
    entry::{EntryRef, MAX_KEY_LEN, MAX_SEQ, MAX_VALUE_LEN, SeqNo},
    error::Result,
    options::Options,
    storage::{FileId, Storage},
    version::{TableMeta, VersionEdit},
};

/// The level that salvaged tables are on: they are one sorted run.
const LEVEL: usize = 1;

/// What makes the files.
#[derive(Debug)]
pub(super) struct Output {
    options: Options,
    next_file: u64,
    /// Those of the oldest and of the newest entry.
    times: (u64, u64),
}

impl Output {
    /// Tables are written as `options` say.
    pub fn new(options: &Options) -> Output {
        Output { options: options.clone(), next_file: 1, times: (0, 0) }
    }

    /// No entry was written before `oldest`, nor after `newest` (virtual seconds).
    pub fn set_times(&mut self, oldest: u64, newest: u64) {
        self.times = (oldest, newest);
    }

    fn take_number(&mut self) -> u64 {
        self.next_file += 1;
        self.next_file - 1
    }

    /// A table that only the repair needs, of entries in order; none of no entries.
    ///
    /// # Errors
    /// The new storage failed.
    pub async fn temporary<'a, D: Storage>(
        &mut self,
        entries: impl Iterator<Item = EntryRef<'a>>,
        fresh: &mut D,
        account: &mut Account,
    ) -> Result<Option<Run>> {
        let mut builder = TableBuilder::new(self.take_number(), &self.options);
        for entry in entries {
            add(&mut builder, entry, account)?;
        }
        if builder.is_empty() {
            return Ok(None);
        }
        let built = builder.finish(self.times.1);
        let file = FileId::table(built.meta.id);
        fresh.create(file, &built.bytes).await?;
        let table = Table::open(fresh, built.meta.into()).await?;
        let blocks = (0..table.blocks()).map(|i| table.index().handle(i)).collect();
        Ok(Some(Run::new(file, true, blocks)))
    }

    /// Begins a table of the new database.
    pub fn table(&mut self) -> TableBuilder {
        TableBuilder::new(self.take_number(), &self.options)
    }

    /// Whether a table is as large as it should get.
    pub fn is_full(&self, table: &TableBuilder) -> bool {
        table.estimated_size() >= self.options.target_file_size(LEVEL, None)
    }

    /// Completes a table of the new database.
    ///
    /// # Errors
    /// The new storage failed.
    pub async fn write<D: Storage>(
        &self,
        table: TableBuilder,
        fresh: &mut D,
        account: &mut Account,
        progress: &mut impl FnMut(RepairProgress),
    ) -> Result<TableMeta> {
        let mut built = table.finish(self.times.1);
        built.meta.oldest_time = Some(self.times.0);
        let file = FileId::table(built.meta.id);
        fresh.create(file, &built.bytes).await?;
        account.tables_written += 1;
        account.entries_written += built.meta.entries;
        progress(RepairProgress::Wrote { file, entries: built.meta.entries });
        Ok(built.meta)
    }

    /// Makes it a database: from here on, it can be opened.
    ///
    /// # Errors
    /// The new storage failed.
    pub async fn commit<D: Storage>(
        &mut self,
        tables: Vec<TableMeta>,
        last_seq: SeqNo,
        time: u64,
        fresh: &mut D,
    ) -> Result<()> {
        let file = FileId::manifest(self.take_number());
        let edit = VersionEdit {
            added: tables.into_iter().map(|meta| (LEVEL, meta.into())).collect(),
            log_number: Some(self.next_file),
            next_file: Some(self.next_file),
            last_seq: Some(last_seq.min(MAX_SEQ)),
            time: Some(time),
            ..VersionEdit::default()
        };
        let mut content = Vec::new();
        manifest::put_edit(&mut content, file, 0, 0, &edit);
        fresh.create(file, &content).await?;
        fresh.swap_current(file).await
    }
}

/// Adds an entry, unless it is larger than entries may be, which no engine wrote.
pub(super) fn add(table: &mut TableBuilder, entry: EntryRef<'_>, account: &mut Account) -> Result<()> {
    if entry.key.len() > MAX_KEY_LEN || entry.value.len() > MAX_VALUE_LEN || entry.seq > MAX_SEQ {
        account.note(format!("an entry at sequence number {} is larger than entries may be: left out", entry.seq));
        return Ok(());
    }
    table.add(entry).map(drop)
}
