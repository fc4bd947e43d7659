//! The files that a command is given to read.
//!
//! In: a path, and why it cannot be read. Out: the error that names it, and what can be done about that.

use std::{fmt::Display, path::Path};

use lsmscope::{Error, ErrorKind, error::excerpt_of_path};

/// What the error of a file begins with.
const UNREADABLE: &str = "cannot read the file";

/// The error of a file that cannot be read.
pub fn unreadable(path: &Path, why: &dyn Display) -> Error {
    Error::new(ErrorKind::Io, format!("{UNREADABLE} {}: {why}", excerpt_of_path(path)))
}

/// What to do about `error`, if it is one of a file that cannot be read.
pub fn remedy(error: &Error) -> Option<&'static str> {
    error.message.starts_with(UNREADABLE).then_some("Check the file's name, and that it may be read.")
}
