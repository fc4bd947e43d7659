//! `cargo xtask dist`: the site as it is published, and what each of its files weighs on the wire.

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

/// Prints each file's size raw, gzipped and brotlied, and the total beside its budget.
pub fn weigh() -> Result<()> {
    let mut weigh = command("node");
    weigh.arg("xtask/src/weigh.mjs").arg(site::dist());
    step::run("weighing the site", &mut weigh, "node's zlib must have brotli: any Node.js 20 or later has")
}
