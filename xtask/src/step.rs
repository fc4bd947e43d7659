//! One step of a task: announces a command, runs it, and explains a failure.
//!
//! In: a command, the description of the step, and a remedy. Errors: the command failed; the error has the remedy.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::Instant,
};

use anyhow::{Context, Result, bail};

/// The repository's root, whatever directory the command was called from.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the repository")
}

/// Cargo's target directory, which also holds the tasks' temporary files.
pub fn target_dir() -> PathBuf {
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |dir| root().join(dir))
}

/// Announces a step.
pub fn say(what: &str) {
    eprintln!("\n▸ {what}");
}

/// A command in the repository's root, with the tools that cargo installed in its `PATH`.
pub fn command(program: &str) -> Command {
    let mut command = Command::new(program);
    command.current_dir(root()).env("PATH", path_with_cargo_bin());
    command
}

/// Like [`command`], with arguments.
pub fn command_with(program: &str, args: &[&str]) -> Command {
    let mut command = command(program);
    command.args(args);
    command
}

/// Runs `command`, and shows its output and how long it took. `remedy` is the advice if it fails.
#[expect(clippy::disallowed_methods, reason = "how long a step took is for the person who waits for it")]
pub fn run(what: &str, command: &mut Command, remedy: &str) -> Result<()> {
    say(what);
    let line = line(command);
    eprintln!("  $ {line}");
    let begun = Instant::now();
    let status = command.status().with_context(|| format!("{what}: could not start `{line}`"))?;
    if !status.success() {
        bail!("{what}: failed ({status})\n  command: {line}\n  remedy:  {remedy}");
    }
    eprintln!("  {:.0} s", begun.elapsed().as_secs_f64());
    Ok(())
}

/// Runs `command` without showing its output. Returns its standard output; `None` if it cannot start or fails.
pub fn output(command: &mut Command) -> Option<String> {
    let output = command.stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The program's full path, if it is in `PATH` or in cargo's folder.
pub fn find(program: &str) -> Option<PathBuf> {
    let name = if cfg!(windows) { format!("{program}.exe") } else { program.to_owned() };
    env::split_paths(&path_with_cargo_bin()).map(|dir| dir.join(&name)).find(|path| path.is_file())
}

/// `PATH`, followed by the folder of `cargo install`.
fn path_with_cargo_bin() -> OsString {
    let mut dirs: Vec<PathBuf> = env::var_os("PATH").map(|path| env::split_paths(&path).collect()).unwrap_or_default();
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    if let Some(home) = home.or_else(|| env::home_dir().map(|home| home.join(".cargo"))) {
        dirs.push(home.join("bin"));
    }
    env::join_paths(dirs).unwrap_or_else(|_| env::var_os("PATH").unwrap_or_default())
}

/// The command as a line of a shell.
fn line(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy().into_owned()).collect::<Vec<_>>().join(" ")
}
