//! `--follow`: says what happens in a database while it runs.
//!
//! In: its LOG, which is looked at again every half a second. Out: a line for each stall that begins or ends, each
//! error, each opening; a finding when it is first found. A log that is rotated is read to its end, and the new one
//! then. The files are only read.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io::{Read, Seek, SeekFrom},
    path::{Path, PathBuf},
    process::ExitCode,
    time::Duration,
};

use lsmscope::{
    Error, ErrorKind,
    error::excerpt_of_path,
    history::log_report::{LogClock, LogReader},
};

use super::{Arguments, log_files::LogStream, tables};

/// How often the log is looked at.
const INTERVAL: Duration = Duration::from_millis(500);

/// Looks for findings after as many looks: a report takes longer than a line.
const LOOKS: u32 = 10;

/// Says what happened, then what happens, until the process is ended.
///
/// # Errors
/// The log cannot be read, or nothing can be printed.
pub fn follow(arguments: &Arguments, logs: &[PathBuf]) -> Result<ExitCode, Error> {
    let Some((newest, older)) = logs.split_last() else { return Ok(ExitCode::FAILURE) };
    let mut reader = arguments.reader();
    super::read_options(logs, &mut reader);
    super::read(older, &mut reader)?;
    let mut tail = Tail::open(newest)?;
    tail.read(&mut reader)?;
    let report = reader.report();
    super::check(&report, logs)?;
    reader.take_news();
    super::super::print(tables::text(&report, &arguments.database_name(logs)).trim_end())?;
    super::super::print("\nNow as it happens; end it with Ctrl-C.")?;
    let mut told: BTreeSet<String> = report.findings.iter().map(|finding| format!("{:?}", finding.kind)).collect();
    let mut looks = 0;
    loop {
        wait();
        let has_more = tail.read(&mut reader)?;
        for news in reader.take_news() {
            let time = LogClock::of(report.from, news.at).time(news.at);
            super::super::print(&format!("{time} {}", news.says))?;
        }
        looks += u32::from(has_more);
        if looks >= LOOKS {
            looks = 0;
            for finding in reader.report().findings {
                if told.insert(format!("{:?}", finding.kind)) {
                    let says = [finding.says, finding.cause, finding.remedy].join(" ");
                    super::super::print(says.trim())?;
                }
            }
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a running database is looked at from time to time")]
fn wait() {
    std::thread::sleep(INTERVAL);
}

/// The end of a log that grows.
struct Tail {
    path: PathBuf,
    file: File,
    position: u64,
    buffer: Vec<u8>,
}

impl Tail {
    fn open(path: &Path) -> Result<Tail, Error> {
        let file = LogStream::open_growing(path)?;
        Ok(Tail { path: path.into(), file, position: 0, buffer: vec![0; 1 << 20] })
    }

    /// Reads what is new. Returns whether something is.
    fn read(&mut self, reader: &mut LogReader) -> Result<bool, Error> {
        let mut has_more = self.read_on(reader)?;
        if self.is_rotated() {
            // What was written between the last look and the rotation.
            has_more |= self.read_on(reader)?;
            // The new file may not be there yet: it is looked for the next time.
            if let Ok(next) = Tail::open(&self.path) {
                reader.end_file();
                *self = next;
                has_more |= self.read_on(reader)?;
            }
        }
        Ok(has_more)
    }

    fn read_on(&mut self, reader: &mut LogReader) -> Result<bool, Error> {
        let begun = self.position;
        self.file.seek(SeekFrom::Start(self.position)).map_err(|e| trouble(&self.path, &e))?;
        loop {
            match self.file.read(&mut self.buffer).map_err(|e| trouble(&self.path, &e))? {
                0 => return Ok(self.position > begun),
                n => {
                    reader.push(&self.buffer[..n]);
                    self.position += n as u64;
                }
            }
        }
    }

    /// Whether the path names another file now, or the file was cut.
    fn is_rotated(&self) -> bool {
        let (Ok(ours), Ok(named)) = (self.file.metadata(), fs::metadata(&self.path)) else { return true };
        named.len() < self.position || !is_same(&ours, &named)
    }
}

#[cfg(unix)]
fn is_same(ours: &fs::Metadata, named: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (ours.dev(), ours.ino()) == (named.dev(), named.ino())
}

#[cfg(not(unix))]
fn is_same(ours: &fs::Metadata, named: &fs::Metadata) -> bool {
    ours.created().ok() == named.created().ok()
}

fn trouble(path: &Path, error: &std::io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot read {}: {error}", excerpt_of_path(path)))
}
