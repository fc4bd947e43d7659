//! The LOG files of a database: which they are, in order of time, and their bytes as a stream.
//!
//! In: directories and files. Out: paths; and each file's bytes, unpacked, piece by piece. Errors: there is no such
//! file, or it cannot be read.

use std::{
    cell::Cell,
    fs::{self, File},
    io::{self, BufRead, BufReader, Read},
    path::{Path, PathBuf},
    rc::Rc,
};

use flate2::bufread::MultiGzDecoder;
use lsmscope::{
    Error, ErrorKind,
    error::{excerpt, excerpt_of_path},
    storage::file::not_plain,
};

use crate::database_files::{self, list, log_time, newest};

/// The most bytes that a packed file may have in it: a file that is made to waste time ends there.
const MAX_UNPACKED: u64 = 1 << 36;

/// How much is read at once.
const PIECE: usize = 1 << 20;

/// The log files of `given`: those of a directory, and files as they are; the older first.
///
/// # Errors
/// A directory has none, or cannot be read; or these are the logs of several databases.
pub fn find(given: &[PathBuf]) -> Result<Vec<PathBuf>, Error> {
    let mut found = Vec::new();
    for path in given {
        if path.is_dir() {
            found.extend(of_directory(path)?);
        } else {
            found.push(path.clone());
        }
    }
    // By their time: a shell gives LOG before LOG.old.*.
    found.sort_by_key(|path| age(path).unwrap_or(u64::MAX));
    let found = database_files::one_of_a_name(found);
    let mut newest = found.iter().filter(|path| age(path) == Some(u64::MAX));
    if let (Some(one), Some(other)) = (newest.next(), newest.next()) {
        let (one, other) = (excerpt_of_path(one), excerpt_of_path(other));
        let what = format!("{one} and {other} are the logs of two databases: name those of one");
        return Err(Error::new(ErrorKind::InvalidInput, what));
    }
    Ok(found)
}

fn of_directory(directory: &Path) -> Result<Vec<PathBuf>, Error> {
    let shown = excerpt_of_path(directory);
    let entries = fs::read_dir(directory).map_err(|e| trouble(&shown, &e))?;
    let logs: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| age(path).is_some()).collect();
    if logs.is_empty() {
        let name = |path: &PathBuf| Some(path.file_name()?.to_string_lossy().into_owned());
        let others = list(directory).iter().filter_map(name).collect();
        let what = format!("{shown} has neither LOG nor LOG.old.*{}", only(others));
        return Err(Error::new(ErrorKind::Io, what));
    }
    Ok(logs)
}

/// What a directory has instead of what was looked for, in words.
fn only(mut names: Vec<String>) -> String {
    /// As many are named.
    const MAX: usize = 4;
    names.sort();
    match &names[..] {
        [] => ": it is empty".into(),
        names if names.len() > MAX => {
            format!(", only {} and {} more", excerpt(&names[..MAX].join(", ")), names.len() - MAX)
        }
        names => format!(", only {}", excerpt(&names.join(", "))),
    }
}

/// By what logs are ordered; none of another file. In a `db_log_dir`, the path of the database stands before the name:
/// `data_db_LOG`.
fn age(path: &Path) -> Option<u64> {
    log_time(own_name(database_files::name(path)?))
}

/// The name of a log without the path of its database.
pub fn own_name(name: &str) -> &str {
    name.rfind("_LOG").map_or(name, |at| &name[at + 1..])
}

/// The newest `MANIFEST` or `OPTIONS` file that lies beside `log`, packed or not: `prefix` is `MANIFEST-` or
/// `OPTIONS-`.
pub fn beside(log: &Path, prefix: &str) -> Option<PathBuf> {
    newest(&list(log.parent().unwrap_or(Path::new(""))), prefix)
}

/// All that is in a file beside a log, unpacked.
///
/// # Errors
/// It cannot be read, or is longer than any such file.
pub fn read_whole(file: &Path) -> Result<Vec<u8>, Error> {
    const MAX: usize = 1 << 28;
    let mut stream = LogStream::open(file)?;
    let mut all = Vec::new();
    while let Some(bytes) = stream.next()? {
        if all.len() + bytes.len() > MAX {
            let what = format!("{} has more than {MAX} bytes", excerpt_of_path(file));
            return Err(Error::new(ErrorKind::Io, what));
        }
        all.extend_from_slice(bytes);
    }
    Ok(all)
}

/// The sizes of `logs` as they lie there, together.
pub fn sizes(logs: &[PathBuf]) -> u64 {
    logs.iter().filter_map(|log| fs::metadata(log).ok()).map(|found| found.len()).sum()
}

fn trouble(shown: &str, error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("cannot read {shown}: {error}"))
}

/// What a packed file begins with.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Opens a plain file.
fn plain(log: &Path, shown: &str) -> Result<File, Error> {
    // Looked at before it is opened: the open of a named pipe waits for a writer, which may never come.
    let found = fs::metadata(log).map_err(|e| trouble(shown, &e))?;
    if let Some(what) = not_plain(found.file_type()) {
        return Err(Error::new(ErrorKind::Io, format!("cannot read {shown}: it is {what}, not a plain file")));
    }
    File::open(log).map_err(|e| trouble(shown, &e))
}

/// The bytes of a log.
pub struct LogStream {
    shown: String,
    from: Box<dyn Read>,
    position: Rc<Cell<u64>>,
    piece: Vec<u8>,
    unpacked: u64,
}

impl LogStream {
    /// Opens a log, packed or not.
    ///
    /// # Errors
    /// It cannot be opened, or is no plain file.
    pub fn open(log: &Path) -> Result<LogStream, Error> {
        let shown = excerpt_of_path(log);
        let position = Rc::new(Cell::new(0));
        let file = Counted { file: plain(log, &shown)?, position: position.clone() };
        let mut file = BufReader::with_capacity(PIECE, file);
        let is_packed = file.fill_buf().map_err(|e| trouble(&shown, &e))?.starts_with(&MAGIC);
        let from: Box<dyn Read> = if is_packed { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
        Ok(LogStream { shown, from, position, piece: vec![0; PIECE], unpacked: 0 })
    }

    /// Opens a log that grows: only one that is not packed does.
    ///
    /// # Errors
    /// It cannot be opened, is no plain file, or is packed.
    pub fn open_growing(log: &Path) -> Result<File, Error> {
        let shown = excerpt_of_path(log);
        let mut file = plain(log, &shown)?;
        let mut magic = Vec::new();
        Read::by_ref(&mut file).take(MAGIC.len() as u64).read_to_end(&mut magic).map_err(|e| trouble(&shown, &e))?;
        if magic == MAGIC {
            return Err(Error::new(ErrorKind::InvalidInput, format!("{shown} is packed: it does not grow any more")));
        }
        Ok(file)
    }

    /// The next bytes; none at the end. What is behind damage in a packed file cannot be read, and is left out.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn next(&mut self) -> Result<Option<&[u8]>, Error> {
        loop {
            match self.from.read(&mut self.piece) {
                Ok(0) => return Ok(None),
                Ok(n) => {
                    self.unpacked += n as u64;
                    if self.unpacked > MAX_UNPACKED {
                        let what = format!("{}: it does not end within {MAX_UNPACKED} bytes", self.shown);
                        return Err(Error::new(ErrorKind::Io, what));
                    }
                    return Ok(Some(&self.piece[..n]));
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                // A log that is cut, as by a copy of a file that is still packed: what came is told.
                Err(error) if self.unpacked > 0 && is_of_damage(&error) => {
                    super::streams::tell(format_args!("{}: {error}; what is before that is read", self.shown));
                    return Ok(None);
                }
                Err(error) => return Err(trouble(&self.shown, &error)),
            }
        }
    }

    /// How many bytes of the file were read, as they lie there.
    pub fn position(&self) -> u64 {
        self.position.get()
    }
}

fn is_of_damage(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::UnexpectedEof | io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput)
}

/// A file, and how much of it was read.
struct Counted {
    file: File,
    position: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.position.set(self.position.get() + n as u64);
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_in_order_of_time_wherever_they_lie() {
        let paths = ["d/LOG", "d/LOG.old.20.gz", "d/LOG.old.3", "OPTIONS-000007"].map(PathBuf::from);
        assert_eq!(paths.each_ref().map(|path| age(path)), [Some(u64::MAX), Some(20), Some(3), None]);
        assert_eq!(age(Path::new("srv_data_LOG.old.7")), Some(7));
        assert_eq!(age(Path::new("srv_data_LOG")), Some(u64::MAX));
        let found = find(&paths[..3]).unwrap();
        assert_eq!(found, ["d/LOG.old.3", "d/LOG.old.20.gz", "d/LOG"].map(PathBuf::from));
    }

    #[test]
    fn a_log_and_its_packed_copy_are_one_and_two_databases_are_refused() {
        let found = |paths: &[&str]| find(&paths.iter().map(PathBuf::from).collect::<Vec<_>>());
        let both = ["d/LOG.old.3.gz", "d/LOG.gz", "d/LOG", "d/LOG.old.3"];
        assert_eq!(found(&both).unwrap(), ["d/LOG.old.3", "d/LOG"].map(PathBuf::from));
        assert_eq!(found(&["kept/LOG.old.3", "d/LOG"]).unwrap().len(), 2);
        for two in [["a/LOG", "b/LOG.gz"], ["logs/srv_a_LOG", "logs/srv_b_LOG"]] {
            assert!(found(&two).unwrap_err().message.contains("two databases"), "{two:?}");
        }
    }
}
