//! The files that a damaged database consists of, as far as its manifest can be read.
//!
//! A table that was in the tree and left it must not be used: compactions dropped tombstones for good, and the entries
//! that these had deleted would reappear. So with a complete manifest, only the tables that it names are used. Where
//! edits are lost, so are names; then every table is used that no readable edit removed. A manifest whose end was cut
//! off, at the end of an edit or in one, looks like one that a crash left: tables that it does not name and that are
//! newer than all that it names are used; and if tables that it names are missing, so is every other table.

use std::{collections::BTreeMap, rc::Rc};

use super::{Account, LostBytes};
use crate::{
    engine::{
        manifest::{self, StoredEdit},
        table::reader::read_properties,
    },
    entry::SeqNo,
    error::Result,
    storage::{FileId, FileKind, Storage},
    verify::{
        MissingLog,
        frames::{Piece, Pieces},
        missing_log,
    },
    version::{TableId, TableMeta},
};

/// Every file with its length.
pub(super) type Files = BTreeMap<FileId, u64>;

/// What to read.
#[derive(Debug, Default)]
pub(super) struct Roots {
    /// The tables, with what the manifest says of them.
    pub tables: BTreeMap<TableId, Option<Rc<TableMeta>>>,
    /// Logs with lower numbers are not needed.
    pub log_number: u64,
    /// Entries up to this one are in tables that the manifest names.
    pub flushed: SeqNo,
    /// Entries up to this one are in tables that are used.
    pub in_tables: SeqNo,
    pub time: u64,
    /// Whether all of this is certain.
    pub whole: bool,
    /// Whether edits were lost: those may have removed tables that are named here.
    pub gaps: bool,
}

/// What was read of a manifest.
#[derive(Debug, Default)]
struct History {
    /// Every table that was named: its metadata, or nothing if it was removed.
    tables: BTreeMap<TableId, Option<Rc<TableMeta>>>,
    log_number: u64,
    flushed: SeqNo,
    time: u64,
    edits: u64,
    /// Edits are missing.
    gaps: bool,
    /// The last edit is cut short.
    torn: bool,
    /// The log that must be there ([`manifest::Recovered::expected_log`]).
    expected_log: Option<FileId>,
}

/// Reads what can be read.
///
/// # Errors
/// The manifest is of a newer format: that is no damage.
pub(super) async fn read<S: Storage>(storage: &S, files: &Files, account: &mut Account) -> Result<Roots> {
    let (manifest, misnamed) = find_manifest(storage, files).await;
    let mut history = History { gaps: manifest.is_none(), ..History::default() };
    if let Some(manifest) = manifest {
        history.read(storage, manifest, files[&manifest], account).await?;
    }
    match (misnamed, manifest) {
        (None, _) => {}
        (Some(Misnamed { what, is_another_gone: false }), Some(manifest)) if !history.gaps => {
            account.note(format!("CURRENT: {what}; {manifest} is used, the newest manifest there is, which is whole"));
        }
        (Some(Misnamed { what, .. }), _) => {
            account.lose(LostBytes { file: None, entries: Some(0), ..LostBytes::new(FileId::manifest(0), 0, 0, what) });
            account.note(match manifest {
                Some(manifest) => format!("{manifest} is used, which is the newest manifest there is"),
                None => "there is no manifest".into(),
            });
        }
    }
    if history.gaps && files.keys().any(|f| f.kind == FileKind::Table) {
        account.note(
            "the manifest is not whole, so every table that it does not give up is used: a key whose deletion had been \
             compacted away may be back",
        );
    }
    history.note_missing_log(files, account);
    let newer = history.newer(storage, files, account).await;
    Ok(history.roots(files, newer, account))
}

/// `CURRENT` does not say which manifest counts.
struct Misnamed {
    /// Why.
    what: String,
    /// Whether the one that it names is missing.
    is_another_gone: bool,
}

/// The manifest that `CURRENT` names; if that is unreadable, the newest, and why.
async fn find_manifest<S: Storage>(storage: &S, files: &Files) -> (Option<FileId>, Option<Misnamed>) {
    let newest = files.keys().rfind(|f| f.kind == FileKind::Manifest).copied();
    let misnamed = match storage.current().await {
        Ok(Some(manifest)) if files.contains_key(&manifest) => return (Some(manifest), None),
        Ok(Some(manifest)) => {
            Misnamed { what: format!("it names {manifest}, which does not exist"), is_another_gone: true }
        }
        // A new database, the first open of which was cut off.
        Ok(None) if files.keys().all(|f| f.kind == FileKind::Manifest) => return (newest, None),
        Ok(None) => Misnamed { what: "it is missing".into(), is_another_gone: false },
        Err(error) => Misnamed { what: error.message, is_another_gone: false },
    };
    (newest, Some(misnamed))
}

impl History {
    async fn read<S: Storage>(&mut self, storage: &S, file: FileId, len: u64, account: &mut Account) -> Result<()> {
        let mut pieces = Pieces::new(storage, file, len);
        while let Some(piece) = pieces.next_piece().await {
            let (offset, bytes, what) = match piece {
                Piece::Frame(frame) => match manifest::read_edit(&frame) {
                    Ok(stored) => {
                        check_format(file, &stored)?;
                        // Not the next number: the edits between are lost, and already reported if their bytes were
                        // there.
                        self.gaps |= frame.first != self.edits;
                        self.edits = frame.first.saturating_add(1);
                        self.take_in(stored);
                        continue;
                    }
                    Err(what) => (frame.offset, frame.bytes, what),
                },
                // If a crash cut the last edit short, it was never acted upon.
                Piece::Torn { .. } | Piece::Zeros { .. } => {
                    self.torn = true;
                    continue;
                }
                Piece::Damaged { offset, bytes, what, .. } => (offset, bytes, what),
            };
            self.gaps = true;
            account.lose(LostBytes { entries: Some(0), ..LostBytes::new(file, offset, bytes, what) });
        }
        self.gaps |= self.edits == 0;
        Ok(())
    }

    fn take_in(&mut self, stored: StoredEdit) {
        if stored.edit.log_number.is_some() {
            self.expected_log = manifest::expected_log(&stored.edit).filter(|_| stored.format.is_none());
        }
        for (_, id) in stored.removed {
            self.tables.insert(id, None);
        }
        for (_, table) in stored.edit.added {
            self.tables.insert(table.id, Some(table));
        }
        let raise = |to: &mut u64, value: Option<u64>| *to = (*to).max(value.unwrap_or(0));
        raise(&mut self.log_number, stored.edit.log_number);
        raise(&mut self.flushed, stored.edit.last_seq);
        raise(&mut self.time, stored.edit.time);
    }

    /// The tables that were never named and hold writes behind all that are known to be in tables, with the last of
    /// these writes: a flush of which the edit is lost, unless a log has the writes too. None of them was ever given
    /// up.
    async fn newer<S: Storage>(&self, storage: &S, files: &Files, account: &mut Account) -> BTreeMap<TableId, SeqNo> {
        let mut newer = BTreeMap::new();
        for (&file, &len) in files.iter().filter(|(f, _)| f.kind == FileKind::Table) {
            if self.gaps || self.tables.contains_key(&file.number) {
                continue;
            }
            match read_properties(storage, file, len).await {
                Ok(p) if p.largest_seq > self.flushed => {
                    account.note(format!(
                        "{file} is used, though the manifest does not name it: it has writes up to {}, and the tables \
                         that are named end with {}",
                        p.largest_seq, self.flushed
                    ));
                    newer.insert(file.number, p.largest_seq);
                }
                Ok(_) => {}
                // Its writes are reported when its blocks are searched.
                Err(_) if self.torn => {
                    newer.insert(file.number, self.flushed);
                }
                Err(error) => account.note(format!(
                    "{file} is not used: the manifest does not name it, and what it holds cannot be told: {error}"
                )),
            }
        }
        newer
    }

    /// Reports a log that was needed and is missing, with everything that would have come after it.
    fn note_missing_log(&self, files: &Files, account: &mut Account) {
        if let Some((log, how)) = self.expected_log.and_then(|log| missing_log(log, files)) {
            let how = match how {
                MissingLog::Empty => "is empty",
                MissingLog::Absent => "does not exist",
            };
            account.note(format!(
                "{log}, which the manifest expects, {how}: the writes from {} on are lost, unless a crash took them \
                 before the log was ever synced",
                self.flushed + 1
            ));
        }
    }

    fn roots(self, files: &Files, newer: BTreeMap<TableId, SeqNo>, account: &mut Account) -> Roots {
        let on_disk = || files.keys().filter(|f| f.kind == FileKind::Table).map(|f| f.number);
        let unnamed: Vec<TableId> = on_disk().filter(|id| !self.tables.contains_key(id)).collect();
        let live = self.tables.into_iter().filter_map(|(id, meta)| Some((id, Some(meta?))));
        let mut tables: BTreeMap<TableId, Option<Rc<TableMeta>>> = live.collect();
        let missing = tables.keys().filter(|id| !files.contains_key(&FileId::table(**id))).count();
        let (mut whole, mut gaps) = (!self.gaps, self.gaps);
        if whole && missing > 0 && !unnamed.is_empty() {
            // The manifest may have lost its last edits: those would have named these tables and given up the others.
            account.note(
                "tables that the manifest names are missing, so those that it does not name are used as well: a key \
                 whose deletion had been compacted away may be back",
            );
            whole = false;
            gaps = self.torn || !newer.is_empty();
        }
        let in_tables = newer.values().copied().fold(self.flushed, SeqNo::max);
        let used = if whole { newer.into_keys().collect() } else { unnamed };
        tables.extend(used.into_iter().map(|id| (id, None)));
        let (log_number, flushed, time) = (self.log_number, self.flushed, self.time);
        Roots { tables, log_number, flushed, in_tables, time, whole, gaps }
    }
}

fn check_format(file: FileId, stored: &StoredEdit) -> Result<()> {
    stored.format.and_then(|format| manifest::unsupported(file, format)).map_or(Ok(()), Err)
}
