//! `lsmscope sweep` as a person, a batch system or a program meets it: rows, resumption, shards, and what is refused.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::{
    fs,
    io::{BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use tempfile::TempDir;

const SPEC: &str = r#"
[set]
write_mb_per_s = 20
duration_seconds = "5m"

[vary]
compaction_style = ["leveled", "universal"]
write_buffer_size = { from = "16MB", to = "64MB", count = 3, scale = "log" }
level0_file_num_compaction_trigger = [4, 8]
"#;

struct Run {
    out: String,
    errors: String,
    status: Option<i32>,
}

/// A directory with a SPEC in it.
struct Place {
    directory: TempDir,
}

impl Place {
    fn new(spec: &str) -> Place {
        let place = Place { directory: tempfile::tempdir().unwrap() };
        fs::write(place.path("spec.toml"), spec).unwrap();
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
        command.current_dir(self.directory.path()).args(["sweep", "spec.toml"]).args(arguments);
        command
    }

    fn sweep(&self, arguments: &[&str]) -> Run {
        let output = self.command(arguments).output().unwrap();
        Run {
            out: String::from_utf8(output.stdout).unwrap(),
            errors: String::from_utf8(output.stderr).unwrap(),
            status: output.status.code(),
        }
    }

    /// The same, which has to go well; what it says on standard error.
    fn done(&self, arguments: &[&str]) -> String {
        let run = self.sweep(arguments);
        assert_eq!(run.status, Some(0), "{arguments:?}: {}", run.errors);
        run.errors
    }
}

fn lines(text: &str) -> Vec<&str> {
    text.lines().collect()
}

/// The cells of a column.
fn column<'a>(csv: &'a str, name: &str) -> Vec<&'a str> {
    let mut lines = csv.lines();
    let at = lines.next().unwrap().split(',').position(|column| column == name).unwrap_or_else(|| panic!("{name}"));
    lines.map(|line| line.split(',').nth(at).unwrap()).collect()
}

#[test]
fn the_table_is_the_same_whatever_the_threads_and_has_a_row_for_each_combination() {
    let place = Place::new(SPEC);
    let errors = place.done(&["--out-csv", "one.csv", "--threads", "1"]);
    assert_eq!(errors, "12 runs (every combination); 12 to go, on 1 thread\n");
    place.done(&["--out-csv", "four.csv", "--threads", "4"]);
    let csv = place.read("one.csv");
    assert_eq!(csv, place.read("four.csv"));
    assert_eq!(csv, place.sweep(&[]).out, "without a file, rows go to standard output");
    assert_eq!(column(&csv, "run"), (0..12).map(|n| n.to_string()).collect::<Vec<_>>());
    assert_eq!(column(&csv, "write_buffer_size")[..4], ["16777216", "16777216", "33554432", "33554432"]);
    assert!(column(&csv, "outcome").iter().all(|outcome| *outcome == "done"));
    assert!(column(&csv, "write_amp").iter().all(|amp| amp.parse::<f64>().unwrap() > 1.0));
    // What the simulator says of the same run.
    let arguments = ["--write-mb-per-s", "20", "--duration-seconds", "300", "--set", "compaction_style=universal"];
    let set = ["--set", "write_buffer_size=32MB", "--set", "level0_file_num_compaction_trigger=8", "--json"];
    let sim = Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("sim").args(arguments).args(set).output().unwrap();
    let sim: serde_json::Value = serde_json::from_slice(&sim.stdout).unwrap();
    let said = |place: &serde_json::Value| place.as_f64().unwrap();
    let of = |name: &str| column(&csv, name)[9].parse::<f64>().unwrap();
    assert_eq!(of("compacted_bytes"), said(&sim["summary"]["counters"]["compaction_bytes_written"]));
    assert!((of("write_amp") - said(&sim["summary"]["amplification"]["write_rocksdb"])).abs() < 1e-6);
    assert!((of("device_use") - said(&sim["summary"]["device_use"])).abs() < 1e-6);
}

#[test]
fn a_sweep_goes_on_where_it_was_and_mends_a_line_that_was_cut() {
    let place = Place::new(SPEC);
    place.done(&["--out-csv", "whole.csv"]);
    let whole = place.read("whole.csv");
    let rows = lines(&whole);
    // As threads leave it: not in order, and the last line cut.
    let left = [rows[0], rows[5], rows[2], rows[9], &rows[3][..rows[3].len() / 2]].join("\n");
    fs::write(place.path("cut.csv"), &left).unwrap();
    let errors = place.done(&["--out-csv", "cut.csv"]);
    let expected = "cut.csv: its last line was cut, and is run again\ncut.csv: 3 rows there already\n\
                    12 runs (every combination); 9 to go, on ";
    assert!(errors.starts_with(expected), "{errors}");
    assert_eq!(place.read("cut.csv"), whole);
    let errors = place.done(&["--out-csv", "cut.csv"]);
    assert!(errors.ends_with("12 runs (every combination); none to go: all rows are there\n"), "{errors}");
    // Cut within the names of the columns, and before them.
    for length in [0, 7] {
        fs::write(place.path("begun.csv"), &whole[..length]).unwrap();
        place.done(&["--out-csv", "begun.csv"]);
        assert_eq!(place.read("begun.csv"), whole);
    }
}

#[test]
fn a_sweep_that_is_killed_keeps_every_row_that_it_had() {
    // Long enough for rows to be there before it ends.
    let place =
        Place::new("[set]\nduration_seconds = '2h'\nwrite_mb_per_s = 30\n[vary]\nseed = {from = 1, to = 30, step = 1}");
    let mut child = place.command(&["--out-csv", "rows.csv"]).stderr(Stdio::null()).spawn().unwrap();
    let rows = |place: &Place| fs::read_to_string(place.path("rows.csv")).unwrap_or_default().lines().count();
    while rows(&place) < 3 && child.try_wait().unwrap().is_none() {
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let left = place.read("rows.csv");
    let kept = left.rfind('\n').map_or(0, |end| left[..end].lines().count() - 1);
    assert!((2..30).contains(&kept), "{kept} of 30 rows");
    let mut again = place.command(&["--out-csv", "rows.csv"]).stderr(Stdio::piped()).spawn().unwrap();
    let errors = BufReader::new(again.stderr.take().unwrap());
    let errors: Vec<String> = errors.lines().map(Result::unwrap).collect();
    assert!(again.wait().unwrap().success());
    assert!(errors.iter().any(|line| line.contains(&format!("{} to go", 30 - kept))), "{errors:?}");
    let all = place.read("rows.csv");
    assert_eq!(column(&all, "seed"), (1..=30).map(|n| n.to_string()).collect::<Vec<_>>());
    for row in left[..left.rfind('\n').unwrap()].lines() {
        assert!(all.lines().any(|line| line == row), "{row}");
    }
}

#[test]
fn shards_are_parts_of_the_whole_and_are_brought_together() {
    let place = Place::new(SPEC);
    place.done(&["--out-csv", "whole.csv"]);
    let errors: Vec<String> =
        (1..=5).map(|n| place.done(&["--shard", &format!("{n}/5"), "--out-csv", &format!("part-{n}.csv")])).collect();
    assert!(errors[0].contains("12 runs (every combination); 3 to go in shard 1/5, on"), "{}", errors[0]);
    let numbers = |n: usize| column(&place.read(&format!("part-{n}.csv")), "run").join(" ");
    assert_eq!((numbers(1), numbers(5)), ("0 5 10".into(), "4 9".into()));
    let all = ["1", "2", "3", "4", "5"].map(|n| format!("part-{n}.csv"));
    let from: Vec<&str> = all.iter().flat_map(|name| ["--from", name]).collect();
    let errors = place.done(&[&from[..], &["--out-csv", "together.csv"]].concat());
    assert!(errors.contains("none to go"), "{errors}");
    assert_eq!(place.read("together.csv"), place.read("whole.csv"));
    // What a shard did not come to is run.
    let errors = place.done(&[&from[2..], &["--out-csv", "rest.csv"]].concat());
    assert!(errors.contains("; 3 to go"), "{errors}");
    assert_eq!(place.read("rest.csv"), place.read("whole.csv"));
    let run = place.sweep(&["--shard", "0/5"]);
    assert_eq!(run.status, Some(2));
    assert!(run.errors.contains("shards are counted from 1: 1/5 to 5/5"), "{}", run.errors);
}

#[test]
fn rows_of_another_sweep_are_neither_taken_nor_changed() {
    let place = Place::new(SPEC);
    place.done(&["--out-csv", "rows.csv"]);
    let rows = place.read("rows.csv");
    for (changed, why) in [
        (SPEC.replace("5m", "6m"), "line 2: it is a row of another plan"),
        (SPEC.replace("[4, 8]", "[4, 8]\nseed = [1, 2]"), "line 1 has not its columns"),
    ] {
        fs::write(place.path("spec.toml"), changed).unwrap();
        for flag in ["--out-csv", "--from"] {
            let run = place.sweep(&[flag, "rows.csv"]);
            assert_eq!((run.status, &run.out[..]), (Some(1), ""));
            assert!(run.errors.contains(why), "{}", run.errors);
            assert_eq!(place.read("rows.csv"), rows);
        }
    }
    fs::write(place.path("letter.txt"), "Dear all,\nI would be missed.\n").unwrap();
    assert_eq!(place.sweep(&["--out-csv", "letter.txt"]).status, Some(1));
    assert_eq!(place.read("letter.txt"), "Dear all,\nI would be missed.\n");
    let run = place.sweep(&["--out-parquet", "spec.toml"]);
    assert_eq!(run.status, Some(2));
    assert!(run.errors.contains("expected another file than the SPEC"), "{}", run.errors);
}

#[test]
fn a_spec_that_is_wrong_is_told_of_with_its_line_before_anything_is_run() {
    let place = Place::new("[vary]\nwrite_bufer_size = ['1MB']\n");
    let run = place.sweep(&["--out-csv", "rows.csv"]);
    assert_eq!(run.status, Some(2));
    let expected = "error: spec.toml, line 2: write_bufer_size = (unknown): expected the name of an option; the \
                    nearest is write_buffer_size\nNothing was run.";
    assert!(run.errors.starts_with(expected), "{}", run.errors);
    assert!(!place.path("rows.csv").exists());
    // Options that exclude each other: some runs cannot be, or none.
    let spikes = "[set]\nduration_seconds = 60\n[vary]\nspike_every_seconds = [5, 50]\nspike_seconds = [10]";
    fs::write(place.path("spec.toml"), spikes).unwrap();
    let errors = place.done(&["--out-csv", "rows.csv"]);
    assert!(
        errors.contains(
            "1 of 2 runs cannot be, and has the outcome refused; the first is run 0: spike_every_seconds = 5"
        ),
        "{errors}"
    );
    let csv = place.read("rows.csv");
    assert_eq!(column(&csv, "outcome"), ["refused", "done"]);
    assert_eq!((column(&csv, "write_amp")[0], column(&csv, "flushes")[0]), ("", ""));
    fs::write(place.path("spec.toml"), spikes.replace("[5, 50]", "[5, 6]")).unwrap();
    assert_eq!(place.sweep(&["--out-csv", "none.csv"]).status, Some(2));
}

#[test]
fn the_front_is_those_that_no_other_run_beats() {
    let place = Place::new(SPEC);
    let run = place.sweep(&["--pareto", "--out-csv", "rows.csv"]);
    let csv = place.read("rows.csv");
    let of = |name: &str| column(&csv, name).iter().map(|cell| cell.parse().unwrap()).collect::<Vec<f64>>();
    let points = ["write_amp", "read_amp", "space_amp"].map(of);
    let beats = |a: usize, b: usize| points.iter().all(|of| of[a] <= of[b]) && points.iter().any(|of| of[a] < of[b]);
    let expected: Vec<String> =
        (0..12).filter(|b| !(0..12).any(|a| beats(a, *b))).map(|number| number.to_string()).collect();
    let table: Vec<&str> = run.out.lines().take_while(|line| !line.is_empty()).collect();
    let mut found: Vec<String> =
        table[1..].iter().map(|line| line.split_whitespace().next().unwrap().to_string()).collect();
    found.sort_by_key(|number| number.parse::<u64>().unwrap());
    assert_eq!(found, expected, "{}", run.out);
    assert!(!expected.is_empty() && expected.len() < 12, "{expected:?}");
    assert!(table[0].contains("write_buffer_size") && table[0].contains("peak_bytes"), "{}", table[0]);
    assert!(run.out.contains(&format!("{} of 12 runs: no other run is better", expected.len())), "{}", run.out);
}

#[test]
fn a_sample_is_what_its_seed_says_and_its_list_can_be_looked_at_first() {
    let sample = |runs: u64| {
        format!(
            "[sample]\nruns = {runs}\nseed = 3\n[set]\nduration_seconds = 60\n[vary]\n\
             write_buffer_size = {{ from = '8MB', to = '64MB', scale = 'log' }}\nnum_levels = [5, 6, 7]\n"
        )
    };
    let place = Place::new(&sample(5));
    let listed = place.sweep(&["--list"]).out;
    assert_eq!((listed.lines().count(), column(&listed, "run").len()), (6, 5));
    place.done(&["--out-csv", "rows.csv"]);
    let short = place.read("rows.csv");
    assert_eq!(column(&short, "write_buffer_size"), column(&listed, "write_buffer_size"));
    fs::write(place.path("spec.toml"), sample(8)).unwrap();
    let errors = place.done(&["--out-csv", "rows.csv"]);
    assert!(errors.contains("8 runs (a sample); 3 to go"), "{errors}");
    assert!(place.read("rows.csv").starts_with(&short), "a larger sample goes on with a smaller one");
}

#[test]
fn a_history_is_swept_over_as_whatif_estimates_it() {
    let database = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rocksdb/whatif/del");
    let spec = |of: &str| format!("history = '{of}'\ndraws = 1\n[vary]\nmax_bytes_for_level_multiplier = [10, 6]\n");
    let place = Place::new(&spec(database.to_str().unwrap()));
    let run = place.sweep(&["--out-csv", "rows.csv", "--pareto"]);
    assert_eq!(run.status, Some(0), "{}", run.errors);
    let csv = place.read("rows.csv");
    assert!(csv.starts_with("plan,run,max_bytes_for_level_multiplier,outcome,write_amp,write_amp_least,"), "{csv}");
    let arguments = ["--set", "max_bytes_for_level_multiplier=6", "--draws", "1", "--json"];
    let mut whatif = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
    let whatif = whatif.arg("whatif").arg(&database).args(arguments).output().unwrap();
    let said: serde_json::Value = serde_json::from_slice(&whatif.stdout).unwrap();
    for (row, name) in [(0, "recorded"), (1, "changed")] {
        let of = |column_name: &str| column(&csv, column_name)[row].parse::<f64>().unwrap();
        assert!((of("write_amp") - said[name]["write_amp"].as_f64().unwrap()).abs() < 1e-6, "{csv}\n{said}");
        assert_eq!(of("compacted_bytes"), said[name]["compacted"].as_f64().unwrap());
    }
    assert!(column(&csv, "write_amp")[0] != column(&csv, "write_amp")[1]);
    let runs = run.out.lines().last().unwrap();
    assert!(runs.contains(" of 2 runs: no other run is better"), "{}", run.out);
    // Its flushes are what they were.
    let text = spec(database.to_str().unwrap())
        .replace("max_bytes_for_level_multiplier = [10, 6]", "write_buffer_size = ['1MB', '2MB']");
    fs::write(place.path("spec.toml"), text).unwrap();
    let run = place.sweep(&["--out-csv", "flat.csv"]);
    let told = "write_buffer_size varies, but has no effect in any run: flushes are those of the history";
    assert!(run.status == Some(0) && run.errors.contains(told), "{}", run.errors);
    // The writes are the history's; one that is not there is told of at its line.
    for (text, expected) in [
        (spec("nowhere"), "spec.toml, line 1: "),
        (
            spec(database.to_str().unwrap()) + "zipf_skew = [0.5]\n",
            "spec.toml, line 5: zipf_skew = 0.5: expected an option",
        ),
    ] {
        fs::write(place.path("spec.toml"), text).unwrap();
        let run = place.sweep(&[]);
        assert_eq!((run.status, &run.out[..]), (Some(2), ""));
        assert!(run.errors.contains(expected), "{}", run.errors);
    }
}

#[cfg(feature = "parquet")]
#[test]
fn a_parquet_file_has_the_cells_of_the_csv_with_their_types() {
    use parquet::{
        file::reader::{FileReader, SerializedFileReader},
        record::Field,
    };
    let place = Place::new(&SPEC.replace("[4, 8]", "[4]\nspike_every_seconds = [5, 0]\nspike_seconds = [10]"));
    place.done(&["--out-csv", "rows.csv", "--out-parquet", "rows.parquet"]);
    let csv = place.read("rows.csv");
    let reader = SerializedFileReader::new(fs::File::open(place.path("rows.parquet")).unwrap()).unwrap();
    let rows: Vec<_> = reader.get_row_iter(None).unwrap().map(Result::unwrap).collect();
    assert_eq!(rows.len(), csv.lines().count() - 1);
    for (line, row) in csv.lines().skip(1).zip(&rows) {
        let names = csv.lines().next().unwrap().split(',');
        for ((cell, (name, field)), column) in line.split(',').zip(row.get_column_iter()).zip(names) {
            assert_eq!(name, column);
            let (text, is_of_type) = match field {
                Field::Null => (String::new(), true),
                Field::Str(text) => (text.clone(), ["plan", "compaction_style", "outcome"].contains(&column)),
                Field::Long(number) => (number.to_string(), !column.ends_with("_amp")),
                Field::Double(number) => (number.to_string(), !column.ends_with("_bytes")),
                other => panic!("{column}: {other:?}"),
            };
            assert!(text == cell && is_of_type, "{column}: {field:?} instead of {cell}");
        }
    }
}

#[test]
fn the_columns_of_the_guide_are_those_of_a_row() {
    let guide = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sweep.md")).unwrap();
    let place = Place::new(SPEC);
    let csv = place.sweep(&[]).out;
    let (names, varied) = (csv.lines().next().unwrap().split(','), ["compaction_style", "write_buffer_size"]);
    let named: Vec<&str> =
        guide.lines().filter_map(|line| line.strip_prefix("| `")?.split_once("` |")).map(|(name, _)| name).collect();
    let of_rows: Vec<&str> =
        names.filter(|name| !varied.contains(name) && *name != "level0_file_num_compaction_trigger").collect();
    assert_eq!(named, of_rows, "the table of docs/sweep.md");
}
