//! Checks logs: each frame, and that the sequence numbers follow one another through all of them.

use super::{
    Files, Findings,
    frames::{Piece, Pieces},
};
use crate::{
    engine::{log::Frame, orphans::Coverage, retold, wal},
    entry::SeqNo,
    plural::counted,
    storage::{FileId, FileKind, Storage},
    words::say,
};

/// Checks every log from number `first` on. `covered` are the sequence numbers in tables, if that is known; those in
/// logs are added.
pub(super) async fn check<S: Storage>(
    storage: &S,
    files: &Files,
    first: u64,
    covered: Option<&mut Coverage>,
    findings: &mut Findings,
) {
    let flushed = covered.as_ref().and_then(|covered| covered.first_end());
    let mut check = Check { findings, flushed, covered, last: None, cut: None, unsure: false };
    for (&file, &len) in files.iter().filter(|(f, _)| f.kind == FileKind::Wal && f.number >= first) {
        check.findings.logs += 1;
        check.findings.bytes += len;
        check.log(storage, file, len).await;
    }
}

struct Check<'a> {
    findings: &'a mut Findings,
    flushed: Option<SeqNo>,
    covered: Option<&'a mut Coverage>,
    /// The last sequence number so far.
    last: Option<SeqNo>,
    /// How the log before ends, if not in a frame.
    cut: Option<String>,
    /// Frames were skipped: a gap is already reported.
    unsure: bool,
}

impl Check<'_> {
    async fn log<S: Storage>(&mut self, storage: &S, file: FileId, len: u64) {
        let mut pieces = Pieces::new(storage, file, len);
        while let Some(piece) = pieces.next_piece().await {
            match piece {
                Piece::Frame(frame) => self.frame(file, &frame),
                Piece::Torn { offset, bytes } => {
                    let what = say!(
                        "its end, {bytes}, is a frame that is cut short, as a crash leaves one that was not synced \
                         yet; had it been synced, it is lost",
                        bytes = counted(bytes, "byte"),
                    );
                    self.findings.harmless(file, Some(offset), what);
                    self.cut = Some(say!("{file} ends in a torn frame at byte {offset}", file, offset));
                }
                Piece::Zeros { offset, bytes } => {
                    let what = say!(
                        "its end, {bytes}, is zeros, as space that was allocated beforehand: no write is there",
                        bytes = counted(bytes, "byte"),
                    );
                    self.findings.harmless(file, Some(offset), what);
                    self.cut = Some(say!("{file} has only zeros from byte {offset} on", file, offset));
                }
                Piece::Damaged { offset, bytes, what, .. } => {
                    let (what, bytes) = (retold(&what), counted(bytes, "byte"));
                    self.findings.damage(file, offset, say!("{what}; {bytes} cannot be used", what, bytes));
                    self.unsure = true;
                }
            }
        }
    }

    fn frame(&mut self, file: FileId, frame: &Frame<'_>) {
        match wal::records(frame) {
            Err(what) => {
                self.findings.damage(file, frame.offset, retold(what));
                self.unsure = true;
            }
            Ok(records) => {
                if let Some(what) = self.gap(frame.first) {
                    self.findings.damage(file, frame.offset, what);
                }
                let count = records.count() as u64;
                self.findings.entries += count;
                let last = frame.first + count - 1;
                self.last = Some(last);
                if let Some(covered) = &mut self.covered {
                    covered.add(frame.first, last);
                }
                self.unsure = false;
                self.cut = None;
            }
        }
    }

    /// What is wrong with a frame's beginning with `first`.
    fn gap(&self, first: SeqNo) -> Option<String> {
        match (self.last, self.flushed) {
            (Some(last), _) if first <= last => {
                Some(say!("the frame begins with sequence number {first}, but {last} came before it", first, last))
            }
            // What is between is what could not be read.
            _ if self.unsure => None,
            (Some(last), _) if first > last + 1 => {
                let expected = last + 1;
                Some(match &self.cut {
                    None => say!("the frame begins with sequence number {first}, expected {expected}", first, expected),
                    Some(cut) => say!(
                        "the frame begins with sequence number {first}, expected {expected}; {cut}, which held \
                         {expected}",
                        first,
                        expected,
                        cut,
                    ),
                })
            }
            (None, Some(flushed)) if first > flushed + 1 => {
                let expected = flushed + 1;
                Some(match flushed {
                    0 => say!("the frame begins with sequence number {first}, expected 1, which is in no table", first),
                    _ => say!(
                        "the frame begins with sequence number {first}, but tables end before {expected}",
                        first,
                        expected,
                    ),
                })
            }
            _ => None,
        }
    }
}
