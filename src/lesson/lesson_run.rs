//! Runs the lines of a beat, within [`limits`](super::limits).
//!
//! In: options, and lines. Out: a [`LessonRun`]: the timeline, and where each line begins and ends on it. Errors: the
//! database cannot be opened, or the lines do too much.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    fmt,
    pin::Pin,
    rc::Rc,
};

use serde_json::Value as Json;

use super::limits::{MAX_DISK_BYTES, MAX_EVENTS, MAX_FLUSHES, MAX_OPERATIONS, MAX_WRITTEN_BYTES};
use crate::{
    drive::DriveRun,
    engine::retold,
    error::Result,
    metrics::compared::Comparison,
    options::Options,
    plural::grouped,
    scene::Scene,
    script::{Command, ScriptError, parse},
    session::{LineOutcome, Patience, Session},
    storage::Storage,
    timeline::{Limits, Recorder, Timeline},
    trace::Event,
    words::say,
};

/// What waits for a session.
pub type Waiting<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// An open session, whatever its storage.
pub trait LessonSession {
    /// [`Session::set_patience`].
    fn set_patience(&mut self, patience: Patience);
    /// [`Session::run`].
    fn run<'a>(&'a mut self, line: &'a str) -> Waiting<'a, LineOutcome>;
    /// [`Session::last_run`].
    fn last_run(&self) -> Option<&DriveRun>;
    /// The bytes that the database's user has written, and those that the engine has, for them and of its own; 0 where
    /// it is closed.
    fn written(&self) -> [u64; 2];
}

impl<S: Storage + 'static> LessonSession for Session<S, Recorder> {
    fn set_patience(&mut self, patience: Patience) {
        Session::set_patience(self, patience);
    }

    fn run<'a>(&'a mut self, line: &'a str) -> Waiting<'a, LineOutcome> {
        Box::pin(Session::run(self, line))
    }

    fn last_run(&self) -> Option<&DriveRun> {
        Session::last_run(self)
    }

    fn written(&self) -> [u64; 2] {
        let Some(engine) = self.engine() else { return [0, 0] };
        let counters = engine.counters();
        [counters.user_bytes, counters.wal_bytes + counters.flush_bytes + counters.compaction_bytes_written]
    }
}

/// A session that was opened, or why it was not.
pub type OpenedSession = Result<Box<dyn LessonSession>>;

/// Opens a fresh database for the lines of a lesson. The page's storage lets the browser paint between two steps, and
/// the library does not know it: so the caller says how.
#[derive(Clone)]
pub struct SessionOpener(Rc<dyn Fn(Options, Recorder) -> Waiting<'static, OpenedSession>>);

impl SessionOpener {
    /// Opens by `open`.
    pub fn new(open: impl Fn(Options, Recorder) -> Waiting<'static, OpenedSession> + 'static) -> SessionOpener {
        SessionOpener(Rc::new(open))
    }

    /// Opens databases in memory.
    #[cfg(not(target_arch = "wasm32"))]
    pub fn in_memory() -> SessionOpener {
        SessionOpener::new(|options, recorder| {
            Box::pin(async {
                let session = Session::open(crate::storage::memory::Memory::new(), options, recorder).await?;
                Ok(Box::new(session) as Box<dyn LessonSession>)
            })
        })
    }
}

impl fmt::Debug for SessionOpener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SessionOpener")
    }
}

/// A line that was run.
#[derive(Clone, Debug)]
pub(super) struct RunLine {
    /// The position before it.
    pub from: usize,
    /// The position after it.
    pub to: usize,
    /// What was wrong with it.
    pub error: Option<ScriptError>,
    /// What the last workload measured, beside what formulas expect.
    pub compared: Option<Rc<Comparison>>,
}

/// Lines that were run on a fresh database.
#[derive(Debug)]
pub(super) struct LessonRun {
    timeline: RefCell<Timeline>,
    pub lines: Vec<RunLine>,
    /// Operations of `fill` and `drive`.
    operations: u64,
    /// Events as the trace writes them, of those that were asked for.
    rows: RefCell<BTreeMap<usize, Rc<Json>>>,
    /// The state at positions that were asked for.
    states: RefCell<BTreeMap<usize, Rc<Json>>>,
}

/// Why lines were not all run.
#[derive(Clone, Debug)]
pub(super) struct RunFailure {
    /// The line; none if the database could not be opened.
    pub line: Option<usize>,
    pub message: String,
    pub remedy: String,
}

impl LessonRun {
    /// Runs `lines` on a fresh database in memory.
    ///
    /// # Errors
    /// It cannot be opened with these options, or the lines do more than a lesson may.
    pub async fn of(opener: &SessionOpener, options: &Options, lines: &[String]) -> Result<LessonRun, RunFailure> {
        // Twice as many are kept before any is dropped.
        let limits = Limits { events: MAX_EVENTS + 1, file_bytes: 0, samples: 16, ..Limits::default() };
        let recorder = Recorder::new(Timeline::with_limits(&Rc::new(options.clone()), limits));
        let opened = (opener.0)(options.clone(), recorder.clone()).await;
        let mut session = opened.map_err(|error| RunFailure {
            line: None,
            message: retold(&error.message),
            remedy: error.kind.remedy(),
        })?;
        let mut runner = Runner { operations: MAX_OPERATIONS, bytes: MAX_WRITTEN_BYTES, disk_bytes: 0, compared: None };
        let mut done = Vec::with_capacity(lines.len());
        for (number, line) in lines.iter().enumerate() {
            let from = recorder.timeline().borrow().len();
            let error = runner.run(&mut *session, line).await;
            let (to, fell) = {
                let timeline = recorder.timeline().borrow();
                (timeline.len(), timeline.fell_at().is_some())
            };
            if fell || to > MAX_EVENTS {
                let message = say!("the lines up to here make more than {n} events", n = grouped(MAX_EVENTS as u64));
                let remedy = say!("Write fewer, or make two beats of it.");
                return Err(RunFailure { line: Some(number), message, remedy });
            }
            if runner.disk_bytes > MAX_DISK_BYTES {
                let message = say!("the lines up to here write more than 128 MB, compactions included");
                return Err(RunFailure { line: Some(number), message, remedy: say!("Write less, or compact less.") });
            }
            done.push(RunLine { from, to, error, compared: runner.compared.clone() });
        }
        drop(session);
        let timeline = recorder.timeline().replace(Timeline::new(&Rc::new(options.clone())));
        Ok(LessonRun {
            timeline: RefCell::new(timeline),
            lines: done,
            operations: MAX_OPERATIONS - runner.operations,
            rows: RefCell::default(),
            states: RefCell::default(),
        })
    }

    /// How much work it was: events and operations.
    pub fn work(&self) -> u64 {
        self.len() as u64 + self.operations
    }

    /// The number of events.
    pub fn len(&self) -> usize {
        self.timeline.borrow().len()
    }

    /// The position after the first `count` lines.
    pub fn after(&self, count: usize) -> usize {
        match count.checked_sub(1).and_then(|last| self.lines.get(last)) {
            Some(line) => line.to,
            // The database was opened.
            None => self.lines.first().map_or(self.len(), |line| line.from),
        }
    }

    /// The timeline.
    pub fn timeline(&self) -> std::cell::Ref<'_, Timeline> {
        self.timeline.borrow()
    }

    /// Looks at the scene at a position.
    pub fn at<T>(&self, position: usize, look: impl FnOnce(&Scene) -> T) -> T {
        look(&self.scene(position))
    }

    /// The scene at a position: a copy is cheap.
    fn scene(&self, position: usize) -> Scene {
        self.timeline.borrow_mut().seek(position).clone()
    }

    /// The indexes of the events of `kind` in `from..to`, and the number of events looked at.
    pub fn of_kind(&self, kind: &str, from: usize, to: usize) -> Vec<usize> {
        let timeline = self.timeline.borrow();
        timeline.events(from, to).filter(|row| row.event.kind() == kind).map(|row| row.index).collect()
    }

    /// The event at `index`, as the trace writes it.
    pub fn row(&self, index: usize) -> Rc<Json> {
        if let Some(row) = self.rows.borrow().get(&index) {
            return row.clone();
        }
        let timeline = self.timeline.borrow();
        let event = timeline.event(index).map(|row| serde_json::to_value(row.event));
        let row = Rc::new(event.and_then(Result::ok).unwrap_or_default());
        self.rows.borrow_mut().insert(index, row.clone());
        row
    }

    /// The operation that the event at `index` belongs to.
    pub fn op_of(&self, index: usize) -> Option<u64> {
        self.timeline.borrow().event(index).and_then(|row| row.op)
    }

    /// The first operation that begins at `from` or after it.
    pub fn first_op(&self, from: usize, to: usize) -> Option<u64> {
        let timeline = self.timeline.borrow();
        timeline.events(from, to).find_map(|row| match row.event {
            Event::OpBegan { op, .. } => Some(*op),
            _ => None,
        })
    }

    /// Whether the state at `position` was computed.
    pub fn has_state(&self, position: usize) -> bool {
        self.states.borrow().contains_key(&position)
    }

    /// The state at `position`, computed once.
    pub fn state(&self, position: usize, compute: impl FnOnce() -> Json) -> Rc<Json> {
        if let Some(state) = self.states.borrow().get(&position) {
            return state.clone();
        }
        let state = Rc::new(compute());
        self.states.borrow_mut().insert(position, state.clone());
        state
    }

    /// What the last workload up to `position` measured.
    pub fn compared(&self, position: usize) -> Option<Rc<Comparison>> {
        self.lines.iter().rev().find(|line| line.to <= position).and_then(|line| line.compared.clone())
    }
}

/// What may still be done.
struct Runner {
    operations: u64,
    /// Bytes that the user may still write.
    bytes: f64,
    /// Bytes that the engine has written.
    disk_bytes: u64,
    compared: Option<Rc<Comparison>>,
}

impl Runner {
    /// Runs a line; what is wrong with it, if anything is.
    async fn run(&mut self, session: &mut dyn LessonSession, line: &str) -> Option<ScriptError> {
        session.set_patience(Patience {
            operations: self.operations as f64,
            flushes: MAX_FLUSHES,
            bytes: self.bytes,
            scanned: 10.0 * MAX_OPERATIONS as f64,
            heeds_anyway: false,
            ..Patience::UNLIMITED
        });
        let [user, disk] = session.written();
        let outcome = session.run(line).await;
        let inner = match parse(line) {
            Ok(Command::CrashDuring { command, .. }) => Ok(*command),
            parsed => parsed,
        };
        match inner {
            Ok(Command::Fill { count, .. }) => self.operations = self.operations.saturating_sub(count),
            Ok(Command::Drive { .. }) => {
                if let Some(run) = session.last_run() {
                    self.operations = self.operations.saturating_sub(run.ops.total() + run.loaded);
                    self.compared = Some(Rc::new(run.compared.clone()));
                }
            }
            _ => {}
        }
        let after = session.written();
        self.bytes -= after[0].saturating_sub(user) as f64;
        self.disk_bytes += after[1].saturating_sub(disk);
        outcome.error
    }
}

/// How many steps an evaluation may still take.
#[derive(Debug)]
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub fn new(steps: u64) -> Budget {
        Budget(Cell::new(steps))
    }

    /// Takes `steps`; false if there are not as many.
    pub fn take(&self, steps: u64) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(steps));
        left >= steps
    }

    /// Steps that are left.
    pub fn left(&self) -> u64 {
        self.0.get()
    }

    /// Lets `spend` take up to `most` of the steps that are left.
    pub fn share<T>(&self, most: u64, spend: impl FnOnce(&Budget) -> T) -> T {
        let given = most.min(self.left());
        let part = Budget::new(given);
        let spent = spend(&part);
        self.take(given - part.left());
        spent
    }
}
