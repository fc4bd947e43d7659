//! `lsmscope verify DIR`: what is wrong with a database, a line for each thing, and a summary.

use std::{path::PathBuf, process::ExitCode};

use clap::Args;
use lsmscope::{Error, storage::block_on, verify::verify};

/// Which database.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The directory that holds it. No process may have it open.
    #[arg(value_name = "DIR")]
    directory: PathBuf,
}

/// Checks it and prints what was found.
///
/// # Errors
/// The directory cannot be read, is in use, or holds no database.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let disk = super::look_at(&arguments.directory)?;
    let findings = block_on(verify(&disk))?;
    if findings.is_of_nothing() {
        let message = format!("there is no database in {}", arguments.directory.display());
        return Err(Error::invalid(message));
    }
    super::print(&findings.to_string())?;
    Ok(if findings.is_sound() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
