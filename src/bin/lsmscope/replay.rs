//! `lsmscope replay FILE…`: compares real histories with our policy, a line for each column family.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error,
    error::{excerpt, excerpt_of_path},
    history::{self, History, HistoryRefusal, HistoryReport},
    options::Problem,
    plural::counted,
};
use serde_json::{Value, json};

use super::{database_files::HistoryFiles, progress::ProgressLine};

/// Which histories.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A MANIFEST of RocksDB or LevelDB, the directory of such a database, or a recorded history (JSON lines).
    ///
    /// A manifest does not say how the database was set: that is read from the OPTIONS file beside it, if there is one.
    /// It says when a compaction ended, not when it was decided, and which jobs ran then: that is read from the LOG
    /// files beside it. Without them, not every decision can be expected to match of a database that was written to
    /// while it compacted. What a LOG gives another reason for than a score, and what it does not tell of, is named and
    /// counted apart. Any of the files may be packed (.gz).
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Read the options of a MANIFEST from this OPTIONS file of RocksDB [default: the newest one beside the MANIFEST].
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// Read what a MANIFEST does not tell from this LOG file of RocksDB; of several, the oldest is named first
    /// [default: all that lie beside the MANIFEST].
    #[arg(long = "log", value_name = "FILE")]
    logs: Vec<PathBuf>,
    /// Change one option of a MANIFEST's database; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// Replay this column family only [default: all that have compactions].
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// Print one JSON object for each file, with everything there is to know of the first difference of each family.
    ///
    /// It has `file`, `matches` (whether all decisions of all families are the same) and `families`: of each its name
    /// (`family`) and its `report`, or the `error` and `remedy` of one that cannot be replayed.
    #[arg(long)]
    json: bool,
}

/// Compares every file with our policy; one that cannot be read, or is no history, is reported, and the next one
/// follows.
///
/// # Errors
/// Nothing can be printed.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let changes = match changes(&arguments.changes) {
        Ok(changes) => changes,
        Err(problem) => return Ok(super::refuse(&problem, "replay")),
    };
    let mut all = true;
    for file in &arguments.files {
        all &= replay_file(file, arguments, &changes)?;
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Each `name=value` of `changes`.
fn changes(changes: &[String]) -> Result<Vec<(&str, &str)>, Problem> {
    let problem =
        |change: &str| Problem { field: "--set".into(), value: excerpt(change), expected: "name=value".into() };
    changes.iter().map(|change| change.split_once('=').ok_or_else(|| problem(change))).collect()
}

/// Replays all families of one file, and says what they came to; returns whether all of them match.
fn replay_file(file: &Path, arguments: &Arguments, changes: &[(&str, &str)]) -> Result<bool, Error> {
    let name = file.display().to_string();
    let refused = |refusal: &HistoryRefusal, options: Option<&Path>| {
        if arguments.json {
            super::print(&of_refusal(json!({ "file": name }), refusal).to_string())?;
        }
        tell(refusal, file, options);
        Ok(false)
    };
    let files = match HistoryFiles::find(file, arguments.options.as_deref(), &arguments.logs) {
        Ok(files) => files,
        Err(error) => return refused(&error.into(), None),
    };
    let families = match open(&files, arguments.family.as_deref(), changes) {
        Ok(families) => families,
        Err(refusal) => return refused(&refusal, files.options.as_deref()),
    };
    if !arguments.json && families.iter().any(|(family, history)| family.is_some() && history.is_ok()) {
        super::print(&files.to_string())?;
    }
    let mut told: Vec<Value> = Vec::new();
    let mut all = true;
    for (family, history) in families {
        let of = json!({ "family": family });
        match history.and_then(|history| Ok(replay(&history, file)?)) {
            Ok(report) => {
                all &= report.is_match();
                if !arguments.json {
                    super::print(&format!("{}: {report}", family.as_deref().unwrap_or(&name)))?;
                }
                told.push(with(of, "report", json!(report)));
            }
            Err(refusal) => {
                all = false;
                tell(&refusal, file, files.options.as_deref());
                told.push(of_refusal(of, &refusal));
            }
        }
    }
    if arguments.json {
        super::print(&json!({ "file": name, "matches": all, "families": told }).to_string())?;
    }
    Ok(all)
}

fn with(mut object: Value, field: &str, value: Value) -> Value {
    object[field] = value;
    object
}

fn of_refusal(object: Value, HistoryRefusal { error, remedy, .. }: &HistoryRefusal) -> Value {
    with(with(object, "error", json!(error.message)), "remedy", json!(remedy))
}

/// Says why a file, or its options, cannot be replayed.
fn tell(HistoryRefusal { error, remedy, is_of_options }: &HistoryRefusal, file: &Path, options: Option<&Path>) {
    let refused = options.filter(|_| *is_of_options).unwrap_or(file);
    super::tell(format_args!("error: {}: {}\n{remedy}", excerpt_of_path(refused), error.message));
}

fn open(
    files: &HistoryFiles,
    family: Option<&str>,
    changes: &[(&str, &str)],
) -> Result<Vec<history::FamilyHistory>, HistoryRefusal> {
    let bytes = files.read()?;
    history::open_families(&bytes.history, &bytes.request(family, changes))
}

fn replay(history: &History, file: &Path) -> Result<HistoryReport, Error> {
    let mut line = ProgressLine::new();
    let report = HistoryReport::watched(history, |replayed, all| {
        line.show(replayed as f64 / all as f64, || {
            format!("{}: {} replayed", excerpt_of_path(file), counted(replayed, "edit"))
        });
    });
    line.clear();
    report
}
