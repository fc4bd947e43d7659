//! `lsmscope replay FILE…`: real histories against our policy, a line for each.

use std::{
    fs,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind, Options,
    error::excerpt_of_path,
    options::preset,
    replay::{self, Report, options_file},
};
use serde_json::json;

/// Which histories.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A MANIFEST of RocksDB, or a recorded history (JSON lines).
    ///
    /// A manifest does not say how the database was set: that is read from the OPTIONS file beside it, if there is one. It
    /// says when a compaction ended, not when it was decided: of a database that was written to while it compacted, not
    /// every decision can be expected to match.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Read the options of a MANIFEST from this OPTIONS file of RocksDB [default: the newest one beside the MANIFEST].
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// Change one option of a MANIFEST's database; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// Print one JSON object for each file, with everything there is to know of the first difference.
    #[arg(long)]
    json: bool,
}

/// Replays every file; one that cannot be read, or is no history, is told, and the next one follows.
///
/// # Errors
/// Nothing can be printed.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let mut all = true;
    for file in &arguments.files {
        let name = file.display().to_string();
        match replay_file(file, arguments) {
            Ok(report) => {
                all &= report.is_match();
                let line = match arguments.json {
                    true => json!({ "file": name, "report": report }).to_string(),
                    false => format!("{name}: {report}"),
                };
                super::print(&line)?;
            }
            Err(error) => {
                all = false;
                if arguments.json {
                    super::print(&json!({ "file": name, "error": error.message }).to_string())?;
                }
                super::tell(format_args!(
                    "error: {}: {}\n{}",
                    excerpt_of_path(file),
                    error.message,
                    error.kind.remedy()
                ));
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn replay_file(file: &Path, arguments: &Arguments) -> Result<Report, Error> {
    let bytes = read(file)?;
    let (options, notes) = options(file, arguments)?;
    let mut history = replay::read(&bytes, &options)?;
    history.notes.extend(notes);
    Report::of(&history)
}

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    fs::read(file).map_err(|e| Error::new(ErrorKind::Io, format!("cannot read {}: {e}", excerpt_of_path(file))))
}

/// The options of the database whose manifest `file` is, and what of them we leave out.
fn options(file: &Path, arguments: &Arguments) -> Result<(Options, Vec<String>), Error> {
    let mut options = preset("rocksdb")?;
    let mut notes = Vec::new();
    if let Some(beside) = arguments.options.clone().or_else(|| beside(file)) {
        notes = options_file::read(&String::from_utf8_lossy(&read(&beside)?), &mut options)?;
    }
    for change in &arguments.changes {
        let (name, value) =
            change.split_once('=').ok_or_else(|| Error::invalid(format!("--set {change}: expected name=value")))?;
        options.set(name, value)?;
    }
    Ok((options, notes))
}

/// The newest OPTIONS file in the directory of `manifest`.
fn beside(manifest: &Path) -> Option<PathBuf> {
    let directory = manifest.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let number = |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("OPTIONS-")?.parse::<u64>().ok();
    let files = fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter_map(|path| Some((number(&path)?, path))).max().map(|(_, path)| path)
}
