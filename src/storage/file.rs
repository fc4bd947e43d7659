//! A directory on disk: one file per [`FileId`], under the names that `FileId` shows.
//!
//! ```text
//! LOCK              locked by the one process that owns the directory; empty
//! CURRENT           "MANIFEST-000007 89abcdef\n": the manifest to start from, and the CRC-32 of its name in hex
//! MANIFEST-000007   the files, as the engine wrote them
//! 000008.log
//! 000009.sst
//! *.tmp             a `create` or `swap_current` that a crash cut short: removed by the next open
//! ```
//!
//! `docs/formats.md` has what is in each. Files with any other name are not ours and are left alone. One of these that
//! is no plain file (a symbolic link, a pipe, a device, a directory) is refused by name: see `file/os.rs`. The
//! directory itself may be a link.
//!
//! What each call does to the disk:
//!
//! - `append` collects up to [`BUFFER`] bytes in memory and then writes them with one system call. An append is
//!   volatile by contract, so until `sync` it makes no difference to a *power cut* whether the bytes wait here or in
//!   the operating system's cache; a killed *process* loses at most this buffer more. The engine frames its writes, so
//!   what is lost is always a tail. `read` looks into the buffer, `sync` and a plain drop write it out.
//! - `sync` writes the buffer out and calls `fdatasync`, then `fsync` on the directory if a name was added or removed
//!   since it was last made durable. Once a file's `fdatasync` has failed, every later one fails too: the kernel may
//!   have dropped the pages it could not write, and would report the next attempt as a success.
//! - `create` and `swap_current` write a temporary file, `fsync` it, rename it and `fsync` the directory.
//! - `remove` deletes the name; the next `sync`, `create` or `swap_current` makes that durable.
//!
//! On systems other than Unix a directory cannot be synced, so there a new name is as durable as the file system
//! makes it by itself.

use std::{
    cell::RefCell,
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Write},
    num::NonZeroUsize,
    ops::Range,
    path::{Path, PathBuf},
};

use lru::LruCache;

use self::{
    listing::Listing,
    os::{
        create_plain, failed, lock, lock_shared, make_directory, open_plain, read_exact_at, read_small, room_for,
        sync_directory, write_all_at,
    },
};
use super::{FileId, Storage};
use crate::error::{Error, ErrorKind, Result};

mod listing;
mod os;

pub use os::not_plain;

/// How many appended bytes wait in memory before they are handed to the operating system.
pub const BUFFER: usize = 64 * 1024;

/// How many files are kept open for reading: well under the usual limit of 1,024 open files a process.
const READERS: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// A directory that this process owns until the value is dropped.
#[derive(Debug)]
pub struct Directory {
    path: PathBuf,
    files: BTreeMap<FileId, Entry>,
    /// Handles for reading, the most recently used ones. Behind a `RefCell` because `read` shares `self`.
    readers: RefCell<LruCache<FileId, File>>,
    /// A name was added or removed since the directory was last synced.
    names_changed: bool,
    /// Nothing may be written.
    read_only: bool,
    /// Holds the lock; closing it gives the directory up. There is no lock in a directory that was never opened for
    /// writing.
    _lock: Option<File>,
}

/// A file we know of.
#[derive(Debug, Default)]
struct Entry {
    /// How many bytes the operating system has.
    written: u64,
    /// Whether it was there when the directory was opened: then the disk may have less of it than the operating system.
    found: bool,
    /// Whether the directory has it: if not, the first append makes it.
    there: bool,
    /// There once the file was appended to.
    writer: Option<Writer>,
}

#[derive(Debug)]
struct Writer {
    file: File,
    /// Appended, not yet handed to the operating system.
    pending: Vec<u8>,
    /// There may be bytes that the operating system has and the disk has not.
    dirty: bool,
    /// The sync that failed, if one did.
    broken: Option<Error>,
}

impl Entry {
    fn len(&self) -> u64 {
        self.written + self.writer.as_ref().map_or(0, |w| w.pending.len() as u64)
    }
}

impl Directory {
    /// Opens the directory at `path`, creating it where it is absent, and removes what interrupted writes left.
    ///
    /// # Errors
    /// [`ErrorKind::Busy`] if another process, or another handle in this one, owns it; [`ErrorKind::Io`] if it cannot
    /// be used, or a name of ours in it is no plain file.
    pub fn open(path: impl Into<PathBuf>) -> Result<Directory> {
        let path = path.into();
        make_directory(&path)?;
        let lock = lock(&path)?;
        let listing = Listing::of(&path)?;
        for leftover in listing.leftovers {
            fs::remove_file(&leftover).map_err(|e| failed("remove the leftover", &leftover, None, e))?;
        }
        // A process that was killed may have left names and bytes that we see but the disk has not: the first sync
        // takes them in (here for the names, `found` for the bytes).
        Ok(Directory::new(path, listing.files, Some(lock), false))
    }

    /// Opens the directory at `path` for reading: nothing in it is changed, not even what interrupted writes left, and
    /// every writing call is refused. Other readers may open it at the same time.
    ///
    /// # Errors
    /// It does not exist, or a name of ours in it is no plain file; [`ErrorKind::Busy`] if it is open for writing.
    pub fn open_read_only(path: impl Into<PathBuf>) -> Result<Directory> {
        let path = path.into();
        let lock = lock_shared(&path)?;
        let listing = Listing::of(&path)?;
        Ok(Directory::new(path, listing.files, lock, true))
    }

    fn new(path: PathBuf, files: BTreeMap<FileId, Entry>, lock: Option<File>, read_only: bool) -> Directory {
        let readers = RefCell::new(LruCache::new(READERS));
        Directory { path, files, readers, names_changed: !read_only, read_only, _lock: lock }
    }

    fn check_writable(&self) -> Result<()> {
        if self.read_only {
            let message = format!("the database in {} was opened to be read only", self.path.display());
            return Err(Error::invalid(message));
        }
        Ok(())
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    fn path_of(&self, file: FileId) -> PathBuf {
        self.path.join(file.to_string())
    }

    /// The writer of `file`, made at its first append.
    fn writer(&mut self, file: FileId) -> Result<&mut Entry> {
        self.check_writable()?;
        let path = self.path_of(file);
        let entry = self.files.entry(file).or_default();
        if entry.writer.is_none() {
            // Nothing is ever truncated: a new file must not be there yet, and one that was found is only added to.
            let opened = if entry.there {
                open_plain(&path, Some(file), File::options().read(true).write(true))
            } else {
                create_plain(&path).map_err(|error| failed("create", &path, Some(file), error))
            };
            match opened {
                Ok(file) => {
                    let new = !std::mem::replace(&mut entry.there, true);
                    entry.writer = Some(Writer { file, pending: Vec::new(), dirty: !new, broken: None });
                    self.names_changed |= new;
                }
                Err(error) => {
                    if !entry.there {
                        self.files.remove(&file);
                    }
                    return Err(error);
                }
            }
        }
        Ok(self.files.get_mut(&file).expect("just made"))
    }

    /// Puts `bytes` at `name`, whole, or leaves what was there. Durable after the next `sync_names`.
    fn write_whole(&mut self, name: &str, id: Option<FileId>, bytes: &[u8]) -> Result<()> {
        self.check_writable()?;
        let path = self.path.join(name);
        let temporary = self.path.join(format!("{name}.tmp"));
        let written = (|| {
            // What an earlier try left is removed, and a link with it: its target is not written to.
            match fs::remove_file(&temporary) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut file = create_plain(&temporary)?;
            file.write_all(bytes)?;
            file.sync_all()
        })();
        // Best effort, here and below: the error to report is the first one, and the next open cleans up as well.
        let undo = |path: &Path, action, error| {
            let _ = fs::remove_file(path);
            failed(action, path, id, error)
        };
        written.map_err(|e| undo(&temporary, "write", e))?;
        fs::rename(&temporary, &path).map_err(|e| undo(&temporary, "rename", e))?;
        self.names_changed = true;
        Ok(())
    }

    /// Makes every name added or removed so far durable.
    fn sync_names(&mut self) -> Result<()> {
        if self.names_changed {
            sync_directory(&self.path)?;
            self.names_changed = false;
        }
        Ok(())
    }

    /// Fills `out` from the bytes of `file` that the operating system has, starting at `offset`.
    fn read_written(&self, file: FileId, entry: &Entry, offset: u64, out: &mut [u8]) -> Result<()> {
        let path = || self.path_of(file);
        let result = if let Some(writer) = &entry.writer {
            read_exact_at(&writer.file, out, offset)
        } else {
            let mut readers = self.readers.borrow_mut();
            let open = || open_plain(&path(), Some(file), File::options().read(true));
            let reader = readers.try_get_or_insert(file, open)?;
            read_exact_at(reader, out, offset)
        };
        match result {
            // Somebody cut the file short behind our back.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                let range = offset..offset + out.len() as u64;
                Err(super::missing(file, &range, fs::metadata(path()).ok().map(|m| m.len())))
            }
            result => result.map_err(|e| {
                let action = format!("read bytes {offset} to {} of", offset + out.len() as u64);
                Error { offset: Some(offset), ..failed(&action, &path(), Some(file), e) }
            }),
        }
    }
}

impl Writer {
    /// Hands the buffer to the operating system. Writes at a fixed place, so that a try that got half way can be
    /// repeated.
    fn flush(&mut self, written: &mut u64) -> io::Result<()> {
        if !self.pending.is_empty() {
            self.dirty = true;
            write_all_at(&self.file, &self.pending, *written)?;
            *written += self.pending.len() as u64;
            self.pending.clear();
        }
        Ok(())
    }
}

impl Storage for Directory {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        // The hot path: one look-up and one copy.
        let entry = match self.files.get_mut(&file) {
            Some(entry) if entry.writer.is_some() => entry,
            _ => self.writer(file)?,
        };
        let writer = entry.writer.as_mut().expect("made above");
        if writer.pending.len() + bytes.len() > BUFFER
            && let Err(error) = writer.flush(&mut entry.written)
        {
            return Err(failed("write", &self.path_of(file), Some(file), error));
        }
        writer.pending.extend_from_slice(bytes);
        Ok(())
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        if self.files.get(&file).is_some_and(|entry| entry.found && entry.written > 0 && entry.writer.is_none()) {
            self.writer(file)?;
        }
        if let Some(Entry { written, writer: Some(writer), .. }) = self.files.get_mut(&file) {
            if let Some(error) = &writer.broken {
                return Err(error.clone());
            }
            let path = self.path.join(file.to_string());
            writer.flush(written).map_err(|e| failed("write", &path, Some(file), e))?;
            if writer.dirty {
                if let Err(error) = writer.file.sync_data() {
                    let error = failed("sync", &path, Some(file), error);
                    writer.broken = Some(error.clone());
                    return Err(error);
                }
                writer.dirty = false;
            }
        }
        self.sync_names()
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.write_whole(&file.to_string(), Some(file), bytes)?;
        self.readers.get_mut().pop(&file);
        self.files.insert(file, Entry { written: bytes.len() as u64, there: true, ..Entry::default() });
        if let Err(error) = self.sync_names() {
            // Not durable, so it must not be there at all.
            let _ = self.remove(file).await;
            return Err(error);
        }
        Ok(())
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        let entry = self.files.get(&file);
        let Some(entry) = entry.filter(|e| range.start <= range.end && range.end <= e.len()) else {
            return Err(super::missing(file, &range, entry.map(Entry::len)));
        };
        let mut bytes = room_for(range.end - range.start, &self.path_of(file), file)?;
        let written = entry.written.min(range.end).saturating_sub(range.start) as usize;
        bytes.resize(written, 0);
        if written > 0 {
            self.read_written(file, entry, range.start, &mut bytes)?;
        }
        if let Some(writer) = entry.writer.as_ref().filter(|_| range.end > entry.written) {
            let start = range.start.saturating_sub(entry.written) as usize;
            bytes.extend_from_slice(&writer.pending[start..(range.end - entry.written) as usize]);
        }
        Ok(bytes)
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.write_whole(CURRENT, None, current_text(manifest).as_bytes())?;
        self.sync_names()
    }

    async fn current(&self) -> Result<Option<FileId>> {
        let path = self.path.join(CURRENT);
        let Some(text) = read_small(&path, CURRENT_LIMIT)? else { return Ok(None) };
        // Read back by writing it again: no other text than the one we wrote is taken for it.
        let name = text.split(|&b| b == b' ').next().and_then(|name| std::str::from_utf8(name).ok());
        match name.and_then(FileId::parse).filter(|&id| current_text(id).as_bytes() == text) {
            Some(manifest) => Ok(Some(manifest)),
            None => Err(Error::new(
                ErrorKind::Corruption,
                format!(
                    "{} is damaged or foreign: it should name a manifest and its checksum, but says \"{}\"",
                    path.display(),
                    crate::entry::text(&text[..text.len().min(40)])
                ),
            )),
        }
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.check_writable()?;
        let path = self.path_of(file);
        match fs::remove_file(&path) {
            Ok(()) => self.names_changed = true,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed("remove", &path, Some(file), error)),
        }
        self.readers.get_mut().pop(&file);
        self.files.remove(&file);
        Ok(())
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        Ok(self.files.iter().map(|(id, entry)| (*id, entry.len())).collect())
    }
}

impl Drop for Directory {
    /// A clean end keeps what a crash may take; an error cannot be reported here.
    fn drop(&mut self) {
        for entry in self.files.values_mut() {
            if let Some(writer) = &mut entry.writer {
                let _ = writer.flush(&mut entry.written);
            }
        }
    }
}

const CURRENT: &str = "CURRENT";

/// More bytes than `CURRENT` ever has: no more of it are read.
const CURRENT_LIMIT: u64 = 100;

/// What `CURRENT` says when it names `manifest`. The checksum is there because an undetected flip of one bit of the
/// number would start the database from another manifest.
fn current_text(manifest: FileId) -> String {
    let name = manifest.to_string();
    let checksum = crc32fast::hash(name.as_bytes());
    format!("{name} {checksum:08x}\n")
}

#[cfg(test)]
mod tests;
