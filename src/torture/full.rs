//! A full disk: a small file system in memory, where the process may mount one; elsewhere a limit of the backend.
//!
//! In: a case, which is a directory on a disk of 30 to 100 pages. A second file, the ballast, takes more than half of
//! the disk: without it, there is space to merge every table. Puts run until some fail, then a few more; then the
//! ballast is removed, and writes continue, at once or after a `reopen`. In some cases the process ends while the disk
//! is full. Errors: a broken rule.
//!
//! - A write fails with the kind `NoSpace`, or with `WritesStopped` after that.
//! - Acknowledged writes can be read while the disk is full, and are not lost afterwards. If the process ended, the
//!   durable ones are not lost.
//! - `verify` finds no damage, full or not.
//! - Once there is space, writes and flushes succeed.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::{
    Campaign, Case, Found, Tally, knobs,
    model::{self, History},
    ops::Write,
    power::in_directory,
};
use crate::{
    entry::SeqNo,
    options::Options,
    random::Random,
    script::word,
    session::{LineOutcome, Session},
    storage::{block_on, file::Directory},
    trace::NoTrace,
};

/// The bytes of a page: a file takes whole pages.
const PAGE: u64 = 4096;

/// More writes than any of the disks can hold, even fully merged.
const MAX_WRITES: u64 = 3000;

/// Runs a case; does nothing without a directory for its files.
pub(super) fn run(case: &Case<'_>, tally: &mut Tally) -> Result<(), Found> {
    let Some(scratch) = case.scratch else { return Ok(()) };
    let mut random = case.random(Campaign::Full, &[]);
    let mut options = case.limit([knobs::one(&mut random)]);
    // Larger tables, so that the disk fills before compactions drop overwritten keys and free space.
    options[0].target_file_size_base = options[0].target_file_size_base.max(512);
    in_directory(scratch, |path| {
        let pages = 30 + random.below(70);
        let disk = Disk::new(path, pages * PAGE)?;
        tally.point(&[], &[]);
        tally.on_files += u64::from(disk.mounted.is_some());
        Filling::new(&disk, &options[0], random)?.run(tally).map_err(|what| {
            let kind = if disk.mounted.is_some() { "a small file system" } else { "a limit" };
            format!("{kind} of {pages} pages, with {}: {what}", knobs::text(&options[0]))
        })
    })
}

/// A small disk.
struct Disk {
    /// The mounted file system; `None` where mounting is not permitted.
    mounted: Option<Mount>,
    /// The database's directory.
    database: PathBuf,
    ballast: PathBuf,
    bytes: u64,
}

impl Disk {
    fn new(path: &Path, bytes: u64) -> Result<Disk, String> {
        let mounted = Mount::new(path, bytes);
        let disk = Disk { mounted, database: path.join("database"), ballast: path.join("ballast"), bytes };
        if disk.mounted.is_some() {
            fs::write(&disk.ballast, vec![b'x'; (bytes * 3 / 5 / PAGE * PAGE) as usize])
                .map_err(|error| format!("cannot write the ballast: {error}"))?;
        }
        Ok(disk)
    }
}

/// A file system in memory, unmounted on drop.
struct Mount(PathBuf);

impl Mount {
    /// Mounts the file system; `None` without the permission, or where the system has no such file system.
    fn new(path: &Path, bytes: u64) -> Option<Mount> {
        let size = format!("size={bytes}");
        let run = |command: &mut Command| command.stdin(Stdio::null()).stderr(Stdio::null()).status().ok();
        let mount = run(Command::new("mount").args(["-t", "tmpfs", "-o", &size, "tmpfs"]).arg(path))?;
        mount.success().then(|| Mount(path.to_path_buf()))
    }
}

impl Drop for Mount {
    fn drop(&mut self) {
        // Best effort: a failure leaves a few pages of memory in use until the machine restarts.
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

/// A session on a small disk, and its writes.
struct Filling<'a> {
    session: Option<Session<Directory, NoTrace>>,
    disk: &'a Disk,
    options: &'a Options,
    random: Random,
    history: History,
    /// The last write, if it failed; an open recovers it or not.
    doubt: Option<Write>,
    /// The last durable write.
    durable: SeqNo,
}

impl<'a> Filling<'a> {
    fn new(disk: &'a Disk, options: &'a Options, random: Random) -> Result<Filling<'a>, String> {
        let (history, doubt, durable) = (History::default(), None, 0);
        let mut filling = Filling { session: None, disk, options, random, history, doubt, durable };
        filling.open()?;
        if disk.mounted.is_none() {
            filling.line(&format!("disk full {}", disk.bytes * 2 / 5))?;
        }
        Ok(filling)
    }

    fn open(&mut self) -> Result<(), String> {
        let failed = |error: crate::Error| format!("it does not open: {error}");
        let directory = Directory::open(&self.disk.database).map_err(failed)?;
        let session = match block_on(Session::open(directory, self.options.clone(), NoTrace)) {
            Ok(session) => session,
            // This mode refuses the torn frame that a full disk leaves.
            Err(error) if model::mode(self.options) == "absolute_consistency" => {
                let mut tolerant = self.options.clone();
                tolerant.set("wal_recovery_mode", "tolerate_corrupted_tail_records").map_err(|p| p.to_string())?;
                let directory = Directory::open(&self.disk.database).map_err(failed)?;
                block_on(Session::open(directory, tolerant, NoTrace)).map_err(|e| format!("{error}; then: {e}"))?
            }
            Err(error) => return Err(failed(error)),
        };
        self.session = Some(session);
        Ok(())
    }

    fn session(&mut self) -> &mut Session<Directory, NoTrace> {
        self.session.as_mut().expect("it is open")
    }

    fn run(mut self, tally: &mut Tally) -> Result<(), Found> {
        let mut refused = 0;
        for n in 0..MAX_WRITES {
            tally.operations += 1;
            if !self.put(n)? {
                refused += 1;
            }
            if refused > 5 {
                break;
            }
        }
        tally.errors += refused;
        if refused == 0 {
            return Err(format!("{MAX_WRITES} writes fit"));
        }
        self.reads("while the disk is full")?;
        self.line("verify")?;
        let goes_away = self.random.one_in(3);
        if goes_away {
            self.durable = self.durable.max(self.session().engine().map_or(0, |engine| engine.durable_seq()));
            drop(self.session.take());
        }
        self.free(goes_away)?;
        if goes_away {
            self.open()?;
        } else if self.session().engine().is_none_or(|engine| engine.stopped().is_some()) {
            self.reopen()?;
        }
        self.settle(goes_away)?;
        self.reads("when there is room again")?;
        for line in ["put after 1", "flush", "get after", "verify"] {
            self.line(line).map_err(|what| format!("when there is room again: {what}"))?;
        }
        block_on(self.session.take().expect("it is open").close())
            .map_err(|error| format!("it does not close: {error}"))
    }

    /// Runs `reopen`; if the recovery mode refuses the torn frame of a full disk, with the mode that drops it.
    fn reopen(&mut self) -> Result<(), Found> {
        let outcome = block_on(self.session().run("reopen"));
        if outcome.ok || model::mode(self.options) != "absolute_consistency" {
            return if outcome.ok { Ok(()) } else { Err(format!("`reopen`: {}", said(&outcome))) };
        }
        self.line("options wal_recovery_mode=tolerate_corrupted_tail_records")
    }

    /// Frees the space of the ballast, or lifts the limit.
    fn free(&mut self, goes_away: bool) -> Result<(), Found> {
        match &self.disk.mounted {
            Some(_) => {
                fs::remove_file(&self.disk.ballast).map_err(|error| format!("cannot remove the ballast: {error}"))
            }
            None if goes_away => Ok(()),
            None => self.line("disk ok"),
        }
    }

    /// Runs a line that must succeed.
    fn line(&mut self, line: &str) -> Result<(), Found> {
        let outcome = block_on(self.session().run(line));
        if outcome.ok { Ok(()) } else { Err(format!("`{line}`: {}", said(&outcome))) }
    }

    /// Puts a random entry. Returns whether it was acknowledged.
    fn put(&mut self, n: u64) -> Result<bool, Found> {
        let key = format!("k{:03}", self.random.below(400)).into_bytes();
        // Random bytes, which do not compress.
        let letters = 20 + self.random.below(400);
        let mut value = format!("{n}:").into_bytes();
        value.extend((0..letters).map(|_| b'0' + self.random.below(75) as u8));
        let line = format!("put {} {}", word(&key), word(&value));
        let write = Write::Put(key, value);
        let was_stopped = self.session().engine().is_some_and(|engine| engine.stopped().is_some());
        let outcome = block_on(self.session().run(&line));
        if outcome.ok {
            self.history.push(&[write]);
            let wanted = format!("ok  seq {}", self.history.last());
            let is_right = outcome.result() == wanted;
            return if is_right { Ok(true) } else { Err(format!("it should be {wanted:?}: {}", outcome.text)) };
        }
        let remedy = outcome.error.as_ref().map_or("", |error| error.remedy.as_str());
        let kind = if was_stopped { crate::ErrorKind::WritesStopped } else { crate::ErrorKind::NoSpace };
        if remedy != kind.remedy() {
            return Err(format!("write {n} should be refused as {kind:?}: {}", said(&outcome)));
        }
        if !was_stopped && self.session().engine().is_some_and(|engine| engine.stopped().is_some()) {
            self.doubt = Some(write);
        }
        Ok(false)
    }

    /// Checks every key.
    fn reads(&mut self, when: &str) -> Result<(), Found> {
        let state = self.history.state(self.history.last());
        let wanted: Vec<String> = state.iter().map(|(k, v)| format!("{} = {}", word(k), word(v))).collect();
        let outcome = block_on(self.session().run("scan"));
        if !outcome.ok || outcome.result() != wanted.join("\n") {
            return Err(format!("{when}, a scan of {} keys: {}", wanted.len(), said(&outcome)));
        }
        Ok(())
    }

    /// Checks, once writes are possible again, that no write is lost or invented, and truncates the history to those
    /// that the database holds.
    fn settle(&mut self, went_away: bool) -> Result<(), Found> {
        let found = self.session().engine().map_or(0, |engine| engine.last_seq());
        let acknowledged = self.history.last();
        if let Some(write) = self.doubt.take() {
            self.history.push(&[write]);
        }
        let least = if went_away { self.durable } else { acknowledged };
        if !(least..=self.history.last()).contains(&found) {
            return Err(format!("LOST or INVENTED: {found} writes are there, of {least} to {}", self.history.last()));
        }
        self.history.truncate(found);
        Ok(())
    }
}

/// The answer of a line, shortened.
fn said(outcome: &LineOutcome) -> String {
    let text =
        outcome.error.as_ref().map_or(outcome.text.clone(), |error| format!("{}\n{}", error.message, error.remedy));
    text.chars().take(600).collect()
}
