//! Logs of LevelDB: `tests/fixtures/leveldb/README.md` says what each database is. The numbers that are expected are
//! counted in the lines of the logs, or in the `MANIFEST` of the same session, which has each table with its level.

use std::{fs, path::Path};

use serde_json::Value;

use super::{MultiGzDecoder, Read, flowing, history, json, printed};

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/leveldb").join(name)
}

fn unpacked(file: &str) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(fs::File::open(fixture(file)).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// Tables and bytes of each level that has some.
fn levels(family: &Value) -> Vec<(u64, u64, Option<u64>)> {
    let levels = family["levels"].as_array().unwrap().iter();
    let of =
        |level: &Value| (level["level"].as_u64().unwrap(), level["tables"].as_u64().unwrap(), level["bytes"].as_u64());
    levels.map(of).filter(|(_, tables, _)| *tables > 0).collect()
}

/// The cause of the stall is named with the option that LevelDB has, and with none that only RocksDB has.
#[test]
fn the_only_thread_of_leveldb_is_found_to_be_too_slow() {
    let text = flowing(&printed(&[], &fixture("hurry")));
    let expected = [
        "LevelDB: 16 s of log from 2026-11-30, 18:57:39 to 18:57:55.",
        "1. Writes were stopped for 7.9 s from 18:57:39 to 18:57:54: up to 12 tables on level 0, while a compaction of \
         16.3 MB into level 2 held the only slot for 0.5 s. The likely cause: LevelDB has one thread for flushes and \
         compactions, and it could not follow. It compacted for 100 % of the time in which writes were stopped for it.",
        "> try write_buffer_size = 4194304",
        "Level 0 had 8 tables or more for 9.2 s: LevelDB delays each write by a millisecond then",
    ];
    for says in expected {
        assert!(text.contains(says), "{says}\nis not in\n{text}");
    }
    for of_rocksdb in ["RocksDB", "max_background_jobs", "max_subcompactions", "max_write_buffer_number", "OPTIONS"] {
        assert!(!text.contains(of_rocksdb), "{of_rocksdb}: {text}");
    }
    let report = &json(&fixture("hurry"))["report"];
    assert_eq!((&report["database"], &report["findings"][0]["kind"]), (&"LevelDB".into(), &"one_thread".into()));
}

#[test]
fn sums_of_leveldb_are_those_of_its_lines_and_its_manifest() {
    let log = unpacked("hurry/LOG.gz");
    let report = &json(&fixture("hurry"))["report"];
    let family = &report["families"][0];
    let lines = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    assert_eq!(family["flushes"], lines(" bytes OK"));
    assert_eq!(family["compactions"], lines("compacted to: "));
    // Before ` bytes`: ` 253327 bytes OK`, `=> 3772079 bytes`.
    let bytes = |what: &str| -> u64 {
        let lines = log.lines().filter(|line| line.contains(what));
        lines.map(|line| line.split(" bytes").next().unwrap().rsplit(' ').next().unwrap().parse::<u64>().unwrap()).sum()
    };
    assert_eq!(family["flushed_bytes"], bytes(" bytes OK"));
    assert_eq!(family["compacted_bytes"], bytes(" files => "));
    // Of the manifest: sizes of the inputs; the most tables on level 0; the tables at the end.
    assert_eq!((&family["read_bytes"], &family["level0_max"]), (&736_217_147.into(), &12.into()));
    assert_eq!(levels(family), [(1, 6, Some(9_090_482)), (2, 32, Some(65_545_795))]);
    // Inputs that an iterator keeps are deleted later: their sizes are those of their level.
    let kept = &json(&fixture("deletes"))["report"]["families"][0];
    assert_eq!((&kept["read_bytes"], &kept["level0_max"]), (&35_693_374.into(), &7.into()));
    assert_eq!(
        (levels(kept), &kept["compaction_reasons"]),
        (vec![(2, 1, Some(1_480_863))], &serde_json::json!({"Manual": 1}))
    );
}

/// A log alone knows to which levels flushes wrote; where tables are older than it, it says so, and a manifest helps.
#[test]
fn levels_of_leveldb_are_known_with_and_without_a_manifest() {
    let directory = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &str| fs::write(directory.path().join(name), bytes).unwrap();
    let alone = |name: &str| {
        file("LOG", &unpacked(&format!("{name}/LOG.gz")));
        levels(&json(directory.path())["report"]["families"][0])
    };
    assert_eq!(alone("hurry"), [(1, 6, Some(9_090_482)), (2, 32, Some(65_545_795))]);
    assert_eq!(alone("deletes"), [(2, 1, Some(1_480_863))]);
    // LevelDB keeps two logs of the three sessions: thirteen tables are older.
    file("LOG.old", &unpacked("reopened/LOG.old.gz"));
    assert_eq!(alone("reopened"), [(0, 3, Some(620_230)), (1, 3, Some(2_646_488)), (2, 13, None)]);
    let both = json(&fixture("reopened"));
    assert_eq!(both["files"], serde_json::json!(["LOG.old.gz", "LOG.gz", "MANIFEST-000057.gz"]));
    let expected = [(0, 3, Some(620_230)), (1, 3, Some(2_646_488)), (2, 13, Some(2_345_992))];
    assert_eq!(levels(&both["report"]["families"][0]), expected);
    let sessions = both["report"]["sessions"].as_array().unwrap();
    assert!(sessions.len() == 2 && sessions.iter().all(|session| session["is_opened"] == true), "{sessions:?}");
    assert_eq!(both["report"]["families"][0]["flush_reasons"], serde_json::json!({"Recovery": 2}));
}

/// Chromium writes milliseconds. A log that is cut anywhere is read as far as it goes.
#[test]
fn a_log_of_chromium_and_one_that_is_cut_are_read() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let log = unpacked("hurry/LOG.gz");
    let millis: String = log.lines().map(|line| format!("{}{}\n", &line[..23], &line[26..])).collect();
    fs::write(&file, millis).unwrap();
    let (of_chromium, whole) = (&json(&file)["report"], &json(&fixture("hurry"))["report"]);
    for sum in ["flushes", "flushed_bytes", "compactions", "read_bytes", "compacted_bytes", "level0_max", "levels"] {
        assert_eq!(of_chromium["families"][0][sum], whole["families"][0][sum], "{sum}");
    }
    for part in [&log[..log.len() / 2], &log[log.len() / 2..]] {
        fs::write(&file, part).unwrap();
        let text = flowing(&printed(&[], &file));
        assert!(text.contains("1. Writes were stopped for") && text.contains("LevelDB has one thread"), "{text}");
    }
    assert!(flowing(&printed(&[], &file)).contains("The log begins within a session"));
}

/// An error of LevelDB is told, with what LevelDB does then, and without its path.
#[test]
fn an_error_of_leveldb_is_told_without_its_path() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let error =
        "2026/11/30-18:57:56.000000 7 Compaction error: IO error: /srv/secret/000149.ldb: No space left on device\n";
    fs::write(&file, unpacked("hurry/LOG.gz") + error).unwrap();
    let output = history(&[], &file);
    let text = flowing(&String::from_utf8(output.stdout).unwrap());
    let says = "1. The log has 1 error, the first at 18:57:56: Compaction error: IO error: …/000149.ldb: No space left \
                on device Mend that first: after an error in the background, LevelDB refuses every write";
    assert!(text.contains(says) && !text.contains("secret"), "{text}");
}

/// The trees of a film: a level has bytes where it has tables, in each period of a log that begins with the database.
#[test]
fn each_period_of_leveldb_has_bytes_where_it_has_tables() {
    for name in ["hurry", "deletes"] {
        let report = &json(&fixture(name))["report"];
        for period in report["periods"].as_array().unwrap() {
            let has = |column: &str| -> Vec<bool> {
                let levels = &period[column];
                (0..7).map(|level| levels[level].as_u64().unwrap_or(0) > 0).collect()
            };
            assert_eq!(has("level_tables"), has("level_bytes"), "{name}: {period}");
        }
    }
}
