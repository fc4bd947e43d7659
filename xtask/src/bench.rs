//! `cargo xtask bench`: measures lsmscope and its peers, and compares each ratio with its budget.
//!
//! In: the part to measure. Out: tables on standard output. Errors: a step failed; a missed budget is only printed.

use anyhow::Result;

use crate::{
    browser, dist, site,
    step::{self, command, command_with},
};

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// All of them
    All,
    /// The engine on this machine, compared with fjall
    Native,
    /// The simulator on this machine and in Chromium, compared with its budgets
    Simulator,
    /// The pace of a long drive, at its beginning and after 10,000 flushes
    Pace,
    /// The reader of a database's LOG: 2 GB on this machine
    Log,
    /// The engine in Chromium, compared with memory-level, browser-level, Dexie and raw IndexedDB
    Browser,
    /// The time of a command on the page, after few events and after very many, of the figure, of play, of a seek, and
    /// of a cold start; the memory of a page with thirty embeds
    Page,
    /// The size of the site
    Size,
}

pub fn run(part: Part) -> Result<()> {
    if matches!(part, Part::All | Part::Native) {
        let mut bench = command_with("cargo", &["run", "--release", "--quiet", "--package", "lsmscope-benches"]);
        step::run("measuring the native engine beside fjall", &mut bench, "read the message above")?;
    }
    if matches!(part, Part::All | Part::Simulator) {
        let arguments = ["run", "--release", "--quiet", "--package", "lsmscope-benches", "--bin", "simulator"];
        step::run("measuring the simulator", &mut command_with("cargo", &arguments), "read the message above")?;
        let chrome = browser::ensure_chrome()?;
        let engine = site::build_page_engine()?;
        let mut bench = command("node");
        bench.arg("benches/browser/simulator.mjs").arg(engine).env("CHROME", chrome);
        step::run("measuring the simulator in Chromium", &mut bench, "read the message above")?;
    }
    if matches!(part, Part::All | Part::Pace) {
        let arguments = ["run", "--release", "--quiet", "--package", "lsmscope-benches", "--bin", "pace"];
        step::run(
            "measuring the pace of a long drive",
            &mut command_with("cargo", &arguments),
            "read the message above",
        )?;
    }
    if matches!(part, Part::All | Part::Log) {
        let arguments = ["run", "--release", "--quiet", "--package", "lsmscope-benches", "--bin", "log"];
        step::run("measuring the reader of a LOG", &mut command_with("cargo", &arguments), "read the message above")?;
    }
    if matches!(part, Part::All | Part::Browser) {
        let chrome = browser::ensure_chrome()?;
        let engine = site::build_engine()?;
        let mut bench = command("node");
        bench.arg("benches/browser/run.mjs").arg(engine).env("CHROME", chrome);
        step::run("measuring the engine in Chromium beside its peers", &mut bench, "read the message above")?;
    }
    if matches!(part, Part::All | Part::Page) {
        let chrome = browser::ensure_chrome()?;
        let engine = site::build_page_engine()?;
        let measure = |what: &str, script: &str| {
            let mut bench = command("node");
            bench.arg(script).arg(&engine).env("CHROME", &chrome);
            step::run(what, &mut bench, "read the message above")
        };
        measure("measuring a command on the page", "benches/browser/commands.mjs")?;
        measure("measuring the figure", "benches/browser/figure.mjs")?;
        site::build_published(&site::published())?;
        let mut bench = command("node");
        bench.arg("benches/browser/play.mjs").arg(site::published()).env("CHROME", &chrome);
        step::run("measuring play, a seek and a cold start", &mut bench, "read the message above")?;
        let mut bench = command("node");
        bench.arg("benches/browser/embeds.mjs").arg(site::published()).env("CHROME", &chrome);
        step::run("measuring a page with thirty embeds", &mut bench, "read the message above")?;
        dist::weigh()?;
        let mut bench = command("node");
        bench.arg("benches/browser/lighthouse.mjs").arg(site::published()).env("CHROME", chrome);
        step::run("asking Lighthouse", &mut bench, "npm must reach its registry: read the message above")?;
    }
    if matches!(part, Part::All | Part::Size) {
        site::build_published(&site::published())?;
        dist::weigh()?;
    }
    Ok(())
}
