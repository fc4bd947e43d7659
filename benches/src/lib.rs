//! What the benches' commands have in common: their arguments, and how they end.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

use std::{env, error::Error, process::ExitCode};

/// The exit code of a command that came to `outcome`; an error is printed.
pub fn exit_code(outcome: Result<(), Box<dyn Error>>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The command's argument number `at`, from 1, which is called `name`: a number above 0, or `default` if it is absent.
///
/// # Errors
/// It is no such number.
pub fn argument(at: usize, name: &str, default: usize) -> Result<usize, String> {
    match env::args().nth(at) {
        None => Ok(default),
        Some(text) => text.parse().ok().filter(|n| *n > 0).ok_or(format!("{name} = {text}: expected a number above 0")),
    }
}
