//! `lsmscope repair DIR NEW_DIR`: salvages what can be read of a damaged database into a new one.

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use clap::Args;
use lsmscope::{
    Error, ErrorKind,
    error::excerpt_of_path,
    repair::{RepairProgress, repair},
    storage::{Storage, block_on, file::Directory},
    verify::verify,
};

/// Which database, and where to.
#[derive(Debug, Args)]
pub struct Arguments {
    /// The directory that holds the damaged database. No process may have it open; it is not changed.
    #[arg(value_name = "DIR")]
    damaged: PathBuf,
    /// The directory for the new database. It must be empty, or not be there yet.
    #[arg(value_name = "NEW_DIR")]
    fresh: PathBuf,
    /// How the new tables are written.
    #[command(flatten)]
    settings: super::Settings,
}

/// Repairs it and prints what was salvaged and what was lost.
///
/// # Errors
/// A directory cannot be used, or there is nothing to repair.
pub fn run(arguments: &Arguments) -> Result<ExitCode, Error> {
    let options = arguments.settings.options()?;
    let damaged = super::look_at(&arguments.damaged)?;
    if block_on(damaged.list())?.is_empty() {
        return Err(Error::invalid(format!("there is no database in {}", arguments.damaged.display())));
    }
    check_empty(arguments)?;
    check_apart(arguments)?;
    let mut fresh = Directory::open(&arguments.fresh)?;
    let account = block_on(repair(&damaged, &mut fresh, &options, |progress| match progress {
        RepairProgress::Read { file, entries } => super::tell(format_args!("read {file}, entries: {entries}")),
        RepairProgress::Wrote { file, entries } => super::tell(format_args!("wrote {file}, entries: {entries}")),
    }))?;
    super::print(&account.to_string())?;
    // A tool that is used after a loss must check its own result.
    let findings = block_on(verify(&fresh))?;
    super::print(&format!("the new database: {findings}"))?;
    let well = account.is_complete() && findings.is_sound();
    Ok(if well { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Refuses a new database inside of the damaged one, in which nothing is to be changed: wherever its name leads.
fn check_apart(arguments: &Arguments) -> Result<(), Error> {
    let resolved = |path: &Path| fs::canonicalize(path).ok();
    // As much of the new directory's name as there is already.
    let there = arguments.fresh.ancestors().map(|path| if path == Path::new("") { Path::new(".") } else { path });
    let inside = there.filter_map(resolved).next().zip(resolved(&arguments.damaged));
    match inside.is_some_and(|(fresh, damaged)| fresh.starts_with(damaged)) {
        false => Ok(()),
        true => Err(Error::invalid(format!(
            "{} lies in {}, in which nothing is changed: name a directory outside of it",
            excerpt_of_path(&arguments.fresh),
            excerpt_of_path(&arguments.damaged)
        ))),
    }
}

fn check_empty(arguments: &Arguments) -> Result<(), Error> {
    let directory = &arguments.fresh;
    match fs::read_dir(directory) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => {
                let message = format!("{} is not empty: name a directory that is, or a new one", directory.display());
                Err(Error::invalid(message))
            }
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(Error::new(ErrorKind::Io, format!("cannot list {}: {error}", directory.display()))),
    }
}
