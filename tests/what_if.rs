//! What other options would have cost: held against what RocksDB itself came to under them.
//!
//! `UPDATE_GOLDEN=1 cargo test --test what_if` writes the tables of `docs/whatif.md` again.

#![cfg(all(not(target_arch = "wasm32"), feature = "cli"))]

use std::{collections::BTreeMap, fmt::Write, fs, io::Read, path::PathBuf, process::Command};

use flate2::read::GzDecoder;
use lsmscope::{
    Options,
    history::{self, History, HistoryRequest},
    what_if::{Speed, WhatIf, WhatIfEstimate},
};
use serde::Deserialize;

const DOCUMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/whatif.md");
/// As many as the command takes, if it is not told.
const DRAWS: u64 = 5;
/// Of write amplification, in %: under the options of the history, and under others.
const RECORDED_WITHIN: f64 = 2.0;
const CHANGED_WITHIN: f64 = 5.0;
/// How far the draws are apart, in % of the one that is told.
const SPREAD_WITHIN: f64 = 10.0;
/// Of the tables of a level by all tables, in %: as the draw is that is told.
const TYPICAL_WITHIN: f64 = 10.0;

/// What RocksDB was measured to come to.
#[derive(Deserialize)]
struct Measured {
    set: String,
    write_amp: f64,
    compactions: u64,
    last_state: Vec<f64>,
}

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(format!("{}/tests/fixtures/rocksdb/{name}", env!("CARGO_MANIFEST_DIR")))
}

fn unpacked(path: PathBuf) -> Vec<u8> {
    let mut bytes = Vec::new();
    GzDecoder::new(fs::File::open(path).unwrap()).read_to_end(&mut bytes).unwrap();
    bytes
}

fn open(folder: &str, changes: &[(&str, &str)]) -> History {
    let files = || fs::read_dir(fixture(folder)).unwrap().map(|file| file.unwrap().path());
    let find = |name: &str| files().find(|path| path.file_name().unwrap().to_str().unwrap().starts_with(name)).unwrap();
    let options = fs::read_to_string(find("OPTIONS-")).unwrap();
    let (manifest, log) = (unpacked(find("MANIFEST-")), unpacked(find("LOG.gz")));
    let request = HistoryRequest { options: Some(&options), log: Some(&log), family: None, changes };
    history::open(&manifest, &request).unwrap()
}

/// By how many % `ours` is off.
fn off(ours: f64, theirs: f64) -> f64 {
    100.0 * (ours / theirs - 1.0)
}

/// The level from 1 on that is off by the most from what the draws came to, in % of all tables.
fn level_off(estimate: &WhatIfEstimate, theirs: &[f64]) -> f64 {
    let all: f64 = theirs.iter().sum();
    let ours = &estimate.typical;
    let table = ours.levels.iter().sum::<f64>() / ours.tables.iter().sum::<f64>();
    let off = |(level, theirs): (usize, &f64)| {
        let (least, most) = estimate.level_ranges[level];
        100.0 * ((least / table - theirs).max(0.0) + (most / table - theirs).min(0.0)) / all
    };
    theirs.iter().enumerate().skip(1).map(off).max_by(|a, b| a.abs().total_cmp(&b.abs())).unwrap()
}

/// By how many % of all tables the level from 1 on is off that is off by the most, in the draw that is told: draws that
/// differ by anything would have the truth between them.
fn typical_off(estimate: &WhatIfEstimate, theirs: &[f64]) -> f64 {
    let all: f64 = theirs.iter().sum();
    let off =
        theirs.iter().zip(&estimate.typical.tables).skip(1).map(|(theirs, ours)| 100.0 * (ours - theirs).abs() / all);
    off.fold(0.0, f64::max)
}

fn tables(counts: &[f64]) -> String {
    counts.iter().skip(1).map(|count| format!("{count:.0}")).collect::<Vec<_>>().join(" ")
}

/// Puts `table` into the document, or asserts that it is there.
fn assert_document_has(name: &str, table: &str) {
    let whole = fs::read_to_string(DOCUMENT).unwrap();
    let (begin, end) = (format!("<!-- {name} -->\n\n"), format!("\n<!-- end of {name} -->"));
    let (before, rest) = whole.split_once(&begin).expect("the table has its place");
    let (old, after) = rest.split_once(&end).expect("the table has its end");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        return fs::write(DOCUMENT, format!("{before}{begin}{table}{end}{after}")).unwrap();
    }
    assert_eq!(old, table, "make it again: UPDATE_GOLDEN=1 cargo test --test what_if");
}

#[test]
fn the_same_writes_under_other_options_come_to_what_rocksdb_was_measured_to_do() {
    let measured = fs::read(fixture("whatif/measured.json")).unwrap();
    let measured: BTreeMap<String, BTreeMap<String, Measured>> = serde_json::from_slice(&measured).unwrap();
    let mut table = String::from(
        "| history | options | RocksDB's write amplification | estimated | off by | merges, RocksDB's and estimated | \
         tables on levels 1 to 6, RocksDB's | estimated | the level that is farthest from what the draws came to, of \
         all tables |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    let mut misses = Vec::new();
    for (name, sets) in &measured {
        let folder = format!("whatif/{name}");
        let what_if = WhatIf::of(&open(&folder, &[])).unwrap();
        for theirs in sets.values() {
            let is_recorded = theirs.set == "as recorded";
            let changes: Vec<(&str, &str)> = theirs.set.split(' ').filter_map(|set| set.split_once('=')).collect();
            let options = open(&folder, &changes).options;
            let estimate = what_if.estimate(&options, Speed::AsRecorded, DRAWS).unwrap();
            let amp = off(estimate.typical.write_amp, theirs.write_amp);
            let level = level_off(&estimate, &theirs.last_state);
            let within = if is_recorded { RECORDED_WITHIN } else { CHANGED_WITHIN };
            let typical = typical_off(&estimate, &theirs.last_state);
            if amp.abs() > within || level.abs() > CHANGED_WITHIN || typical > TYPICAL_WITHIN {
                let set = &theirs.set;
                misses.push(format!("{name}, {set}: {amp} %, a level {level} %, as told {typical} % of all tables"));
            }
            let set = if is_recorded { theirs.set.clone() } else { format!("`{}`", theirs.set.replace(' ', "` `")) };
            let ours = &estimate.typical;
            let (range_from, range_to) = estimate.write_amp_range;
            assert!(range_from <= ours.write_amp && ours.write_amp <= range_to);
            let spread = 100.0 * (range_to - range_from) / ours.write_amp;
            assert!(spread <= SPREAD_WITHIN, "{name}, {}: draws are {spread} % apart", theirs.set);
            writeln!(
                table,
                "| `{name}` | {set} | {:.2} | {:.2} ({range_from:.2}–{range_to:.2}) | {amp:+.1} % | {}, {:.0} | {} | \
                 {} | {level:+.1} % |",
                theirs.write_amp,
                ours.write_amp,
                theirs.compactions,
                ours.compactions,
                tables(&theirs.last_state),
                tables(&ours.tables),
            )
            .unwrap();
        }
    }
    assert_document_has("waited", &table);
    assert_eq!(misses, [""; 0]);
}

/// Databases that were written to while they compacted, under their own options: nothing else of them was measured.
#[test]
fn a_writer_that_did_not_wait_is_estimated_from_the_times_of_the_log() {
    let mut table = String::from(
        "| history | RocksDB's write amplification | estimated | off by | merges, RocksDB's and estimated | sorted \
         runs before a flush, RocksDB's and estimated |\n| --- | --- | --- | --- | --- | --- |\n",
    );
    let mut misses = Vec::new();
    for (name, within) in [
        ("free_insert", 15.0),
        ("free_overwrite_delete", 15.0),
        ("free_subcompactions", 15.0),
        ("free_universal", 20.0),
        ("lock_additional", 2.0),
        ("lock_delete", 2.0),
    ] {
        let history = open(&format!("running/{name}"), &[]);
        let what_if = WhatIf::of(&history).unwrap();
        let (theirs, estimate) =
            (what_if.measured(), what_if.estimate(&history.options, Speed::AsRecorded, DRAWS).unwrap());
        let ours = &estimate.typical;
        let amp = off(ours.write_amp, theirs.write_amp);
        if amp.abs() > within {
            misses.push(format!("{name}: {amp} %"));
        }
        assert_eq!(ours.stalled.is_some(), name.starts_with("free"), "a writer that waits is not stalled");
        let (range_from, range_to) = estimate.write_amp_range;
        writeln!(
            table,
            "| `{name}` | {:.2} | {:.2} ({range_from:.2}–{range_to:.2}) | {amp:+.1} % | {:.0}, {:.0} | {:.1}, {:.1} |",
            theirs.write_amp, ours.write_amp, theirs.compactions, ours.compactions, theirs.read_amp, ours.read_amp,
        )
        .unwrap();
    }
    assert_document_has("ran on", &table);
    assert_eq!(misses, [""; 0]);
}

fn run(arguments: &[&str]) -> (String, String, Option<i32>) {
    let output = Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("whatif").args(arguments).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

#[test]
fn the_command_has_what_was_measured_beside_both_estimates() {
    let folder = fixture("running/free_universal");
    let folder = folder.to_str().unwrap();
    let (output, errors, status) = run(&[folder, "--set", "universal_size_ratio=20", "--draws", "2", "--json"]);
    assert_eq!((status, errors.as_str()), (Some(0), ""), "{output}");
    let parsed: serde_json::Value = serde_json::from_str(&output).unwrap();
    for part in ["measured", "recorded", "changed"] {
        for field in ["write_amp", "read_amp", "space_amp", "flushed", "compacted", "peak_bytes"] {
            assert!(parsed[part][field].as_f64().unwrap() > 0.0, "{part}.{field} of {output}");
        }
        assert_eq!(parsed[part]["levels"].as_array().unwrap().len(), 7, "{output}");
    }
    assert_ne!(parsed["recorded"]["write_amp"], parsed["changed"]["write_amp"], "the options count");
    let (output, _, status) = run(&[folder, "--set", "universal_size_ratio=20", "--draws", "2"]);
    assert_eq!(status, Some(0), "{output}");
    assert!(output.contains("write amplification") && output.contains("universal_size_ratio=20"), "{output}");
}

#[test]
fn what_cannot_be_estimated_is_refused_with_what_would_help() {
    let folder = fixture("running/free_universal");
    let refused = |arguments: &[&str]| {
        let (output, errors, status) = run(arguments);
        assert_eq!(output, "");
        (errors, status)
    };
    let folder_text = folder.to_str().unwrap();
    // The command line is wrong, not the database.
    for (change, says) in
        [("level0_trigger=9", "level0_trigger"), ("compaction_style", "name=value"), ("num_levels=x", "num_levels")]
    {
        let (errors, status) = refused(&[folder_text, "--set", change]);
        assert!(status == Some(2) && errors.contains(says) && !errors.contains(folder_text), "{errors}");
    }
    let without = tempfile::tempdir().unwrap();
    for name in ["MANIFEST-000005.gz", "OPTIONS-000007"] {
        fs::copy(folder.join(name), without.path().join(name)).unwrap();
    }
    let (errors, status) = refused(&[without.path().to_str().unwrap()]);
    assert!(status == Some(1) && errors.contains("no LOG lies beside it"), "{errors}");
    fs::write(without.path().join("LOG"), "2026/11/28-12:00:00.000000 5 RocksDB version: 9.8.4\n").unwrap();
    let (errors, status) = refused(&[without.path().to_str().unwrap()]);
    assert!(status == Some(1) && errors.contains("Give all LOG.old.*"), "{errors}");
    let running = fixture("running");
    let (errors, status) = refused(&[running.to_str().unwrap()]);
    assert!(status == Some(1) && errors.contains("MANIFEST"), "{errors}");
    assert_eq!(errors.matches(running.to_str().unwrap()).count(), 1, "{errors}");
}

/// What was measured of stalls is RocksDB's own count; and an option on which no estimate depends is told.
#[test]
fn stalls_that_were_measured_stand_beside_the_estimate() {
    let folder = fixture("trouble/few_jobs");
    let folder = folder.to_str().unwrap();
    let changes = ["--set", "write_buffer_size=64MB", "--set", "max_background_jobs=4"];
    let (output, errors, status) = run(&[&[folder, "--draws", "1", "--json"], &changes[..]].concat());
    assert_eq!(status, Some(0), "{errors}");
    assert_eq!(errors, "write_buffer_size has no effect: flushes are those of the history\n");
    let parsed: serde_json::Value = serde_json::from_str(&output).unwrap();
    let stalled = &parsed["measured"]["stalled"];
    let seconds = |part: &str| stalled[part].as_f64().unwrap();
    // `Cumulative stall: 00:00:22.959 H:M:S` of the last dump.
    assert!((seconds("stopped") + seconds("delayed") - 22.959).abs() < 1e-6, "{stalled}");
    assert!((2.0..3.0).contains(&seconds("stopped")), "{stalled}");
    // Of a writer that waited, nothing is known to have been stalled, and no option of time has an effect.
    let waited = fixture("running/lock_delete");
    let (_, errors, _) = run(&[waited.to_str().unwrap(), "--draws", "1", "--set", "max_background_jobs=4"]);
    assert!(errors.starts_with("max_background_jobs has no effect: the writer of this history waited"), "{errors}");
}

/// Deletions that have met nothing are told, in text and JSON: how much they will free is not known.
#[test]
fn deletions_that_have_deleted_nothing_yet_are_told() {
    let folder = fixture("trouble/tombstones");
    let changes = ["--draws", "1", "--set", "compaction_options_universal.max_size_amplification_percent=30"];
    let (text, errors, status) = run(&[&[folder.to_str().unwrap()], &changes[..]].concat());
    assert_eq!(status, Some(0), "{errors}");
    let row = text.lines().find(|line| line.starts_with("deletions at the end, %")).unwrap();
    assert_eq!(row.split_whitespace().nth(5), Some("42.9"), "{row}");
    assert!(text.contains("No deletion has met what it deletes yet"), "{text}");
    let (json, ..) = run(&[&[folder.to_str().unwrap(), "--json"], &changes[..]].concat());
    let parsed: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(parsed["deletions_meet_nothing"], true);
    let share = parsed["measured"]["deletion_share"].as_f64().unwrap();
    assert!((share - 3.0 / 7.0).abs() < 1e-9, "{share}");
}

/// What is said to have no effect changes no estimate.
#[test]
fn options_without_effect_change_no_estimate() {
    let history = open("running/free_overwrite_delete", &[]);
    let what_if = WhatIf::of(&history).unwrap();
    let estimate = |options: &Options| what_if.estimate(options, Speed::AsRecorded, 1).unwrap();
    let expected = estimate(&history.options);
    let without = history.options.without_effect(what_if.executor(Speed::AsRecorded));
    for (name, value) in [
        ("write_buffer_size", "1MB"),
        ("max_write_buffer_number", "9"),
        ("db_write_buffer_size", "1MB"),
        ("max_subcompactions", "4"),
        ("compression", "none"),
        ("block_size", "16KB"),
        ("block_cache_size", "0"),
        ("wal_sync", "never"),
        ("ttl", "5"),
        ("tombstone_retention_seconds", "5"),
        ("job_mode", "manual"),
    ] {
        assert!(without.iter().any(|found| found.is_all && found.field == name), "{name}");
        let mut options = history.options.clone();
        options.set(name, value).unwrap();
        assert_eq!(estimate(&options), expected, "{name}");
    }
    let mut options = history.options.clone();
    options.set("max_background_jobs", "1").unwrap();
    assert_ne!(estimate(&options), expected, "jobs count");
}
