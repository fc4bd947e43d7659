//! The files that an open may delete: those that nothing refers to, once every write in them is known to be elsewhere.
//!
//! A crash leaves a table that the manifest does not name when a job was cut off. Its writes are then elsewhere: those
//! of a compaction's output in its inputs, which stay until the edit is durable; those of a flush's output in their
//! log, which is synced when its memtable is sealed. So a table with a write that no named table and no log has was not
//! left by a crash: the manifest has lost the edit that named it, as when its end was cut off. To delete such a table
//! would be to lose writes that were durable.
//!
//! In: the files, the shape, and the sequence numbers that recovery has. Out: nothing, or the error that refuses the
//! open.

use std::collections::BTreeSet;

use super::{
    Engine,
    table::{
        FOOTER_BYTES,
        reader::{read_properties, visit_entries},
    },
};
use crate::{
    entry::SeqNo,
    error::{Error, ErrorKind, Result},
    storage::{FileId, FileKind, Storage},
    trace::Tracer,
    version::{TableId, Version},
};

/// Sequence numbers whose writes are known to be somewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Coverage(Vec<(SeqNo, SeqNo)>);

impl Coverage {
    /// All up to `last`.
    pub fn upto(last: SeqNo) -> Coverage {
        Coverage(vec![(0, last)])
    }

    /// Adds those from `first` to `last`.
    pub fn add(&mut self, first: SeqNo, last: SeqNo) {
        match self.0.last_mut() {
            Some(range) if range.0 <= first && first <= range.1.saturating_add(1) => range.1 = range.1.max(last),
            _ => {
                self.0.push((first, last));
                self.0.sort_unstable();
                let mut merged: Vec<(SeqNo, SeqNo)> = Vec::new();
                for range in self.0.drain(..) {
                    match merged.last_mut() {
                        Some(before) if range.0 <= before.1.saturating_add(1) => before.1 = before.1.max(range.1),
                        _ => merged.push(range),
                    }
                }
                self.0 = merged;
            }
        }
    }

    /// The end of the first range: how far everything is covered.
    pub fn first_end(&self) -> Option<SeqNo> {
        self.0.first().map(|range| range.1)
    }

    /// The first numbers from `first` to `last` that are not covered.
    pub fn missing(&self, mut first: SeqNo, last: SeqNo) -> Option<(SeqNo, SeqNo)> {
        for range in &self.0 {
            if range.1 < first {
                continue;
            }
            if range.0 > first {
                return (first <= last).then(|| (first, last.min(range.0 - 1)));
            }
            first = range.1.saturating_add(1);
        }
        (first <= last).then_some((first, last))
    }
}

/// A table that the manifest does not name, and writes that only it has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Unnamed {
    pub table: FileId,
    pub first: SeqNo,
    pub last: SeqNo,
}

impl Unnamed {
    /// Which of its writes are nowhere else.
    pub fn describe(&self) -> String {
        let Unnamed { table, first, last } = self;
        let writes = if first == last { format!("write {first}") } else { format!("writes {first} to {last}") };
        format!("{table}, which the manifest does not name, holds {writes}, and no other table and no log does")
    }
}

/// What table `file`, which the manifest does not name and which is `len` bytes long, has of what `covered` lacks.
///
/// # Errors
/// The table cannot be read.
pub(crate) async fn unnamed<S: Storage>(
    storage: &S,
    file: FileId,
    len: u64,
    covered: &Coverage,
) -> Result<Option<Unnamed>> {
    if len < FOOTER_BYTES as u64 {
        // Too short for a table: no write is in it.
        return Ok(None);
    }
    let properties = read_properties(storage, file, len).await?;
    if covered.missing(properties.smallest_seq, properties.largest_seq).is_none() {
        return Ok(None);
    }
    // What is missing may lie between its writes: a recovery that passed over damage was cut off.
    let mut found: Option<Unnamed> = None;
    visit_entries(storage, file, len, |entry| {
        if covered.missing(entry.seq, entry.seq).is_some() {
            let found = found.get_or_insert(Unnamed { table: file, first: entry.seq, last: entry.seq });
            (found.first, found.last) = (found.first.min(entry.seq), found.last.max(entry.seq));
        }
    })
    .await?;
    Ok(found)
}

/// The tables among `files` that `version` does not name, with their lengths.
pub(crate) fn unnamed_tables<'a>(
    files: impl IntoIterator<Item = (&'a FileId, &'a u64)>,
    version: &Version,
) -> impl Iterator<Item = (FileId, u64)> {
    let named = table_numbers(version);
    let unnamed = move |file: &FileId| file.kind == FileKind::Table && !named.contains(&file.number);
    files.into_iter().filter(move |(file, _)| unnamed(file)).map(|(file, len)| (*file, *len))
}

/// The numbers of the tables of `version`: to search its levels for each of n files would take n² steps.
pub(crate) fn table_numbers(version: &Version) -> BTreeSet<TableId> {
    version.tables().map(|(_, table)| table.id).collect()
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Makes sure that no table which would be deleted has a write that is nowhere else. `replayed` is what came of the
    /// logs, and `covered` what was recovered.
    ///
    /// # Errors
    /// There is such a table, or a table for which this cannot be determined, or `replayed` is an error.
    pub(super) async fn check_unnamed(
        &self,
        files: &[(FileId, u64)],
        replayed: Result<()>,
        covered: &Coverage,
    ) -> Result<()> {
        if let Err(error) = &replayed
            && error.kind != ErrorKind::Corruption
        {
            return replayed;
        }
        let files = files.iter().map(|(file, len)| (file, len));
        for (file, len) in unnamed_tables(files, &self.state.version) {
            let found = match unnamed(&self.storage, file, len, covered).await {
                Ok(found) => found,
                Err(_) if replayed.is_err() => None,
                Err(error) => {
                    let why = "the manifest does not name the table, but whether its writes are elsewhere cannot be \
                               told, so it is not removed: move it away to open without it";
                    return Err(Error { message: format!("{error}; {why}"), ..error });
                }
            };
            let Some(found) = found else { continue };
            return Err(match replayed {
                Err(error) => Error { message: format!("{error}; {}", found.describe()), ..error },
                Ok(()) => self.edits_lost(format!("{}; it would be removed", found.describe())),
            });
        }
        replayed
    }

    /// The error of a manifest that has lost its last edits, as `what` proves.
    pub(super) fn edits_lost(&self, what: String) -> Error {
        let (file, bytes) = self.state.manifest.map_or((FileId::manifest(0), 0), |m| (m.file, m.bytes));
        Error::corruption(file, bytes, format!("the edits from here on are lost: {what}, so nothing was changed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coverage_knows_its_holes() {
        let mut covered = Coverage::upto(10);
        for (first, last) in [(11, 12), (20, 30), (15, 16), (31, 31)] {
            covered.add(first, last);
        }
        assert_eq!(covered, Coverage(vec![(0, 12), (15, 16), (20, 31)]));
        for (asked, missing) in [
            ((1, 12), None),
            ((5, 14), Some((13, 14))),
            ((13, 13), Some((13, 13))),
            ((12, 25), Some((13, 14))),
            ((15, 25), Some((17, 19))),
            ((25, 40), Some((32, 40))),
            ((20, 31), None),
        ] {
            assert_eq!(covered.missing(asked.0, asked.1), missing, "{asked:?}");
        }
        covered.add(13, 19);
        assert_eq!(covered, Coverage::upto(31));
    }
}
