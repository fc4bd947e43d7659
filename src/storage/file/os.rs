//! The directory backend's calls to the operating system, and their errors.
//!
//! A file of ours is a *plain* file: no symbolic link, whose target would be truncated or grow; no pipe or socket,
//! which would block the open; no device, which may have no end; no directory. [`open_plain`] looks at the name before
//! it opens it (`lstat`), and makes sure afterwards that what it opened is what it looked at. Only a pipe that takes
//! the file's place between the two can still block: `O_NOFOLLOW` and `O_NONBLOCK` have no safe wrapper in the standard
//! library.

use std::{
    fs::{self, File, FileType, Metadata, OpenOptions, TryLockError},
    io::{self, Read},
    path::Path,
};

use crate::{
    error::{Error, ErrorKind, Result, excerpt_of_path},
    storage::FileId,
};

/// The error of `action` on `path`.
pub(super) fn failed(action: &str, path: &Path, file: Option<FileId>, error: io::Error) -> Error {
    let kind = match error.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => ErrorKind::NoSpace,
        _ => ErrorKind::Io,
    };
    Error { kind, message: format!("cannot {action} {}: {error}", excerpt_of_path(path)), file, offset: None }
}

/// Creates `path` and what leads to it, each name durable in its parent.
pub(super) fn make_directory(path: &Path) -> Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let parent = path.parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p });
    if let Some(parent) = parent {
        make_directory(parent)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        Err(error) => Err(failed("create the directory", path, None, error)),
        Ok(()) => parent.map_or(Ok(()), sync_directory),
    }
}

/// What a file that is not plain is; none for a plain one.
pub fn not_plain(kind: FileType) -> Option<&'static str> {
    if kind.is_file() {
        return None;
    }
    Some(if kind.is_symlink() {
        "a symbolic link"
    } else if kind.is_dir() {
        "a directory"
    } else {
        special(kind)
    })
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;
    if kind.is_fifo() {
        "a named pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something special"
}

/// The error for a name of ours that is not a plain file but `what`.
pub(super) fn refused(path: &Path, what: &str) -> Error {
    let message = format!(
        "{} is {what}, not a plain file, and is neither followed nor changed: put the file itself in its place",
        path.display()
    );
    Error::new(ErrorKind::Io, message)
}

/// Looks at `path` without opening or following it; none if nothing is there.
///
/// # Errors
/// It is not a plain file.
pub(super) fn inspect_plain(path: &Path) -> Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => match not_plain(metadata.file_type()) {
            None => Ok(Some(metadata)),
            Some(what) => Err(refused(path, what)),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("inspect", path, None, error)),
    }
}

/// Opens the plain file at `path`, which must be there, as `options` say.
///
/// # Errors
/// It is not there, cannot be opened, or is not a plain file.
pub(super) fn open_plain(path: &Path, id: Option<FileId>, options: &OpenOptions) -> Result<File> {
    let trouble = |error: io::Error| failed("open", path, id, error);
    let Some(seen) = inspect_plain(path).map_err(|error| Error { file: id, ..error })? else {
        return Err(trouble(io::ErrorKind::NotFound.into()));
    };
    let file = options.open(path).map_err(trouble)?;
    let opened = file.metadata().map_err(trouble)?;
    if !opened.is_file() || !is_same(&seen, &opened) {
        return Err(Error { file: id, ..refused(path, "changing while it is opened") });
    }
    Ok(file)
}

#[cfg(unix)]
fn is_same(seen: &Metadata, opened: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    (seen.dev(), seen.ino()) == (opened.dev(), opened.ino())
}

#[cfg(not(unix))]
fn is_same(_: &Metadata, _: &Metadata) -> bool {
    true
}

/// Makes the file at `path`, for reading and writing.
///
/// # Errors
/// Something has this name, a link included: it is not touched.
pub(super) fn create_plain(path: &Path) -> io::Result<File> {
    File::options().read(true).write(true).create_new(true).open(path)
}

/// At most `limit` bytes of the small plain file at `path`; none if nothing is there.
///
/// # Errors
/// It cannot be read, or is not a plain file.
pub(super) fn read_small(path: &Path, limit: u64) -> Result<Option<Vec<u8>>> {
    if inspect_plain(path)?.is_none() {
        return Ok(None);
    }
    let file = open_plain(path, None, File::options().read(true))?;
    let mut bytes = Vec::new();
    file.take(limit).read_to_end(&mut bytes).map_err(|error| failed("read", path, None, error))?;
    Ok(Some(bytes))
}

/// Memory for `length` bytes that are read from `path`.
///
/// # Errors
/// There is not enough memory.
pub(super) fn room_for(length: u64, path: &Path, file: FileId) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let asked = usize::try_from(length).ok().and_then(|length| bytes.try_reserve_exact(length).ok());
    asked.map(|()| bytes).ok_or_else(|| {
        let message = format!("cannot read {length} bytes of {} at once: there is not so much memory", path.display());
        Error { kind: ErrorKind::Io, message, file: Some(file), offset: None }
    })
}

/// Locks the directory for us, or says which process has it.
pub(super) fn lock(directory: &Path) -> Result<File> {
    let path = directory.join("LOCK");
    if inspect_plain(&path)?.is_none() {
        match create_plain(&path) {
            // Another process made it since.
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(failed("open", &path, None, error));
            }
            _ => {}
        }
    }
    let file = open_plain(&path, None, File::options().write(true))?;
    locked(file.try_lock(), directory, &path)?;
    Ok(file)
}

/// Locks the directory against writers while we read it, or says which process has it. A directory that was never
/// opened for writing has no lock.
pub(super) fn lock_shared(directory: &Path) -> Result<Option<File>> {
    let path = directory.join("LOCK");
    if inspect_plain(&path)?.is_none() {
        return Ok(None);
    }
    let file = open_plain(&path, None, File::options().read(true))?;
    locked(file.try_lock_shared(), directory, &path).map(|()| Some(file))
}

fn locked(tried: Result<(), TryLockError>, directory: &Path, path: &Path) -> Result<()> {
    match tried {
        Ok(()) => Ok(()),
        Err(TryLockError::WouldBlock) => {
            let message =
                format!("the database in {} is open in another process or handle", excerpt_of_path(directory));
            Err(Error::new(ErrorKind::Busy, message))
        }
        Err(TryLockError::Error(error)) => Err(failed("lock", path, None, error)),
    }
}

#[cfg(unix)]
pub(super) fn sync_directory(path: &Path) -> Result<()> {
    File::open(path).and_then(|d| d.sync_all()).map_err(|e| failed("sync the directory", path, None, e))
}

#[cfg(not(unix))]
pub(super) fn sync_directory(_: &Path) -> Result<()> {
    Ok(())
}

#[cfg(unix)]
pub(super) fn read_exact_at(file: &File, out: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, out, offset)
}

#[cfg(unix)]
pub(super) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, offset)
}

#[cfg(not(unix))]
pub(super) fn read_exact_at(mut file: &File, out: &mut [u8], offset: u64) -> io::Result<()> {
    use std::io::{Read, Seek, SeekFrom};
    file.seek(SeekFrom::Start(offset))?;
    file.read_exact(out)
}

#[cfg(not(unix))]
pub(super) fn write_all_at(mut file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    use std::io::{Seek, SeekFrom, Write};
    file.seek(SeekFrom::Start(offset))?;
    file.write_all(bytes)
}
