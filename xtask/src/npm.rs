//! Installs the npm packages in the versions that package-lock.json pins.
//!
//! A copy of the lock in node_modules records the installed state, so the check is one comparison.

use std::fs;

use anyhow::{Context, Result};

use crate::{
    step::{self, root},
    tools,
};

const STAMP: &str = "node_modules/.installed-from-lock";

/// Installs the packages, unless those in node_modules were installed from the current lock.
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
