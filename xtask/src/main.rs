//! The repository's tasks: `cargo xtask serve | build | test | bench | pictures | dist | single-file | scorm`.
//!
//! No other set-up is necessary: each command first installs missing tools ([`tools`], [`npm`], [`browser`]), then runs
//! steps ([`step`]). A step announces itself; a failed one prints a remedy.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

mod bench;
mod browser;
mod course;
mod dist;
mod languages;
mod npm;
mod pictures;
mod scorm;
mod serve;
mod site;
mod step;
mod test;
mod tools;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", about = "Serve, test, measure and publish lsmscope")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Build the page, serve it on this machine, and rebuild it when a file changes
    Serve(serve::Args),
    /// Build the page into build/, as `serve` and the tests have it
    Build {
        /// What to build
        #[arg(value_enum, default_value_t = Built::All)]
        what: Built,
    },
    /// Run the tests: all of them, or one part
    Test {
        /// Which part
        #[arg(value_enum, default_value_t = test::Part::All)]
        part: test::Part,
    },
    /// Measure lsmscope and its peers, and compare each number with its budget
    Bench {
        /// Which part
        #[arg(value_enum, default_value_t = bench::Part::All)]
        part: bench::Part,
    },
    /// Draw contact sheets of the figure: eight motions in four sizes and both themes
    Pictures(pictures::Args),
    /// Build the optimised static site in dist/, and print the size of each file
    Dist(dist::Args),
    /// Build the page as one HTML file, which runs from a disk and in a sandboxed frame
    SingleFile {
        /// Where to
        #[arg(long, default_value = "lsmscope.html")]
        out: std::path::PathBuf,
    },
    /// Make a SCORM 1.2 package for a learning platform, such as Moodle: a script or a moment, as one zip
    Scorm(scorm::Args),
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Built {
    /// All of it
    All,
    /// What needs no compiler: modules, styles, pictures
    Page,
}

fn main() {
    let done = match Cli::parse().command {
        Command::Serve(args) => serve::run(&args),
        Command::Build { what: Built::All } => site::build(),
        Command::Build { what: Built::Page } => site::gather(),
        Command::Test { part } => test::run(part),
        Command::Bench { part } => bench::run(part),
        Command::Pictures(args) => pictures::run(&args),
        Command::Dist(args) => dist::run(&args),
        Command::SingleFile { out } => dist::single_file(&out),
        Command::Scorm(args) => scorm::run(&args),
    };
    if let Err(error) = done {
        eprintln!("\nerror: {error:#}");
        std::process::exit(1);
    }
}
