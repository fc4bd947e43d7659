//! Histories that go wrong easily: of several column families, cut short, set as few databases are, of LevelDB.
//! `tests/fixtures/rocksdb/README.md` says where they are from.

#![cfg(all(not(target_arch = "wasm32"), feature = "cli"))]

use std::{
    fs,
    io::Read,
    path::{Path, PathBuf},
    process::Command,
};

use lsmscope::{
    Engine, Options,
    history::{HistoryReport, HistoryRequest, Rules, open},
    storage::{block_on, file::Directory},
    trace::NoTrace,
};

fn case(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rocksdb/cases").join(name)
}

/// What `lsmscope replay` says of a file: both outputs together, and its status.
fn replay(arguments: &[&str], file: &Path) -> (String, Option<i32>) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
    let output = command.arg("replay").args(arguments).arg(file).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (text(output.stdout) + &text(output.stderr), output.status.code())
}

/// Whether a file of a case is said to be `expected`, line by line, behind its name.
fn assert_says(arguments: &[&str], file: &str, expected: &[&str], status: i32) {
    let (text, code) = replay(arguments, &case(file));
    for line in expected {
        assert!(text.contains(line), "{file}: {line}\nis not in\n{text}");
    }
    assert_eq!(code, Some(status), "{file}: {text}");
}

#[test]
fn column_families_are_listed_and_can_be_chosen() {
    let families = "column families: default (0 flushes, 0 compactions); users (40 flushes, 20 compactions)";
    let (two, other) = ("two_families/MANIFEST-000005", "other_comparator/MANIFEST-000009");
    let choose = "there was nothing to compare: choose a column family that has some: --family users (20 compactions)";
    let users = "users: matched 20 of 20, and nothing to do at 40 of 40 flushes";
    for arguments in [&[][..], &["--family", "users"]] {
        assert_says(arguments, two, &[users, families], 0);
    }
    // A family that is left out may have any order of keys.
    for file in [two, other] {
        assert_says(&["--family", "default"], file, &["default: matched 0 of 0\n", families, choose], 1);
    }
    let refused = "column family users has the comparator rocksdb.ReverseBytewiseComparator";
    for arguments in [&[][..], &["--family", "users"]] {
        assert_says(arguments, other, &[refused, "replay another database."], 1);
    }
    assert_says(&["--family", "x"], two, &["no column family x", "It has: default (0 flushes"], 1);
}

#[test]
fn compactions_that_no_score_asks_for_are_named() {
    let bottommost = "named: 1 compaction from byte 353 on: RocksDB's BottommostFiles";
    // It is named for what it is; but nothing was compared.
    let nothing = "there was nothing to compare: no score asks for what is named above";
    assert_says(&[], "snapshot_bottom/MANIFEST-000777", &["matched 0 of 0\n", bottommost, nothing], 1);
    assert_says(&[], "dynamic_turned_on/MANIFEST-000114", &["matched 24 of 24, and nothing to do at 10 of 10"], 0);
    let (text, _) = replay(&["--json"], &case("dynamic_turned_on/MANIFEST-000114"));
    let parsed: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(parsed["families"][0]["report"]["rules"]["moved_at_open"], 3, "{text}");
    let off = ["matched 0 of 0, and nothing to do at 12 of 12 flushes", "left out: manual compactions", "disable_auto"];
    assert_says(&[], "auto_off/MANIFEST-000005", &off, 1);
}

#[test]
fn range_deletions_count_for_what_they_cover() {
    assert_says(&[], "range_delete/MANIFEST-000005", &["matched 25 of 25, and nothing to do at 30 of 30 flushes"], 0);
}

/// Under FIFO, a table of unknown age ends the row: nothing behind it is too old.
#[test]
fn a_table_without_a_time_is_not_old() {
    let all = "matched 37 of 37, and nothing to do at 60 of 60 flushes";
    assert_says(&[], "table_without_time/MANIFEST-900012", &[all], 0);
}

#[test]
fn a_history_of_leveldb_is_held_against_its_own_rules() {
    let file = "leveldb_manifest/MANIFEST-000002";
    let said = ["matched 106 of 106\n", "a MANIFEST of LevelDB: 587 edits", "assumed: max_file_size=2097152"];
    assert_says(&[], file, &said, 0);
    let (text, _) = replay(&["--set", "max_file_size=4MB"], &case(file));
    assert!(!text.contains("max_file_size"), "what is said need not be assumed: {text}");
    assert_says(&["--set", "ttl=1"], file, &["of LevelDB's options, only max_file_size has a say"], 1);
}

/// LevelDB's log tells what was flushed after each decision, and what was asked for.
#[test]
fn a_log_of_leveldb_tells_on_which_version_it_decided() {
    let directory = |name: &str| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/leveldb").join(name);
    let order = "decided before the flushes whose tables have higher numbers";
    for (name, matched, named) in [
        ("hurry", "matched 57 of 57\n", vec![]),
        ("reopened", "matched 3 of 3\n", vec![]),
        (
            "deletes",
            "matched 15 of 15\n",
            vec![
                "named: 1 compaction from byte 6329 on: LevelDB's seek",
                "named: 1 compaction from byte 6515 on: manual",
            ],
        ),
    ] {
        let (text, status) = replay(&[], &directory(name));
        assert!(text.contains(matched) && named.iter().all(|named| text.contains(named)), "{text}");
        assert!(!text.contains(order) && !text.contains("left out") && status == Some(0), "{text}");
    }
    // Without its log, it is not known who asked, and the version is told by the numbers of tables.
    let alone = tempfile::tempdir().unwrap();
    fs::copy(directory("deletes/MANIFEST-000002.gz"), alone.path().join("MANIFEST-000002.gz")).unwrap();
    let (text, _) = replay(&[], alone.path());
    let expected = ["matched 15 of 15\n", order, "named: 2 compactions from byte 6329 on: LevelDB's seek"];
    assert!(expected.iter().all(|says| text.contains(says)), "{text}");
    // A log that is cut, and one without flushes: then each merge is asked about beside those that came after it.
    let mut log = String::new();
    let file = directory("hurry/LOG.gz");
    flate2::read::MultiGzDecoder::new(fs::File::open(file).unwrap()).read_to_string(&mut log).unwrap();
    fs::copy(directory("hurry/MANIFEST-000002.gz"), alone.path().join("MANIFEST-000002.gz")).unwrap();
    fs::write(alone.path().join("LOG"), &log[..log.len() / 2]).unwrap();
    let (text, status) = replay(&[], alone.path());
    assert!(text.contains("merges of which the LOG does not tell: each was decided") && status == Some(0), "{text}");
    let without: String =
        log.lines().filter(|line| !line.contains("Level-0")).map(|line| format!("{line}\n")).collect();
    fs::write(alone.path().join("LOG"), without).unwrap();
    let (text, status) = replay(&[], alone.path());
    assert!(!text.contains("matched 57 of 57") && status == Some(1), "{text}");
}

/// The replay can tell: by RocksDB's rules, the same decisions differ.
#[test]
fn decisions_of_leveldb_are_not_those_of_rocksdb() {
    let bytes = fs::read(case("leveldb_manifest/MANIFEST-000002")).unwrap();
    let mut history = open(&bytes, &HistoryRequest::default()).unwrap();
    history.rules = Rules::RocksDb;
    let report = HistoryReport::of(&history).unwrap();
    assert!(report.decisions == 106 && report.matched < 20, "{report}");
}

#[test]
fn without_its_options_a_manifest_is_held_against_the_defaults_and_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("MANIFEST-000005");
    fs::copy(case("legal_options/MANIFEST-000005"), &file).unwrap();
    let (text, status) = replay(&[], &file);
    assert!(
        text.contains("matched 60 of 113") && text.contains("assumed: RocksDB's defaults for every option"),
        "{text}"
    );
    assert_eq!(status, Some(1));
}

#[test]
fn a_torn_end_is_left_out_and_told() {
    let whole = fs::read(case("legal_options/MANIFEST-000005")).unwrap();
    let cut = &whole[..whole.len() - 5];
    let group = [&whole[..], OPEN_GROUP].concat();
    let cases: [(&str, Vec<u8>, &str); 4] = [
        ("cut", cut.to_vec(), "left out: the last record, which is cut short: 13 bytes of it are there"),
        ("zeros", [&whole[..], &[0; 100_000]].concat(), "left out: 100000 bytes of zeros at the end of the file"),
        ("both", [cut, &[0; 1000]].concat(), "left out: the last record, which is cut short"),
        ("group", group, "left out: the atomic group at byte 49212, of which 2 edits are missing"),
    ];
    let folder = tempfile::tempdir().unwrap();
    let options = case("legal_options/OPTIONS-000007");
    for (name, bytes, expected) in cases {
        let file = folder.path().join(name);
        fs::write(&file, bytes).unwrap();
        let (text, status) = replay(&["--options", options.to_str().unwrap()], &file);
        assert!(text.contains("matched 113 of 113, and nothing to do at 70 of 70 flushes"), "{name}: {text}");
        assert!(text.contains(expected) && status == Some(0), "{name}: {text}");
    }
}

/// A table that would be the first edit of an atomic group of three, which then ends.
const OPEN_GROUP: &[u8] = &[
    0xc9, 0x51, 0x89, 0x68, 0x3b, 0x00, 0x01, 0x67, 0x00, 0xb1, 0xb6, 0x3c, 0xe0, 0xa7, 0x12, 0x09, 0x30, 0x01, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x18, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0x66, 0x66, 0x66, 0x66, 0x01, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xc0, 0xa8, 0xa5, 0x04, 0xc0, 0xa8, 0xa5,
    0x04, 0x0d, 0x02, 0x8f, 0x4e, 0x01, 0xac, 0x02, 0x02,
];

/// What RocksDB allows is replayed as RocksDB treats it, and an option is stronger than the file.
#[test]
fn legal_options_are_replayed_as_rocksdb_treats_them() {
    let file = case("legal_options/MANIFEST-000005");
    let written = fs::read_to_string(case("legal_options/OPTIONS-000007")).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for (name, value) in [
        ("num_levels", "1"),
        ("num_levels", "40"),
        ("level0_file_num_compaction_trigger", "-1"),
        ("level0_file_num_compaction_trigger", "1073741824"),
        ("target_file_size_base", "18446744073709551615"),
        ("write_buffer_size", "4294967296"),
        ("max_bytes_for_level_base", "0"),
        ("max_bytes_for_level_multiplier", "1.000000"),
        ("max_compaction_bytes", "1152921504606846976"),
        ("ttl", "18446744073709551614"),
        ("disable_auto_compactions", "true"),
    ] {
        let line = written.lines().find(|line| line.trim().starts_with(&format!("{name}="))).unwrap();
        let options = folder.path().join("OPTIONS-000001");
        fs::write(&options, written.replacen(line, &format!("  {name}={value}"), 1)).unwrap();
        let of_file = ["--options", options.to_str().unwrap()];
        let (text, _) = replay(&of_file, &file);
        // With fewer levels than the history has, its edits cannot fit.
        let fits = if (name, value) == ("num_levels", "1") { "of 2 levels: is num_levels" } else { "matched " };
        assert!(text.contains(fits) && !text.contains("wal_recovery_mode"), "{name}={value}: {text}");
        // As it was: the change is stronger.
        let as_it_was = line.trim();
        let (text, status) = replay(&[&of_file[..], &["--set", as_it_was]].concat(), &file);
        assert!(text.contains("matched 113 of 113") && status == Some(0), "{name}={value}: {text}");
    }
}

/// What is given by mistake is told by name, and no remedy speaks of a database of ours.
#[test]
fn remedies_fit_the_file() {
    let (text, status) = replay(&[], &case("legal_options/OPTIONS-000007"));
    assert!(text.contains("it is an OPTIONS file of RocksDB") && status == Some(1), "{text}");
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("MANIFEST-000001");
    let mut bytes = fs::read(case("legal_options/MANIFEST-000005")).unwrap();
    bytes[5000] ^= 1;
    fs::write(&file, bytes).unwrap();
    let (text, status) = replay(&[], &file);
    assert!(text.contains("the log is damaged at byte ") && text.contains("ldb manifest_dump"), "{text}");
    assert!(!text.contains("wal_recovery_mode") && status == Some(1), "{text}");
    // An OPTIONS file that does not fit is named, not the MANIFEST.
    let (manifest, empty) = (case("legal_options/MANIFEST-000005"), folder.path().join("empty"));
    fs::write(&empty, "").unwrap();
    let (text, status) = replay(&["--options", empty.to_str().unwrap()], &manifest);
    let named = format!("error: {}: this is no OPTIONS file of RocksDB: it is empty\n", empty.display());
    assert!(text.starts_with(&named) && status == Some(1), "{text}");
    let (text, _) = replay(&["--set", "num_levels=x"], &manifest);
    assert!(text.starts_with(&format!("error: {}: ", manifest.display())), "{text}");
}

/// A database of ours is no history, and there is something to do with it.
#[test]
fn files_of_ours_are_told_for_what_they_are() {
    let folder = tempfile::tempdir().unwrap();
    let storage = Directory::open(folder.path()).unwrap();
    let mut engine = block_on(Engine::open(storage, Options::default(), NoTrace)).unwrap();
    block_on(engine.put(b"a", b"1")).unwrap();
    block_on(engine.close()).unwrap();
    for (name, what) in [("CURRENT", "the file CURRENT of an lsmscope database"), ("MANIFEST-", "a manifest or a log")]
    {
        let mut entries = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().path());
        let is_it = |path: &PathBuf| path.file_name().unwrap().to_str().unwrap().starts_with(name);
        let (text, status) = replay(&[], &entries.find(is_it).unwrap());
        assert!(text.contains(&format!("this is not a history: it is {what}")), "{text}");
        assert!(text.contains("lsmscope verify DIR") && !text.contains("000001 ") && status == Some(1), "{text}");
    }
    // RocksDB's has a name and nothing else.
    let file = folder.path().join("CURRENT");
    fs::write(&file, "MANIFEST-000005\n").unwrap();
    assert!(replay(&[], &file).0.contains("which names MANIFEST-000005\nGive MANIFEST-000005, which lies beside it."));
}
