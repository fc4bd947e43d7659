//! Measures the reader of a real database's LOG.
//!
//! In: how many megabytes to read. Out: megabytes a second, and the most memory of this process, each beside its
//! budget. The log is that of the tests' database with one job, day after day: each day a session of its own.
//!
//! `cargo run --release -p lsmscope-benches --bin log [-- MEGABYTES]`, or `cargo xtask bench log`.

#![allow(clippy::disallowed_macros, reason = "a tool for developers at a terminal: it may end where that is gone")]

use std::{error::Error, fs, hint::black_box, io::Read, path::Path, process::ExitCode, time::Instant};

use chrono::{DateTime, Days};
use flate2::read::GzDecoder;
use lsmscope::history::log_report::{LogPaths, LogReader};
use lsmscope_benches::{argument, exit_code};

/// The least speed, in megabytes a second: a log of 2 GB is read in 14 seconds.
const BUDGET_SPEED: f64 = 150.0;
/// The most memory, in megabytes, whatever the log's length.
const BUDGET_MEMORY: f64 = 300.0;

const MB: f64 = 1e6;
/// What the reader is given at a time.
const PIECE: usize = 1 << 20;

fn main() -> ExitCode {
    exit_code(run())
}

#[expect(clippy::disallowed_methods, reason = "it measures real time")]
fn run() -> Result<(), Box<dyn Error>> {
    let megabytes = argument(1, "MEGABYTES", 2000)?;
    let day = unpacked("few_jobs")?;
    let mut reader = LogReader::new(LogPaths::LeaveOut);
    let (mut bytes, mut seconds) = (0, 0.0);
    for days in 0.. {
        if bytes as f64 >= megabytes as f64 * MB {
            break;
        }
        // Making it is not part of reading it.
        let text = day.later_by(days)?;
        let begun = Instant::now();
        text.as_bytes().chunks(PIECE).for_each(|piece| reader.push(piece));
        seconds += begun.elapsed().as_secs_f64();
        bytes += text.len();
    }
    let begun = Instant::now();
    reader.end_file();
    let report = black_box(reader.report());
    let reported = begun.elapsed().as_secs_f64();
    let (read, speed) = (bytes as f64 / MB, bytes as f64 / MB / seconds);
    println!("a LOG of {read:.0} MB, {} lines, {} sessions", report.lines.read, report.session_count);
    println!("{speed:10.0} MB/s    {:.2} of the budget of {BUDGET_SPEED} MB/s", speed / BUDGET_SPEED);
    println!("{reported:10.3} s for the report");
    match most_memory() {
        Some(most) => println!("{most:10.0} MB       {:.2} of the budget of {BUDGET_MEMORY} MB", most / BUDGET_MEMORY),
        None => println!("         – MB       this system does not tell the most memory of a process"),
    }
    Ok(())
}

/// The log of one day.
struct Day {
    text: String,
    date: String,
    /// When the day begins, in microseconds.
    micros: i64,
}

/// The LOG of a database of the tests.
fn unpacked(database: &str) -> Result<Day, Box<dyn Error>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/rocksdb/trouble");
    let mut text = String::new();
    GzDecoder::new(fs::File::open(root.join(database).join("LOG.gz"))?).read_to_string(&mut text)?;
    let date = text.get(..10).ok_or("the LOG is empty")?.to_string();
    let begins = chrono::NaiveDate::parse_from_str(&date, "%Y/%m/%d")?.and_hms_opt(0, 0, 0).ok_or("no such time")?;
    Ok(Day { text, date, micros: begins.and_utc().timestamp_micros() })
}

impl Day {
    /// The same some days later.
    fn later_by(&self, days: u64) -> Result<String, Box<dyn Error>> {
        const NAME: &str = "\"time_micros\": ";
        let begins = DateTime::from_timestamp_micros(self.micros).ok_or("no such time")?;
        let date = begins.checked_add_days(Days::new(days)).ok_or("no such date")?.format("%Y/%m/%d").to_string();
        let dated = self.text.replace(&self.date, &date);
        let mut parts = dated.split(NAME);
        let mut text = parts.next().unwrap_or_default().to_string();
        for part in parts {
            let digits = part.find(|c: char| !c.is_ascii_digit()).unwrap_or(part.len());
            let micros: u64 = part[..digits].parse()?;
            text.push_str(NAME);
            text.push_str(&(micros + days * 86_400_000_000).to_string());
            text.push_str(&part[digits..]);
        }
        Ok(text)
    }
}

/// The most memory that this process had, in megabytes; none where the system does not tell.
fn most_memory() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes * 1024.0 / MB)
}
