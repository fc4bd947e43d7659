//! The listing of a directory when it is opened.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use super::{
    CURRENT, Entry,
    os::{failed, not_plain, refused},
};
use crate::{
    error::{Error, Result},
    storage::FileId,
};

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
    /// It cannot be read, or a name of ours in it is no plain file: the first such name, and how many more there are.
    pub fn of(path: &Path) -> Result<Listing> {
        let mut listing = Listing { files: BTreeMap::new(), leftovers: Vec::new() };
        let mut strange = Vec::new();
        for entry in fs::read_dir(path).map_err(|e| failed("list", path, None, e))? {
            let entry = entry.map_err(|e| failed("list", path, None, e))?;
            let name = entry.file_name();
            let Some(name) = name.to_str() else { continue };
            let id = FileId::parse(name);
            let is_leftover = name.strip_suffix(".tmp").is_some_and(|n| n == CURRENT || FileId::parse(n).is_some());
            if id.is_none() && !is_leftover && name != CURRENT {
                continue;
            }
            // Of the name itself: a link is not followed.
            let metadata = entry.metadata().map_err(|e| failed("inspect", &entry.path(), id, e))?;
            if let Some(what) = not_plain(metadata.file_type()) {
                strange.push((entry.path(), id, what));
            } else if let Some(id) = id {
                listing.files.insert(id, Entry { written: metadata.len(), found: true, there: true, writer: None });
            } else if is_leftover {
                listing.leftovers.push(entry.path());
            }
        }
        strange.sort();
        if let Some((first, id, what)) = strange.first() {
            let error = refused(first, what);
            let more = match strange.len() - 1 {
                0 => String::new(),
                more => format!(" (and {more} more of our names)"),
            };
            return Err(Error { file: *id, message: error.message + &more, ..error });
        }
        Ok(listing)
    }
}
