//! Repair: salvages every readable entry of a damaged database into a new one.
//!
//! In: a damaged [`Storage`], which is not changed, and an empty one. Out: a database that opens and
//! [verifies](crate::verify), and an [`Account`] of what was salvaged and what could not be: file, offset, bytes,
//! entries and range of keys.
//!
//! 1. *Roots*: the manifest says which tables and logs are needed; as far as it cannot be read, all are.
//! 2. *Tables* are read block by block. A bad block costs its own entries; a bad index or footer costs none, because
//!    blocks can be found by their checksums. *Logs* are read frame by frame, behind damage too.
//! 3. Everything is merged. Of each key the newest version is kept, with its sequence number. Tombstones are kept, so
//!    that no deleted entry reappears, unless the tombstone itself was lost. An older version may show where a newer
//!    one was lost; the account names the range of keys.
//! 4. The tables of the new database are one sorted run on level 1. `CURRENT` comes last: an interrupted repair leaves
//!    no database that looks complete.
//!
//! In memory are an index and one block of each table, and at most some megabytes of entries out of logs.

use crate::{
    entry::{MAX_SEQ, SeqNo},
    error::{Error, Result},
    options::Options,
    storage::{FileId, Storage},
};

mod account;
mod logs;
mod roots;
mod runs;
mod scan;
mod sort;
mod tables;
mod write;

pub use account::{Account, LostBytes};

use roots::{Files, Roots};
use runs::{Merge, Run};
use sort::Sorter;
use tables::Salvaged;
use write::Output;

/// How far a repair is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RepairProgress {
    /// A table was read.
    Read {
        /// Which.
        file: FileId,
        /// Its good entries.
        entries: u64,
    },
    /// A table of the new database was written.
    Wrote {
        /// Which.
        file: FileId,
        /// Its entries.
        entries: u64,
    },
}

/// Salvages what can be read of `damaged` into `fresh`, with tables as `options` say.
///
/// # Errors
/// `fresh` is not empty or fails, the options do not fit, or `damaged` is of a newer format or fails in a way that is
/// not damage. Then `fresh` holds no database.
pub async fn repair<S: Storage, D: Storage>(
    damaged: &S,
    fresh: &mut D,
    options: &Options,
    mut progress: impl FnMut(RepairProgress),
) -> Result<Account> {
    let options = options.clone().checked()?;
    if fresh.current().await?.is_some() || !fresh.list().await?.is_empty() {
        return Err(Error::invalid("a database is repaired into an empty place, and there are files in this one"));
    }
    let repaired = salvage(damaged, fresh, &options, &mut progress).await;
    if repaired.is_err() {
        // What was written is of no use. The error to report is the first one.
        for (file, _) in fresh.list().await.unwrap_or_default() {
            let _ = fresh.remove(file).await;
        }
    }
    repaired
}

async fn salvage<S: Storage, D: Storage>(
    damaged: &S,
    fresh: &mut D,
    options: &Options,
    progress: &mut impl FnMut(RepairProgress),
) -> Result<Account> {
    let mut account = Account::default();
    let files: Files = damaged.list().await?.into_iter().collect();
    let roots = roots::read(damaged, &files, &mut account).await?;
    let tables = examine_tables(damaged, &files, &roots, &mut account, progress).await;
    let time = tables.iter().map(|t| t.newest_time).fold(roots.time, u64::max).min(MAX_SEQ);
    let in_tables = tables.iter().map(|t| t.largest_seq).fold(roots.flushed, SeqNo::max);
    let mut output = Output::new(options);
    let oldest = roots.tables.values().filter_map(|meta| meta.as_ref()?.oldest_time).min();
    output.set_times(oldest.unwrap_or(time).min(time), time);
    let (runs, in_logs) = sort(damaged, &files, &roots, tables, fresh, &mut output, &mut account).await?;
    let temporary: Vec<FileId> = runs.iter().filter(|r| r.temporary).map(|r| r.file).collect();
    let written = merge(damaged, runs, fresh, &mut output, &mut account, progress).await?;
    for file in temporary {
        fresh.remove(file).await?;
    }
    output.commit(written, in_tables.max(in_logs), time, fresh).await?;
    Ok(account)
}

async fn examine_tables<S: Storage>(
    damaged: &S,
    files: &Files,
    roots: &Roots,
    account: &mut Account,
    progress: &mut impl FnMut(RepairProgress),
) -> Vec<Salvaged> {
    let mut tables = Vec::new();
    for (&id, meta) in &roots.tables {
        let file = FileId::table(id);
        match (files.get(&file), meta) {
            (Some(&len), _) => {
                let table = tables::examine(damaged, file, len, meta.as_ref(), account).await;
                progress(RepairProgress::Read { file, entries: table.entries });
                tables.push(table);
            }
            (None, Some(meta)) if roots.gaps => account.note(format!(
                "{file}, with keys from {} to {}, does not exist: an edit that was lost may have given it up",
                meta.smallest, meta.largest
            )),
            (None, Some(meta)) => account.lose(LostBytes {
                entries: Some(meta.entries),
                first: Some(meta.smallest.clone()),
                last: Some(meta.largest.clone()),
                ..LostBytes::new(file, 0, meta.bytes, "the manifest names it, but it does not exist")
            }),
            (None, None) => {}
        }
    }
    tables
}

/// Makes sorted runs of tables and logs. Returns the highest sequence number in the logs, too.
async fn sort<S: Storage, D: Storage>(
    damaged: &S,
    files: &Files,
    roots: &Roots,
    tables: Vec<Salvaged>,
    fresh: &mut D,
    output: &mut Output,
    account: &mut Account,
) -> Result<(Vec<Run>, SeqNo)> {
    let mut sorter = Sorter::new(output);
    let mut runs = Vec::new();
    for table in tables {
        let mut run = Run::new(table.file, false, table.blocks);
        if table.ordered {
            runs.push(run);
            continue;
        }
        account.note(format!("{}: its entries were not in order, and were put in order", run.file));
        run.advance(damaged, fresh).await?;
        while let Some(entry) = run.entry() {
            sorter.add(entry, fresh, account).await?;
            run.advance(damaged, fresh).await?;
        }
    }
    let highest = logs::read(damaged, files, roots, fresh, &mut sorter, account).await?;
    runs.extend(sorter.finish(fresh, account).await?);
    Ok((runs, highest))
}

/// Writes the newest version of each key.
async fn merge<S: Storage, D: Storage>(
    damaged: &S,
    runs: Vec<Run>,
    fresh: &mut D,
    output: &mut Output,
    account: &mut Account,
    progress: &mut impl FnMut(RepairProgress),
) -> Result<Vec<crate::version::TableMeta>> {
    let mut merge = Merge::new(runs, damaged, fresh).await?;
    let mut written = Vec::new();
    let mut table = output.table();
    while let Some(i) = merge.next_newest(damaged, fresh).await? {
        if let Some(entry) = merge.entry(i) {
            write::add(&mut table, entry, account)?;
        }
        if output.is_full(&table) {
            let full = std::mem::replace(&mut table, output.table());
            written.push(output.write(full, fresh, account, progress).await?);
        }
    }
    if !table.is_empty() {
        written.push(output.write(table, fresh, account, progress).await?);
    }
    Ok(written)
}
