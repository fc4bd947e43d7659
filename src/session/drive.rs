//! `drive`: runs a workload in the session.
//!
//! It runs in slices; between them, the [observer](Session::set_watch) sees the run so far and may end it. Of a long
//! run only the jobs are traced, so that the trace stays bounded and later commands can still be stepped through.

use std::rc::Rc;

use super::{Answer, Session, culprit, failure, power::Driven};
use crate::{
    drive::{DriveRun, Driver, MarkTracer},
    error::Result,
    options::Problem,
    plural::grouped,
    script::{OptionChange, ScriptError},
    storage::Storage,
    trace::{Detail, Tracer},
    words::say,
    workload::{self, Workload},
};

/// Operations between two calls of the observer.
pub(super) const SLICE: u64 = 256;

/// The most operations of a run that is traced operation by operation.
const TOLD: f64 = 2000.0;

/// The most operations of one line: more belong into `lsmscope drive`.
const MAX_OPERATIONS_OF_LINE: f64 = 20e6;

impl<S: Storage, T: Tracer> Session<S, T> {
    /// Runs `workload` to its end, or until the observer ends it. The run is in [`last_run`](Session::last_run), even
    /// if it failed.
    ///
    /// # Errors
    /// The workload is not valid, the database is not open, or an operation failed.
    pub async fn drive(&mut self, workload: &Workload) -> Result<&DriveRun> {
        let tap = Rc::new(MarkTracer::default());
        let mut driver = Driver::new(workload, tap.clone())?;
        let told = workload.expected_operations() + if workload.load { workload.key_space_size as f64 } else { 0.0 };
        let detail = if told <= TOLD { Detail::All } else { Detail::Jobs };
        self.engine_mut()?.tracer().set_driven(Some(Driven { tap, detail }));
        let driven = self.drive_slices(&mut driver).await;
        let engine = self.engine_mut()?;
        // The last writes may not have been reported: a sample brings the trace up to date.
        engine.sample();
        engine.tracer().set_driven(None);
        self.run = Some(driver.finish(engine));
        driven.map(|()| self.run.as_ref().expect("it was just put there"))
    }

    async fn drive_slices(&mut self, driver: &mut Driver) -> Result<()> {
        while driver.slice(self.engine_mut()?, SLICE).await? {
            let goes_on = match &mut self.watch.0 {
                Some(watch) => watch(driver.run(), &driver.progress()).await,
                None => true,
            };
            if !goes_on {
                break;
            }
        }
        Ok(())
    }

    /// The command `drive`, with its parameters as they were typed.
    pub(super) async fn drive_line(&mut self, line: &str, changes: &[OptionChange]) -> Result<Answer, ScriptError> {
        let workload = workload(line, changes)?;
        self.engine_or(failure)?;
        let named = |name: &str| changes.iter().any(|change| change.name == name);
        let warnings = workload.told_without_effect(&self.options, named);
        let mut lines = self.drive(&workload).await.map_err(failure)?.summary();
        Ok(Answer { result: lines.remove(0), notes: lines, warnings })
    }
}

/// The workload that `changes` make: a preset first, wherever it stands, then the others in order.
pub(super) fn workload(line: &str, changes: &[OptionChange]) -> Result<Workload, ScriptError> {
    let (presets, others): (Vec<_>, Vec<_>) = changes.iter().partition(|change| change.name == "preset");
    let mut workload = (workload::PRESETS[0].make)();
    for change in presets {
        workload = workload::preset(&change.value).map_err(|problem| refused(line, change, &problem))?;
    }
    for change in others {
        workload.set(&change.name, &change.value).map_err(|problem| refused(line, change, &problem))?;
    }
    let operations = workload.expected_operations();
    let too_many = (operations > MAX_OPERATIONS_OF_LINE).then(|| Problem {
        field: "duration_seconds".into(),
        value: workload.duration_seconds.to_string(),
        expected: say!(
            "at most {most} operations, and this makes about {count}",
            most = grouped(MAX_OPERATIONS_OF_LINE as u64),
            count = format!("{operations:.0}"),
        ),
    });
    match workload.validate().into_iter().chain(too_many).next() {
        None => Ok(workload),
        Some(problem) => Err(match culprit(changes, &problem) {
            Some(change) => refused(line, change, &problem),
            None => ScriptError::new(line, 0..line.len(), problem.to_string(), remedy()),
        }),
    }
}

fn remedy() -> String {
    say!("Nothing was done. help drive lists the parameters.")
}

fn refused(line: &str, change: &OptionChange, problem: &Problem) -> ScriptError {
    let remedy = match Workload::default().get(&change.name) {
        Some(_) => say!("Nothing was done. help {name} says what it does.", name = change.name),
        None => remedy(),
    };
    ScriptError::new(line, change.start..change.end, problem.to_string(), remedy)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        options::{Options, preset},
        storage::{block_on, memory::Memory},
        timeline::{Limits, Recorder, Timeline},
    };

    fn open(options: Options) -> (Session<Memory, Recorder>, Recorder) {
        let limits = Limits { events: 20_000, ..Limits::default() };
        let recorder = Recorder::new(Timeline::with_limits(&Rc::new(options.clone()), limits));
        let session = block_on(Session::open(Memory::new(), options, recorder.clone()));
        (session.expect("a new database opens"), recorder)
    }

    #[test]
    fn a_line_runs_a_workload_and_says_what_it_did() {
        let (mut session, _) = open(preset("demo-recipe").unwrap());
        let outcome = block_on(session.run("drive 2s write_rate=2000 read_rate=10 preset=mixed delete_rate=0"));
        assert!(outcome.ok, "{:?}", outcome.error);
        // The time and the rates as they were typed, whatever the preset says.
        let run = session.last_run().expect("there was one");
        assert_eq!((run.millis, run.ops.put, run.ops.get + run.ops.scan, run.ops.del), (2000.0, 4000, 20, 0));
        assert!(outcome.text.starts_with("ok  4020 operations in 2 s of virtual time: 4000 puts"), "{}", outcome.text);
        assert!(outcome.text.contains("3 flushes") && outcome.text.contains("write amplification"), "{}", outcome.text);
    }

    #[test]
    fn a_long_run_leaves_a_trace_that_can_still_be_stepped_through() {
        let (mut session, recorder) = open(preset("demo-recipe").unwrap());
        assert!(block_on(session.run("drive 20s preset=demo")).ok);
        let before = {
            let timeline = recorder.timeline().borrow();
            assert_eq!(timeline.fell_at(), None, "{} events", timeline.len());
            assert!(timeline.steps().marks().len() > 30);
            timeline.len()
        };
        assert!(block_on(session.run("put user:1 Alice")).ok);
        let timeline = recorder.timeline().borrow();
        assert!(timeline.len() - before >= 5, "every step of the put is there");
        let engine = session.engine().expect("it is open");
        assert_eq!(timeline.tip().memtable_bytes(), engine.memtable_bytes());
    }

    #[test]
    fn after_a_long_run_the_stage_has_the_memtable_that_the_engine_has() {
        let (mut session, recorder) = open(preset("demo-recipe").unwrap());
        assert!(block_on(session.run("drive 2s write_rate=2001 key_space_size=100")).ok);
        let stats = block_on(session.run("stats")).text;
        let mut timeline = recorder.timeline().borrow_mut();
        let len = timeline.len();
        let shown = timeline.view(len).memtable;
        let engine = session.engine().expect("it is open");
        assert_eq!((shown.count as u64, shown.bytes), (engine.memtable_entries(), engine.memtable_bytes()));
        assert!(stats.contains(&format!("memtable entries     {}\n", shown.count)), "{stats}");
    }

    #[test]
    fn every_operation_of_a_short_run_can_be_stepped_through() {
        let (mut session, recorder) = open(preset("teaching").unwrap());
        assert!(block_on(session.run("drive 1s write_rate=20")).ok);
        let timeline = recorder.timeline().borrow();
        let rows = timeline.events(0, timeline.len());
        let puts = rows.filter(|row| matches!(row.event, crate::trace::Event::MemtableInserted { .. })).count();
        assert_eq!(puts, 20);
    }

    #[test]
    fn what_does_not_fit_is_refused_where_it_stands() {
        let (mut session, _) = open(preset("teaching").unwrap());
        for (line, place, message) in [
            ("drive 5s key_dist=zipfian", "key_dist=zipfian", "uniform, zipf, latest or sequential"),
            ("drive write_rate=-1", "write_rate=-1", "0 to 1000000000"),
            ("drive writes=5", "writes=5", "the nearest is write_rate"),
            ("drive preset=ycsb", "preset=ycsb", "ycsb-a"),
            ("drive 9d sample_ms=60000", "9d", "at most 20,000,000 operations"),
            ("drive write_rate=0 sample_ms=10", "write_rate=0", "one of the rates to be more than 0"),
        ] {
            let outcome = block_on(session.run(line));
            let error = outcome.error.unwrap_or_else(|| panic!("{line} went well"));
            assert_eq!(&line[error.start..error.end], place, "{error}");
            assert!(error.message.contains(message), "{error}");
            assert!(error.remedy.starts_with("Nothing was done."), "{error}");
        }
        assert!(session.last_run().is_none());
    }

    #[test]
    fn the_power_can_be_cut_in_the_middle_of_a_run() {
        let (mut session, _) = open(preset("teaching").unwrap());
        assert!(block_on(session.run("crash in 1000")).ok);
        let outcome = block_on(session.run("drive 10s write_rate=100"));
        assert!(outcome.error.is_some_and(|e| e.message.contains("power")), "{}", outcome.text);
        assert!(session.last_run().is_some_and(|run| !run.complete && run.ops.put > 0), "{:?}", session.last_run());
        assert!(block_on(session.run("reopen")).ok);
        assert!(block_on(session.run("drive 1s write_rate=10")).ok);
    }
}
