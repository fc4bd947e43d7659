//! The standard streams: the only writers of the command. None of them panics, as `println!` and `eprintln!` do where
//! the stream is full or its reader has gone; clippy.toml refuses those.
//!
//! An answer ([`print`]) that cannot be written is an error, unless its reader has closed the pipe: a reader that has
//! enough is no failure. A message ([`tell`]) is best effort: the failure that it reports has set the exit status
//! before.

use std::{
    fmt::Display,
    io::{self, Write},
};

use lsmscope::{Error, ErrorKind};

/// Writes `text` and a line's end to standard output.
///
/// # Errors
/// It cannot be written, for another reason than a closed pipe.
pub fn print(text: &str) -> Result<(), Error> {
    print_bytes(format!("{text}\n").as_bytes())
}

/// Writes `bytes` to standard output.
///
/// # Errors
/// They cannot be written, for another reason than a closed pipe.
pub fn print_bytes(bytes: &[u8]) -> Result<(), Error> {
    let mut output = io::stdout().lock();
    let written = output.write_all(bytes).and_then(|()| output.flush());
    // A reader that has enough does not miss the rest.
    written.or_else(|e| if e.kind() == io::ErrorKind::BrokenPipe { Ok(()) } else { Err(failed(&e)) })
}

/// What an error of standard output begins with.
const UNWRITTEN: &str = "cannot write to standard output";

/// The error of a write to standard output.
pub fn failed(error: &io::Error) -> Error {
    Error::new(ErrorKind::Io, format!("{UNWRITTEN}: {error}"))
}

/// What to do about `error`, if it is one of standard output.
pub fn remedy(error: &Error) -> Option<&'static str> {
    error.message.starts_with(UNWRITTEN).then_some("Free some space there, or send the output somewhere else.")
}

/// Writes `text` and a line's end to standard error, as far as that can be done.
pub fn tell(text: impl Display) {
    progress(format_args!("{text}\n"));
}

/// Writes `text` to standard error without a line's end: progress, drawn over by what follows.
pub fn progress(text: impl Display) {
    let mut errors = io::stderr().lock();
    // One write, so that two processes on one terminal do not mix their lines.
    let _ = errors.write_all(text.to_string().as_bytes()).and_then(|()| errors.flush());
}
