//! Runs lines, and checks their answers and the state after them against [the rules](super#rules).
//!
//! In: a line. Out: its answer. Errors: the broken rule, as text.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use super::{
    ledger::Ledger,
    listener::{Heard, Listener},
};
use crate::{
    Error, ErrorKind,
    entry::SeqNo,
    options::{JobMode, Options, preset},
    runtime::clock::{END, Nanos, SECOND},
    script::{Command, ScriptError, parse},
    session::{LineOutcome, Session},
    storage::{block_on, memory::Memory},
    timeline::Timeline,
};

mod expect;
mod judge;
mod writes;

/// Longer than any job of a script.
const YEAR: Nanos = 365 * 86_400 * SECOND;

/// The state of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The database is open.
    Open,
    /// The power is cut until a `reopen`.
    Cut,
    /// The last open failed.
    Failed,
    /// The session has ended.
    Over,
}

/// The state before a line.
#[derive(Clone, Debug)]
struct Before {
    standing: Standing,
    /// Whether writes are stopped.
    stopped: bool,
    /// The kind of the last job's failure, if any.
    job_error: Option<ErrorKind>,
    now: Nanos,
    /// The last sequence number.
    last: SeqNo,
    options: Options,
    /// Whether a `crash in` cuts the power in this line.
    lit: bool,
}

/// A session, and the model that it must agree with.
pub(super) struct Oracle {
    session: Session<Memory, Listener>,
    timeline: Rc<RefCell<Timeline>>,
    heard: Rc<Heard>,
    standing: Standing,
    options: Options,
    ledger: Ledger,
    /// Live snapshots, each with the last write that it sees.
    snapshots: BTreeMap<u64, SeqNo>,
    /// Whether a `crash in` waits for the next command.
    lit: bool,
    /// Whether the power was cut since the database was last open.
    after_cut: bool,
    /// Whether a log may end in a torn frame, after a power cut or a failed append. A flush retires such a log.
    torn: bool,
    /// Whether the disk is full.
    full: bool,
    /// Whether the disk was full at any time.
    ever_full: bool,
    /// Whether syncs did nothing at any time.
    lied: bool,
}

impl Oracle {
    /// A new session, with the defaults of `lsmscope repl`.
    pub fn new() -> Result<Oracle, String> {
        let options = preset("teaching").map_err(|problem| problem.to_string())?;
        let listener = Listener::new(&options);
        let (timeline, heard) = (listener.timeline(), listener.heard());
        heard.begin();
        let session = block_on(Session::open(Memory::new(), options.clone(), listener))
            .map_err(|error| format!("a new database does not open: {error}"))?;
        Ok(Oracle {
            session,
            timeline,
            heard,
            standing: Standing::Open,
            options,
            ledger: Ledger::default(),
            snapshots: BTreeMap::new(),
            lit: false,
            after_cut: false,
            torn: false,
            full: false,
            ever_full: false,
            lied: false,
        })
    }

    /// Runs a line, and checks its answer and the state after it.
    pub fn line(&mut self, line: &str) -> Result<LineOutcome, String> {
        self.heard.begin();
        let command = parse(line);
        let engine = self.session.engine();
        let before = Before {
            standing: self.standing,
            stopped: engine.is_some_and(|engine| engine.stopped().is_some()),
            job_error: engine.and_then(|engine| engine.job_error()).map(|error| error.kind),
            now: engine.map_or(0, |engine| engine.now()),
            last: engine.map_or(0, |engine| engine.last_seq()),
            options: self.options.clone(),
            lit: self.lit && !matches!(command, Ok(Command::Empty) | Err(_)),
        };
        let outcome = block_on(self.session.run(line));
        well_formed(line, &outcome)?;
        match command {
            Err(error) if outcome.error.as_ref() != Some(&error) => {
                return Err(format!("should be refused:\n{error}\nbut {}", told(&outcome)));
            }
            Ok(Command::Empty) if !outcome.ok => return Err(told(&outcome)),
            Err(_) | Ok(Command::Empty) => {}
            Ok(command) => {
                self.lit &= !before.lit;
                self.judge(line, command, &outcome, &before)?;
            }
        }
        self.agree(&outcome)?;
        Ok(outcome)
    }

    /// Checks the rules that hold after every line: the session's state agrees with the model.
    fn agree(&mut self, outcome: &LineOutcome) -> Result<(), String> {
        let stands = match (self.session.engine(), self.session.trouble()) {
            (Some(_), _) => Standing::Open,
            (None, Some(_)) => Standing::Failed,
            (None, None) if self.standing == Standing::Over => Standing::Over,
            (None, None) => Standing::Cut,
        };
        if stands != self.standing {
            return Err(format!("the session is {stands:?}, should be {:?}; {}", self.standing, told(outcome)));
        }
        if *self.session.options() != self.options {
            let changed = |name: &str| self.session.options().get(name) != self.options.get(name);
            let names: Vec<&str> = Options::NAMES.iter().copied().filter(|name| changed(name)).collect();
            return Err(format!("the options {} are not what they should be", names.join(", ")));
        }
        if self.heard.take_dropped() {
            self.ledger.dropped_tables();
        }
        let Some(engine) = self.session.engine() else { return Ok(()) };
        let live: BTreeMap<u64, SeqNo> = engine.snapshots().map(|s| (s.id, s.seq)).collect();
        if live != self.snapshots {
            return Err(format!("the snapshots are {live:?}, should be {:?}", self.snapshots));
        }
        if !self.ledger.is_harmed() {
            let (last, most) = (self.ledger.last(), self.ledger.last() + self.ledger.doubtful());
            if !(last..=most).contains(&engine.last_seq()) {
                return Err(format!("the last write is number {}, should be {last}", engine.last_seq()));
            }
        }
        if let Some(error) = engine.job_error()
            && !self.is_job_error_explained(error)
        {
            return Err(format!("a background job failed ({:?}): {error}", error.kind));
        }
        if !self.lied {
            self.ledger.said(engine);
        }
        let (scene, report) = (self.timeline.borrow().tip().report(), engine.report());
        if scene != report {
            return Err(format!("the scene is not what the engine holds:\n{scene:?}\n{report:?}"));
        }
        Ok(())
    }

    fn is_job_error_explained(&self, error: &Error) -> bool {
        self.ledger.is_harmed() || self.ever_full && error.kind == ErrorKind::NoSpace
    }

    /// Checks, at the end of a script, that every position of the timeline can be sought.
    pub fn finish(self) -> Result<(), String> {
        let mut timeline = self.timeline.borrow_mut();
        let tip = timeline.tip().report();
        let (start, length) = (timeline.start(), timeline.len());
        for position in [start + (length - start) / 2, start] {
            let _ = timeline.seek(position).report();
        }
        if timeline.seek(length).report() != tip {
            return Err("the last position of the timeline is not its tip".to_string());
        }
        Ok(())
    }

    /// Notes that the power was cut.
    fn cut(&mut self) {
        self.standing = Standing::Cut;
        self.after_cut = true;
        self.torn = true;
        self.snapshots.clear();
        if self.lied {
            self.ledger.harm();
        }
    }

    /// Checks a successful open, whose report is `outcome`.
    fn opened(&mut self, outcome: &LineOutcome) -> Result<(), String> {
        let Some(engine) = self.session.engine() else { return Err("it is not open".to_string()) };
        let (acknowledged, in_doubt, found) = (self.ledger.last(), self.ledger.doubtful(), engine.last_seq());
        self.ledger.opened(found, self.after_cut)?;
        if std::mem::take(&mut self.after_cut) && in_doubt == 0 && !self.ledger.is_harmed() {
            let said = match acknowledged - found {
                0 => "no acknowledged write was lost".to_string(),
                1 => format!("lost: 1 acknowledged write, seq {acknowledged};"),
                n => format!("lost: {n} acknowledged writes, seq {} to {acknowledged};", found + 1),
            };
            if !told(outcome).contains(&said) {
                return Err(format!("it should say {said:?}: {}", told(outcome)));
            }
        }
        self.standing = Standing::Open;
        self.snapshots.clear();
        Ok(())
    }

    /// Whether an error of this kind has a reason. `command` failed with it.
    fn is_explained(&self, kind: Option<ErrorKind>, before: &Before, command: &Command) -> bool {
        if self.ledger.is_harmed() {
            return true;
        }
        let is_late = before.now >= END - YEAR;
        match (kind, command) {
            // At the end of virtual time, every operation that takes time fails.
            (Some(ErrorKind::TimeOver), Command::Wait { nanos }) => before.now.saturating_add(*nanos) > END,
            (Some(ErrorKind::TimeOver), Command::Flush | Command::Compact { .. }) => is_late,
            (Some(ErrorKind::TimeOver), _) => is_late && expect::is_write(command),
            (kind, _) => self.is_kind_explained(kind, before, command),
        }
    }

    fn is_kind_explained(&self, kind: Option<ErrorKind>, before: &Before, command: &Command) -> bool {
        match kind {
            Some(ErrorKind::NoSpace) => self.full || before.job_error == Some(ErrorKind::NoSpace),
            // A job that could not write the manifest stops writes in the middle of a line.
            Some(ErrorKind::WritesStopped) => {
                before.stopped || self.full && matches!(command, Command::Fill { .. } | Command::Drive { .. })
            }
            Some(ErrorKind::Stalled) => self.may_stall() && expect::is_write(command),
            _ => self.ever_full && before.job_error.is_some() && kind == before.job_error,
        }
    }

    /// Whether a write may stall forever: under virtual time, beyond a limit that no due job reduces.
    fn may_stall(&self) -> bool {
        let options = &self.options;
        if options.job_mode != JobMode::Scheduled {
            return false;
        }
        expect::stalls(options) || self.ever_full
    }
}

/// The answer of a line, as text.
fn told(outcome: &LineOutcome) -> String {
    match &outcome.error {
        None => format!("it answers: {}", outcome.text),
        Some(error) => format!("it is refused: {error}"),
    }
}

/// Checks that an outcome is either a success with an answer, or a failure with an error, its place and a remedy.
fn well_formed(line: &str, outcome: &LineOutcome) -> Result<(), String> {
    let Some(error) = &outcome.error else {
        return if outcome.ok { Ok(()) } else { Err("it failed without a word".to_string()) };
    };
    if outcome.ok {
        return Err(format!("it went well, with an error: {error}"));
    }
    let (place, is_drawn) = (error.start..error.end, error.line == line);
    if error.message.is_empty() || error.remedy.is_empty() {
        return Err(format!("it fails without a reason, or a remedy: {error:?}"));
    }
    if !(error.line.is_empty() || is_drawn) || error.line.get(place).is_none() {
        return Err(format!("it points at what is not there: {error:?}"));
    }
    Ok(())
}

/// The kind of a failure, by its remedy; `None` for an error in the line itself.
fn kind(error: &ScriptError) -> Option<ErrorKind> {
    const KINDS: [ErrorKind; 11] = [
        ErrorKind::InvalidInput,
        ErrorKind::Corruption,
        ErrorKind::Unsupported,
        ErrorKind::NoSpace,
        ErrorKind::Io,
        ErrorKind::Busy,
        ErrorKind::PowerLost,
        ErrorKind::WritesStopped,
        ErrorKind::Stalled,
        ErrorKind::TimeOver,
        ErrorKind::Closed,
    ];
    KINDS.into_iter().find(|kind| error.remedy.contains(&kind.remedy()))
}
