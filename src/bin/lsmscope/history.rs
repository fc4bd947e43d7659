//! `lsmscope history DIR|LOG…`: what happened in a RocksDB or LevelDB database, from its LOG.
//!
//! In: directories of databases, or LOG files. Out: sentences and tables, or JSON; with `--out-html` a page as well.
//! Errors: a file cannot be read, or none is a LOG. Files are opened for reading only, and nothing is locked: the
//! database may be running.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind,
    error::excerpt_of_path,
    history::log_report::{LogDatabase, LogPaths, LogReader, LogReport},
    options::Problem,
};
use serde_json::json;

use super::{outputs, progress::ProgressLine, streams};

mod follow;
mod log_files;
mod next_command;
mod page;
mod page_chart;
mod tables;

/// Which logs.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The directory of a RocksDB or LevelDB database, or its LOG files.
    ///
    /// Of a directory, LOG and all LOG.old.* are read, in order of time. Any of the files may be packed (.gz).
    #[arg(value_name = "DIR|LOG", required = true)]
    files: Vec<PathBuf>,
    /// Print one JSON object: `docs/history.md` says what is in it.
    #[arg(long)]
    json: bool,
    /// Write a page with charts over time: one file that needs nothing else.
    #[arg(long, value_name = "FILE")]
    out_html: Option<PathBuf>,
    /// Wait for more lines, and say what happens; end it with Ctrl-C. For the database of a process that runs.
    #[arg(long, conflicts_with_all = ["json", "out_html"])]
    follow: bool,
    /// Keep the paths that errors in the log have, and those of the files that are read.
    #[arg(long)]
    with_paths: bool,
}

/// Whether `file` is one of `read`, however it is written.
fn is_one_of(file: &Path, read: &[PathBuf]) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).ok();
    real(file).is_some_and(|file| read.iter().any(|read| real(read).as_ref() == Some(&file)))
}

impl Arguments {
    fn reader(&self) -> LogReader {
        LogReader::new(if self.with_paths { LogPaths::Keep } else { LogPaths::LeaveOut })
    }

    /// What a file is called in what is written.
    fn name(&self, file: &Path) -> String {
        match file.file_name() {
            // In a `db_log_dir`, the name of a log has the database's path: `srv_db_LOG.old.1`.
            Some(name) if !self.with_paths => {
                let name = name.to_string_lossy();
                excerpt_of_path(Path::new(log_files::own_name(&name)))
            }
            _ => excerpt_of_path(file),
        }
    }
}

/// Reads the logs, and says what happened.
///
/// # Errors
/// Something cannot be written.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    if let Err(problem) = outputs::check(&[("--out-html", arguments.out_html.as_deref())], arguments.database()) {
        return Ok(super::refuse(&problem, "history"));
    }
    let logs = match log_files::find(&arguments.files) {
        Ok(logs) => logs,
        Err(error) => return Ok(unread(&error)),
    };
    if let Some(out) = arguments.out_html.as_deref().filter(|out| is_one_of(out, &logs)) {
        let value = excerpt_of_path(out);
        let expected = "another file: this one is read".into();
        return Ok(super::refuse(&Problem { field: "--out-html".into(), value, expected }, "history"));
    }
    if arguments.follow {
        return follow::follow(arguments, &logs).or_else(|error| match streams::remedy(&error) {
            Some(_) => Err(error),
            None => Ok(unread(&error)),
        });
    }
    let looked = match Looked::at(logs, arguments) {
        Ok(looked) => looked,
        Err(error) => return Ok(unread(&error)),
    };
    let report = &looked.report;
    let names: Vec<String> = looked.files.iter().map(|file| arguments.name(file)).collect();
    let whose = format!("{}: {}", arguments.database_name(&looked.files), names.join(", "));
    if let Some(file) = &arguments.out_html {
        outputs::write(file, page::html(report, &whose).as_bytes())?;
    }
    if outputs::is_stdout(arguments.out_html.as_deref()) {
        return Ok(ExitCode::SUCCESS);
    }
    if arguments.json {
        super::print(&json!({ "files": names, "report": report }).to_string())?;
    } else {
        super::print(tables::text(report, &whose).trim_end())?;
        if let Some(line) = next_command::line(&arguments.files, report, looked.options.as_deref()) {
            super::print(&format!("\n{line}"))?;
        }
    }
    if let Some(file) = &arguments.out_html {
        streams::tell(format_args!("wrote {}", excerpt_of_path(file)));
    }
    Ok(ExitCode::SUCCESS)
}

/// Says why there is nothing to tell.
fn unread(error: &Error) -> ExitCode {
    streams::tell(format_args!("error: {error}\nGive the directory that holds LOG, or LOG files that may be read."));
    ExitCode::FAILURE
}

/// What was read.
struct Looked {
    report: LogReport,
    /// The logs, and what lies beside them.
    files: Vec<PathBuf>,
    /// The text of the `OPTIONS` file.
    options: Option<String>,
}

impl Looked {
    /// Reads `logs`, and what lies beside them.
    ///
    /// # Errors
    /// A log cannot be read, or is none.
    fn at(logs: Vec<PathBuf>, arguments: &Arguments) -> Result<Looked, Error> {
        let mut reader = arguments.reader();
        let mut files = logs.clone();
        let mut options = None;
        if let Some((file, text)) = read_options(&logs, &mut reader) {
            files.push(file);
            options = Some(text);
        }
        read(&logs, &mut reader)?;
        let mut report = reader.report();
        check(&report, &logs)?;
        if report.lacks_bytes()
            && let Some((file, bytes)) = beside(&logs, "MANIFEST-")
        {
            match report.take_bytes_of(&bytes) {
                Ok(()) => files.push(file),
                Err(error) => {
                    streams::tell(format_args!("{}: {error}; its log is told without it", excerpt_of_path(&file)))
                }
            }
        }
        Ok(Looked { report, files, options })
    }
}

/// Reads the `OPTIONS` file beside `logs`, if there is one.
fn read_options(logs: &[PathBuf], reader: &mut LogReader) -> Option<(PathBuf, String)> {
    let (file, bytes) = beside(logs, "OPTIONS-")?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    reader.read_options(&text);
    Some((file, text))
}

impl Arguments {
    /// The directory of the database, if it is one and no copy of its logs: nothing is written there.
    fn database(&self) -> Option<&Path> {
        let first = self.files.first()?;
        let directory = if first.is_dir() { first } else { first.parent()? };
        directory.join("CURRENT").exists().then_some(directory)
    }

    /// What the database is called: as its directory, that of the newest log.
    fn database_name(&self, files: &[PathBuf]) -> String {
        let given = self.files.iter().find(|path| path.is_dir());
        let directory = given.map(PathBuf::as_path).or_else(|| files.first()?.parent());
        let directory = directory.map(|path| if path.as_os_str().is_empty() { Path::new(".") } else { path });
        let Some(directory) = directory.and_then(|directory| std::fs::canonicalize(directory).ok()) else {
            return "LOG".into();
        };
        match directory.file_name().filter(|_| !self.with_paths) {
            Some(name) => excerpt_of_path(Path::new(name)),
            None => excerpt_of_path(&directory),
        }
    }
}

/// The newest file with this prefix beside the newest log, and what is in it. One that cannot be read is told, and left
/// out: the log has the most.
fn beside(logs: &[PathBuf], prefix: &str) -> Option<(PathBuf, Vec<u8>)> {
    let file = log_files::beside(logs.last()?, prefix)?;
    match log_files::read_whole(&file) {
        Ok(bytes) => Some((file, bytes)),
        Err(error) => {
            streams::tell(error);
            None
        }
    }
}

/// Reads `logs`, one behind the other.
fn read(logs: &[PathBuf], reader: &mut LogReader) -> Result<(), Error> {
    let all = log_files::sizes(logs);
    let (mut line, mut before) = (ProgressLine::new(), 0);
    for log in logs {
        let mut stream = log_files::LogStream::open(log)?;
        while let Some(bytes) = stream.next()? {
            reader.push(bytes);
            let done = (before + stream.position()) as f64 / all.max(1) as f64;
            line.show(done, || excerpt_of_path(log));
        }
        reader.end_file();
        before += stream.position();
    }
    line.clear();
    Ok(())
}

/// Whether what was read is a log.
fn check(report: &LogReport, logs: &[PathBuf]) -> Result<(), Error> {
    if report.lines.events > 0 || report.release.is_some() || report.database == LogDatabase::LevelDb {
        return Ok(());
    }
    let logs: Vec<String> = logs.iter().map(|log| excerpt_of_path(log)).collect();
    let what =
        format!("{} is no LOG of RocksDB or LevelDB: no line has an event, a release, or a job", logs.join(", "));
    Err(Error::new(ErrorKind::InvalidInput, what))
}
