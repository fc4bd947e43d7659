//! The command with an input, as a person or a script starts it.

use std::{
    io::Write,
    process::{Command, Output, Stdio},
};

/// The command with these arguments, all of its streams piped.
pub fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs it to its end with `input`. A command that is refused does not read, so its input may find no reader.
pub fn run(mut command: Command, input: impl AsRef<[u8]>) -> Output {
    let mut child = command.spawn().unwrap();
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    child.wait_with_output().unwrap()
}
