//! The rules for the answer of each command.
//!
//! In: a command, its answer, and the state before it. Out: the model with the command's effect. Errors: the broken
//! rule.

use super::{
    super::reads::{Range, View},
    Before, Oracle, Standing,
    expect::{self, Change},
    kind, told,
};
use crate::{
    ErrorKind,
    entry::SeqNo,
    script::{Command, OptionChange},
    session::LineOutcome,
    torture::ops::Write,
};

/// The maximum number of entries that a scan without a limit returns.
const MAX_SCANNED: u64 = 10_000;

impl Oracle {
    pub(super) fn judge(
        &mut self,
        line: &str,
        command: Command,
        outcome: &LineOutcome,
        before: &Before,
    ) -> Result<(), String> {
        let batches = expect::batches(&command, before.last);
        self.ledger.handed(&batches);
        if outcome.exit != (command == Command::Exit) {
            return Err(format!("it {} the session", if outcome.exit { "ends" } else { "does not end" }));
        }
        match before.standing {
            Standing::Over => self.over(&command, outcome, before),
            _ if before.lit && !self.is_held(&command, outcome, before) => {
                self.burnt(&command, outcome, before, &batches)
            }
            standing if expect::needs_engine(&command) => match standing {
                Standing::Open => self.on_open(line, &command, outcome, before, batches),
                _ => self.on_closed(&command, outcome),
            },
            _ => self.around(&command, outcome, before),
        }
    }

    /// Checks a line after `exit`: only commands that need no database succeed.
    fn over(&mut self, command: &Command, outcome: &LineOutcome, before: &Before) -> Result<(), String> {
        let refused = outcome.error.as_ref().map(kind);
        match command {
            // The model does not follow `crash in` after the end of a session.
            _ if before.lit => self.lit = true,
            Command::Crash { after: Some(_), .. } => self.lit = outcome.ok,
            Command::Help { .. } | Command::Exit if !outcome.ok => return Err(told(outcome)),
            Command::Help { .. } | Command::Exit => {}
            Command::Options { changes } => match expect::options(&self.options, changes)? {
                Change::Nothing if outcome.ok => {}
                Change::Refused | Change::To(_) if !outcome.ok => {}
                wanted => return Err(format!("it should be {wanted:?}; {}", told(outcome))),
            },
            Command::Drive { changes, .. } if expect::workload(changes).is_none() && !outcome.ok => {}
            _ if refused == Some(Some(ErrorKind::Closed)) => {}
            _ => return Err(format!("the session is over; {}", told(outcome))),
        }
        Ok(())
    }

    /// Whether a `crash in` still waits for a command, because this one could not reach a database.
    fn is_held(&mut self, command: &Command, outcome: &LineOutcome, before: &Before) -> bool {
        let concerns = match command {
            Command::Reopen | Command::Crash { after: None, .. } => true,
            Command::Options { changes } => !changes.is_empty(),
            _ => false,
        };
        let is_cut = outcome.error.as_ref().is_some_and(|error| error.message.starts_with("the power was cut"));
        let is_held = before.standing != Standing::Open && !concerns && !is_cut;
        self.lit |= is_held;
        is_held
    }

    /// Checks a line during or right after which a `crash in` cuts the power.
    fn burnt(
        &mut self,
        command: &Command,
        outcome: &LineOutcome,
        before: &Before,
        batches: &[Vec<Write>],
    ) -> Result<(), String> {
        let is_lost = outcome.error.as_ref().and_then(kind) == Some(ErrorKind::PowerLost);
        if matches!(command, Command::Crash { after: None, .. }) != outcome.ok || !outcome.ok && !is_lost {
            return Err(format!("the power goes; {}", told(outcome)));
        }
        if before.standing == Standing::Open && !before.stopped {
            self.ledger.doubt(batches);
        }
        match command {
            Command::Flip { .. } => self.ledger.harm(),
            Command::Disk { room, lying } => self.set_disk(*room, *lying),
            Command::Crash { after: Some(_), .. } => self.lit = true,
            Command::Options { changes } if *self.session.options() != self.options => {
                match expect::options(&self.options, changes)? {
                    Change::To(made) if *made == *self.session.options() => self.options = *made,
                    wanted => return Err(format!("the options are others, should be {wanted:?}")),
                }
            }
            _ => {}
        }
        if self.after_cut && self.ledger.doubtful() == 0 {
            // The database was opened before the cut, and its report is part of the answer.
            self.aftermath(told(outcome))?;
        }
        self.cut();
        if *command == Command::Exit {
            self.standing = Standing::Over;
        }
        Ok(())
    }

    /// Checks a command that needs an open database while it is closed.
    fn on_closed(&self, command: &Command, outcome: &LineOutcome) -> Result<(), String> {
        let Some(error) = &outcome.error else { return Err(format!("no database is open; {}", told(outcome))) };
        let is_refused = matches!(command, Command::Drive { changes, .. } if expect::workload(changes).is_none());
        match kind(error) {
            Some(ErrorKind::PowerLost) if self.standing == Standing::Cut => Ok(()),
            _ if self.standing == Standing::Failed || is_refused => Ok(()),
            kind => Err(format!("the power is cut, and the error is {kind:?}; {}", told(outcome))),
        }
    }

    /// Checks a command that does not need an open database.
    fn around(&mut self, command: &Command, outcome: &LineOutcome, before: &Before) -> Result<(), String> {
        let refused = outcome.error.as_ref().map(kind);
        let must = |well: bool| if well { Ok(()) } else { Err(told(outcome)) };
        match command {
            Command::Options { changes } if !changes.is_empty() => {
                return self.change(changes, outcome, before, command);
            }
            Command::Reopen => return self.reopened(outcome, before, command),
            Command::Disk { room, lying } => {
                must(outcome.ok)?;
                self.set_disk(*room, *lying);
            }
            Command::Flip { .. } if outcome.ok => self.ledger.harm(),
            Command::Flip { .. } => must(refused == Some(Some(ErrorKind::InvalidInput)))?,
            Command::Crash { after: Some(_), .. } => {
                must(outcome.ok)?;
                self.lit = true;
            }
            Command::Crash { after: None, .. } => {
                must(outcome.ok)?;
                self.cut();
            }
            Command::Verify if self.standing == Standing::Cut => must(refused == Some(Some(ErrorKind::PowerLost)))?,
            Command::Verify => must(outcome.ok || self.ledger.is_harmed())?,
            Command::Exit => {
                must(outcome.ok || self.is_explained(refused.flatten(), before, command))?;
                self.standing = Standing::Over;
                self.snapshots.clear();
            }
            _ => must(outcome.ok)?,
        }
        Ok(())
    }

    fn set_disk(&mut self, room: Option<u64>, lying: bool) {
        self.full = room.is_some();
        self.ever_full |= self.full;
        self.lied |= lying;
    }

    /// Checks the consequences of a power cut that an open reports, if `said` has them.
    fn aftermath(&mut self, said: String) -> Result<(), String> {
        let lost =
            said.split("lost: ").nth(1).and_then(|lost| lost.split_ascii_whitespace().next()?.parse::<SeqNo>().ok());
        let found = match lost {
            Some(lost) => {
                self.ledger.last().checked_sub(lost).ok_or(format!("more was lost than there was: {said}"))?
            }
            None if said.contains("no acknowledged write was lost") => self.ledger.last(),
            None => return Ok(()),
        };
        self.ledger.opened(found, true)
    }

    // --- opening ----------------------------------------------------------------------------------------------------

    fn reopened(&mut self, outcome: &LineOutcome, before: &Before, command: &Command) -> Result<(), String> {
        match &outcome.error {
            None => self.opened(outcome),
            Some(error) => {
                let torn = self.torn && self.options.get("wal_recovery_mode").as_deref() == Some(ABSOLUTE);
                let kind = kind(error);
                let is_torn = torn && kind == Some(ErrorKind::Corruption);
                if !is_torn && !self.is_explained(kind, before, command) {
                    return Err(told(outcome));
                }
                self.not_opened(outcome, before)
            }
        }
    }

    fn change(
        &mut self,
        changes: &[OptionChange],
        outcome: &LineOutcome,
        before: &Before,
        command: &Command,
    ) -> Result<(), String> {
        let refused = outcome.error.as_ref().map(kind);
        let made = match expect::options(&self.options, changes)? {
            Change::To(made) => made,
            Change::Refused if refused == Some(None) => return Ok(()),
            Change::Nothing if outcome.ok && outcome.text.starts_with("nothing changed") => return Ok(()),
            wanted => return Err(format!("it should be {wanted:?}; {}", told(outcome))),
        };
        let Some(kind) = refused else {
            self.options = *made;
            return self.opened(outcome);
        };
        let torn = self.torn && made.get("wal_recovery_mode").as_deref() == Some(ABSOLUTE);
        let shrinks = made.num_levels < self.options.num_levels;
        let is_right = match kind {
            // Refused by name, before the database is closed.
            None if before.standing == Standing::Open => shrinks && told(outcome).contains("num_levels = "),
            // The database stays closed; the remedy is to open it with the previous options.
            None => shrinks || torn || self.full || before.standing == Standing::Failed || self.ledger.is_harmed(),
            Some(ErrorKind::Corruption) if torn => true,
            kind => self.is_explained(kind, before, command),
        };
        if is_right { self.not_opened(outcome, before) } else { Err(told(outcome)) }
    }

    /// Checks a failed open: the database is open as before, or cannot be opened at all.
    fn not_opened(&mut self, outcome: &LineOutcome, before: &Before) -> Result<(), String> {
        let says = |what: &str| told(outcome).contains(what);
        let Some(engine) = self.session.engine() else {
            let failed = if self.session.trouble().is_some() { Standing::Failed } else { Standing::Cut };
            self.standing = failed;
            self.snapshots.clear();
            return Ok(());
        };
        let found = engine.last_seq();
        let is_other = before.stopped && engine.stopped().is_none();
        let keeps_snapshots = engine.snapshots().count() == self.snapshots.len();
        if before.standing != Standing::Open {
            if self.after_cut && !says("lost") {
                return Err(format!(
                    "the power was cut, and the database is open without a word of it; {}",
                    told(outcome)
                ));
            }
            self.standing = Standing::Open;
            self.ledger.opened(found, std::mem::take(&mut self.after_cut))?;
        } else if is_other {
            self.ledger.opened(found, false)?;
        }
        if !keeps_snapshots && says("snapshot") {
            self.snapshots.clear();
        }
        Ok(())
    }

    // --- on an open database ----------------------------------------------------------------------------------------

    fn on_open(
        &mut self,
        line: &str,
        command: &Command,
        outcome: &LineOutcome,
        before: &Before,
        batches: Vec<Vec<Write>>,
    ) -> Result<(), String> {
        let refused = outcome.error.as_ref().map(kind);
        let is_line_wrong = self.is_line_wrong(command);
        match refused {
            Some(None) if is_line_wrong => return Ok(()),
            None if is_line_wrong && !self.ledger.is_harmed() => {
                return Err(format!("it should be refused; {}", told(outcome)));
            }
            _ if expect::is_write(command) => return self.write(command, outcome, before, batches),
            Some(kind) if self.is_explained(kind, before, command) => return Ok(()),
            Some(_) => return Err(told(outcome)),
            None => {}
        }
        let is_job = matches!(command, Command::Flush | Command::Compact { .. });
        if is_job && before.stopped {
            return Err(format!("writes are stopped; {}", told(outcome)));
        }
        self.answered(line, command, outcome, before)
    }

    /// Whether a command names a snapshot or level that does not exist, or an invalid workload.
    fn is_line_wrong(&self, command: &Command) -> bool {
        match command {
            Command::Get { at: Some(at), .. } | Command::Scan { at: Some(at), .. } => !self.snapshots.contains_key(at),
            Command::Release { snapshot } => !self.snapshots.contains_key(snapshot),
            Command::Compact { level: Some(level) } => *level >= self.options.num_levels,
            Command::Drive { changes, .. } => expect::workload(changes).is_none(),
            _ => false,
        }
    }

    /// Checks the answer of a command that succeeded.
    fn answered(
        &mut self,
        line: &str,
        command: &Command,
        outcome: &LineOutcome,
        before: &Before,
    ) -> Result<(), String> {
        let result = outcome.result();
        let now = self.session.engine().map_or(0, |engine| engine.now());
        let seen = |at: &Option<u64>| at.map_or(self.ledger.last(), |at| self.snapshots[&at]);
        match command {
            Command::Get { key, at } => View::new(&self.ledger, seen(at)).check_get(key, result, &outcome.text)?,
            Command::Scan { start, end, limit, reverse, at } => {
                let limit = limit.unwrap_or(MAX_SCANNED);
                let range = Range { start: start.as_deref(), end: end.as_deref(), limit, reverse: *reverse };
                View::new(&self.ledger, seen(at)).check_scan(&range, result)?;
            }
            Command::Flush => {
                self.ledger.settled();
                self.torn = false;
            }
            Command::Snapshot => return self.took(result),
            Command::Release { snapshot } => drop(self.snapshots.remove(snapshot)),
            Command::Wait { nanos } if now != before.now.saturating_add(*nanos) => {
                return Err(format!("time was {}, and is {now}", before.now));
            }
            Command::Stats => {
                let row = format!("{:<20} ", "last seq");
                let last = result.lines().find_map(|line| line.strip_prefix(&row)).and_then(|n| n.parse().ok());
                if last != self.session.engine().map(|engine| engine.last_seq()) {
                    return Err(format!("it does not say what the last write is: {result}"));
                }
            }
            Command::Tables => {
                let tables = self.session.engine().map_or(0, |engine| engine.version().tables().count());
                if result.lines().count() != tables + 1 {
                    return Err(format!("there are {tables} tables, `{line}` answers {result}"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Checks the answer of `snapshot`, and adds the snapshot to the model.
    fn took(&mut self, said: &str) -> Result<(), String> {
        let numbers: Vec<u64> = said.split_ascii_whitespace().filter_map(|word| word.parse().ok()).collect();
        let &[id, seq] = &numbers[..] else { return Err(format!("it does not say what it sees: {said}")) };
        let (least, most) = (self.ledger.last(), self.ledger.last() + self.ledger.doubtful());
        if !self.ledger.is_harmed() && !(least..=most).contains(&seq) {
            return Err(format!("it should see everything up to {least}: {said}"));
        }
        match self.snapshots.insert(id, seq) {
            Some(_) => Err(format!("there is a snapshot {id} already")),
            None => Ok(()),
        }
    }
}

const ABSOLUTE: &str = "absolute_consistency";
