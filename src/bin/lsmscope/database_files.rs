//! The files of a database that tell its history: which they are, and what is in them.
//!
//! In: a `MANIFEST`, or the directory of a database. Out: its bytes, and those of the `OPTIONS` and `LOG` files that
//! lie beside it; each may be packed (`.gz`). Errors: a file cannot be read. Nothing is written, and nothing is locked:
//! the database may be running.

use std::{
    collections::BTreeSet,
    fmt, fs,
    io::Read,
    path::{Path, PathBuf},
};

use flate2::read::MultiGzDecoder;
use lsmscope::{Error, ErrorKind, error::excerpt_of_path, history::HistoryRequest, storage::file::not_plain};

use super::inputs::unreadable;

/// What was found for a history.
pub struct HistoryFiles {
    /// The history itself.
    pub history: PathBuf,
    /// The `OPTIONS` file.
    pub options: Option<PathBuf>,
    /// The `LOG` files, in order.
    pub logs: Vec<PathBuf>,
}

impl HistoryFiles {
    /// Of `path`: a directory, or a file in it. `options` and `logs` stand for those that lie beside it.
    ///
    /// # Errors
    /// A directory has no manifest, or cannot be read.
    pub fn find(path: &Path, options: Option<&Path>, logs: &[PathBuf]) -> Result<HistoryFiles, Error> {
        let history = if path.is_dir() { manifest_of(path)? } else { path.to_path_buf() };
        let of_manifest = name(&history).is_some_and(|name| name.starts_with("MANIFEST-"));
        let beside = || list(history.parent().unwrap_or(Path::new("")));
        let options = options.map(Path::to_path_buf).or_else(|| newest(&beside(), "OPTIONS-"));
        let logs = match logs {
            [] if of_manifest => logs_of(beside()),
            named => named.to_vec(),
        };
        Ok(HistoryFiles { history, options, logs })
    }

    /// What is in them.
    ///
    /// # Errors
    /// One cannot be read.
    pub fn read(&self) -> Result<HistoryBytes, Error> {
        let history = read(&self.history)?;
        let options = self.options.as_deref().map(read).transpose()?;
        let options = options.map(|text| String::from_utf8_lossy(&text).into_owned());
        Ok(HistoryBytes { history, options, log: self.read_logs()? })
    }

    /// What the logs have, one behind the other; none if there are none.
    fn read_logs(&self) -> Result<Option<Vec<u8>>, Error> {
        let mut all = Vec::new();
        for log in &self.logs {
            all.extend(read(log)?);
            all.push(b'\n');
        }
        Ok((!self.logs.is_empty()).then_some(all))
    }
}

/// What is in the files of a history.
pub struct HistoryBytes {
    /// The history itself.
    pub history: Vec<u8>,
    /// The text of the `OPTIONS` file.
    pub options: Option<String>,
    /// The logs, one behind the other.
    pub log: Option<Vec<u8>>,
}

impl HistoryBytes {
    /// Asks for `family`, or for all that have decisions, under `changes` of its options.
    pub fn request<'a>(&'a self, family: Option<&'a str>, changes: &'a [(&'a str, &'a str)]) -> HistoryRequest<'a> {
        HistoryRequest { options: self.options.as_deref(), log: self.log.as_deref(), family, changes }
    }
}

impl fmt::Display for HistoryFiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", excerpt_of_path(&self.history))?;
        let beside: Vec<&str> = self.options.iter().chain(&self.logs).filter_map(|path| name(path)).collect();
        if beside.is_empty() { Ok(()) } else { write!(f, ", with {}", beside.join(", ")) }
    }
}

/// The manifest that `CURRENT` names, else the newest.
fn manifest_of(directory: &Path) -> Result<PathBuf, Error> {
    let current = fs::read_to_string(directory.join("CURRENT")).ok();
    let named = current.map(|name| directory.join(name.trim())).filter(|path| path.is_file());
    named.or_else(|| newest(&list(directory), "MANIFEST-")).ok_or_else(|| {
        let what = format!("{} has no MANIFEST: it is no directory of a database", excerpt_of_path(directory));
        Error::new(ErrorKind::Io, what)
    })
}

/// The files of a directory; none if it cannot be read.
pub fn list(directory: &Path) -> Vec<PathBuf> {
    let directory = if directory.as_os_str().is_empty() { Path::new(".") } else { directory };
    fs::read_dir(directory).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path())).collect()
}

/// A file's name, without what says that it is packed.
pub fn name(path: &Path) -> Option<&str> {
    let name = path.file_name()?.to_str()?;
    Some(name.strip_suffix(".gz").unwrap_or(name))
}

/// The one of `files` with the highest number behind `prefix`.
pub fn newest(files: &[PathBuf], prefix: &str) -> Option<PathBuf> {
    let number = |path: &PathBuf| name(path)?.strip_prefix(prefix)?.parse::<u64>().ok();
    files.iter().filter_map(|path| Some((number(path)?, path))).max().map(|(_, path)| path.clone())
}

/// By what logs are ordered: the time in `LOG.old.1795883573877542`; `LOG` is the newest, and LevelDB's `LOG.old` the
/// one before. None of another name.
pub fn log_time(name: &str) -> Option<u64> {
    match name {
        "LOG" => Some(u64::MAX),
        "LOG.old" => Some(u64::MAX - 1),
        name => name.strip_prefix("LOG.old.")?.parse().ok(),
    }
}

/// The logs among `files`, in order of time.
fn logs_of(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let time = |path: &Path| log_time(name(path)?);
    let mut logs: Vec<(u64, PathBuf)> = files.into_iter().filter_map(|path| Some((time(&path)?, path))).collect();
    logs.sort();
    one_of_a_name(logs.into_iter().map(|(_, path)| path).collect())
}

/// `files` in their order without the packed copy of one that is there as well.
pub fn one_of_a_name(files: Vec<PathBuf>) -> Vec<PathBuf> {
    let unpacked: BTreeSet<PathBuf> = files.iter().filter(|path| !is_packed(path)).cloned().collect();
    files.into_iter().filter(|path| !is_packed(path) || !unpacked.contains(&path.with_extension(""))).collect()
}

fn is_packed(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "gz")
}

/// The longest file that is read, in bytes.
const MAX_BYTES: u64 = 1 << 30;

/// What is in a file, unpacked.
///
/// # Errors
/// It cannot be read, or has too much in it.
fn read(file: &Path) -> Result<Vec<u8>, Error> {
    let trouble = |what: String| unreadable(file, &what);
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
    let from: Box<dyn Read> = if is_packed(file) { Box::new(MultiGzDecoder::new(opened)) } else { Box::new(opened) };
    from.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|e| trouble(e.to_string()))?;
    match bytes.len() as u64 > MAX_BYTES {
        true => Err(trouble(format!("it does not end within {MAX_BYTES} bytes, as every history does"))),
        false => Ok(bytes),
    }
}
