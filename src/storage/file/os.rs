//! What the directory backend asks of the operating system, and how it names what went wrong.

use std::{
    fs::{self, File, TryLockError},
    io,
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

/// Takes the directory for us, or says who has it.
pub(super) fn lock(directory: &Path) -> Result<File> {
    let path = directory.join("LOCK");
    let opened = File::options().write(true).create(true).truncate(false).open(&path);
    let file = opened.map_err(|e| failed("open", &path, None, e))?;
    locked(file.try_lock(), directory, &path)?;
    Ok(file)
}

/// Makes sure that nobody takes the directory while we look at it, or says who has it. Where nobody ever took it,
/// there is nothing to hold.
pub(super) fn lock_shared(directory: &Path) -> Result<Option<File>> {
    let path = directory.join("LOCK");
    match File::open(&path) {
        Ok(file) => locked(file.try_lock_shared(), directory, &path).map(|()| Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed("open", &path, None, error)),
    }
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
