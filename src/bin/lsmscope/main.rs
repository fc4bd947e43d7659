//! The native command. `lsmscope repl` runs the command language on a database in memory, or in a directory; `lsmscope
//! torture` tries to make the engine lose data.
//!
//! Exit status: 0 when everything went well, 1 when a line or the database failed, 2 when the command line is wrong.

use std::{path::PathBuf, process::ExitCode};

use clap::{Args, Parser, Subcommand};
use lsmscope::{
    Error, Options,
    options::{PRESETS, Problem, preset},
    session::Session,
    storage::{Storage, block_on, file::Directory, memory::Memory},
    trace::NoTrace,
};

mod repl;
mod torture;

/// An LSM-tree engine that one can look into.
#[derive(Debug, Parser)]
#[command(version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run commands such as `put user:1 Alice` and `scan`, from a terminal or from standard input.
    ///
    /// From standard input, each answer goes to standard output as a program would want it (for a get: the value), and
    /// each error to standard error with the line's number; the exit status is 0 only if every line went well.
    Repl(Database),
    /// Try to make the engine lose data: power cuts, failing disks, damaged files, random circumstances.
    ///
    /// The exit status is 0 only if nothing was lost. A failure is printed with the shortest script that shows it and the
    /// command that does it again.
    Torture(torture::Torture),
}

/// Which database, and how it is set.
#[derive(Debug, Args)]
struct Database {
    /// Begin with a ready-made set of options.
    #[arg(long, value_name = "NAME", default_value = "teaching", value_parser = presets())]
    preset: String,
    /// Change one option; may be repeated. `help OPTION` in the repl says what it does.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// Keep the database in this directory, so that it is there the next time [default: in memory].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

fn presets() -> clap::builder::PossibleValuesParser {
    let value = |p: &lsmscope::options::Preset| clap::builder::PossibleValue::new(p.name).help(p.about);
    PRESETS.iter().map(value).collect::<Vec<_>>().into()
}

impl Database {
    fn options(&self) -> Result<Options, Problem> {
        let mut options = preset(&self.preset)?;
        for change in &self.changes {
            let (name, value) = change.split_once('=').ok_or_else(|| Problem {
                field: "--set".into(),
                value: change.clone(),
                expected: "name=value".into(),
            })?;
            options.set(name, value)?;
        }
        options.validate().into_iter().next().map_or(Ok(options), Err)
    }
}

fn main() -> ExitCode {
    let database = match Cli::parse().command {
        Command::Repl(database) => database,
        Command::Torture(torture) => return torture::run(&torture),
    };
    let options = match database.options() {
        Ok(options) => options,
        Err(problem) => {
            eprintln!("error: {problem}");
            return ExitCode::from(2);
        }
    };
    let result = match &database.data_dir {
        None => open_and_run(Ok(Memory::new()), options),
        Some(directory) => open_and_run(Directory::open(directory), options),
    };
    result.unwrap_or_else(|error| {
        eprintln!("error: {error}\n{}", error.kind.remedy());
        ExitCode::FAILURE
    })
}

fn open_and_run<S: Storage>(storage: Result<S, Error>, options: Options) -> Result<ExitCode, Error> {
    let session = block_on(Session::open(storage?, options, NoTrace))?;
    repl::run(session)
}
