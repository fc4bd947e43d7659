//! `cargo xtask dist`: builds the optimised site into dist/, and prints the transfer size of each file.
//!
//! Errors: a step failed; a missed budget is only printed.

use anyhow::Result;

use crate::{
    site,
    step::{self, command},
};

pub fn run() -> Result<()> {
    site::build_optimised()?;
    weigh()?;
    step::say("dist/ is ready for any static host, in any folder: its addresses are relative");
    Ok(())
}

/// Prints each file's size raw, with gzip and with brotli, and compares the total with its budget.
pub fn weigh() -> Result<()> {
    let mut weigh = command("node");
    weigh.arg("xtask/src/weigh.mjs").arg(site::dist());
    step::run("weighing the site", &mut weigh, "node's zlib must have brotli: any Node.js 20 or later has")
}
