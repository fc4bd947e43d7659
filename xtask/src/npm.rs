//! The npm packages, exactly as package-lock.json pins them. A copy of the lock inside node_modules says which lock
//! it was installed from, so that the check is one comparison.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    step::{self, root},
    tools,
};

const STAMP: &str = "node_modules/.installed-from-lock";

/// Installs the packages unless node_modules is what the lock asks for.
pub fn ensure() -> Result<()> {
    let lock = fs::read(root().join("package-lock.json")).context("reading package-lock.json")?;
    if fs::read(root().join(STAMP)).is_ok_and(|stamp| stamp == lock) {
        return Ok(());
    }
    tools::ensure_node()?;
    step::run(
        "installing the npm packages of package-lock.json, once",
        &mut tools::npm(&["ci", "--no-audit", "--no-fund"]),
        "see npm's message above: the registry must be reachable, and package.json must agree with its lock (`npm \
         install` renews it)",
    )?;
    fs::write(root().join(STAMP), lock).with_context(|| format!("writing {STAMP}"))
}
