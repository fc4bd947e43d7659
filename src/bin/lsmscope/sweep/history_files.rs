//! The history that a SPEC names.
//!
//! In: the SPEC's path, and what it says: a directory of a database or its `MANIFEST`, relative to the SPEC. Out: the
//! history, ready to be written again. Errors: why it is none, as text for the SPEC's line.

use std::path::Path;

use lsmscope::{
    Error, history,
    sweep::{HistoryWanted, SweepHistory},
    what_if::WhatIf,
};
use xxhash_rust::xxh3::xxh3_64;

use crate::database_files::HistoryFiles;

/// Opens it.
///
/// # Errors
/// See above.
pub fn open(spec: &Path, wanted: &HistoryWanted) -> Result<SweepHistory, String> {
    let path = spec.parent().unwrap_or(Path::new("")).join(&wanted.path);
    let said = |error: Error| error.message;
    let files = HistoryFiles::find(&path, None, &[]).map_err(said)?;
    let bytes = files.read().map_err(said)?;
    let request = bytes.request(Some(&wanted.family), &[]);
    let history = history::open(&bytes.history, &request).map_err(|refusal| refusal.error.message)?;
    let what_if = WhatIf::of(&history).map_err(said)?;
    let of_file = |file: Option<&[u8]>| xxh3_64(file.unwrap_or_default());
    let of_files =
        [Some(&bytes.history[..]), bytes.options.as_deref().map(str::as_bytes), bytes.log.as_deref()].map(of_file);
    let all: Vec<u8> = of_files.iter().flat_map(|hash| hash.to_le_bytes()).chain(wanted.family.bytes()).collect();
    Ok(SweepHistory { what_if, options: history.options, hash: xxh3_64(&all) })
}
