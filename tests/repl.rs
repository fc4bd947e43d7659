//! `lsmscope repl` as a person or a script meets it: the real command, its input, its two outputs, its exit status.

#![cfg(all(feature = "cli", not(target_arch = "wasm32")))]

use std::path::Path;

use lsmscope::storage::file::Directory;

#[path = "streams/command.rs"]
mod command;

use command::command;

struct Run {
    answers: Vec<String>,
    errors: String,
    status: Option<i32>,
}

impl Run {
    /// The answers of a run in which every line went well.
    fn well(self) -> Vec<String> {
        assert_eq!((self.status, self.errors.as_str()), (Some(0), ""), "{:?}", self.answers);
        self.answers
    }
}

fn run(arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
    let output = command::run(command(arguments), input);
    Run {
        answers: String::from_utf8(output.stdout).unwrap().lines().map(String::from).collect(),
        errors: String::from_utf8(output.stderr).unwrap(),
        status: output.status.code(),
    }
}

fn script(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scripts").join(name);
    std::fs::read_to_string(file).unwrap()
}

/// Each `stats` of the answers: memtable entries, tables, table entries.
fn stats(answers: &[String]) -> Vec<(u64, u64, u64)> {
    let all = |name: &str| {
        let value = |line: &String| line.strip_prefix(name)?.trim().parse().ok();
        answers.iter().filter_map(value).collect::<Vec<u64>>()
    };
    let (memtable, tables, entries) = (all("memtable entries"), all("tables"), all("table entries"));
    memtable.into_iter().zip(tables).zip(entries).map(|((m, t), e)| (m, t, e)).collect()
}

/// The answers without those of `stats`, which begin with "memtable entries" and end with "snapshots".
fn without_stats(answers: Vec<String>) -> Vec<String> {
    let mut inside = false;
    let keep = |line: &String| {
        inside |= line.starts_with("memtable entries");
        let keep = !inside;
        inside &= !line.starts_with("snapshots");
        keep
    };
    answers.into_iter().filter(keep).collect()
}

#[test]
fn twelve_keys() {
    let answers = run(&["repl", "--preset", "full-merge"], script("twelve-keys.lsm")).well();
    // A memtable of five is flushed by its fifth put; the flush by hand makes the third table; an update is an entry
    // more.
    assert_eq!(stats(&answers), [(0, 1, 5), (0, 2, 10), (0, 3, 12), (0, 1, 12), (2, 1, 12)]);
    let answers = without_stats(answers);
    let (puts, answers) = answers.split_at(12);
    assert_eq!(puts[11], "ok  seq 12");
    assert!(answers[0].starts_with("ok  1 flush, "), "{}", answers[0]);
    assert_eq!(
        answers[1..],
        [
            "value_0",
            "value_5",
            "value_11",
            "not found: no version of the key",
            "key03 = value_3",
            "key04 = value_4",
            "key05 = value_5",
            "key06 = value_6",
            "key07 = value_7",
            "ok  1 compaction",
            "nothing to do",
            "ok  seq 13",
            "ok  seq 14",
            "updated_value_5",
            "new_value_20",
        ]
    );
}

#[test]
fn the_demo_of_the_talk() {
    let answers = run(&["repl"], script("talk.lsm")).well();
    let without_tables: Vec<&str> = answers
        .iter()
        .map(String::as_str)
        .filter(|line| !line.contains(".sst") && !line.starts_with("level") && !line.starts_with("ok  1 flush"))
        .collect();
    assert_eq!(
        without_tables,
        [
            "ok  seq 1",
            "ok  seq 2",
            "ok  tombstone, seq 3",
            "2",
            "not found: deleted at seq 3",
            "2",
            "ok  seq 4",
            "3",
            "a = 3",
            "b = 2",
            "ok  1 compaction",
            "a = 3",
            "b = 2",
            "ok  seq 5",
            "ok  1 compaction",
            "a = 3",
            "b = 4",
        ]
    );
    // The flush kept the tombstone and not the put below it; the compactions left one table with one version of each
    // key.
    let tables: Vec<Vec<&str>> =
        answers.iter().filter(|l| l.contains(".sst")).map(|l| l.split_whitespace().collect()).collect();
    assert_eq!((tables.len(), &tables[0][3..5], &tables[1][3..5]), (2, &["2", "1"][..], &["2", "0"][..]));
}

#[test]
fn a_directory_keeps_the_database() {
    let directory = tempfile::tempdir().unwrap();
    let at = ["repl", "--data-dir", directory.path().to_str().unwrap()];
    run(&at, "put a 1\nput b \"two words\"\nflush\nput c \\x00\\xff\n").well();
    assert_eq!(
        run(&at, "scan\nexit\nput never seen\n").well(),
        ["a = 1", "b = \"two words\"", "c = \\x00\\xff", "bye"]
    );
    // Another preset reads the same files.
    assert_eq!(run(&[&at[..], &["--preset", "rocksdb"]].concat(), "get b\n").well(), ["two words"]);
}

#[test]
fn a_wrong_line_is_pointed_at_and_the_rest_goes_on() {
    let result = run(&["repl"], "put a 1\nputt b 2\n\nput b\nget a\n");
    assert_eq!(result.answers, ["ok  seq 1", "1"]);
    assert_eq!(result.status, Some(1));
    assert_eq!(
        result.errors,
        "line 2: putt is not a command\n  putt b 2\n  ^^^^\nDid you mean put? help lists every command.\n\
         line 4: put needs a value\n  put b\n       ^\nWrite: put KEY VALUE   for example: put user:1 \"Alice Smith\"\n"
    );
}

#[test]
fn input_that_cannot_be_loses_nothing() {
    let key = "k".repeat(70_000);
    let value = "v".repeat(17 << 20);
    let input = format!("put a 1\nput {key} 1\nput a {value}\nget a @1\ncompact 99\noptions block_size=1\nscan\n");
    let result = run(&["repl"], input);
    assert_eq!(result.answers, ["ok  seq 1", "a = 1"]);
    assert_eq!(result.status, Some(1));
    for said in [
        "line 2: a key may have up to 65535 bytes; this one has 70000",
        "line 3: a value may have up to 16777216 bytes",
        "line 4: there is no snapshot 1",
        "line 5: there is no level 99",
        "line 6: block_size = 1: expected 32 bytes to",
    ] {
        assert!(result.errors.contains(said), "{said}");
    }
    assert!(result.errors.len() < 4000, "long lines are cut: {}", result.errors.len());
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let result = run(&["repl"], b"put a \xff\xfe\nput a \\xff\nget a\n");
    assert_eq!(result.answers, ["ok  seq 1", "\\xff"]);
    assert!(result.errors.contains("line 1: the line is not UTF-8 text") && result.errors.contains("\\xNN"));
}

#[test]
fn lines_may_end_as_on_windows_or_not_at_all() {
    assert_eq!(run(&["repl"], "put a 1\r\nget a").well(), ["ok  seq 1", "1"]);
}

#[test]
fn options_can_be_set_on_the_command_line() {
    let answers = run(&["repl", "--set", "write_buffer_entries=2", "--set", "block_size=64"], "options\n").well();
    assert!(answers.iter().any(|line| line.starts_with("  write_buffer_entries = 2 ")));
    for (arguments, said) in [
        (vec!["repl", "--set", "block_size=1"], "block_size = 1: expected 32 bytes to"),
        (vec!["repl", "--set", "blok_size=64"], "the nearest is block_size"),
        (vec!["repl", "--set", "block_size"], "expected name=value"),
        (vec!["repl", "--preset", "nonesuch"], "teaching"),
        (vec!["rpl"], "repl"),
    ] {
        let result = run(&arguments, "");
        assert_eq!(result.status, Some(2), "{arguments:?}");
        assert!(result.errors.contains(said), "{arguments:?}: {}", result.errors);
    }
}

#[test]
fn a_directory_that_cannot_be_used_says_what_to_do() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("file");
    std::fs::write(&file, "not a directory").unwrap();
    let result = run(&["repl", "--data-dir", file.to_str().unwrap()], "put a 1\n");
    assert_eq!((result.status, result.answers.len()), (Some(1), 0));
    assert!(result.errors.starts_with("error: ") && result.errors.lines().count() == 2, "{}", result.errors);
    assert!(result.errors.contains("\nMend that, then run the command again"), "{}", result.errors);
    // What a command can do: nothing is to be reopened, and nothing can be taken over.
    let path = directory.path().to_str().unwrap();
    let held = Directory::open(path).unwrap();
    for arguments in [["repl", "--data-dir", path].as_slice(), &["drive", "--data-dir", path]] {
        let result = run(arguments, "put a 1\n");
        assert!(result.errors.ends_with("\nEnd the other process, or name another directory.\n"), "{}", result.errors);
    }
    drop(held);
    let result = run(&["verify", file.to_str().unwrap()], "");
    let refused = "file is not a directory: name the one that holds the database\nNothing was changed";
    assert!(result.errors.contains(refused), "{}", result.errors);
    assert_eq!(result.status, Some(1));
}

#[test]
fn help_names_the_units_of_time() {
    assert!(run(&["repl"], "help wait\n").well()[0].contains("(us, ms, s, m, h, d, w)"));
}

#[test]
fn a_damaged_database_is_not_touched() {
    let directory = tempfile::tempdir().unwrap();
    let at = ["repl", "--data-dir", directory.path().to_str().unwrap()];
    run(&at, "put a 1\nput b 2\nput c 3\n").well();
    let log = std::fs::read_dir(directory.path())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.extension().is_some_and(|e| e == "log"))
        .unwrap();
    let mut bytes = std::fs::read(&log).unwrap();
    bytes[5] ^= 0xff;
    std::fs::write(&log, &bytes).unwrap();
    let result = run(&at, "put d 4\n");
    assert_eq!((result.status, result.answers.len()), (Some(1), 0));
    assert!(
        result.errors.contains("damaged at byte") && result.errors.contains("wal_recovery_mode=point_in_time"),
        "{}",
        result.errors
    );
    assert_eq!(std::fs::read(&log).unwrap(), bytes, "the evidence stays");
}

#[test]
fn the_plug_is_pulled_in_memory_and_on_a_real_directory_alike() {
    let directory = tempfile::tempdir().unwrap();
    let in_memory = run(&["repl"], script("plug.lsm"));
    let on_disk = run(&["repl", "--data-dir", directory.path().to_str().unwrap()], script("plug.lsm"));
    assert_eq!(in_memory.answers, on_disk.answers);
    // Only the batch that was cut off failed.
    let cut_off = "line 14: the power was cut while this was running; every acknowledged write had been synced\n";
    assert_eq!(in_memory.status, Some(1));
    assert!(in_memory.errors.starts_with(cut_off) && in_memory.errors == on_disk.errors, "{}", in_memory.errors);
    let told = |what: &str| in_memory.answers.iter().filter(|line| line.ends_with(what)).count();
    assert_eq!(told("lost: 2 acknowledged writes, seq 1 to 2; not one had been promised to be durable"), 1);
    assert_eq!(told("no acknowledged write was lost"), 2);
    assert_eq!(told("lost, though the disk had confirmed it: 1 write, seq 3"), 1);
    // The batch was torn, so none of it is there; and what the lying disk had confirmed is not either.
    let scanned = ["no entries", "alice = 1", "bob = 2", "alice = 1", "bob = 2", "alice = 1", "bob = 2"];
    let entries = in_memory.answers.iter().filter(|line| line.contains(" = ") || *line == "no entries");
    assert_eq!(entries.collect::<Vec<_>>(), scanned);
}

#[test]
fn a_ratio_by_nothing_is_not_a_number() {
    let input =
        "options disable_auto_compactions=true write_buffer_entries=2\nput a 1\nput b 1\nput a 2\nput b 2\nreopen\n";
    let answers = run(&["repl"], format!("stats\n{input}compact\nstats\n")).well();
    let lines = |name: &str| answers.iter().filter(|line| line.starts_with(name)).cloned().collect::<Vec<_>>();
    let counted = " as RocksDB counts it: (";
    let write = lines("write amplification");
    assert!(write[0].contains(&format!(" –{counted}0 flushed")), "{write:?}");
    // What was flushed before the reopening counts.
    assert!(write[1].contains(counted) && !write[1].contains('–'), "{write:?}");
    assert!(lines("  by user bytes")[0].contains(" –, with the log: (0 logged"), "{answers:?}");
    let space = lines("space amplification");
    assert!(space[0].contains(" – (all tables") && space[1].contains(" 1.00 (all tables"), "{space:?}");
}

#[test]
fn options_of_the_command_line_without_effect_are_told() {
    let run = run(&["repl", "--set", "size_tiered_min_threshold=5", "--set", "block_size=128"], "put a 1\n");
    assert_eq!(run.status, Some(0));
    assert_eq!(run.errors, "size_tiered_min_threshold has no effect: compaction_style is leveled, not size_tiered\n");
}

/// Where a program reads the answers, what went wrong beside a command that went well is told apart from them.
#[test]
fn a_warning_goes_where_errors_go() {
    let lines = [
        "options job_mode=scheduled wal_sync=never device=hdd write_buffer_entries=2",
        "wait 36500d",
        "wait 36500d",
        "wait 33751d",
        "wait 85636s",
    ];
    let input = lines.join("\n") + "\nwait 854ms\nwait 775us\nfill 2\n";
    let Run { answers, errors, status } = run(&["repl"], input);
    assert_eq!((answers.last().map(String::as_str), status), (Some("ok  2 puts, seq 1 to 2"), Some(0)), "{errors}");
    let told = "line 8: virtual time is at its end, after 292 years: nothing can take any time now";
    assert!(errors.starts_with(told) && errors.lines().count() == 1, "{errors}");
}

/// What a command did without effect, or ended beside what it was for, is told there as well; what a read cost is not.
#[test]
fn what_a_reader_of_answers_would_miss_goes_where_errors_go() {
    let input = "options size_tiered_min_threshold=5\nput a 1\nget a\nsnapshot\nreopen\n";
    let Run { answers, errors, status } = run(&["repl"], input);
    assert_eq!((answers.len(), status), (5, Some(0)), "{answers:?}");
    let told = [
        "line 1: size_tiered_min_threshold has no effect: compaction_style is leveled, not size_tiered",
        "line 5: 1 snapshot did not outlive the reopening",
    ];
    assert_eq!(errors.lines().collect::<Vec<_>>(), told);
}
