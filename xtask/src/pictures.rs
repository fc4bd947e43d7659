//! `cargo xtask pictures OUTDIR`: contact sheets of the figure, for looking at it.
//!
//! In: nothing. Out: twelve frames each of a put, a flush, a compaction, a move, a get, a scan, a power cut and a
//! recovery, in four sizes and both themes, as PNG. Errors: a step failed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Args as ClapArgs;

use crate::step::{self, command_with};

#[derive(ClapArgs)]
pub struct Args {
    /// Where the pictures go
    outdir: PathBuf,
}

const TOUR: &str = "put user:1 Alice\nput user:3 Carol\nput user:2 Bob\nput user:5 Erin\nput user:2 Bert\n\
    delete user:3\nput user:4 Dave\nput user:7 Gail\nget user:3\nput user:6 Frank\nput user:1 Anna\nput user:8 Hugo\n\
    put user:9 Ivy\nscan user:1 user:5\n";
const MOVES: &str = "options max_bytes_for_level_base=1200 target_file_size_base=300\nput a 1\nput b 2\nput c 3\n\
    put d 4\nput e 5\nput f 6\nput g 7\nput h 8\nput i 9\nput j 10\nput k 11\nput l 12\n";
const PLUG: &str = "options wal_sync=never\nput user:1 Alice\nput user:2 Bob\ncrash\nreopen\noptions \
    wal_sync=every_write\nput user:1 Alice\nput user:2 Bob\ncrash in 2 keep 20\nput user:3 Carol\nreopen\n";

/// The name of a sheet, the script, and the events between which it lies.
const SHEETS: [(&str, &str, &str, &str); 8] = [
    ("put", TOUR, "op_began", "op_ended"),
    ("flush", TOUR, "memtable_sealed", "flush_ended"),
    ("compaction", TOUR, "flush_ended:3", "compaction_ended"),
    ("move", MOVES, "flush_ended:3", "compaction_ended"),
    ("get", TOUR, "op_began:9", "get_ended"),
    ("scan", TOUR, "op_began:14", "scan_ended"),
    ("plug", PLUG, "op_began:10", "power_cut:2"),
    ("recovery", PLUG, "power_cut:2", "aftermath:2"),
];
const SIZES: [&str; 4] = ["1280x720", "1920x1080", "720x480", "390x844"];

pub fn run(args: &Args) -> Result<()> {
    fs::create_dir_all(&args.outdir).with_context(|| format!("making {}", args.outdir.display()))?;
    let script = args.outdir.join("script.lsm");
    for (name, lines, from, at) in SHEETS {
        fs::write(&script, lines).with_context(|| format!("writing {}", script.display()))?;
        for size in SIZES {
            for theme in ["light", "dark"] {
                sheet(&script, (from, at), size, theme, &args.outdir.join(format!("{name}-{size}-{theme}.png")))?;
            }
        }
    }
    fs::remove_file(&script)?;
    step::say(&format!("the pictures are in {}", args.outdir.display()));
    Ok(())
}

fn sheet(script: &Path, (from, at): (&str, &str), size: &str, theme: &str, out: &Path) -> Result<()> {
    let mut picture = command_with("cargo", &["run", "--quiet", "--package", "lsmscope", "--", "picture"]);
    picture.arg(script).args(["--from", from, "--at", at, "--sheet", "12", "--size", size, "--theme", theme]);
    picture.args(["--scale", "0.5", "--out"]).arg(out);
    // A line that a power cut ends is reported, and makes the status 1.
    let status = picture.status().context("starting cargo")?;
    anyhow::ensure!(status.code() == Some(0) || out.exists(), "drawing {}: failed ({status})", out.display());
    Ok(())
}
