//! Sessions, manifests and threads, in lines of RocksDB's form.

use super::*;

const MERGE: &str =
    r#"{"job": JOB, "event": "compaction_started", "compaction_reason": "REASON", "files_L0": [TABLE]}"#;

/// The lines of a log, a second apart: each a thread, a blank, and what it says.
fn read(lines: &[String]) -> LoggedJobs {
    let line = |(at, line): (usize, &String)| format!("2026/11/28-16:{:02}:{:02}.000000 {line}\n", at / 60, at % 60);
    let text: String = lines.iter().enumerate().map(line).collect();
    LoggedJobs::read(text.as_bytes())
}

fn merge(thread: u64, job: u64, table: u64, reason: &str) -> [String; 3] {
    let event = MERGE.replace("JOB", &job.to_string()).replace("TABLE", &table.to_string()).replace("REASON", reason);
    [
        format!("{thread} [x.cc:1] [default] [JOB {job}] Compacting 1@0 files to L3, score 1.00"),
        format!(
            "{thread} [x.cc:1] [default]: Compaction start summary: Base version {job} Base level 0, inputs: [1(1B)]"
        ),
        format!("{thread} EVENT_LOG_v1 {event}"),
    ]
}

fn said(text: &str) -> [String; 1] {
    [format!("7 [x.cc:1] {text}")]
}

fn seen(logged: &LoggedJobs) -> Vec<(u64, u64, u64)> {
    logged.jobs.iter().map(|job| (job.session, job.job, job.inputs[0].1)).collect()
}

#[test]
fn a_session_with_a_manifest_of_its_own_forgets_those_before() {
    let open = || said("Recovering from manifest file: MANIFEST-000005");
    let whole = [
        &merge(1, 3, 8, "LevelL0FilesNum")[..],
        &open(),
        &merge(1, 3, 9, "LevelL0FilesNum"),
        &said("Creating manifest 9"),
        &merge(1, 4, 10, "LevelL0FilesNum"),
    ]
    .concat();
    assert_eq!(seen(&read(&whole)), [(1, 4, 10)]);
    // One that fails has none: the manifest is still that of the session before.
    let failed = [&merge(1, 3, 8, "LevelL0FilesNum")[..], &open()].concat();
    let logged = read(&failed);
    assert_eq!((seen(&logged), logged.rolled), (vec![(0, 3, 8)], None));
    // Its jobs have the same numbers, and are others.
    let again = [&failed[..], &merge(1, 3, 9, "LevelL0FilesNum")].concat();
    assert_eq!(seen(&read(&again)), [(0, 3, 8), (1, 3, 9)]);
}

#[test]
fn a_manifest_that_is_rolled_is_told_from_one_of_an_opening() {
    let rolled = [
        &said("Recovering from manifest file: MANIFEST-000005")[..],
        &said("Creating manifest 9"),
        &merge(1, 3, 8, "LevelL0FilesNum"),
        &said("Creating manifest 31"),
        &merge(1, 4, 9, "LevelL0FilesNum"),
    ]
    .concat();
    let logged = read(&rolled);
    assert_eq!(seen(&logged), [(1, 3, 8), (1, 4, 9)]);
    let (session, at) = logged.rolled.expect("it was rolled");
    assert!(session == 1 && logged.jobs[0].decided < at && at < logged.jobs[1].decided);
}

/// Only what is on the same side of a change of options is compared by its number.
#[test]
fn changes_of_options_part_the_numbers_of_versions() {
    let mut lines = [&merge(1, 3, 8, "LevelL0FilesNum")[..], &said("[default] New memtable created")].concat();
    lines.extend(said("SetOptions() on column family [default], inputs:"));
    lines.extend([&merge(1, 4, 9, "LevelL0FilesNum")[..], &merge(2, 5, 10, "LevelL0FilesNum")].concat());
    let logged = read(&lines);
    let numbering = |job: &LoggedJob| logged.numbering(job.session, job.idle_until, job.decided);
    // The threads of the others had been idle since before the change: those may have been decided before it.
    assert_eq!(logged.jobs.iter().map(numbering).collect::<Vec<_>>(), [Some((0, 0)), None, None]);
    let later = [&lines[..], &merge(1, 6, 11, "LevelL0FilesNum")].concat();
    let logged = read(&later);
    let last = logged.jobs.last().unwrap();
    assert_eq!(logged.numbering(last.session, last.idle_until, last.decided), Some((0, 1)));
}

#[test]
fn what_no_score_asked_for_is_known_by_its_reason() {
    let cause = |reason: &str| read(&merge(1, 3, 8, reason)).jobs[0].cause();
    for (reason, expected) in [
        ("ManualCompaction", CompactionCause::Manual),
        ("FilesMarkedForCompaction", CompactionCause::MarkedFiles),
        ("BottommostFiles", CompactionCause::BottommostFiles),
        ("Ttl", CompactionCause::Ttl),
        ("PeriodicCompaction", CompactionCause::Periodic),
        ("ExternalSstIngestion", CompactionCause::Ingestion),
        ("ForcedBlobGC", CompactionCause::OtherThanScores),
    ] {
        assert_eq!(cause(reason), Some(expected), "{reason}");
    }
    for reason in ["LevelL0FilesNum", "LevelMaxLevelSize", "UniversalSizeRatio", "FIFOTtl", "Unknown"] {
        assert_eq!(cause(reason), None, "{reason}");
    }
}

/// A move has no reason; that a person asked for it stands in the line before.
#[test]
fn a_move_is_manual_if_the_line_before_says_so() {
    let moved = |table: u64| {
        [
            format!("1 [x.cc:1] [default] Moving #{table} to level-6 1384 bytes"),
            format!(
                r#"1 EVENT_LOG_v1 {{"job": {table}, "event": "trivial_move", "destination_level": 6, "files": 1}}"#
            ),
        ]
    };
    let manual =
        ["1 [x.cc:1] [default] Manual compaction from level-0 to level-6 from (begin) .. (end); will stop at (end)"
            .into()];
    let lines = [&manual[..], &moved(8), &moved(9), &manual, &merge(1, 4, 10, "ManualCompaction"), &moved(11)].concat();
    let causes: Vec<_> = read(&lines).jobs.iter().map(LoggedJob::cause).collect();
    assert_eq!(causes, [Some(CompactionCause::Manual), None, Some(CompactionCause::Manual), None]);
}

/// When summer time ends, an hour of local time comes twice.
#[test]
fn time_does_not_go_back() {
    let line = |time: &str, text: &str| format!("2026/10/25-{time} 7 [x.cc:1] [default] {text}\n");
    let flushed = |table: u64| format!("Level-0 commit flush result of table #{table}: memtable #1 done");
    let text = [
        line("02:59:59.500000", &flushed(8)),
        line("02:00:00.000000", &flushed(9)),
        // Two threads: this is no step.
        line("01:59:59.900000", &flushed(10)),
        line("02:00:01.000000", &flushed(11)),
    ]
    .concat();
    let times = LoggedJobs::read(text.as_bytes()).flushed;
    assert_eq!(
        [times[&9], times[&10], times[&11]].map(|time| time as i64 - times[&8] as i64),
        [0, -100_000, 1_000_000]
    );
}
