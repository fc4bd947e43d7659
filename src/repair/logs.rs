//! Reads the good frames of the logs, before and behind damage.

use super::{
    Account, LostBytes,
    roots::{Files, Roots},
    sort::Sorter,
};
use crate::{
    engine::{log::Frame, wal},
    entry::SeqNo,
    error::Result,
    storage::{FileId, FileKind, Storage},
    verify::frames::{Piece, Pieces},
};

/// Reads every log that is needed, into `sorter`. Returns the highest sequence number that was given out, as far as the
/// logs tell.
///
/// # Errors
/// The new storage failed.
pub(super) async fn read<S: Storage, D: Storage>(
    storage: &S,
    files: &Files,
    roots: &Roots,
    fresh: &mut D,
    sorter: &mut Sorter<'_>,
    account: &mut Account,
) -> Result<SeqNo> {
    let mut logs = Logs { roots, last: None, unsure: None, highest: 0 };
    let live = |f: &FileId| f.kind == FileKind::Wal && f.number >= roots.log_number;
    for (&file, &len) in files.iter().filter(|(f, _)| live(f)) {
        account.logs += 1;
        let mut pieces = Pieces::new(storage, file, len);
        while let Some(piece) = pieces.next_piece().await {
            match piece {
                Piece::Frame(frame) => logs.frame(file, &frame, fresh, sorter, account).await?,
                // The frame was never acknowledged as durable. If a later log lacks its entries, that is reported.
                Piece::Torn { .. } | Piece::Zeros { .. } => {}
                Piece::Damaged { offset, bytes, what, header } => {
                    if let Some(header) = header {
                        let end = header.first.saturating_add(u64::from(header.count));
                        logs.highest = logs.highest.max(end.saturating_sub(1));
                    }
                    logs.lose(LostBytes::new(file, offset, bytes, what), account);
                }
            }
        }
    }
    if let Some(loss) = logs.unsure {
        account.lose(loss);
    }
    Ok(logs.highest)
}

struct Logs<'a> {
    roots: &'a Roots,
    last: Option<SeqNo>,
    /// A loss whose entries the next frame will tell.
    unsure: Option<LostBytes>,
    highest: SeqNo,
}

impl Logs<'_> {
    fn lose(&mut self, loss: LostBytes, account: &mut Account) {
        // Of two losses in a row, only the sum is known.
        if let Some(before) = self.unsure.replace(loss) {
            account.lose(before);
        }
    }

    async fn frame<D: Storage>(
        &mut self,
        file: FileId,
        frame: &Frame<'_>,
        fresh: &mut D,
        sorter: &mut Sorter<'_>,
        account: &mut Account,
    ) -> Result<()> {
        let records = match wal::records(frame) {
            Ok(records) => records,
            Err(what) => {
                self.lose(LostBytes::new(file, frame.offset, frame.bytes, what), account);
                return Ok(());
            }
        };
        self.settle(file, frame, account);
        for entry in records {
            account.entries += 1;
            self.last = Some(entry.seq);
            self.highest = self.highest.max(entry.seq);
            if entry.seq > self.roots.flushed {
                sorter.add(entry, fresh, account).await?;
            }
        }
        Ok(())
    }

    /// Tells how many entries were lost before `frame`.
    fn settle(&mut self, file: FileId, frame: &Frame<'_>, account: &mut Account) {
        // Where the first log should begin is known only if the manifest is.
        let in_tables = self.roots.in_tables;
        let expected = match self.last {
            Some(last) => Some(last.max(in_tables) + 1),
            None => self.roots.whole.then_some(in_tables + 1),
        };
        let missing = expected.map(|expected| frame.first.saturating_sub(expected));
        match self.unsure.take() {
            Some(loss) => account.lose(LostBytes { entries: missing, ..loss }),
            None if missing.is_some_and(|n| n > 0) => {
                let (first, last) = (expected.unwrap_or(0), frame.first - 1);
                let what = match first == last {
                    true => format!("write {first} should come before this and is in no log"),
                    false => format!("writes {first} to {last} should come before this and are in no log"),
                };
                account.lose(LostBytes { entries: missing, ..LostBytes::new(file, frame.offset, 0, what) });
            }
            None => {}
        }
    }
}
