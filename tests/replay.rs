//! What real RocksDB databases decided: every decision of every history in `tests/fixtures/rocksdb` is ours too.
//! `tests/fixtures/rocksdb/README.md` says where they are from.

#![cfg(not(target_arch = "wasm32"))]

use std::{fs, path::PathBuf};

use lsmscope::history::{self, History, HistoryReport, HistoryRequest};

fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rocksdb").join(name)
}

fn read(bytes: &[u8]) -> Result<History, String> {
    history::open(bytes, &HistoryRequest::default()).map_err(|refusal| refusal.error.message)
}

fn recorded(name: &str) -> History {
    read(&fs::read(fixture(name)).unwrap()).unwrap()
}

/// The one file in the folder of a manifest whose name begins with `prefix`.
fn only(name: &str, prefix: &str) -> Vec<u8> {
    let folder = fixture("manifest").join(name);
    let found = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files = found.filter(|path| path.file_name().unwrap().to_str().unwrap().starts_with(prefix));
    fs::read(files.next().unwrap_or_else(|| panic!("no {prefix} in {}", folder.display()))).unwrap()
}

fn manifest(name: &str) -> History {
    let options = String::from_utf8(only(name, "OPTIONS-")).unwrap();
    let request = HistoryRequest { options: Some(&options), ..HistoryRequest::default() };
    let history = history::open(&only(name, "MANIFEST-"), &request).unwrap();
    // RocksDB sets it for universal compaction; no history here is a month long.
    let known = |note: &String| note.starts_with("periodic_compaction_seconds=2592000,");
    assert!(history.summary.left_out.iter().all(known), "{:?}", history.summary);
    history
}

/// All of it matches, and it is as long as it is known to be.
fn assert_matches(name: &str, history: &History, decisions: u64, waits: u64) {
    let report = HistoryReport::of(history).unwrap();
    assert!(report.is_match() && report.waits == report.waits_matched, "{name}: {report}");
    assert_eq!((report.decisions, report.waits), (decisions, waits), "{name}");
}

#[test]
fn every_decision_of_the_recorded_histories_is_ours() {
    let histories = [
        ("stat10", 99, 84),
        ("dyn10", 99, 84),
        ("dyn4", 108, 84),
        ("dyn10_overwrite", 66, 84),
        ("dyn10_seq", 19, 42),
        ("dyn10_intral0", 147, 500),
    ];
    for (name, decisions, waits) in histories {
        assert_matches(name, &recorded(&format!("{name}.jsonl")), decisions, waits);
    }
}

#[test]
fn every_decision_of_the_universal_history_is_ours() {
    assert_matches("tr_u4", &recorded("tr_u4.jsonl"), 246, 300);
}

/// With RocksDB's default of 36 in the place of the 6 that was set, two decisions would be others.
#[test]
fn universal_goes_by_the_stop_trigger() {
    let mut history = manifest("universal_stop6");
    assert_eq!(history.options.level0_stop_writes_trigger, 6);
    history.options.level0_stop_writes_trigger = 36;
    assert_eq!(HistoryReport::of(&history).unwrap().matched, 60);
}

/// Under another trigger than the database had, ours differs; and lines that do not fit together are named.
#[test]
fn a_universal_history_can_be_told_from_another() {
    let mut history = recorded("tr_u4.jsonl");
    history.options.level0_file_num_compaction_trigger = 5;
    let report = HistoryReport::of(&history).unwrap();
    assert!(report.matched < report.decisions && report.first_difference.is_some(), "{report}");
    let refused = |lines: &str| read(lines.as_bytes()).unwrap_err();
    let flushes = "[\"flush\", 10, 1]\n[\"flush\", 20, 1]\n";
    let compact = |rest: &str| refused(&format!("{flushes}[\"compact\", {rest}]\n"));
    assert_eq!(
        compact(r#"{"0": 2}, 6, 31, 30, 1, 1, [0, 0, 0, 0, 0, 0, 1]"#),
        "line 3 of the history: no 2 neighbours of level 0 have the 31 bytes that it reads there"
    );
    assert!(compact(r#"{"0": 3}, 6, 30, 30, 1, 1, [0, 1]"#).contains("takes 3 tables of level 0, which has 2"));
    assert!(
        compact(r#"{"0": 2, "4": 1}, 6, 30, 30, 1, 1, [0, 1]"#).contains("it takes 1 table of level 4, which has 0")
    );
    assert!(
        compact(r#"{"0": 2}, 6, 30, 30, 1, 1, [0, 0, 0, 0, 0, 0, 2]"#)
            .contains("level 6 has 1 table, and should have 2")
    );
    assert!(compact(r#"{"0": 2}, 6, 30, 30, 900000000000, 1, [0, 1]"#).contains("are no result of a compaction"));
    assert!(compact("1").contains("line 3 of the history: it is neither"));
}

#[test]
fn every_decision_of_the_manifests_is_ours() {
    let histories = [
        ("mixed_dyn4", 276, 140),
        ("overlap_stat3_fat", 250, 120),
        ("by_size_stat7", 136, 110),
        ("oldest_largest_stat5", 177, 110),
        ("oldest_smallest_dyn6", 171, 100),
        ("rr_dyn8", 85, 120),
        ("rr_stat4", 110, 120),
        ("universal_wide", 41, 140),
        ("universal_similar", 127, 140),
        ("universal_read_amp", 58, 140),
        ("universal_read_amp_auto", 81, 140),
        ("universal_stop6", 62, 100),
        ("fifo_size", 64, 100),
        ("fifo_merges", 73, 200),
        ("fifo_ttl", 37, 60),
    ];
    for (name, decisions, waits) in histories {
        assert_matches(name, &manifest(name), decisions, waits);
    }
}

/// With `allow_trivial_move`, RocksDB sometimes leaves for after the next flush what ours would move before it; what it
/// does then is what ours does then.
#[test]
fn every_universal_move_is_ours() {
    let report = HistoryReport::of(&manifest("universal_moves")).unwrap();
    assert!(report.is_match(), "{report}");
    assert_eq!((report.decisions, report.waits_matched, report.waits), (77, 91, 100));
}

/// The replay can tell: under other options than the database had, decisions differ, and the first that does is
/// explained.
#[test]
fn a_decision_that_differs_is_shown_with_all_that_it_hung_on() {
    let mut history = recorded("dyn10.jsonl");
    history.options.max_bytes_for_level_multiplier = 4.0;
    let report = HistoryReport::of(&history).unwrap();
    assert!(report.matched < report.decisions && report.decisions == 99, "{report}");
    let first = report.first_difference.as_ref().expect("they differ");
    assert_eq!((first.levels.len(), first.scores.len()), (7, 7));
    let text = report.to_string();
    for expected in
        ["the first difference is at line ", "    RocksDB  m", "    ours     ", "    level 6  ", "trigger 4"]
    {
        assert!(text.contains(expected), "{expected} is not in\n{text}");
    }
}

#[test]
fn what_is_no_history_is_refused_with_what_would_be() {
    let read = |bytes: &[u8]| read(bytes).unwrap_err();
    assert!(read(b"hello").contains("It should be a MANIFEST"));
    assert!(read(b"").contains("It should be a MANIFEST"));
    let whole = fs::read_to_string(fixture("dyn10.jsonl")).unwrap();
    let cut = &whole[..whole.len() - 20];
    assert!(read(cut.as_bytes()).starts_with(&format!("line {} of the history: ", whole.lines().count())));
}

#[test]
fn an_edit_that_does_not_fit_is_named() {
    let whole = fs::read_to_string(fixture("dyn10.jsonl")).unwrap();
    let without_a_flush: String =
        whole.lines().enumerate().filter(|(i, _)| *i != 2).map(|(_, l)| format!("{l}\n")).collect();
    let history = read(without_a_flush.as_bytes()).unwrap();
    let error = HistoryReport::of(&history).unwrap_err().message;
    assert_eq!(error, "the history does not fit together at line 5: table 9, which it removes, is not on level 0");
}

#[cfg(feature = "cli")]
mod command {
    use std::{path::Path, process::Command};

    use super::{fixture, only};

    fn run(arguments: &[&str], files: &[&Path]) -> (String, String, Option<i32>) {
        let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
        let output = command.arg("replay").args(arguments).args(files).output().unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (text(output.stdout), text(output.stderr), output.status.code())
    }

    #[test]
    fn it_prints_a_line_for_each_file_that_matches() {
        let lines = fixture("dyn10.jsonl");
        let manifest = fixture("manifest/rr_dyn8/MANIFEST-000009");
        let (output, errors, status) = run(&[], &[&lines, &manifest]);
        assert_eq!((status, errors.as_str()), (Some(0), ""), "{output}");
        let expected = [
            format!("{}: matched 99 of 99, and nothing to do at 84 of 84 flushes", lines.display()),
            "  a recorded history of RocksDB: 183 lines".into(),
            format!("{}, with OPTIONS-000011", manifest.display()),
            "default: matched 85 of 85, and nothing to do at 120 of 120 flushes".into(),
            "  a MANIFEST of RocksDB: 333 edits".into(),
        ];
        assert_eq!(output.lines().collect::<Vec<_>>(), expected, "the OPTIONS file beside the manifest is found");
    }

    /// Databases that were written to while they compacted, and two whose writer waited: what is in each directory is
    /// found.
    #[test]
    fn every_decision_of_databases_with_a_log_is_ours() {
        /// How many decisions a family has, and of how many the log leaves several cases open.
        type Decisions = (&'static str, u64, u64);
        let databases: [(&str, &[Decisions]); 7] = [
            ("free_families", &[("default", 102, 28), ("cf1", 100, 27), ("cf2", 99, 21)]),
            ("free_insert", &[("default", 239, 44)]),
            ("free_overwrite_delete", &[("default", 199, 147)]),
            ("free_subcompactions", &[("default", 304, 74)]),
            ("free_universal", &[("default", 64, 0)]),
            ("lock_additional", &[("default", 258, 0)]),
            ("lock_delete", &[("default", 247, 0)]),
        ];
        for (name, families) in databases {
            let (output, errors, status) = run(&[], &[&fixture(&format!("running/{name}"))]);
            assert_eq!((status, errors.as_str()), (Some(0), ""), "{output}");
            for (family, decisions, of_several) in families {
                let several = match of_several {
                    0 => String::new(),
                    n => format!(", {n} of them in one of several cases that the LOG allows"),
                };
                let said = format!("{family}: matched {decisions} of {decisions}{several}");
                let says = |line: &str| line == said || line.starts_with(&format!("{said}, and nothing to do at "));
                assert!(output.lines().any(says), "{name}: {said}\nis not in\n{output}");
            }
            assert_eq!(output.matches(": matched ").count(), families.len(), "{output}");
            assert!(!output.contains("named: ") && !output.contains("assumed: "), "{output}");
        }
    }

    /// A manifest alone tells neither the version of a decision nor the jobs that ran.
    #[test]
    fn without_its_log_a_database_that_did_not_wait_differs() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["MANIFEST-000005.gz", "OPTIONS-000007"] {
            std::fs::copy(fixture("running/free_insert").join(name), folder.path().join(name)).unwrap();
        }
        let (output, _, status) = run(&["--json"], &[folder.path()]);
        let parsed: serde_json::Value = serde_json::from_str(&output).unwrap();
        assert_eq!((status, &parsed["matches"]), (Some(1), &false.into()));
        assert_eq!(parsed["families"][0]["report"]["matched"], 74, "{output}");
        let log = fixture("running/free_insert/LOG.gz");
        let (output, _, status) = run(&["--log", log.to_str().unwrap()], &[folder.path()]);
        assert!(status == Some(0) && output.contains("default: matched 239 of 239"), "{output}");
    }

    #[test]
    fn a_difference_is_a_failure() {
        let (output, _, status) =
            run(&["--set", "compaction_pri=by_compensated_size"], &[&fixture("manifest/rr_dyn8/MANIFEST-000009")]);
        assert_eq!(status, Some(1));
        assert!(output.contains("the first difference is at byte "), "{output}");
        let (output, _, status) =
            run(&["--json", "--set", "num_levels=6"], &[&fixture("manifest/rr_stat4/MANIFEST-000009")]);
        let parsed: serde_json::Value = serde_json::from_str(&output).unwrap();
        assert_eq!(
            (status, &parsed["families"][0]["report"]["decisions"]),
            (Some(0), &110.into()),
            "a level more changes nothing: {output}"
        );
    }

    #[test]
    fn a_change_that_does_not_fit_is_told_as_one() {
        let (rocksdb, leveldb) = (fixture("manifest/rr_dyn8/MANIFEST-000009"), fixture("tr_u4.jsonl"));
        let (_, errors, status) = run(&["--set", "bad"], &[&rocksdb, &leveldb]);
        assert_eq!(status, Some(2), "{errors}");
        assert!(errors.starts_with("error: --set = bad: expected name=value\n"), "{errors}");
        let (_, errors, status) = run(&["--set", "bad=1"], &[&rocksdb]);
        assert_eq!(status, Some(1), "{errors}");
        assert!(
            errors.contains("bad = (unknown)") && errors.contains("\nCorrect the --set, or leave it out"),
            "{errors}"
        );
    }

    /// The open of a named pipe would wait for a writer.
    #[test]
    #[cfg(unix)]
    fn what_is_no_plain_file_is_refused_before_it_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let history = fixture("dyn10.jsonl");
        for (arguments, file) in [(vec![], &pipe), (vec!["--options", pipe.to_str().unwrap()], &history)] {
            let (_, errors, status) = run(&arguments, &[file]);
            assert_eq!(status, Some(1), "{errors}");
            assert!(errors.contains("pipe: it is a named pipe, not a plain file"), "{errors}");
        }
        let (_, errors, _) = run(&["--options", folder.path().to_str().unwrap()], &[&history]);
        assert!(errors.contains("it is a directory, not a plain file"), "{errors}");
        let (_, errors, _) = run(&[], &[folder.path()]);
        assert!(errors.contains("has no MANIFEST: it is no directory of a database"), "{errors}");
    }

    #[test]
    fn what_cannot_be_read_says_why_and_the_next_file_follows() {
        let (_, errors, status) = run(&[], &[&fixture("nonesuch")]);
        assert!(status == Some(1) && errors.contains("cannot read") && errors.contains("nonesuch"), "{errors}");
        let (output, errors, status) = run(&[], &[&fixture("README.md"), &fixture("tr_u4.jsonl")]);
        assert!(status == Some(1) && errors.contains("README.md: this is not a history"), "{errors}");
        let matched = "tr_u4.jsonl: matched 246 of 246, and nothing to do at 300 of 300 flushes";
        assert!(output.lines().next().unwrap().ends_with(matched), "{output}");
        let folder = tempfile::tempdir().unwrap();
        let manifest = folder.path().join("MANIFEST-000001");
        let mut bytes = only("rr_dyn8", "MANIFEST-");
        bytes[5000] ^= 1;
        std::fs::write(&manifest, bytes).unwrap();
        let (_, errors, status) =
            run(&["--options", fixture("manifest/rr_dyn8/OPTIONS-000011").to_str().unwrap()], &[&manifest]);
        assert!(status == Some(1) && errors.contains("the log is damaged at byte "), "{errors}");
    }
}
