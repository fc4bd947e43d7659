//! `lsmscope accuracy`: the experiments that were run on a real RocksDB, with its keys and table sizes, on our engine, and on
//! byteless tables.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error,
    accuracy::{
        self, Comparison, EXPERIMENTS, Experiment, Outcome, byteless, keyed, measured::Run, published, report,
        with_bytes,
    },
};

use super::{outputs, tell};

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
    let keyed = compare("RocksDB's keys and sizes", |run| keyed::run(run.experiment, puts, run.seed, run.first_table))?;
    let engine = compare("engine", |run| with_bytes::run(run.experiment, puts, run.seed))?;
    let byteless = byteless::compare()?;
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
        inexact.chain(engine.iter().chain(&byteless).flat_map(Comparison::out_of_bounds)).collect();
    found.iter().for_each(|what| tell(format_args!("out of bounds: {what}")));
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Each experiment, in as many runs as RocksDB's.
fn compare(what: &str, mut ours: impl FnMut(&Run) -> Result<Outcome, Error>) -> Result<Vec<Comparison>, Error> {
    let mut run = |run: &Run| {
        tell(format_args!("{what}: {}, seed {}", run.experiment.name, run.seed));
        ours(run)
    };
    EXPERIMENTS.iter().map(|experiment| Comparison::of(experiment, &mut run)).collect()
}

fn cut() -> Result<String, Error> {
    let (puts, first) = (accuracy::CUT, keyed::FIRST_TABLE);
    let all = |run: &dyn Fn(&Experiment) -> Result<Outcome, Error>| {
        EXPERIMENTS.iter().map(run).collect::<Result<Vec<_>, _>>()
    };
    Ok(report::cut(
        puts,
        &all(&|experiment| keyed::run(experiment, puts, 1, first))?,
        &all(&|experiment| with_bytes::run(experiment, puts, 1))?,
        &all(&|experiment| byteless::run(experiment, puts, 1))?,
    ))
}
