//! `lsmscope accuracy`: the experiments that were run on a real RocksDB, on our engine and on byteless tables.

use std::{fs, path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{
    Error, ErrorKind,
    accuracy::{self, EXPERIMENTS, Experiment, Outcome, published, report},
};

/// How much of it, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// Write the document to this file [default: to standard output].
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs everything and writes the document.
///
/// # Errors
/// The engine failed, or the file cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let (puts, cut) = (accuracy::PUTS, accuracy::CUT);
    let (engine, byteless) = (with_bytes(puts, |e| e.seeds)?, byteless(puts)?);
    let text = report::document(&[
        report::with_bytes(&engine),
        report::byteless(&byteless),
        report::cut(cut, &with_bytes(cut, |_| 1)?, &self::byteless(cut)?),
        report::published(&published::figures()?),
    ]);
    match &arguments.out {
        Some(file) => fs::write(file, text)
            .map_err(|e| Error::new(ErrorKind::Io, format!("cannot write {}: {e}", file.display())))?,
        None => super::print(text.trim_end())?,
    }
    let outcomes = EXPERIMENTS.iter().zip(engine).chain(EXPERIMENTS.iter().zip(byteless));
    let found: Vec<String> = outcomes.flat_map(|(experiment, o)| report::out_of_bounds(experiment, &o)).collect();
    found.iter().for_each(|what| eprintln!("out of bounds: {what}"));
    Ok(if found.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn with_bytes(puts: u64, seeds: fn(&Experiment) -> u64) -> Result<Vec<Outcome>, Error> {
    let run = |experiment: &Experiment| {
        eprintln!("{}, {puts} puts", experiment.name);
        accuracy::with_bytes::run(experiment, puts, seeds(experiment))
    };
    EXPERIMENTS.iter().map(run).collect()
}

fn byteless(puts: u64) -> Result<Vec<Outcome>, Error> {
    EXPERIMENTS.iter().map(|experiment| accuracy::byteless::run(experiment, puts)).collect()
}
