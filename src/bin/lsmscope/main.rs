//! The native command. `lsmscope repl` runs the command language on a database in memory, or in a directory; `drive`
//! runs a workload and draws it; `sim` does so at any scale, without bytes; `verify` says what is wrong with a
//! directory, and `repair` salvages what can be read of it; `replay` compares our compaction decisions with those of a
//! real RocksDB, and `accuracy` compares their amplifications; `history` says what happened in a real RocksDB, from its
//! LOG; `torture` tries to make the engine lose data.
//!
//! Exit status: 0 when everything went well, 1 when a line or the database failed, 2 when the command line is wrong.

use std::{
    borrow::Cow,
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::{Args, Parser, Subcommand};
use lsmscope::{
    Error, ErrorKind, Options,
    effect::Executor,
    error::{excerpt, excerpt_of_path},
    options::{PRESETS, Problem, preset},
    session::Session,
    storage::{Storage, block_on, file::Directory, memory::Memory},
    trace::NoTrace,
};

mod accuracy;
mod chart;
mod database_files;
mod drive;
mod film;
mod history;
mod html;
mod inputs;
mod lesson;
mod outputs;
mod picture;
mod progress;
mod repair;
mod repl;
mod replay;
mod report;
mod sim;
mod stage;
mod streams;
mod sweep;
mod torture;
mod usage;
mod verify;
mod whatif;

use streams::{print, tell};

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
    /// Run a workload under virtual time, and write samples as CSV and charts as HTML, SVG or PNG.
    ///
    /// Without anything else: 5,000 puts a second for a minute into a database that flushes and compacts within
    /// seconds.
    Drive(Box<drive::Arguments>),
    /// Draw the stage as a picture: a script's last moment, any other, or a contact sheet, as SVG or PNG.
    ///
    /// The same painter draws the page's stage. Without `--at`, the picture is of the moment after the last command. A
    /// line that fails is reported, and the next one follows; the exit status is 0 only if every line went well.
    Picture(picture::Arguments),
    /// Draw a range of a script's events as a film: a GIF, or a directory of pictures for another program.
    ///
    /// Each event takes as long as on the page's stage. A directory gets one picture for each frame, and a list of them
    /// with their times, `frames.ffconcat`, of which `ffmpeg -i DIR/frames.ffconcat film.webm` makes any other film.
    Film(film::Arguments),
    /// Check lessons, grade what learners hand in, or print a lesson as text.
    ///
    /// `docs/lesson-format.md` is the reference of the file.
    Lesson(lesson::Arguments),
    /// Check every checksum, order, range and reference of a database, and print what is wrong.
    ///
    /// Changes nothing. The exit status is 0 if nothing is wrong, 1 if something is.
    ///
    /// The manifest names no log: that the newest logs are gone is seen only where an edit of the manifest was logged
    /// after the oldest of them was begun. Else the database reads as it was before them.
    Verify(verify::Arguments),
    /// Salvage everything that can be read of a damaged database into a new one, and print what could not.
    ///
    /// The damaged one is not changed. The exit status is 0 if nothing was lost, 1 if something was.
    Repair(repair::Arguments),
    /// Hold our compaction decisions against those that a real RocksDB took: a MANIFEST file, or recorded lines.
    ///
    /// The exit status is 0 only if every decision of every file matches, and every file has one.
    Replay(replay::Arguments),
    /// Estimate what a real RocksDB would have written under other options, from its LOG and MANIFEST.
    ///
    /// Its flushes are written again, with keys of which as many meet as the database dropped, and compacted by our
    /// policy. Prints what the database itself came to beside the estimates.
    Whatif(whatif::Arguments),
    /// Say what happened in a RocksDB database, from its LOG: what went wrong, why, and what would change it.
    ///
    /// Reads LOG and LOG.old.* as a stream, of any length. Without a flag, sentences come first, then tables.
    History(history::Arguments),
    /// Simulate the engine's flushes and compactions under virtual time: hours and terabytes in a second.
    ///
    /// Prints what each level was worth, both kinds of amplification, why writes waited, and what the device could
    /// sustain.
    Sim(sim::Arguments),
    /// Run one workload under many sets of options, every combination or a random sample: a row of CSV or Parquet each.
    ///
    /// On all cores. A sweep that was interrupted goes on where it was; `--shard` spreads it over machines, and
    /// `--from` brings the rows together. Rows are the same whatever the number of threads or shards.
    Sweep(sweep::Arguments),
    /// Try to make the engine lose data: power cuts, failing disks, damaged files, random options and backends.
    ///
    /// The exit status is 0 only if nothing was lost. A failure is printed with the shortest script and the command
    /// that reproduce it.
    Torture(torture::Torture),
    /// Run the experiments that were measured on a real RocksDB, on our engine and on byteless tables.
    ///
    /// Takes some minutes. The exit status is 0 if write amplification and the sizes of levels are as near as they
    /// should be.
    Accuracy(accuracy::Arguments),
}

/// Which database, and how it is set.
#[derive(Debug, Args)]
struct Database {
    #[command(flatten)]
    settings: Settings,
    /// Keep the database in this directory, so that it is there the next time [default: in memory].
    #[arg(long, value_name = "DIR")]
    data_dir: Option<PathBuf>,
}

/// Options by preset and by name.
#[derive(Debug, Args)]
struct Settings {
    /// Begin with a ready-made set of options.
    #[arg(long, value_name = "NAME", default_value = "teaching", value_parser = presets())]
    preset: String,
    /// Change one option; may be repeated. `help OPTION` in the repl says what it does.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
}

fn presets() -> clap::builder::PossibleValuesParser {
    let value = |p: &lsmscope::options::Preset| clap::builder::PossibleValue::new(p.name).help(p.about);
    PRESETS.iter().map(value).collect::<Vec<_>>().into()
}

impl Settings {
    fn options(&self) -> Result<Options, Problem> {
        let mut options = preset(&self.preset)?;
        change(&mut options, &self.changes)?;
        options.validate().into_iter().next().map_or(Ok(options), Err)
    }
}

/// Makes each `name=value` of `changes`.
fn change(options: &mut Options, changes: &[String]) -> Result<(), Problem> {
    for change in changes {
        let (name, value) = change.split_once('=').ok_or_else(|| Problem {
            field: "--set".into(),
            value: excerpt(change),
            expected: "name=value".into(),
        })?;
        options.set(name, value)?;
    }
    Ok(())
}

/// Whether one of `changes` is of the option `name`.
fn is_set(changes: &[String], name: &str) -> bool {
    changes.iter().any(|change| change.split_once('=').is_some_and(|(changed, _)| changed == name))
}

fn main() -> ExitCode {
    let command = match Cli::try_parse() {
        Ok(cli) => cli.command,
        Err(wrong) => return usage::told(wrong),
    };
    let result = match command {
        Command::Repl(database) => run_repl(&database),
        Command::Picture(arguments) => picture::run(&arguments),
        Command::Film(arguments) => film::run(&arguments),
        Command::Lesson(arguments) => lesson::run(&arguments),
        Command::Drive(arguments) => drive::run(&arguments),
        Command::Torture(torture) => torture::run(&torture),
        Command::Accuracy(arguments) => accuracy::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Repair(arguments) => repair::run(&arguments),
        Command::Sim(arguments) => sim::run(&arguments),
        Command::Sweep(arguments) => sweep::run(&arguments),
        Command::Replay(arguments) => replay::run(&arguments),
        Command::Whatif(arguments) => whatif::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
    };
    result.unwrap_or_else(|error| {
        tell_error(&error);
        ExitCode::FAILURE
    })
}

/// Says what a command has ended with, and what can be done.
fn tell_error(error: &Error) {
    let own = streams::remedy(error).or_else(|| inputs::remedy(error));
    let remedy = own.map_or_else(|| remedy(error.kind), Cow::Borrowed);
    tell(format_args!("error: {error}\n{remedy}"));
}

/// Opens the database in `directory` to look at it.
///
/// # Errors
/// There is no such directory, or it cannot be read.
fn look_at(directory: &Path) -> Result<Directory, Error> {
    let shown = excerpt_of_path(directory);
    match fs::metadata(directory) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            Err(Error::invalid(format!("there is no directory {shown}: name the one that holds the database")))
        }
        Ok(metadata) if !metadata.is_dir() => {
            Err(Error::invalid(format!("{shown} is not a directory: name the one that holds the database")))
        }
        _ => Directory::open_read_only(directory),
    }
}

/// What a person can do where a command has ended with an error. The library's remedies are for an open database,
/// which can be reopened or taken over, as on the page.
fn remedy(kind: ErrorKind) -> Cow<'static, str> {
    match kind {
        ErrorKind::Io => "Mend that, then run the command again: a database keeps everything that was synced.".into(),
        ErrorKind::Busy => "End the other process, or name another directory.".into(),
        ErrorKind::NoSpace => {
            "Free some space, then run the command again: a database keeps everything that was synced.".into()
        }
        ErrorKind::PowerLost | ErrorKind::WritesStopped | ErrorKind::Closed => {
            "Run the command again: a database keeps everything that was synced.".into()
        }
        ErrorKind::InvalidInput
        | ErrorKind::Corruption
        | ErrorKind::Unsupported
        | ErrorKind::Stalled
        | ErrorKind::TimeOver => kind.remedy().into(),
    }
}

fn run_repl(database: &Database) -> Result<ExitCode, Error> {
    let options = match database.settings.options() {
        Ok(options) => options,
        Err(problem) => return Ok(refuse(&problem, "repl")),
    };
    let changes = &database.settings.changes;
    options.told_without_effect(Executor::Engine, |name| is_set(changes, name)).iter().for_each(tell);
    match &database.data_dir {
        None => open_and_run(Ok(Memory::new()), options),
        Some(directory) => open_and_run(Directory::open(directory), options),
    }
}

fn open_and_run<S: Storage>(storage: Result<S, Error>, options: Options) -> Result<ExitCode, Error> {
    let session = block_on(Session::open(storage?, options, NoTrace))?;
    repl::run(session)
}

/// The command line is wrong: says what is, and where to look.
fn refuse(problem: &Problem, command: &str) -> ExitCode {
    tell(format_args!("error: {problem}\nNothing was run. `lsmscope {command} --help` says what each flag takes."));
    ExitCode::from(2)
}

/// Writes charts, as SVG and as PNG, where that was asked for.
fn write_picture(svg: &str, as_svg: Option<&Path>, as_png: Option<&Path>) -> Result<(), Error> {
    if let Some(file) = as_svg {
        outputs::write(file, svg.as_bytes())?;
    }
    match as_png {
        Some(file) => outputs::write(file, &chart::png::of(svg, chart::png::CHART_SCALE)?),
        None => Ok(()),
    }
}
