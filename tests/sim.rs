//! `lsmscope sim` as a person or a program meets it: text, JSON, files, and what is refused.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::{fs, process::Command};

#[path = "golden/simulation.rs"]
mod simulation;

struct Run {
    out: String,
    errors: String,
    status: Option<i32>,
}

fn sim(arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("sim").args(arguments).output().unwrap();
    Run {
        out: String::from_utf8(output.stdout).unwrap(),
        errors: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code(),
    }
}

#[test]
fn it_explains_what_came_of_it() {
    let run = sim(&["--preset", "overload", "--duration-seconds", "600"]);
    assert_eq!((run.status, &run.errors[..]), (Some(0), ""));
    let words =
        ["Level", "W-Amp", "L0", "Sum", "250.0 MB/s", "can sustain about", "as RocksDB counts it", "Writers waited"];
    for word in words {
        assert!(run.out.contains(word), "{word} is not in\n{}", run.out);
    }
    // Amplification beside its formula, each by its name.
    let row = run.out.lines().find(|line| line.starts_with("write, RocksDB's")).expect("a table of amplifications");
    let numbers: Vec<f64> = row.split_whitespace().filter_map(|word| word.parse().ok()).take(2).collect();
    assert!(numbers.len() == 2 && numbers[0] > 1.0 && numbers[1] > numbers[0], "{row}");
    assert!(row.contains("levels below the base"), "{row}");
}

#[test]
fn where_no_formula_applies_it_says_why() {
    let run = sim(&["--duration-seconds", "100", "--set", "compaction_style=fifo"]);
    assert!(run.out.contains("the formulas of levels and tiers do not apply"), "{}", run.out);
    let json = sim(&["--json", "--duration-seconds", "100", "--set", "compaction_style=fifo"]).out;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let compared = &json["summary"]["compared"];
    assert_eq!(compared["rows"][0]["expected"], serde_json::Value::Null);
    assert_eq!(compared["rows"][0]["measured"], json["summary"]["amplification"]["write_rocksdb"]);
    assert!(compared["note"].as_str().is_some_and(|note| note.contains("fifo")), "{compared}");
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let directory = tempfile::tempdir().unwrap();
    let run = |name: &str, seed: &str| {
        let (csv, jobs) = (directory.path().join(name), directory.path().join(format!("{name}-jobs")));
        let arguments = [
            "--json",
            "--duration-seconds",
            "600",
            "--seed",
            seed,
            "--set",
            "key_dist=uniform",
            "--set",
            "max_background_jobs=4",
            "--out-csv",
            csv.to_str().unwrap(),
            "--out-jobs",
            jobs.to_str().unwrap(),
        ];
        let run = sim(&arguments);
        assert_eq!((run.status, &run.errors[..]), (Some(0), ""));
        (run.out, fs::read_to_string(csv).unwrap(), fs::read_to_string(jobs).unwrap())
    };
    let first = run("a", "5");
    assert_eq!(first, run("b", "5"));
    assert_ne!(first.1, run("c", "6").1);
    let json: serde_json::Value = serde_json::from_str(&first.0).unwrap();
    assert_eq!(json["spec"]["seed"], 5);
    assert_eq!(json["options"]["max_background_jobs"], "4");
    assert_eq!(json["summary"]["seconds"], 600.0);
    let flushes = first.2.lines().filter(|line| line.contains(",flush,")).count() as u64;
    assert_eq!(json["summary"]["counters"]["flushes"], flushes);
    assert_eq!(first.1.lines().count(), 501);
}

#[test]
fn its_charts_are_one_page_a_picture_and_a_drawing_and_its_samples_can_be_piped() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str| directory.path().join(name).display().to_string();
    let files = ["run.html", "run.svg", "run.png"].map(file);
    let arguments = ["--preset", "overload", "--duration-seconds", "300", "--out-csv", "-"];
    let outputs = ["--out-html", &files[0], "--out-svg", &files[1], "--out-png", &files[2]];
    let run = sim(&[arguments, outputs].concat());
    assert_eq!((run.status, &run.errors[..]), (Some(0), ""));
    // Five hundred samples, and nothing but them.
    assert!(run.out.starts_with("at,offered_mb_per_s,") && run.out.lines().count() == 501, "{}", run.out);
    let page = fs::read_to_string(&files[0]).unwrap();
    for what in
        ["<h1>overload: 250 MB/s, 300 s</h1>", "Writers waited", "1 level below the base", "write_mb_per_s<td>250"]
    {
        assert!(page.contains(what), "{what}");
    }
    assert!(page.contains(&fs::read_to_string(&files[1]).unwrap()), "the same drawing");
    assert!(fs::read(&files[2]).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    for (arguments, words) in [
        (&["--set", "write_bufer_size=1"][..], "write_buffer_size"),
        (&["--set", "key_dist=sideways"], "unique, uniform, zipf or sequential"),
        (&["--set", "num_levels"], "name=value"),
        (&["--write-mb-per-s", "10000", "--duration-seconds", "9000000"], "at most"),
        (&["--duration-seconds", "-1"], "duration_seconds = -1: expected 0.001 to 9000000"),
        (&["--write-mb-per-s", "-0.5"], "write_mb_per_s = -0.5: expected 0 to 1000000"),
        (&["--seed", "-1"], "invalid value '-1' for '--seed"),
        (&["--preset", "nonesuch"], "ten-hours"),
        (&["--out-png", "no/such/directory/run.png"], "--out-png = no/such/directory/run.png: expected a file in a"),
    ] {
        let run = sim(arguments);
        assert_eq!((run.status, &run.out[..]), (Some(2), ""), "{arguments:?}");
        assert!(run.errors.contains(words), "{words} is not in {}", run.errors);
    }
}

#[test]
fn its_parameters_are_listed() {
    let run = sim(&["--list"]);
    assert_eq!(run.status, Some(0));
    assert!(run.out.contains("write_mb_per_s = 20") && run.out.contains("overlap = key_ranges"));
    assert!(run.out.contains("\nmax_background_jobs = 2\n"), "the options that --set takes as well");
}

#[test]
fn a_run_is_the_same_natively_and_in_a_browser() {
    assert_eq!(simulation::hash(), simulation::EXPECTED);
}

#[test]
fn a_ratio_by_nothing_is_told_as_not_defined() {
    // FIFO drops every table as soon as it is there.
    let dropped =
        ["--set", "compaction_style=fifo", "--set", "fifo_max_table_files_size=1", "--duration-seconds", "100"];
    let run = sim(&dropped);
    assert!(run.out.contains("Without tables, space amplification is not defined."), "{}", run.out);
    let json: serde_json::Value = serde_json::from_str(&sim(&[&dropped[..], &["--json"]].concat()).out).unwrap();
    let summary = &json["summary"];
    for missing in [&summary["amplification"]["space_rocksdb"], &summary["space_live"]] {
        assert_eq!(missing, &serde_json::Value::Null);
    }
    // Nothing is written, so nothing is by it.
    let nothing = ["--write-mb-per-s", "0", "--duration-seconds", "10"];
    let run = sim(&nothing);
    let sum = run.out.lines().find(|line| line.trim_start().starts_with("Sum")).expect("a sum");
    assert!(sum.contains(" – ") && !run.out.contains("amplification is"), "{}", run.out);
    let csv = sim(&[&nothing[..], &["--out-csv", "-"]].concat()).out;
    let lines: Vec<Vec<&str>> = csv.lines().map(|line| line.split(',').collect()).collect();
    let place = lines[0].iter().position(|name| *name == "write_amplification").expect("a column");
    assert!(lines[1..].iter().all(|line| line[place..place + 4] == ["", "", "", ""]), "{:?}", lines[1]);
}

/// Every flush writes the same key: a level below level 0 has one table, of one entry.
#[test]
fn one_key_is_one_entry_however_often_it_is_written() {
    let one = ["--set", "key_dist=uniform", "--set", "key_space_size=1", "--duration-seconds", "600", "--json"];
    let json: serde_json::Value = serde_json::from_str(&sim(&one).out).unwrap();
    for level in json["summary"]["levels"].as_array().unwrap().iter().skip(1) {
        assert!(level["tables"].as_u64() <= Some(1), "{level}");
    }
    assert!(json["summary"]["counters"]["flushes"].as_u64() > Some(100), "{json}");
}

#[test]
fn options_without_effect_are_told() {
    let changes = ["compaction_style=universal", "max_bytes_for_level_base=1MB", "tombstone_retention_seconds=9"];
    let changes: Vec<&str> = changes.iter().flat_map(|change| ["--set", change]).collect();
    let run = sim(&[&["--duration-seconds", "60"], &changes[..]].concat());
    let told = |line: &str| run.out.lines().any(|said| said.starts_with(line));
    assert!(told("max_bytes_for_level_base has no effect: universal compaction gives"), "{}", run.out);
    assert!(told("tombstone_retention_seconds has no effect: in the simulator, a merge drops"), "{}", run.out);
    let parameters = ["--set", "key_space_size=5", "--set", "burst_off_seconds=9", "--set", "job_mode=manual"];
    let run = sim(&[&["--duration-seconds", "60"], &parameters[..]].concat());
    let told = |line: &str| run.out.lines().any(|said| said.starts_with(line));
    assert!(told("key_space_size has no effect: with this key_dist, every write has a new key."), "{}", run.out);
    assert!(told("burst_off_seconds has no effect: there are no bursts unless both"), "{}", run.out);
    assert!(told("job_mode: in the simulator, jobs begin by themselves: manual is the same as"), "{}", run.out);
    assert!(!sim(&["--duration-seconds", "60"]).out.contains("no effect"));
}

/// A policy that looked at it would rewrite tables for tombstones that no merge has kept.
#[test]
fn a_simulation_does_not_look_at_the_age_of_tombstones() {
    let run = |changes: &[&str]| {
        let deletes = ["--set", "delete_percent=40", "--duration-seconds", "600", "--out-csv", "-"];
        sim(&[&deletes, changes].concat()).out
    };
    assert_eq!(run(&[]), run(&["--set", "tombstone_retention_seconds=60"]));
}
