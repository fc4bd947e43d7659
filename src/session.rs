//! A session: one open database that executes lines of the [command language](crate::script).
//!
//! In: a line. Out: a [`LineOutcome`] with the text to print. Errors: its `error`, with the place in the line. The
//! page's console and `lsmscope repl` are both a loop around [`Session::run`].
//!
//! Every executed command is reported to the tracer as one operation ([`Event::OpBegan`] to [`Event::OpEnded`]). A
//! refused line, or one that only asks (`help`, `stats`, `jobs`, `tables`, `options` alone), changes nothing and is not
//! reported.
//!
//! Changing options closes the database and reopens it on the same storage. If that fails, the session tries the old
//! options. If these fail too, it says so, and waits for a `reopen` or other `options`. A database that was not open,
//! because the power is cut or an open failed, stays as it was when new options are refused.

use std::rc::Rc;

use crate::{
    drive::{DriveRun, Watch},
    engine::{Engine, retold},
    error::{Error, ErrorKind, Result},
    options::{Options, Problem, preset},
    script::{self, Command, OptionChange, ScriptError},
    storage::{
        FileId, Storage,
        fault::{Fault, Keep},
    },
    trace::{Detail, Event, Report, Tracer},
    words::say,
};

mod carry_out;
mod counting;
mod drive;
mod estimate;
mod fill;
mod help;
mod jobs;
mod last_open;
mod outcome;
mod power;
mod reopen;
mod show;

#[cfg(not(target_arch = "wasm32"))]
pub(crate) use fill::Fill;

use counting::Counting;
pub use estimate::{Estimate, Patience};
use last_open::LastOpen;
use outcome::Answer;
pub use outcome::LineOutcome;
use power::Fuse;
pub use power::Fused;

/// An open database, between lines.
#[derive(Debug)]
pub struct Session<S: Storage, T: Tracer> {
    state: State<S, T>,
    options: Options,
    /// Operations begun so far.
    ops: u64,
    fuse: Rc<Fuse>,
    /// A fuse that the running command has asked for.
    lit: Option<(u64, Keep)>,
    /// The database as it was when it was last closed or lost power.
    last_open: LastOpen,
    /// What its counters span.
    counting: Counting,
    /// The number of snapshots that a power cut ended; none if the power was not cut since the last open.
    cut: Option<u64>,
    /// The running command's report of the last power cut.
    told: Option<String>,
    /// The observer of running workloads.
    watch: Watcher,
    /// The most work a line may do; beyond it, the session reports an estimate instead.
    patience: Option<Patience>,
    /// The last workload's run.
    run: Option<DriveRun>,
}

#[derive(Default)]
struct Watcher(Option<Box<Watch>>);

impl std::fmt::Debug for Watcher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "somebody" } else { "nobody" })
    }
}

#[derive(Debug)]
enum State<S: Storage, T: Tracer> {
    Open(Box<Engine<Fault<S>, Fused<T>>>),
    /// The last open failed, or the power is cut.
    Failed {
        storage: Fault<S>,
        tracer: Fused<T>,
        error: Error,
    },
    /// The session was ended, or a call was dropped before it completed.
    Closed,
}

impl<S: Storage, T: Tracer> Session<S, T> {
    /// Opens the database in `storage`, or makes a new one there.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub async fn open(storage: S, options: Options, tracer: T) -> Result<Session<S, T>> {
        let storage = Fault::new(storage).await?;
        let (tracer, fuse) = Fused::new(tracer, storage.controls());
        let counting = Counting::new(storage.current().await?.is_none());
        let engine = Engine::open(storage, options.clone(), tracer).await.map_err(|failed| failed.error)?;
        let state = State::Open(Box::new(engine));
        let mut session = Session {
            state,
            options,
            ops: 0,
            fuse,
            lit: None,
            last_open: LastOpen::default(),
            counting,
            cut: None,
            told: None,
            watch: Watcher::default(),
            patience: None,
            run: None,
        };
        session.aftermath();
        Ok(session)
    }

    /// Runs one line.
    pub async fn run(&mut self, line: &str) -> LineOutcome {
        let command = match script::parse(line) {
            Ok(Command::Empty) => return LineOutcome { ok: true, ..LineOutcome::default() },
            Ok(command) => command,
            Err(error) => return LineOutcome::failed(error),
        };
        let (fuse, command) = match command {
            Command::CrashDuring { events, keep, command } => (Some((events, keep)), *command),
            command => (None, command),
        };
        if let Some(told) = self.tell_of(line, &command) {
            return told;
        }
        if let Some((events, keep)) = fuse {
            self.fuse.light(events, keep);
        }
        let idle = self.engine().is_none() && !concerns_closed(&command);
        let held = if idle { self.fuse.hold() } else { None };
        self.told = None;
        let burning = self.fuse.is_lit();
        let had_time = self.end_of_time().is_none();
        // A question changes nothing, so it is not recorded, unless the power is cut while it is answered.
        let is_told = burning || !is_question(&command);
        if is_told {
            self.ops += 1;
        }
        if is_told && self.wants_jobs() {
            self.tell(Event::OpBegan { op: self.ops, command: line.trim().to_string() });
        }
        let exit = command == Command::Exit;
        let has_rows = matches!(command, Command::Scan { .. });
        let mut outcome = match self.carry_out(line, command).await {
            Ok(answer) => answer.into(),
            Err(error) => LineOutcome::failed(error),
        };
        self.add_job_failure(&mut outcome);
        self.add_end_of_time(had_time, &mut outcome);
        // Unless the command itself has cut the power.
        if burning && self.fuse.is_lit() {
            outcome = LineOutcome::failed(self.burn_out(outcome.error).await);
            self.add_aftermath(&mut outcome);
        }
        if is_told && self.wants_jobs() {
            let result = if has_rows { outcome.summary_of_rows() } else { outcome.summary() };
            self.tell(Event::OpEnded { op: self.ops, ok: outcome.ok, result });
        }
        if let Some(left) = held {
            self.fuse.hold_no_longer(left);
            if let Some(error) = &mut outcome.error {
                error.message = say!("{message}; nothing was done, and the fuse is still lit", message = error.message);
            }
        }
        self.light_fuse();
        if exit {
            self.state = State::Closed;
            outcome.exit = true;
        }
        outcome
    }

    /// The engine; none after a failed reopen, and after `exit`.
    pub fn engine(&self) -> Option<&Engine<Fault<S>, Fused<T>>> {
        match &self.state {
            State::Open(engine) => Some(engine),
            _ => None,
        }
    }

    /// Why no write is accepted, if none is: the error that stopped the engine, or that of the failed open. A power cut
    /// is not reported here: the user asked for it.
    pub fn trouble(&self) -> Option<&Error> {
        match &self.state {
            State::Open(engine) => engine.stopped(),
            State::Failed { error, .. } => Some(error).filter(|error| error.kind != ErrorKind::PowerLost),
            State::Closed => None,
        }
    }

    /// Sets the observer of running workloads.
    pub fn set_watch(&mut self, watch: Box<Watch>) {
        self.watch = Watcher(Some(watch));
    }

    /// From now on, a line that would do more than this is not run, unless it says `anyway`: its outcome has an
    /// estimate, and lines to run instead. Without this limit, as at first, every line is run.
    pub fn set_patience(&mut self, patience: Patience) {
        self.patience = Some(patience);
    }

    /// The last workload's run, complete or not; none before the first.
    pub fn last_run(&self) -> Option<&DriveRun> {
        self.run.as_ref()
    }

    /// The options that the database is, or will be, opened with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The first `length` bytes of `file`.
    ///
    /// # Errors
    /// As [`Storage::read`], and [`Closed`](ErrorKind::Closed).
    pub async fn read(&self, file: FileId, length: u64) -> Result<Vec<u8>> {
        match &self.state {
            State::Open(engine) => engine.storage().read_all(file, length).await,
            State::Failed { storage, .. } => storage.read_all(file, length).await,
            State::Closed => Err(closed()),
        }
    }

    /// Makes everything acknowledged durable and releases the storage.
    ///
    /// # Errors
    /// As [`Engine::close`].
    pub async fn close(mut self) -> Result<()> {
        match &mut self.state {
            State::Open(engine) => {
                engine.close().await?;
                engine.storage_mut().settle().await
            }
            _ => Ok(()),
        }
    }

    fn wants_jobs(&mut self) -> bool {
        match &mut self.state {
            State::Open(engine) => engine.tracer().wants(Detail::Jobs),
            State::Failed { tracer, .. } => tracer.wants(Detail::Jobs),
            State::Closed => false,
        }
    }

    fn tell(&mut self, event: Event) {
        match &mut self.state {
            State::Open(engine) => engine.trace(event),
            State::Failed { tracer, .. } => tracer.event(event, &Report::default),
            State::Closed => {}
        }
    }

    /// A successful write may have started a job that failed: the write stands, and the failure is reported.
    fn add_job_failure(&mut self, outcome: &mut LineOutcome) {
        if let (true, State::Open(engine)) = (outcome.ok, &self.state)
            && let Some(error) = engine.job_error()
        {
            let (error, remedy) = (retold(&error.message), error.kind.remedy());
            outcome.warn(say!("a background job failed: {error}. {remedy}", error, remedy));
        }
    }

    /// The error of everything that takes time, once virtual time is over.
    fn end_of_time(&self) -> Option<Error> {
        self.engine().and_then(|engine| engine.has_time().err())
    }

    /// A successful command may be the last that virtual time allowed, and that is reported.
    fn add_end_of_time(&self, had_time: bool, outcome: &mut LineOutcome) {
        if let (true, Some(error)) = (outcome.ok && had_time, self.end_of_time()) {
            outcome.warn(format!("{}. {}", retold(&error.message), error.kind.remedy()));
        }
    }

    /// The fuse burnt out during an open that had already reported its aftermath. It will not report it again, so it is
    /// added here.
    fn add_aftermath(&mut self, outcome: &mut LineOutcome) {
        if let (Some(told), Some(error)) = (self.told.take(), &mut outcome.error) {
            error.message =
                say!("{message}; before that, the database was open: {told}", message = error.message, told);
        }
    }

    fn engine_mut(&mut self) -> Result<&mut Engine<Fault<S>, Fused<T>>> {
        match &mut self.state {
            State::Open(engine) => Ok(engine),
            State::Failed { error, .. } if error.kind == ErrorKind::PowerLost => Err(error.clone()),
            State::Failed { error, .. } => Err(Error {
                message: say!(
                    "the database is closed, because it could not be opened: {error}",
                    error = retold(&error.message),
                ),
                ..error.clone()
            }),
            State::Closed => Err(closed()),
        }
    }
}

/// Whether the command acts on a database that is not open.
fn concerns_closed(command: &Command) -> bool {
    match command {
        Command::Reopen | Command::Crash { after: None, .. } => true,
        Command::Options { changes } => !changes.is_empty(),
        _ => false,
    }
}

/// Whether a line is an operation: not empty, not one that only asks, and not refused for what stands in it.
pub fn is_operation(line: &str) -> bool {
    matches!(script::parse(line), Ok(command) if !is_question(&command))
}

/// Whether the command only asks the session, without an event.
fn is_question(command: &Command) -> bool {
    match command {
        Command::Help { .. } | Command::Stats | Command::Jobs | Command::Tables => true,
        Command::Options { changes } => changes.is_empty(),
        _ => false,
    }
}

/// `1 flush, then 2 compactions`: what happens one after the other.
fn in_turn(parts: &[String]) -> String {
    parts.iter().cloned().reduce(|done, next| say!("{done}, then {next}", done, next)).unwrap_or_default()
}

fn closed() -> Error {
    Error::new(ErrorKind::Closed, say!("the session is over"))
}

/// An error that the line did not cause: it has no place in the line.
fn failure(error: Error) -> ScriptError {
    ScriptError::new("", 0..0, retold(&error.message), error.kind.remedy())
}

/// `options` with `changes` made to them, all or none.
fn changed(line: &str, options: &Options, changes: &[OptionChange]) -> Result<Options, ScriptError> {
    let mut result = options.clone();
    for change in changes {
        let made = match change.name.as_str() {
            "preset" => preset(&change.value).map(|made| result = made),
            name => result.set(name, &change.value),
        };
        made.map_err(|problem| refused(line, change, &problem))?;
    }
    match result.validate().into_iter().next() {
        None => Ok(result),
        Some(problem) => Err(refused(line, culprit(changes, &problem).expect("an unchanged set is valid"), &problem)),
    }
}

/// The change to blame for an invalid combination: the one that names the field, or else the last one.
fn culprit<'a>(changes: &'a [OptionChange], problem: &Problem) -> Option<&'a OptionChange> {
    let named = changes.iter().rfind(|change| change.name == problem.field);
    named.or(changes.last())
}

fn refused(line: &str, change: &OptionChange, problem: &Problem) -> ScriptError {
    let remedy = match Options::default().get(&change.name) {
        Some(_) => say!("Nothing was changed. help {name} says what it does.", name = change.name),
        None => say!("Nothing was changed. options lists them all."),
    };
    ScriptError::new(line, change.start..change.end, problem.to_string(), remedy)
}

#[cfg(test)]
mod tests;
