//! Installs the Rust tools: the wasm target, and wasm-bindgen-cli in its pinned version.
//!
//! The check of an installed tool takes a few milliseconds. Errors: a tool cannot be installed.

use std::{fs, process::Command};

use anyhow::{Context, Result, bail};

use crate::step::{self, command_with, root};

/// Installs the tools for a build of the page.
pub fn ensure_for_page() -> Result<()> {
    ensure_wasm_target()?;
    ensure_wasm_bindgen()
}

/// Installs the tools for `wasm-bindgen-test`, except the browser.
pub fn ensure_for_wasm_tests() -> Result<()> {
    ensure_wasm_target()?;
    ensure_wasm_bindgen()
}

fn ensure_wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let libdir = step::output(&mut command_with("rustc", &["--print", "target-libdir", "--target", TARGET]));
    if libdir.is_some_and(|dir| fs::exists(dir).unwrap_or(false)) {
        return Ok(());
    }
    step::run(
        "adding the WebAssembly target to the Rust toolchain, once",
        &mut command_with("rustup", &["target", "add", TARGET]),
        "install Rust through https://rustup.rs, or your distribution's wasm32-unknown-unknown standard library",
    )
}

/// Installs the generator of the bindings, whose version must equal that of the `wasm-bindgen` crate in Cargo.lock.
fn ensure_wasm_bindgen() -> Result<()> {
    let lock = fs::read_to_string(root().join("Cargo.lock")).context("reading Cargo.lock")?;
    let version = locked_version(&lock, "wasm-bindgen").context("Cargo.lock names no wasm-bindgen")?;
    ensure_cargo_tool("wasm-bindgen-test-runner", "wasm-bindgen-cli", version, "about 3 minutes")
}

/// Installs `package` in `version`, unless `program` exists in that version.
fn ensure_cargo_tool(program: &str, package: &str, version: &str, takes: &str) -> Result<()> {
    let found = step::output(&mut command_with(program, &["--version"]));
    let found = found.as_deref().and_then(|line| line.split_whitespace().nth(1));
    if found == Some(version) {
        return Ok(());
    }
    let instead = found.map_or(String::new(), |found| format!(" in the place of {found}"));
    let wanted = format!("{package}@{version}");
    // A build that others have made is there in seconds.
    if step::find("cargo-binstall").is_some() {
        let mut fetch = command_with("cargo", &["binstall", "--no-confirm", &wanted]);
        let what = format!("fetching {package} {version}{instead}, once");
        if step::run(&what, &mut fetch, "it will be compiled").is_ok() {
            return Ok(());
        }
    }
    let mut install = command_with("cargo", &["install", "--locked", &wanted]);
    // A tool is built in its own folder, without this repository's cargo settings.
    install.env_remove("CARGO_TARGET_DIR").env_remove("RUSTFLAGS").env_remove("CARGO_BUILD_TARGET");
    step::run(
        &format!("installing {package} {version}{instead}: {takes}, once"),
        &mut install,
        &format!("read cargo's message above; `cargo install --locked {wanted}` must succeed"),
    )
}

/// The version of `package` in the lock file.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let entry = lock.split("[[package]]").find(|entry| entry.contains(&format!("name = \"{package}\"\n")))?;
    entry.split("version = \"").nth(1)?.split('"').next()
}

/// Checks for Node and npm, which the page's libraries and tests need. They are not installed automatically.
pub fn ensure_node() -> Result<()> {
    // The minimum of ESLint and stylelint.
    const MIN: (u32, u32) = (20, 19);
    let remedy =
        format!("install Node.js {}.{} or later, with npm: https://nodejs.org, or your package manager", MIN.0, MIN.1);
    let Some(version) = step::output(&mut command_with("node", &["--version"])) else {
        bail!("Node.js is not on the PATH\n  remedy:  {remedy}");
    };
    if node_version(&version).is_none_or(|version| version < MIN) {
        bail!("Node.js {version} is too old\n  remedy:  {remedy}");
    }
    if step::output(&mut npm(&["--version"])).is_none() {
        bail!("npm is not on the PATH\n  remedy:  {remedy}");
    }
    Ok(())
}

/// The major and minor version in the output of `node --version`.
fn node_version(printed: &str) -> Option<(u32, u32)> {
    let mut parts = printed.trim_start_matches('v').split('.').map(|part| part.parse().ok());
    Some((parts.next()??, parts.next()??))
}

/// The command npm, under its name on this system.
pub fn npm(args: &[&str]) -> Command {
    command_with(if cfg!(windows) { "npm.cmd" } else { "npm" }, args)
}

#[cfg(test)]
mod tests {
    use super::{locked_version, node_version};

    #[test]
    fn the_lock_names_the_version() {
        let lock = "[[package]]\nname = \"wasm-bindgen-macro\"\nversion = \"1.0.0\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.128\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.128"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }

    #[test]
    fn the_version_of_node_has_a_minor() {
        assert_eq!(node_version("v20.9.0"), Some((20, 9)));
        assert!(node_version("v20.9.0") < Some((20, 19)));
        assert_eq!(node_version("20"), None);
    }
}
