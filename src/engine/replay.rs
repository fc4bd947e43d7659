//! WAL replay: inserts the entries of the live logs into the memtable; the recovery mode decides about damaged bytes.
//!
//! In: the live logs, oldest first. Out: the memtables as the logs have them, and whether anything was dropped.
//!
//! Sequence numbers must follow one another without a gap, through all logs: a log may end in a torn frame only if the
//! next one goes on exactly where it stopped. What is wrong, and what each
//! [`WalRecoveryMode`](crate::options::WalRecoveryMode) makes of it:
//!
//! | found | `absolute_…` | `tolerate_…` | `point_in_time` | `skip_any_…` |
//! | --- | --- | --- | --- | --- |
//! | a torn frame at a log's end | error | dropped | dropped | dropped |
//! | zeros up to a log's end, at least a header of them | passed over | passed over | passed over | passed over |
//! | a damaged frame | error | error | dropped, with the rest of its log | dropped |
//! | a frame that goes on too late | error | error | dropped, with the rest of its log | replayed: there is a hole |
//! | a frame that goes back | error | error | dropped, with the rest of its log | dropped |
//!
//! The last two modes leave the logs behind afterwards, because they no longer follow one another as every stricter
//! mode wants it, and so that what was dropped can never come back. A torn tail in a tolerant mode needs no such thing:
//! the next log goes on exactly where it was torn.
//!
//! The *first* frame of the first log that goes on too late is an error in `point_in_time` too: it is not the logs that
//! are damaged there, and giving them up would lose what only they have.

use super::{Engine, emit, log, orphans::Coverage, wal, write::record};
use crate::{
    entry::SeqNo,
    error::{Error, Result},
    options::WalRecoveryMode as Mode,
    storage::{FileId, FileKind, Storage, window::AHEAD},
    trace::{Event, Tracer, WalReport},
};

/// How far replay has come.
#[derive(Debug, Default)]
pub(super) struct Progress {
    /// The last sequence number that was replayed.
    last: Option<SeqNo>,
    /// The log that ended in anything else than a frame, and where, if no frame was replayed since: it explains a gap.
    cut: Option<String>,
    /// Whether the logs no longer are what was recovered.
    pub dropped: bool,
    /// What was recovered, tables included.
    pub covered: Coverage,
}

impl<S: Storage, T: Tracer> Engine<S, T> {
    /// Replays the live ones of the logs in `files`. Changes nothing on disk.
    pub(super) async fn replay(&mut self, files: &[(FileId, u64)], progress: &mut Progress) -> Result<()> {
        progress.covered = Coverage::upto(self.state.marks.flushed_seq);
        for (file, length) in files.iter().filter(|(f, _)| f.kind == FileKind::Wal) {
            if file.number >= self.state.marks.log_number {
                self.replay_log(*file, *length, progress).await?;
            }
        }
        Ok(())
    }

    async fn replay_log(&mut self, file: FileId, length: u64, progress: &mut Progress) -> Result<()> {
        let (wal, mode) = (file.number, self.options.wal_recovery_mode);
        self.show_bytes(file, length).await?;
        self.state.wals.push_back(WalReport { wal, bytes: length, synced: length, frames: 0 });
        emit!(self, Jobs, Event::WalReplayBegan { wal, bytes: length });
        let mut frames = log::FrameReader::new(file, length);
        loop {
            let mut unread = false;
            let (offset, what) = match frames.next_frame(&self.storage).await? {
                Ok(frame) => match self.check_frame(&frame, progress) {
                    Ok(records) => {
                        self.note_gap(wal, &frame, progress);
                        self.replay_frame(wal, &frame, records).await?;
                        progress.last = Some(last_of(&frame));
                        progress.covered.add(frame.first, last_of(&frame));
                        progress.cut = None;
                        continue;
                    }
                    Err(what) => {
                        self.check_beginning(file, &frame, progress)?;
                        (frame.offset, what)
                    }
                },
                Err(log::End::Clean) => return Ok(()),
                Err(log::End::Torn { offset }) => return self.drop_torn_tail(file, offset, length, progress),
                Err(log::End::Zeros { offset }) => {
                    progress.cut = Some(format!("{file} has only zeros from byte {offset} on"));
                    self.trim_log(offset);
                    emit!(self, Jobs, Event::WalTornTail { wal, offset, bytes: length - offset, zeros: true });
                    return Ok(());
                }
                Err(log::End::Damaged { offset, what }) => {
                    unread = true;
                    (offset, what)
                }
            };
            match mode {
                Mode::AbsoluteConsistency | Mode::TolerateCorruptedTailRecords => {
                    return Err(Error::corruption(file, offset, what));
                }
                Mode::PointInTime => {
                    progress.dropped = true;
                    self.trim_log(offset);
                    emit!(self, Jobs, Event::WalDamaged { wal, offset, bytes: length - offset, what });
                    return Ok(());
                }
                Mode::SkipAnyCorruptedRecords => {
                    if unread {
                        frames.resync(&self.storage).await?;
                    }
                    progress.dropped = true;
                    emit!(self, Jobs, Event::WalSkipped { wal, offset, bytes: frames.offset() - offset, what });
                }
            }
        }
    }

    /// A mode that drops everything behind damage must not mistake logs that begin too late for damage: then the
    /// manifest or whole logs are lost, and everything in the logs would be dropped for it. An empty log before is
    /// damage: a log is made by its first frame. RocksDB refuses missing logs in every mode too, where it tracks them
    /// (`WalSet::CheckWals`).
    fn check_beginning(&self, file: FileId, frame: &log::Frame<'_>, progress: &Progress) -> Result<()> {
        let flushed = self.state.marks.flushed_seq;
        let is_first = self.state.wals.len() == 1 && progress.last.is_none() && !progress.dropped;
        if self.options.wal_recovery_mode != Mode::PointInTime || !is_first || frame.first <= flushed + 1 {
            return Ok(());
        }
        Err(self.edits_lost(format!(
            "tables end with write {flushed}, but {file} begins with write {}, and point_in_time would give up all of \
             it",
            frame.first
        )))
    }

    /// Shows the bytes of a file that was found, a window at a time.
    pub(super) async fn show_bytes(&mut self, file: FileId, length: u64) -> Result<()> {
        let mut offset = 0;
        while self.tracer.wants_bytes() && offset < length {
            let end = length.min(offset + AHEAD);
            let bytes = self.storage.read(file, offset..end).await?;
            self.tracer.bytes(file, offset, &bytes);
            offset = end;
        }
        Ok(())
    }

    fn drop_torn_tail(&mut self, file: FileId, offset: u64, length: u64, progress: &mut Progress) -> Result<()> {
        match self.options.wal_recovery_mode {
            Mode::AbsoluteConsistency => {
                let what = "it ends in a torn frame, as a crash may leave it, which \
                            wal_recovery_mode=tolerate_corrupted_tail_records drops and absolute_consistency refuses; \
                            a flush leaves the torn log behind";
                return Err(Error::corruption(file, offset, what));
            }
            Mode::TolerateCorruptedTailRecords => {
                progress.cut = Some(format!("{file} ends in a torn frame at byte {offset}"));
            }
            Mode::PointInTime | Mode::SkipAnyCorruptedRecords => progress.dropped = true,
        }
        self.trim_log(offset);
        emit!(self, Jobs, Event::WalTornTail { wal: file.number, offset, bytes: length - offset, zeros: false });
        Ok(())
    }

    /// The last of the logs counts as having `bytes`: what lies behind was dropped.
    fn trim_log(&mut self, bytes: u64) {
        if let Some(log) = self.state.wals.back_mut() {
            (log.bytes, log.synced) = (bytes, bytes);
        }
    }

    /// Whether a frame goes on where the last one stopped, or where the tables do.
    fn follows(&self, first: SeqNo, progress: &Progress) -> bool {
        match progress.last {
            Some(last) => first == last + 1,
            None => first <= self.state.marks.flushed_seq + 1,
        }
    }

    /// The records of a frame, if the recovery mode takes them after what was replayed so far.
    fn check_frame<'a>(&self, frame: &log::Frame<'a>, progress: &Progress) -> Result<wal::Records<'a>, String> {
        let records = wal::records(frame)?;
        let flushed = self.state.marks.flushed_seq;
        let goes_on = frame.first > progress.last.unwrap_or(0);
        let fits = match self.options.wal_recovery_mode {
            Mode::AbsoluteConsistency | Mode::TolerateCorruptedTailRecords => self.follows(frame.first, progress),
            // What is missing may be in tables: then there is no hole.
            Mode::PointInTime => goes_on && frame.first <= progress.last.unwrap_or(0).max(flushed) + 1,
            Mode::SkipAnyCorruptedRecords => goes_on,
        };
        if fits {
            return Ok(records);
        }
        let expected = progress.last.unwrap_or(flushed) + 1;
        let cause = progress.cut.as_ref().map(|cut| format!(": {cut}"));
        Err(format!(
            "the frame begins with sequence number {}, expected {expected}{}",
            frame.first,
            cause.unwrap_or_default()
        ))
    }

    /// Tells which writes are missing before a frame that was taken all the same.
    fn note_gap(&mut self, wal: u64, frame: &log::Frame<'_>, progress: &mut Progress) {
        progress.dropped |= !self.follows(frame.first, progress);
        let first_seq = progress.last.unwrap_or(0).max(self.state.marks.flushed_seq) + 1;
        if frame.first > first_seq {
            let (offset, last_seq) = (frame.offset, frame.first - 1);
            emit!(self, Jobs, Event::WalGap { wal, offset, first_seq, last_seq });
        }
    }

    async fn replay_frame(&mut self, wal: u64, frame: &log::Frame<'_>, records: wal::Records<'_>) -> Result<()> {
        if let Some(log) = self.state.wals.back_mut() {
            log.frames += 1;
        }
        self.state.last_seq = self.state.last_seq.max(last_of(frame));
        emit!(
            self,
            Operations,
            Event::FrameReplayed {
                wal,
                offset: frame.offset,
                bytes: frame.bytes,
                first_seq: frame.first,
                records: records.clone().map(|e| record(&e)).collect(),
            }
        );
        let flushed = self.state.marks.flushed_seq;
        for entry in records.filter(|e| e.seq > flushed) {
            self.insert(&entry);
            self.emit_inserted(&entry);
        }
        if let Some(reason) = self.seal_due()
            && self.may_seal()
        {
            self.seal(reason).await?;
        }
        Ok(())
    }
}

/// The sequence number of a frame's last record. A frame that was checked has one.
fn last_of(frame: &log::Frame<'_>) -> SeqNo {
    frame.first + u64::from(frame.count) - 1
}
