//! What a directory holds when it is opened.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{CURRENT, Entry, os::failed};
use crate::{error::Result, storage::FileId};

/// What is ours in a directory.
pub(super) struct Listing {
    /// The files that the engine knows.
    pub files: BTreeMap<FileId, Entry>,
    /// What interrupted writes left.
    pub leftovers: Vec<PathBuf>,
}

impl Listing {
    /// That of the directory at `path`.
    ///
    /// # Errors
    /// It cannot be read.
    pub fn of(path: &Path) -> Result<Listing> {
        let mut listing = Listing { files: BTreeMap::new(), leftovers: Vec::new() };
        for entry in fs::read_dir(path).map_err(|e| failed("list", path, None, e))? {
            let entry = entry.map_err(|e| failed("list", path, None, e))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let metadata = entry.metadata().map_err(|e| failed("inspect", &entry.path(), None, e))?;
            if !metadata.is_file() {
                continue;
            }
            if let Some(id) = FileId::parse(name) {
                listing.files.insert(id, Entry { written: metadata.len(), found: true, writer: None });
            } else if name.strip_suffix(".tmp").is_some_and(|n| n == CURRENT || FileId::parse(n).is_some()) {
                listing.leftovers.push(entry.path());
            }
        }
        Ok(listing)
    }
}
