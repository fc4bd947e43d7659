//! The files that a command writes in the end, checked before it begins. Otherwise an output that cannot be written
//! would be reported after an hour, and of two outputs to one file only the last would be left.
//!
//! In: each flag with the path it was given; `-` is standard output. Out: nothing, or the [`Problem`] of a flag. The
//! check changes nothing: files are opened but not truncated, and a file that is not there is created and removed
//! again.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use lsmscope::{Error, ErrorKind, error::excerpt_of_path, options::Problem};

/// The path that stands for standard output.
const DASH: &str = "-";

/// The most links that are followed to find where a new file would lie.
const MAX_LINKS: usize = 40;

/// A flag and the path it was given, if it was.
pub type Output<'a> = (&'static str, Option<&'a Path>);

/// Whether `file` is standard output.
pub fn is_stdout(file: Option<&Path>) -> bool {
    file == Some(Path::new(DASH))
}

/// Whether one of `outputs` goes to standard output: then nothing else does.
pub fn print_to_stdout(outputs: &[Output]) -> bool {
    outputs.iter().any(|(_, file)| is_stdout(*file))
}

/// Checks that each of `outputs` can be written, that no two are one file, and that none lies in the directory of the
/// `database`, whose files it could replace.
///
/// # Errors
/// The first that does not fit.
pub fn check(outputs: &[Output], database: Option<&Path>) -> Result<(), Problem> {
    let database = database.and_then(|directory| fs::canonicalize(directory).ok());
    let mut checked: Vec<(&str, Probe)> = Vec::new();
    for (flag, path) in outputs.iter().filter_map(|(flag, path)| Some((*flag, (*path)?))) {
        let problem = |expected: String| Problem { field: flag.into(), value: excerpt_of_path(path), expected };
        let probe = Probe::of(path).map_err(problem)?;
        if let Some((other, _)) = checked.iter().find(|(_, other)| other.is_same(&probe)) {
            return Err(problem(format!("another file than that of {other}: the last one written would replace it")));
        }
        if database.as_deref().is_some_and(|directory| probe.place.parent() == Some(directory)) {
            return Err(problem("a file outside of the database's directory".into()));
        }
        checked.push((flag, probe));
    }
    Ok(())
}

/// Writes an output.
///
/// # Errors
/// It cannot be written.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    if is_stdout(Some(path)) {
        return super::streams::print_bytes(bytes);
    }
    fs::write(path, bytes)
        .map_err(|e| Error::new(ErrorKind::Io, format!("cannot write {}: {e}", excerpt_of_path(path))))
}

/// An output that can be written. A file that was created to find out is removed again when this is dropped.
struct Probe {
    /// Where it lies, with all links resolved; `-` for standard output.
    place: PathBuf,
    /// What the system tells files apart by; none for what several outputs may share, such as a terminal or
    /// `/dev/null`.
    identity: Option<(u64, u64)>,
    created: bool,
}

impl Probe {
    /// Opens or creates `path`; says what was expected where that fails.
    fn of(path: &Path) -> Result<Probe, String> {
        if is_stdout(Some(path)) {
            let identity = fs::metadata("/dev/stdout").ok().and_then(|metadata| identity(&metadata));
            return Ok(Probe { place: path.into(), identity, created: false });
        }
        // What is there already may have no path of its own: `/dev/stdout` may lead to a pipe.
        let is_there = fs::metadata(path).is_ok();
        let target = if is_there { path.to_path_buf() } else { target(path).map_err(|e| unwritable(&e))? };
        let created = !is_there
            && match OpenOptions::new().write(true).create_new(true).open(&target) {
                Ok(_) => true,
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
                Err(error) => return Err(no_new_file(&target, &error)),
            };
        let mut probe = Probe { place: target, identity: None, created };
        let metadata = fs::metadata(&probe.place).map_err(|e| unwritable(&e))?;
        is_for_bytes(&metadata)?;
        if metadata.is_file() && !created {
            // Opened as it will be written, but for truncation.
            File::options().write(true).open(&probe.place).map_err(|e| unwritable(&e))?;
        }
        probe.identity = identity(&metadata);
        // Also the spelling of a file system that takes upper case for lower.
        probe.place = fs::canonicalize(&probe.place).unwrap_or_else(|_| probe.place.clone());
        Ok(probe)
    }

    fn is_same(&self, other: &Probe) -> bool {
        match (self.identity, other.identity) {
            (Some(ours), Some(theirs)) => ours == theirs,
            _ => {
                is_stdout(Some(&self.place)) && is_stdout(Some(&other.place))
                    || !cfg!(unix) && self.place == other.place
            }
        }
    }
}

impl Drop for Probe {
    fn drop(&mut self) {
        if self.created {
            // It is ours, and empty: create_new made it.
            let _ = fs::remove_file(&self.place);
        }
    }
}

fn unwritable(error: &io::Error) -> String {
    format!("a file that can be written ({error})")
}

/// What was expected where `target` cannot be created.
fn no_new_file(target: &Path, error: &io::Error) -> String {
    let directory = directory(target);
    match (target.is_dir(), directory.is_dir()) {
        (true, _) => "a file, and it is a directory".into(),
        (false, false) => "a file in a directory that is there".into(),
        (false, true) => unwritable(error),
    }
}

fn directory(file: &Path) -> &Path {
    file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Where `path` leads, also if that is a link to a file that is not there yet.
fn target(path: &Path) -> io::Result<PathBuf> {
    let mut at = path.to_path_buf();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&at) {
            Ok(link) => at = directory(&at).join(link),
            Err(_) => return Ok(at),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

/// Refuses what is no place for bytes.
fn is_for_bytes(metadata: &fs::Metadata) -> Result<(), String> {
    if metadata.is_dir() {
        return Err("a file, and it is a directory".into());
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt;
        let kind = metadata.file_type();
        if kind.is_block_device() {
            return Err("a file, and it is a disk".into());
        }
        if kind.is_socket() {
            return Err("a file, and it is a socket".into());
        }
    }
    Ok(())
}

#[cfg(unix)]
fn identity(metadata: &fs::Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    (!metadata.file_type().is_char_device()).then(|| (metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_: &fs::Metadata) -> Option<(u64, u64)> {
    None
}
