//! `lsmscope replay FILE…`: compares real histories with our policy, a line for each.

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind,
    error::{excerpt, excerpt_of_path},
    history::{self, HistoryRefusal, HistoryReport, HistoryRequest},
    options::Problem,
    plural::counted,
    storage::file::not_plain,
};
use serde_json::json;

use super::progress::ProgressLine;

/// Which histories.
#[derive(Debug, Args)]
pub struct Arguments {
    /// A MANIFEST of RocksDB or LevelDB, or a recorded history (JSON lines).
    ///
    /// A manifest does not say how the database was set: that is read from the OPTIONS file beside it, if there is one.
    /// It says when a compaction ended, not when it was decided: of a database that was written to while it compacted,
    /// not every decision can be expected to match.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Read the options of a MANIFEST from this OPTIONS file of RocksDB [default: the newest one beside the MANIFEST].
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
    /// Change one option of a MANIFEST's database; may be repeated.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    changes: Vec<String>,
    /// Replay this column family [default: default]. Those that the MANIFEST has are listed with their counts.
    #[arg(long, value_name = "NAME")]
    family: Option<String>,
    /// Print one JSON object for each file, with everything there is to know of the first difference.
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
        let name = file.display().to_string();
        let options = arguments.options.clone().or_else(|| beside(file));
        match replay_file(file, options.as_deref(), &changes, arguments.family.as_deref()) {
            Ok(report) => {
                all &= report.is_match();
                let line = match arguments.json {
                    true => json!({ "file": name, "report": report }).to_string(),
                    false => format!("{name}: {report}"),
                };
                super::print(&line)?;
            }
            Err(HistoryRefusal { error, remedy, is_of_options }) => {
                all = false;
                if arguments.json {
                    super::print(&json!({ "file": name, "error": error.message, "remedy": remedy }).to_string())?;
                }
                let refused = options.as_deref().filter(|_| is_of_options).unwrap_or(file);
                super::tell(format_args!("error: {}: {}\n{remedy}", excerpt_of_path(refused), error.message));
            }
        }
    }
    Ok(if all { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Each `name=value` of `changes`.
fn changes(changes: &[String]) -> Result<Vec<(&str, &str)>, Problem> {
    let problem =
        |change: &str| Problem { field: "--set".into(), value: excerpt(change), expected: "name=value".into() };
    changes.iter().map(|change| change.split_once('=').ok_or_else(|| problem(change))).collect()
}

fn replay_file(
    file: &Path,
    options: Option<&Path>,
    changes: &[(&str, &str)],
    family: Option<&str>,
) -> Result<HistoryReport, HistoryRefusal> {
    let bytes = read(file)?;
    let options = options.map(read).transpose()?;
    let options = options.map(|text| String::from_utf8_lossy(&text).into_owned());
    let request = HistoryRequest { options: options.as_deref(), family, changes };
    let history = history::open(&bytes, &request)?;
    let mut line = ProgressLine::new();
    let report = HistoryReport::watched(&history, |replayed, all| {
        line.show(replayed as f64 / all as f64, || {
            format!("{}: {} replayed", excerpt_of_path(file), counted(replayed, "edit"))
        });
    });
    line.clear();
    Ok(report?)
}

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let trouble = |what: String| Error::new(ErrorKind::Io, format!("cannot read {}: {what}", excerpt_of_path(file)));
    // Looked at before it is opened: the open of a named pipe waits for a writer, which may never come.
    let found = fs::metadata(file).map_err(|e| trouble(e.to_string()))?;
    if let Some(what) = not_plain(found.file_type()) {
        return Err(trouble(format!("it is {what}, not a plain file")));
    }
    let opened = fs::File::open(file).map_err(|e| trouble(e.to_string()))?;
    if opened.metadata().is_ok_and(|m| m.is_file() && m.len() > MAX_BYTES) {
        return Err(trouble(format!("it has more than {MAX_BYTES} bytes, which no history has")));
    }
    let mut bytes = Vec::new();
    opened.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| trouble(e.to_string()))?;
    match bytes.len() as u64 > MAX_BYTES {
        true => Err(trouble(format!("it does not end within {MAX_BYTES} bytes, as every history does"))),
        false => Ok(bytes),
    }
}

/// The newest OPTIONS file in the directory of `manifest`.
fn beside(manifest: &Path) -> Option<PathBuf> {
    let directory = manifest.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let number = |path: &PathBuf| path.file_name()?.to_str()?.strip_prefix("OPTIONS-")?.parse::<u64>().ok();
    let files = fs::read_dir(directory).ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    files.filter_map(|path| Some((number(&path)?, path))).max().map(|(_, path)| path)
}
