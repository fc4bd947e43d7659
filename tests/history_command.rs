//! `lsmscope history`: on databases that misbehave, whose cause it has to name; on logs of every state; and on one that
//! is still written. `tests/fixtures/rocksdb/trouble/README.md` says what is wrong with each.

#![cfg(all(not(target_arch = "wasm32"), feature = "cli"))]

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use flate2::read::MultiGzDecoder;
use serde_json::Value;

#[path = "history_command/leveldb.rs"]
mod leveldb;

fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rocksdb").join(name)
}

fn history(arguments: &[&str], file: &Path) -> Output {
    Command::new(env!("CARGO_BIN_EXE_lsmscope")).arg("history").arg(file).args(arguments).output().unwrap()
}

/// What it prints of a log that is well.
fn printed(arguments: &[&str], file: &Path) -> String {
    let output = history(arguments, file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn json(file: &Path) -> Value {
    serde_json::from_str(&printed(&["--json"], file)).unwrap()
}

/// A log, unpacked.
fn unpacked(file: &str) -> String {
    let mut text = String::new();
    MultiGzDecoder::new(fs::File::open(fixture(file)).unwrap()).read_to_string(&mut text).unwrap();
    text
}

/// A paragraph as one line.
fn flowing(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// What is wrong is the first thing that is said, with its cause and the option that mends it.
#[test]
fn the_cause_of_each_trouble_is_named_first() {
    let expected = [
        (
            "few_jobs",
            "too_few_jobs",
            "1. Writes were stopped for 2.3 s and limited for 21 s from 15:50:41 to 15:51:08: up to 20 tables on level \
             0, while a compaction of 37.6 MB into level 5 held the only slot for 6.5 s. RocksDB itself counted 23 s \
             for which writers waited, up to 15:51:21. The likely cause: too few jobs.",
            "> try max_background_jobs = 4 (now 2)",
        ),
        (
            "high_trigger",
            "level0_high",
            "1. For half of the time, level 0 had 23 tables or more, and up to 69. The likely cause: \
             level0_file_num_compaction_trigger is 60.",
            "> try level0_file_num_compaction_trigger = 4 (now 60) > try max_bytes_for_level_base = 4194304 (now \
             268435456)",
        ),
        (
            "tombstones",
            "tombstones",
            "1. At the end, 300,000 of 700,000 entries in the tables are deletions (43 %)",
            "> try compaction_options_universal.max_size_amplification_percent = 30 (now 200)",
        ),
    ];
    for (name, kind, says, option) in expected {
        let directory = fixture("trouble").join(name);
        let text = flowing(&printed(&[], &directory));
        assert!(text.contains(says) && text.contains(option), "{name}: {text}");
        let findings = &json(&directory)["report"]["findings"];
        assert_eq!((findings.as_array().unwrap().len(), &findings[0]["kind"]), (1, &Value::from(kind)), "{name}");
    }
}

/// The report says whose it is, and ends with the command that checks what it suggests: with what an estimate takes.
#[test]
fn a_report_names_its_database_and_the_command_that_checks_it() {
    for (name, options) in [
        ("few_jobs", "--set max_background_jobs=4"),
        ("high_trigger", "--set level0_file_num_compaction_trigger=4 --set max_bytes_for_level_base=4194304"),
        ("tombstones", "--set compaction_options_universal.max_size_amplification_percent=30"),
    ] {
        let directory = fixture("trouble").join(name);
        let page = tempfile::tempdir().unwrap();
        let page = page.path().join("page.html");
        let output = history(&["--out-html", page.to_str().unwrap()], &directory);
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(text.starts_with(&format!("{name}: LOG.gz, OPTIONS-000007\n")), "{text}");
        let last = format!("check it: lsmscope whatif {} {options}", directory.display());
        assert_eq!(text.lines().last(), Some(last.as_str()));
        assert!(fs::read_to_string(&page).unwrap().contains(&format!("<title>What happened: {name}: LOG.gz, ")));
        assert_eq!(String::from_utf8(output.stderr).unwrap(), format!("wrote {}\n", page.display()));
        let words: Vec<&str> = last.split(' ').skip(3).collect();
        let checked = Command::new(env!("CARGO_BIN_EXE_lsmscope")).args(words).args(["--draws", "1"]).output().unwrap();
        assert!(checked.status.success() && checked.stderr.is_empty(), "{}", String::from_utf8_lossy(&checked.stderr));
    }
    // Of a log alone, nothing can be estimated.
    assert!(!printed(&[], &fixture("trouble/few_jobs/LOG.gz")).contains("check it"));
}

/// What cannot be read is said with what would help, and nothing of what is not so.
#[test]
fn what_is_no_log_is_refused_with_what_would_help() {
    let refused = |arguments: &[&str], file: &Path| {
        let output = history(arguments, file);
        assert!(!output.status.success() && output.stdout.is_empty());
        String::from_utf8(output.stderr).unwrap()
    };
    let directory = tempfile::tempdir().unwrap();
    let hint = "Give the directory that holds LOG, or LOG files that may be read.\n";
    for (file, says) in [("", "neither LOG nor LOG.old.*: it is empty"), ("nothing", "cannot read")] {
        let error = refused(&[], &directory.path().join(file));
        assert!(error.contains(says) && error.ends_with(hint), "{error}");
    }
    fs::copy(fixture("trouble/few_jobs/MANIFEST-000005.gz"), directory.path().join("MANIFEST-000005.gz")).unwrap();
    let error = refused(&[], directory.path());
    assert!(error.contains("LOG.old.*, only MANIFEST-000005.gz\n") && error.ends_with(hint), "{error}");
    let error = refused(&[], &directory.path().join("MANIFEST-000005.gz"));
    assert!(error.contains("is no LOG of RocksDB or LevelDB") && error.ends_with(hint), "{error}");
    let other = fixture("trouble/high_trigger");
    let error = refused(&[other.to_str().unwrap()], &fixture("trouble/few_jobs"));
    assert!(error.contains("are the logs of two databases: name those of one"), "{error}");
    let error = refused(&["--html", "x.html"], &other);
    assert!(error.contains("--html") && !error.contains("as a value"), "{error}");
}

/// A log and its packed copy are one: nothing is counted twice.
#[test]
fn a_packed_copy_of_a_log_is_not_read_again() {
    let directory = tempfile::tempdir().unwrap();
    let packed = fixture("trouble/few_jobs/LOG.gz");
    fs::copy(&packed, directory.path().join("LOG.gz")).unwrap();
    fs::write(directory.path().join("LOG"), unpacked("trouble/few_jobs/LOG.gz")).unwrap();
    let found = json(directory.path());
    assert_eq!(
        (&found["files"], &found["report"]["lines"]),
        (&serde_json::json!(["LOG"]), &json(&packed)["report"]["lines"])
    );
}

/// What is summed is what the database itself says: in the dumps of its statistics, and in its level summaries.
#[test]
fn sums_are_those_of_the_database() {
    let log = unpacked("trouble/few_jobs/LOG.gz");
    let report = &json(&fixture("trouble/few_jobs"))["report"];
    let family = &report["families"][0];
    let lines = |what: &str| log.lines().filter(|line| line.contains(what)).count();
    assert_eq!(family["flushes"], lines("\"event\": \"flush_finished\""));
    assert_eq!(family["compactions"], lines("\"event\": \"compaction_finished\""));
    assert_eq!(family["moves"], lines("\"event\": \"trivial_move\""));
    let sizes = log.lines().filter(|line| line.contains("compaction_finished"));
    let size = |line: &str| -> u64 {
        line.split("\"total_output_size\": ").nth(1).unwrap().split(',').next().unwrap().parse().unwrap()
    };
    assert_eq!(family["compacted_bytes"], sizes.map(size).sum::<u64>());
    let last = log.lines().rfind(|line| line.contains("\"lsm_state\"")).unwrap();
    let counts: Vec<u64> = family["levels"].as_array().unwrap().iter().map(|l| l["tables"].as_u64().unwrap()).collect();
    assert!(last.contains(&format!("\"lsm_state\": {counts:?}")), "{last}\n{counts:?}");
    // `Cumulative stall: 00:00:22.959 H:M:S` of the last dump.
    assert_eq!(report["stalls"]["counted_micros"], 22_959_000);
    // Conditions hold at least as long as writers wait, up to that dump: 23.3 s.
    let micros = |name: &str| report["stalls"][name].as_u64().unwrap();
    let held = micros("stopped_micros") + micros("delayed_micros");
    assert!((22_959_000..24_000_000).contains(&held), "{held}");
    // The manifest's own sizes of the tables at the end are those of the report.
    assert!(family["levels"].as_array().unwrap().iter().all(|level| level["is_of_dump"] == false));
}

/// A log whose beginning is gone lacks the sizes of older tables and the options: the files beside it have them.
#[test]
fn what_a_rotated_log_lacks_is_taken_from_the_files_beside_it() {
    let directory = tempfile::tempdir().unwrap();
    let whole = fixture("trouble/few_jobs");
    let log = unpacked("trouble/few_jobs/LOG.gz");
    let from = |part: usize| &log[log[..log.len() / 10 * part].rfind('\n').unwrap() + 1..];
    fs::write(directory.path().join("LOG"), from(9)).unwrap();
    let levels = |directory: &Path| json(directory)["report"]["families"][0]["levels"].clone();
    let bytes = |levels: &Value| levels.as_array().unwrap().iter().map(|l| l["bytes"].clone()).collect::<Vec<_>>();
    let (alone, expected) = (levels(directory.path()), levels(&whole));
    assert_ne!(bytes(&alone), bytes(&expected));
    for file in ["MANIFEST-000005.gz", "OPTIONS-000007"] {
        fs::copy(whole.join(file), directory.path().join(file)).unwrap();
    }
    assert_eq!(bytes(&levels(directory.path())), bytes(&expected));
    fs::write(directory.path().join("LOG"), from(5)).unwrap();
    let report = &json(directory.path())["report"];
    assert_eq!((&report["options"]["max_background_jobs"], &report["slots"]["compactions"]), (&"2".into(), &1.into()));
    assert_eq!(report["findings"][0]["kind"], "too_few_jobs");
}

/// All column families, and a log that was rotated.
#[test]
fn families_and_rotated_logs_are_read_together() {
    let report = &json(&fixture("running/free_families"))["report"];
    assert_eq!(report["families"].as_array().unwrap().len(), 3);
    let both = json(&fixture("running/lock_additional"));
    assert_eq!(both["files"], serde_json::json!(["LOG.old.1795883573877542.gz", "LOG.gz", "OPTIONS-000011"]));
    assert_eq!(
        (&both["report"]["session_count"], &both["report"]["sessions"][1]["is_closed"]),
        (&2.into(), &true.into())
    );
}

/// Wherever a log is cut, and whatever is in it, it is read.
#[test]
fn a_log_that_is_cut_or_damaged_is_told_as_far_as_it_goes() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let log = unpacked("trouble/few_jobs/LOG.gz");
    for part in [&log[..log.len() / 2], &log[log.len() / 2..]] {
        fs::write(&file, part).unwrap();
        let text = flowing(&printed(&[], &file));
        assert!(text.contains("1. Writes were ") && text.contains("The likely cause: too few jobs"), "{text}");
    }
    assert!(flowing(&printed(&[], &file)).contains("It has no options: the head of the file is missing."));
    // Packed, and cut within.
    let packed = fs::read(fixture("trouble/few_jobs/LOG.gz")).unwrap();
    fs::write(&file, &packed[..packed.len() / 2]).unwrap();
    assert!(printed(&[], &file).contains("RocksDB 9.8.4"));
    for foreign in [&b""[..], b"hello\n", &[0xff; 5000], &[0x1f, 0x8b, 1, 2, 3]] {
        fs::write(&file, foreign).unwrap();
        let output = history(&[], &file);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(1) && error.contains("LOG"), "{foreign:?}: {error}");
    }
    let output = history(&[], &directory.path().join("nothing"));
    assert_eq!(output.status.code(), Some(1));
}

/// No text of a log becomes HTML, a link or a command to a terminal; paths are left out unless they are asked for.
#[test]
fn texts_of_a_log_stay_texts() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let evil = "<script>alert(1)</script>\"' onload=x \u{1b}[2J";
    let log = unpacked("trouble/few_jobs/LOG.gz")
        .replace("[default]", &format!("[{evil}]"))
        .replace("\"cf_name\": \"default\"", &format!("\"cf_name\": {}", serde_json::to_string(evil).unwrap()))
        .replace("LevelL0FilesNum", "<img src=x onerror=y>")
        + "2026/11/30-16:00:00.000000 1 [ERROR] [x.cc:1] IO error: </title><script src=//a>: /srv/secret/000012.sst: \
           full\n";
    fs::write(&file, log).unwrap();
    let page = directory.path().join("page.html");
    let text = printed(&["--out-html", page.to_str().unwrap()], &file);
    assert!(!text.contains('\u{1b}') && !text.contains("secret") && text.contains("000012.sst"), "{text}");
    let html = fs::read_to_string(&page).unwrap();
    let without_names = html.replace("http-equiv", "");
    for forbidden in ["<script", "<img", "\u{1b}", "secret", "http:", "https:", "url(", "<link"] {
        assert!(!without_names.contains(forbidden), "{forbidden}");
    }
    assert!(html.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39; onload=x"));
    assert!(html.contains("prefers-color-scheme: dark") && html.contains("<svg"));
    let kept = printed(&["--with-paths"], &file);
    assert!(kept.contains("/srv/secret/000012.sst"));
}

/// What is told once is not followed for ever where it is no log, or one that does not grow.
#[test]
fn only_a_log_that_grows_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let packed = fs::read(fixture("trouble/few_jobs/LOG.gz")).unwrap();
    for (bytes, says) in
        [(&b"hello\n"[..], "is no LOG of RocksDB or LevelDB"), (&packed, "is packed: it does not grow")]
    {
        fs::write(&file, bytes).unwrap();
        let output = history(&["--follow"], &file);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(
            output.status.code() == Some(1) && error.contains(says) && error.contains("Give the directory"),
            "{error}"
        );
    }
    // The options that a log without its head lacks are those of the file beside it, as for a log that is told once.
    let log = unpacked("trouble/few_jobs/LOG.gz");
    fs::write(&file, &log[log[..log.len() / 2].rfind('\n').unwrap() + 1..]).unwrap();
    fs::copy(fixture("trouble/few_jobs/OPTIONS-000007"), directory.path().join("OPTIONS-000007")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
    let mut child = command.arg("history").arg("--follow").arg(&file).stdout(Stdio::piped()).spawn().unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let told: Vec<String> = lines.take_while(|line| !line.starts_with("Now as it happens")).collect();
    assert!(flowing(&told.join("\n")).contains("The only slot for compactions was busy"), "{told:?}");
    child.kill().unwrap();
    child.wait().unwrap();
}

/// A log that grows, and is rotated: each new line is told when it comes. The file is not touched.
#[test]
fn a_running_database_is_followed() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("LOG");
    let log = unpacked("trouble/few_jobs/LOG.gz");
    let stall = log.find("Stopping writes because we have").unwrap();
    let begin = log[..stall].rfind('\n').unwrap() + 1;
    fs::write(&file, &log[..begin]).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_lsmscope"));
    let mut child = command.arg("history").arg("--follow").arg(&file).stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.starts_with("Now as it happens")));
    fs::OpenOptions::new().append(true).open(&file).unwrap().write_all(&log.as_bytes()[begin..]).unwrap();
    assert!(lines.any(|line| line.contains("writes are stopped: 20 tables on level 0")));
    fs::rename(&file, directory.path().join("LOG.old.1")).unwrap();
    fs::write(&file, log.replace("9.8.4", "9.8.5")).unwrap();
    assert!(lines.any(|line| line.ends_with("the database is opened by RocksDB 9.8.5")));
    assert_eq!(fs::read_dir(directory.path()).unwrap().count(), 2);
    child.kill().unwrap();
    child.wait().unwrap();
}
