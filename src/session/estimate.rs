//! The estimate for a long line: what it would do, before it is run.
//!
//! In: a `drive` or `fill`, and the options. Out: about how many operations and flushes it makes ([`Estimate`]); where
//! that is more than the session has [patience](Patience) for, the line is refused with that, and with the lines to run
//! instead: with larger memtables, shorter, or as it is, with the word `anyway` at its end.
//!
//! Only counts decide, never how fast the machine is: a script does the same everywhere.

use serde::Serialize;

use super::{LineOutcome, Session, drive, fill, in_turn};
use crate::{
    options::{JobMode, Options, WalSync, preset},
    plural::{grouped, grouped_count},
    script::{Command, OptionChange, ScriptError},
    storage::Storage,
    trace::Tracer,
    words::say,
    workload::Workload,
};

/// The most work of a line that is run without an estimate first.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// Operations.
    pub operations: f64,
    /// Flushes; compactions come in about the same number.
    pub flushes: f64,
    /// Whether a line that ends with `anyway` is run without an estimate; a link's line is not.
    pub heeds_anyway: bool,
    /// Writes with a sync of their own, where a sync takes its time; infinite where it takes none.
    pub syncs: f64,
    /// Bytes of keys and values that are written: they stay in memory.
    pub bytes: f64,
    /// Entries that scans return, one by one.
    pub scanned: f64,
}

impl Patience {
    /// For all that is asked.
    pub const UNLIMITED: Patience = Patience {
        operations: f64::INFINITY,
        flushes: f64::INFINITY,
        heeds_anyway: true,
        syncs: f64::INFINITY,
        bytes: f64::INFINITY,
        scanned: f64::INFINITY,
    };
}

/// What a line would do, about.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Estimate {
    /// Operations.
    pub operations: f64,
    /// Flushes.
    pub flushes: f64,
    /// What to run instead, the best first.
    pub instead: Vec<Instead>,
}

/// What may be run instead of a long line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Instead {
    /// In a few words.
    pub title: String,
    /// One after the other.
    pub lines: Vec<String>,
}

/// Options for workloads: memtables of 200,000 bytes, and writes are not synced.
const RECIPE: &str = "demo-recipe";

/// Writes, and what they are with all else.
#[derive(Clone, Copy)]
struct Work {
    operations: f64,
    writes: f64,
    write_bytes: f64,
    scanned: f64,
}

impl Work {
    fn of(workload: &Workload) -> Work {
        let Workload { write_rate, read_rate, delete_rate, read_modify_write_rate, .. } = *workload;
        let rates = write_rate + read_rate + delete_rate + read_modify_write_rate;
        let loaded = if workload.load { workload.key_space_size as f64 } else { 0.0 };
        let run = workload.expected_operations();
        let writes = run * (write_rate + delete_rate + read_modify_write_rate) / rates.max(f64::MIN_POSITIVE) + loaded;
        let scans = run * read_rate / rates.max(f64::MIN_POSITIVE) * workload.range_reads / 100.0;
        // A scan returns no more than there is.
        let span = (workload.range_span as f64).min(workload.key_space_size as f64 + writes);
        let scanned = scans * span;
        let value =
            (workload.value_size_bytes + workload.value_size_max_bytes.max(workload.value_size_bytes)) as f64 / 2.0;
        Work { operations: run + loaded, writes, write_bytes: workload.key_size_bytes as f64 + value, scanned }
    }

    fn of_fill(count: f64) -> Work {
        Work { operations: count, writes: count, write_bytes: fill::ENTRY_BYTES, scanned: 0.0 }
    }

    fn flushes(&self, options: &Options) -> f64 {
        if options.job_mode == JobMode::Manual {
            return 0.0;
        }
        let by_entries = match options.write_buffer_entries {
            0 => 0.0,
            entries => self.writes / entries as f64,
        };
        by_entries.max(self.writes * self.write_bytes / options.write_buffer_size as f64)
    }

    fn bytes(&self) -> f64 {
        self.writes * self.write_bytes
    }

    fn syncs(&self, options: &Options) -> f64 {
        if options.wal_sync == WalSync::EveryWrite { self.writes } else { 0.0 }
    }
}

impl Patience {
    /// How many times over `work` is too much: 1 or less is not.
    fn strain(&self, work: &Work, options: &Options) -> f64 {
        let flushes = work.flushes(options) / self.flushes;
        let held = (work.bytes() / self.bytes).max(work.scanned / self.scanned);
        (work.operations / self.operations).max(flushes).max(work.syncs(options) / self.syncs).max(held)
    }
}

/// The same line, with `anyway` at its end.
fn asked(line: &str) -> String {
    let line = line.trim();
    if line.ends_with(" anyway") { line.into() } else { format!("{line} anyway") }
}

impl<S: Storage, T: Tracer> Session<S, T> {
    /// The answer for `line`, which `command` was read from, instead of running it; none if it may be run.
    pub(super) fn tell_of(&self, line: &str, command: &Command) -> Option<LineOutcome> {
        let patience = self.patience?;
        let heeded = |anyway: bool| anyway && patience.heeds_anyway;
        let (work, shorter) = match command {
            Command::Drive { anyway, .. } | Command::Fill { anyway, .. } if heeded(*anyway) => return None,
            Command::Drive { changes, .. } => {
                // An invalid line is reported when it is run.
                let workload = drive::workload(line, changes).ok()?;
                let work = Work::of(&workload);
                let seconds = round_down(workload.duration_seconds / patience.strain(&work, &self.options));
                let shorter = Work::of(&Workload { duration_seconds: seconds, ..workload });
                (work, (shorter, with_duration(line, changes, seconds)))
            }
            Command::Fill { count, seed, .. } => {
                let work = Work::of_fill(*count as f64);
                let fewer = round_down(*count as f64 / patience.strain(&work, &self.options)).max(1.0);
                let seed = seed.map_or(String::new(), |seed| format!(" seed {seed}"));
                (work, (Work::of_fill(fewer), format!("fill {fewer:.0}{seed}")))
            }
            _ => return None,
        };
        (patience.strain(&work, &self.options) > 1.0).then(|| self.told(line.trim(), patience, work, shorter))
    }

    fn told(&self, line: &str, patience: Patience, work: Work, (shorter, short_line): (Work, String)) -> LineOutcome {
        let (flushes, syncs) = (work.flushes(&self.options), work.syncs(&self.options));
        let strain = patience.strain(&work, &self.options);
        let anyway = asked(line);
        let mut instead = Vec::new();
        // With other options, if that is a large part of it.
        let mut with = |title: String, change: &str, options: &Options| {
            let then = patience.strain(&work, options);
            if then <= 0.5 * strain {
                let line = if then > 1.0 { anyway.clone() } else { line.to_string() };
                instead.push(Instead { title, lines: vec![format!("options {change}"), line] });
            }
        };
        let is_synced = syncs > patience.syncs;
        if let Ok(recipe) = preset(RECIPE) {
            let flushes = about(work.flushes(&recipe));
            let title = if is_synced {
                say!("Larger memtables, and no sync after each write: {n} flushes", n = flushes)
            } else {
                say!("Larger memtables: {n} flushes", n = flushes)
            };
            with(title, &format!("preset={RECIPE}"), &recipe);
        }
        if is_synced {
            let options = Options { wal_sync: WalSync::Never, ..self.options.clone() };
            with(say!("No sync after each write: only when a memtable is full"), "wal_sync=never", &options);
        }
        if patience.strain(&shorter, &self.options) <= 1.0 {
            let title = say!("Shorter: {n} operations", n = about(shorter.operations));
            instead.push(Instead { title, lines: vec![short_line] });
        }
        instead.push(Instead { title: say!("All of it"), lines: vec![anyway] });
        let operations = about(work.operations);
        let mut message = if flushes > 1.0 {
            let (flushes, full) = (about(flushes), self.full_at());
            say!(
                "this makes about {operations} operations and about {flushes} flushes, each with its compactions: a \
                 memtable is full at {full}",
                operations,
                flushes,
                full,
            )
        } else {
            say!("this makes about {n} operations", n = operations)
        };
        if work.bytes() > patience.bytes {
            message = say!("{message}, and writes about {n} bytes", message, n = about(work.bytes()));
        }
        if work.scanned > patience.scanned {
            message = say!("{message}, and scans about {n} entries", message, n = about(work.scanned));
        }
        if is_synced {
            message = say!("{message}, and about {n} syncs: each write waits for the disk", message, n = about(syncs));
        }
        let way =
            |way: &Instead| format!("{}: {}", way.title.split(':').next().unwrap_or_default(), in_turn(&way.lines));
        let ways: Vec<String> = instead.iter().map(way).collect();
        let remedy = say!("Nothing was done. {remedy}.", remedy = ways.join(". "));
        let error = ScriptError::new(line, 0..0, message, remedy);
        let estimate = Some(Estimate { operations: work.operations, flushes, instead });
        LineOutcome { estimate, ..LineOutcome::failed(error) }
    }

    fn full_at(&self) -> String {
        match self.options.write_buffer_entries {
            0 => grouped_count(self.options.write_buffer_size, "byte"),
            entries => grouped_count(entries, "entry"),
        }
    }
}

/// Two digits are enough: `75,000`.
fn about(n: f64) -> String {
    let unit = 10_f64.powi((n.max(1.0).log10().floor() as i32 - 1).max(0));
    grouped(((n / unit).round() * unit) as u64)
}

/// The next lower of 1, 2, 5, 10, 20, …
fn round_down(n: f64) -> f64 {
    let unit = 10_f64.powi(n.log10().floor() as i32);
    let digit = [5.0, 2.0, 1.0].into_iter().find(|digit| digit * unit <= n * (1.0 + 1e-9)).unwrap_or(1.0);
    if unit < 1.0 { digit / (1.0 / unit).round() } else { digit * unit }
}

/// `line`, which `changes` were read from, to last `seconds`.
fn with_duration(line: &str, changes: &[OptionChange], seconds: f64) -> String {
    let typed = changes.iter().rfind(|change| change.name == "duration_seconds");
    let line = match typed {
        Some(change) if line[change.start..change.end].contains('=') => {
            format!("{}duration_seconds={seconds}{}", &line[..change.start], &line[change.end..])
        }
        Some(change) => format!("{}{seconds}s{}", &line[..change.start], &line[change.end..]),
        None => {
            let (name, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
            format!("{name} {seconds}s {rest}")
        }
    };
    line.trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::storage::{block_on, memory::Memory};
    use crate::trace::NoTrace;

    const PATIENCE: Patience =
        Patience { operations: 500_000.0, flushes: 300.0, bytes: 1e9, scanned: 1e7, ..Patience::UNLIMITED };

    fn session(preset_name: &str) -> Session<Memory, NoTrace> {
        let options = preset(preset_name).unwrap();
        let mut session = block_on(Session::open(Memory::new(), options, NoTrace)).unwrap();
        session.set_patience(PATIENCE);
        session
    }

    #[test]
    fn a_long_workload_is_told_of_and_each_way_out_runs() {
        let mut session = session("teaching");
        let outcome = block_on(session.run("drive 60s write_rate=5000"));
        let error = outcome.error.expect("it is told of");
        assert!(error.message.contains("about 300,000 operations and about 75,000 flushes"), "{error}");
        assert!(error.remedy.contains("options preset=demo-recipe, then drive 60s write_rate=5000."), "{error}");
        assert!(error.remedy.contains("All of it: drive 60s write_rate=5000 anyway."), "{error}");
        let estimate = outcome.estimate.expect("with its counts");
        assert_eq!((estimate.operations, estimate.flushes), (300_000.0, 75_000.0));
        assert!(session.ops == 0 && session.engine().is_some_and(|engine| engine.last_seq() == 0), "nothing was done");
        let lines: Vec<&[String]> = estimate.instead.iter().map(|way| &way.lines[..]).collect();
        assert_eq!(lines[1], ["drive 0.2s write_rate=5000"]);
        assert_eq!(lines[2], ["drive 60s write_rate=5000 anyway"]);
        for line in [lines[1], lines[0]].concat() {
            let outcome = block_on(session.run(&line));
            assert!(outcome.ok, "{line}: {:?}", outcome.error);
        }
        assert!(session.last_run().is_some_and(|run| run.complete && run.ops.put == 300_000));
    }

    #[test]
    fn what_is_short_or_asked_for_anyway_is_run() {
        let mut session = session("teaching");
        for line in ["drive 1s write_rate=700", "drive 1s write_rate=900 anyway", "fill 100", "fill 900 seed 1 anyway"]
        {
            let outcome = block_on(session.run(line));
            assert!(outcome.ok && outcome.estimate.is_none(), "{line}: {:?}", outcome.error);
        }
        assert!(block_on(session.run("options job_mode=manual max_write_buffer_number=64")).ok);
        assert!(
            block_on(session.run("drive 1s preset=ycsb-c duration_seconds=1 load=false write_rate=0 read_rate=9"))
                .estimate
                .is_none()
        );
    }

    #[test]
    fn a_line_of_somebody_else_is_told_of_whatever_it_says_and_wherever_it_stands() {
        let mut session = session("teaching");
        let wary = Patience { heeds_anyway: false, ..PATIENCE };
        for (patience, line) in [
            (wary, "fill 100000 anyway"),
            (wary, "fill 100000 anyway # a comment"),
            (wary, "drive 60s write_rate=5000 anyway"),
            (wary, "crash in 900000000 during fill 900000 anyway"),
            (PATIENCE, "crash in 900000000 during fill 900000"),
            (PATIENCE, "crash in 50 during fill 900000"),
        ] {
            session.set_patience(patience);
            let outcome = block_on(session.run(line));
            let estimate = outcome.estimate.unwrap_or_else(|| panic!("{line} is told of: {:?}", outcome.error));
            assert!(estimate.instead.iter().any(|way| way.title == "All of it"), "{line}: {estimate:?}");
        }
        assert_eq!(session.ops, 0, "nothing was done");
        for line in ["fill 100 anyway", "crash in 50 during fill 100"] {
            assert!(block_on(session.run(line)).estimate.is_none(), "{line}");
        }
    }

    #[test]
    fn a_long_fill_is_told_of_too() {
        let mut session = session("teaching");
        let estimate = block_on(session.run("fill 100000 seed 3")).estimate.expect("it is told of");
        assert_eq!(estimate.flushes, 25_000.0);
        assert_eq!(estimate.instead[1].lines, ["fill 1000 seed 3"]);
        assert!(block_on(session.run("fill 1000 seed 3")).ok);
    }

    #[test]
    fn very_many_operations_are_told_of_whatever_the_memtables() {
        let mut session = session("rocksdb");
        let outcome = block_on(session.run("drive duration_seconds=100 read_rate=100000"));
        let estimate = outcome.estimate.expect("it is told of");
        let lines: Vec<&[String]> = estimate.instead.iter().map(|way| &way.lines[..]).collect();
        assert_eq!(lines[0], ["drive duration_seconds=2 read_rate=100000"], "{lines:?}");
        assert_eq!(lines.len(), 2, "{lines:?}");
        assert_eq!(with_duration("drive preset=demo", &[], 0.5), "drive 0.5s preset=demo");
    }

    #[test]
    fn options_are_proposed_also_where_all_of_it_stays_long() {
        let mut session = session("teaching");
        let outcome = block_on(session.run("drive 1000s write_rate=5000"));
        let ways = outcome.estimate.expect("it is told of").instead;
        assert_eq!(ways[0].title, "Larger memtables: 3,600 flushes");
        assert_eq!(ways[0].lines, ["options preset=demo-recipe", "drive 1000s write_rate=5000 anyway"]);
    }

    #[test]
    fn syncs_count_where_they_take_their_time() {
        let mut session = session("rocksdb");
        assert!(block_on(session.run("drive 4s write_rate=5000")).estimate.is_none(), "in memory they take none");
        session.set_patience(Patience { syncs: 10_000.0, ..PATIENCE });
        let outcome = block_on(session.run("drive 4s write_rate=5000"));
        let message = outcome.error.expect("it is told of").message;
        assert!(message.ends_with(", and about 20,000 syncs: each write waits for the disk"), "{message}");
        let ways = outcome.estimate.expect("with its counts").instead;
        assert_eq!(ways[0].lines, ["options preset=demo-recipe", "drive 4s write_rate=5000"]);
        assert_eq!(ways[1].lines, ["options wal_sync=never", "drive 4s write_rate=5000"]);
        assert_eq!(ways[2].lines, ["drive 2s write_rate=5000"]);
        for line in &ways[1].lines {
            let outcome = block_on(session.run(line));
            assert!(outcome.ok, "{line}: {:?}", outcome.error);
        }
    }

    #[test]
    fn few_operations_of_many_bytes_or_long_scans_are_told_of_too() {
        let mut session = session("rocksdb");
        for (line, expected) in [
            (
                "drive 1s write_rate=10000 value_size_bytes=1MB value_size_max_bytes=1MB",
                "writes about 10,000,000,000 bytes",
            ),
            (
                "drive 10s write_rate=1 read_rate=1000 range_reads=100 range_span=10000",
                "scans about 100,000,000 entries",
            ),
        ] {
            let outcome = block_on(session.run(line));
            let estimate = outcome.estimate.unwrap_or_else(|| panic!("{line} is told of: {:?}", outcome.error));
            assert!(outcome.error.is_some_and(|error| error.message.ends_with(expected)), "{line}");
            assert!(estimate.instead[0].title.starts_with("Shorter"), "{estimate:?}");
        }
        assert_eq!(session.ops, 0, "nothing was done");
    }

    #[test]
    fn numbers_are_round() {
        assert_eq!([0.07, 0.9, 1.0, 4.9, 60.0, 1999.0].map(round_down), [0.05, 0.5, 1.0, 2.0, 50.0, 1000.0]);
        assert_eq!([7.0, 123.0, 75_123.0].map(about), ["7", "120", "75,000"]);
    }
}
