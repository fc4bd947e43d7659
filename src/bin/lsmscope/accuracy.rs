//! `lsmscope accuracy`: the experiments that were run on a real RocksDB, with its keys and table sizes, on our engine,
//! and on byteless tables.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error,
    accuracy::{
        self, EXPERIMENTS, Experiment, ExperimentComparison, ExperimentOutcome, byteless, keyed,
        measured::{self, MeasuredRun},
        published, report, with_bytes,
    },
    plural::counted,
};

use super::{outputs, progress::ProgressLine, tell};

/// How much of it, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the document to this file; `-` is standard output, as without this flag.
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs everything and writes the document.
///
/// # Errors
/// The engine failed, or the file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    if let Err(problem) = outputs::check(&[("--out", arguments.out.as_deref())], None) {
        return Ok(super::refuse(&problem, "accuracy"));
    }
    let puts = accuracy::PUTS;
    let mut steps = Steps { line: ProgressLine::new(), done: 0, all: 3 * measured::runs().len() };
    let keyed =
        steps.compare("RocksDB's keys and sizes", |run| keyed::run(run.experiment, puts, run.seed, run.first_table))?;
    let engine = steps.compare("engine", |run| with_bytes::run(run.experiment, puts, run.seed))?;
    let byteless = steps.compare("byteless", |run| byteless::run(run.experiment, puts, run.seed))?;
    steps.line.clear();
    let text = report::document(&[
        report::summary(&keyed, &engine, &byteless),
        report::keyed(&keyed),
        report::with_bytes(&engine),
        report::byteless(&byteless),
        cut()?,
        report::published(&published::figures()?),
        report::recipe(),
    ]);
    match &arguments.out {
        Some(file) => outputs::write(file, text.as_bytes())?,
        None => super::print(text.trim_end())?,
    }
    let inexact = keyed.iter().filter(|c| !c.is_exact()).map(|c| format!("{}: not RocksDB's bytes", c.experiment.name));
    let found: Vec<String> =
        inexact.chain(engine.iter().chain(&byteless).flat_map(ExperimentComparison::out_of_bounds)).collect();
    found.iter().for_each(|what| tell(format_args!("out of bounds: {what}")));
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// The runs, one after the other.
struct Steps {
    line: ProgressLine,
    done: usize,
    all: usize,
}

impl Steps {
    /// Each experiment, in as many runs as RocksDB's.
    fn compare(
        &mut self,
        what: &str,
        mut ours: impl FnMut(&MeasuredRun) -> Result<ExperimentOutcome, Error>,
    ) -> Result<Vec<ExperimentComparison>, Error> {
        let mut run = |run: &MeasuredRun| {
            self.line.clear();
            tell(format_args!("{what}: {}, seed {}", run.experiment.name, run.seed));
            self.line.show(self.done as f64 / self.all as f64, || counted(self.all - self.done, "run") + " to go");
            self.done += 1;
            ours(run)
        };
        EXPERIMENTS.iter().map(|experiment| ExperimentComparison::of(experiment, &mut run)).collect()
    }
}

fn cut() -> Result<String, Error> {
    let (puts, first) = (accuracy::CUT, keyed::FIRST_TABLE);
    let all = |run: &dyn Fn(&Experiment) -> Result<ExperimentOutcome, Error>| {
        EXPERIMENTS.iter().map(run).collect::<Result<Vec<_>, _>>()
    };
    Ok(report::cut(
        puts,
        &all(&|experiment| keyed::run(experiment, puts, 1, first))?,
        &all(&|experiment| with_bytes::run(experiment, puts, 1))?,
        &all(&|experiment| byteless::run(experiment, puts, 1))?,
    ))
}
