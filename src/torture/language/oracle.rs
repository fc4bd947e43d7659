//! Runs lines, and judges what they answer and what they leave behind: see [the rules](super#what-must-hold).

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

/// The longest that a job of a script takes is less.
const YEAR: Nanos = 365 * 86_400 * SECOND;

/// What a session is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Standing {
    /// The database is open.
    Open,
    /// The power is cut: it waits for a `reopen`.
    Cut,
    /// It could not be opened.
    Failed,
    /// It was ended.
    Over,
}

/// How things stood before a line.
#[derive(Clone, Debug)]
struct Before {
    standing: Standing,
    /// Whether writes are stopped.
    stopped: bool,
    /// Of what kind the last failure of a job was.
    job_error: Option<ErrorKind>,
    now: Nanos,
    /// The last sequence number given out.
    last: SeqNo,
    options: Options,
    /// Whether a `crash in` cuts the power in this line.
    lit: bool,
}

/// A session beside what it should be.
pub(super) struct Oracle {
    session: Session<Memory, Listener>,
    timeline: Rc<RefCell<Timeline>>,
    heard: Rc<Heard>,
    standing: Standing,
    options: Options,
    ledger: Ledger,
    /// Live snapshots, and up to which write each sees.
    snapshots: BTreeMap<u64, SeqNo>,
    /// A `crash in` waits for the next command.
    lit: bool,
    /// The power was cut since the database was last open.
    after_cut: bool,
    /// A log may end in a torn frame, after a cut or an append that failed; a flush leaves such a log behind.
    torn: bool,
    /// The disk was filled; whether it still is, and whether it ever was.
    full: bool,
    ever_full: bool,
    /// The disk lied at some time.
    lied: bool,
}

impl Oracle {
    /// A new session, as `lsmscope repl` begins one.
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

    /// Runs a line, and judges it.
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

    /// What is there is what should be, whatever the line was.
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
            let names: Vec<&str> = Options::describe().iter().map(|d| d.name).filter(|name| changed(name)).collect();
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

    /// The script is over: any position of the timeline can be sought.
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

    /// The power was cut.
    fn cut(&mut self) {
        self.standing = Standing::Cut;
        self.after_cut = true;
        self.torn = true;
        self.snapshots.clear();
        if self.lied {
            self.ledger.harm();
        }
    }

    /// The database was opened; `outcome` is the report.
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

    /// Whether an error of that kind has a reason; `command` is what met it.
    fn is_explained(&self, kind: Option<ErrorKind>, before: &Before, command: &Command) -> bool {
        if self.ledger.is_harmed() {
            return true;
        }
        let is_late = before.now >= END - YEAR;
        match (kind, command) {
            // At the end of time, nothing can take any.
            (Some(ErrorKind::TimeOver), Command::Wait { nanos }) => before.now.saturating_add(*nanos) > END,
            (Some(ErrorKind::TimeOver), Command::Flush | Command::Compact { .. }) => is_late,
            (Some(ErrorKind::TimeOver), _) => is_late && expect::is_write(command),
            (kind, _) => self.is_kind_explained(kind, before, command),
        }
    }

    fn is_kind_explained(&self, kind: Option<ErrorKind>, before: &Before, command: &Command) -> bool {
        match kind {
            Some(ErrorKind::NoSpace) => self.full || before.job_error == Some(ErrorKind::NoSpace),
            // A job may stop writes in the middle of a line, if it was the manifest that did not fit.
            Some(ErrorKind::WritesStopped) => {
                before.stopped || self.full && matches!(command, Command::Fill { .. } | Command::Drive { .. })
            }
            Some(ErrorKind::Stalled) => self.may_stall() && expect::is_write(command),
            _ => self.ever_full && before.job_error.is_some() && kind == before.job_error,
        }
    }

    /// Whether a write may wait for ever: virtual time, and a limit that no job that is due takes it below.
    fn may_stall(&self) -> bool {
        let options = &self.options;
        if options.job_mode != JobMode::Scheduled {
            return false;
        }
        expect::stalls(options) || self.ever_full
    }
}

/// What a line answered.
fn told(outcome: &LineOutcome) -> String {
    match &outcome.error {
        None => format!("it answers: {}", outcome.text),
        Some(error) => format!("it is refused: {error}"),
    }
}

/// An outcome says whether it went well, what was wrong, where, and what to do.
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

/// Of what kind a failure is, by the remedy that it names; none where it is the line's fault.
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
    KINDS.into_iter().find(|kind| error.remedy.contains(kind.remedy()))
}
