//! Tests of reading logs: lines in RocksDB's form, whose times and sums are known.

use super::*;

mod clock;
mod leveldb;
mod levels;
mod sessions;

/// A log that is written line by line: at the microseconds `at` after noon, by `thread`.
#[derive(Default)]
struct Written(String);

impl Written {
    fn line(&mut self, thread: u64, at: u64, message: &str) -> &mut Written {
        self.0 += &format!("{} {thread} {message}\n", time(at));
        self
    }

    /// A line that went through a buffer until `written`.
    fn buffered(&mut self, thread: u64, written: u64, at: u64, message: &str) -> &mut Written {
        self.line(thread, written, &format!("(Original Log Time {}) {message}", time(at)))
    }

    fn report(&self) -> LogReport {
        let mut reader = LogReader::new(LogPaths::LeaveOut);
        reader.push(self.0.as_bytes());
        reader.report()
    }
}

fn time(at: u64) -> String {
    format!("2026/11/28-12:{:02}:{:02}.{:06}", at / 60_000_000, at / 1_000_000 % 60, at % 1_000_000)
}

const STOP: &str = "[WARN] [db/column_family.cc:987] [default] Stopping writes because we have 36 level-0 files";

/// A compaction from level 0 that begins, and one that ends 41 seconds later, with a stop in between.
fn stopped() -> Written {
    let mut log = Written::default();
    log.line(1, 0, "RocksDB version: 9.8.4")
        .line(1, 0, "                 Options.max_background_jobs: 2")
        .line(1, 1, "[db/version_set.cc:1] Recovering from manifest file: /srv/secret/MANIFEST-000004")
        .line(1, 2, "[db/column_family.cc:1] --------------- Options for column family [default]:")
        .line(1, 3, "       Options.write_buffer_size: 67108864")
        .line(5, 9, "[db/compaction/compaction_job.cc:1] [default] [JOB 7] Compacting 4@0 + 9@5 files to L5, score 1.0")
        .line(
            5,
            10,
            "EVENT_LOG_v1 {\"time_micros\": 1, \"job\": 7, \"event\": \"compaction_started\", \"compaction_reason\": \
             \"LevelL0FilesNum\", \"files_L0\": [1, 2], \"files_L5\": [3], \"score\": 1, \"input_data_size\": \
             9000000000}",
        )
        // The writer's thread says it, and another flush's thread repeats it.
        .line(9, 1_000_000, STOP)
        .line(6, 2_000_000, STOP)
        .buffered(6, 2_000_050, 2_000_010, "[db/db_impl.cc:1] [default] Level summary: files[36 0] max score 9.00")
        .buffered(
            5,
            42_000_090,
            42_000_000,
            "EVENT_LOG_v1 {\"time_micros\": 1, \"job\": 7, \"event\": \"compaction_finished\", \
             \"compaction_time_micros\": 41999990, \"output_level\": 5, \"total_output_size\": 8000000000, \
             \"num_input_records\": 100, \"num_output_records\": 90, \"lsm_state\": [32, 0, 0, 0, 0, 9]}",
        );
    log
}

#[test]
fn a_stop_lasts_until_a_version_on_which_nothing_was_said() {
    let mut log = stopped();
    let report = log.report();
    let [episode] = &report.stalls.episodes[..] else { panic!("{:?}", report.stalls) };
    assert_eq!((episode.stopped_micros, episode.delayed_micros, episode.peak), (41_000_000, 0, 36));
    assert!(!episode.is_open_ended);
    let beside = episode.beside.as_ref().unwrap();
    assert_eq!((beside.job, beside.read_bytes, beside.level, beside.is_unfinished), (7, 9_000_000_000, 5, false));
    assert_eq!(report.slots.busy_share_while_stalled, Some(1.0));
    let [finding] = &report.findings[..] else { panic!("{:?}", report.findings) };
    assert_eq!(finding.kind, LogFindingKind::TooFewJobs);
    assert!(finding.says.starts_with(
        "Writes were stopped for 41 s from 12:00:01 to 12:00:42: up to 36 tables on level 0, while a compaction of 8.4 \
         GB into level 5 held the only slot for 42 s."
    ));
    assert_eq!(finding.try_options[0].name, "max_background_jobs");
    // In each of the 41 seconds.
    assert_eq!(report.periods.iter().filter(|period| period.stopped_micros == 1_000_000).count(), 41);

    // The same thread says that it still holds: the stop goes on, and the log does not tell its end.
    log = Written(
        log.0.replace("12:00:42.000090 5 (Orig", "12:00:42.000080 5 [x.cc:1] x\n2026/11/28-12:00:42.000090 5 (Orig"),
    );
    let line = format!("{} 5 {STOP}\n", time(42_000_020));
    let at = log.0.rfind("2026/11/28-12:00:42.000080").unwrap();
    log.0.insert_str(at, &line);
    log.line(9, 50_000_000, "[db/db_impl.cc:1] something else");
    let report = log.report();
    let [episode] = &report.stalls.episodes[..] else { panic!() };
    assert_eq!((episode.stopped_micros, episode.is_open_ended), (49_000_000, true));
}

/// Two column families: the database is held up while one of them is.
#[test]
fn conditions_of_two_families_are_summed_once() {
    let mut log = Written::default();
    let says = |stops: &str, family: &str| {
        format!("[WARN] [x.cc:1] [{family}] {stops} writes because we have 3 level-0 files rate 5")
    };
    let goes_on = |family: &str| format!("[x.cc:1] [{family}] Level summary: files[1 0] max score 0.10");
    log.line(1, 0, &says("Stopping", "a"))
        .line(2, 2_000_000, &says("Stalling", "b"))
        .line(3, 4_000_000, &goes_on("b"))
        .line(4, 10_000_000, &goes_on("a"))
        .line(2, 12_000_000, &says("Stalling", "b"))
        .line(3, 15_000_000, &goes_on("b"));
    let report = log.report();
    assert_eq!((report.stalls.stopped_micros, report.stalls.delayed_micros), (10_000_000, 3_000_000));
    let of_family = |index: usize| (report.families[index].stopped_micros, report.families[index].delayed_micros);
    assert_eq!((of_family(0), of_family(1)), ((10_000_000, 0), (0, 5_000_000)));
    assert_eq!((report.stalls.episode_count, report.stalls.episodes[0].lowest_rate), (1, 5));
    // Level 0 of the one that was held up the longest.
    let longest = &report.stalls.episodes[0];
    assert_eq!((longest.cause, longest.family, longest.peak), (LogStallCause::Level0, 0, 3));
}

/// A database that is closed, and one whose process is gone when it is opened again.
#[test]
fn a_close_ends_a_stall_and_a_crash_leaves_its_end_open() {
    for (last, is_open_ended) in [("[db/db_impl/db_impl.cc:1] Shutdown complete", false), ("[x.cc:1] x", true)] {
        let mut log = Written::default();
        log.line(9, 1_000_000, STOP).line(9, 3_000_000, last);
        log.line(1, 9_000_000, "RocksDB version: 9.8.4");
        log.line(1, 9_000_001, "[db/version_set.cc:1] Recovering from manifest file: /srv/secret/MANIFEST-000004");
        let report = log.report();
        let [episode] = &report.stalls.episodes[..] else { panic!("{:?}", report.stalls) };
        // Not until the database was opened again.
        assert_eq!((episode.stopped_micros, episode.is_open_ended), (2_000_000, is_open_ended));
    }
}

#[test]
fn pieces_of_any_size_are_the_same_log() {
    let log = stopped();
    let whole = log.report();
    for size in [1, 7, 1000] {
        let mut reader = LogReader::new(LogPaths::LeaveOut);
        log.0.as_bytes().chunks(size).for_each(|piece| reader.push(piece));
        assert_eq!(reader.report(), whole, "in pieces of {size}");
    }
}

#[test]
fn damaged_foreign_and_endless_lines_are_counted_and_stop_nothing() {
    let mut reader = LogReader::new(LogPaths::LeaveOut);
    reader.push(&vec![b'x'; 3 << 20]);
    reader.push(b"\n\xff\xfe\nhello\n");
    let huge = "EVENT_LOG_v1 {\"job\": 18446744073709551615, \"event\": \"compaction_finished\", \"output_level\": \
                18446744073709551615, \"total_output_size\": 18446744073709551615, \"compaction_time_micros\": \
                18446744073709551615, \"num_input_records\": 18446744073709551615, \"lsm_state\": \
                [18446744073709551615, 18446744073709551615]}";
    for at in [0, 59_000_000] {
        for message in [huge, "[x.cc:1] [f] [JOB 18446744073709551615] Compacting 1@0 files to L1", huge] {
            reader.push(format!("{} 5 {message}\n", time(at)).as_bytes());
        }
    }
    reader.push(format!("9999/12/31-23:59:59.999999 5 {STOP}\n").as_bytes());
    let report = reader.report();
    assert_eq!((report.lines.read, report.lines.foreign, report.lines.cut), (10, 2, 1));
    assert!(report.periods.len() <= MAX_PERIODS && report.jobs.len() <= MAX_JOBS);
    // The last line's date is damaged: no time has passed.
    assert_eq!((report.span(), report.period_seconds), (59_000_000, 1));
    assert_eq!(report.periods.iter().map(|period| period.compactions).sum::<u64>(), 3);
    assert!(!report.sentences().is_empty());
}

#[test]
fn an_error_is_told_without_its_path() {
    let mut log = Written::default();
    log.line(
        5,
        3,
        "[ERROR] [x.cc:1] [JOB 3] Waiting after background flush error: IO error: No space left on device: \
                    While appending to file: /srv/secret/000012.sst: No space left on device",
    );
    let report = log.report();
    assert_eq!((report.error_count, report.findings[0].kind), (1, LogFindingKind::Errors));
    let json = serde_json::to_string(&report).unwrap();
    assert!(json.contains("…/000012.sst:") && !json.contains("secret"), "{json}");
    let mut reader = LogReader::new(LogPaths::Keep);
    reader.push(log.0.as_bytes());
    assert!(reader.report().errors[0].text.contains("/srv/secret/000012.sst"));
}

#[test]
fn options_that_change_are_told_with_their_time() {
    let mut log = stopped();
    log.line(1, 50_000_000, "[db/db_impl.cc:1] SetOptions() on column family [default], inputs:")
        .line(1, 50_000_001, "[db/db_impl.cc:1] write_buffer_size: 1000")
        .line(1, 50_000_002, "[db/db_impl.cc:1] [default] SetOptions() succeeded");
    // What failed, and what another thread says meanwhile, changes nothing.
    log.line(1, 51_000_000, "[db/db_impl.cc:1] SetOptions() on column family [default], inputs:")
        .line(2, 51_000_001, "[x.cc:1] write_buffer_size: 7")
        .line(1, 51_000_002, "[db/db_impl.cc:1] write_buffer_size: 2000")
        .line(1, 51_000_003, "[db/db_impl.cc:1] [default] SetOptions() failed");
    let report = log.report();
    let [change] = &report.changes[..] else { panic!("{:?}", report.changes) };
    assert_eq!((&*change.name, &*change.old, &*change.new), ("write_buffer_size", "67108864", "1000"));
    assert_eq!(change.family.as_deref(), Some("default"));
    // As releases from 11.0 on have it.
    log.line(1, 52_000_000, "[db/db_impl.cc:1] SetOptions() on [2] column families, inputs:")
        .line(1, 52_000_001, "[db/db_impl.cc:1] Set options on column family [a] (1/2), inputs:")
        .line(1, 52_000_002, "[db/db_impl.cc:1] ttl: 5")
        .line(1, 52_000_003, "[db/db_impl.cc:1] Set options on column family [default] (2/2), inputs:")
        .line(2, 52_000_004, "[x.cc:1] something else")
        .line(1, 52_000_005, "[db/db_impl.cc:1] write_buffer_size: 3000")
        .line(1, 52_000_006, "[x.cc:1] Set options on column family [a] (1/2) succeeded, updated CF options:")
        .line(1, 52_000_007, "[x.cc:1] Set options on column family [default] (2/2) succeeded, updated CF options:")
        .line(1, 52_000_008, "[x.cc:1] SetDBOptions(), inputs:")
        .line(1, 52_000_009, "[x.cc:1] max_background_jobs: 8")
        .line(1, 52_000_010, "[x.cc:1] SetDBOptions() succeeded");
    let report = log.report();
    let new: Vec<&str> = report.changes.iter().map(|change| change.new.as_str()).collect();
    assert_eq!((new, report.slots.compactions), (vec!["1000", "3000", "8"], Some(6)));
    assert_eq!(report.families[1].options["ttl"], "5");
}

/// What has just happened, in order, for a log that is still written.
#[test]
fn news_are_told_once() {
    let log = stopped();
    let mut reader = LogReader::new(LogPaths::LeaveOut);
    reader.push(log.0.as_bytes());
    let news: Vec<String> = reader.take_news().into_iter().map(|news| news.says).collect();
    let expected = [
        "the database is opened by RocksDB 9.8.4",
        "writes are stopped: 36 tables on level 0",
        "writes go on after a stop of 41 s",
    ];
    assert_eq!(news, expected);
    assert_eq!(reader.take_news(), []);
}

#[test]
fn a_length_of_time_has_two_digits_that_count() {
    let said = [0, 5_400, 340_000, 1_000_000, 41_000_000, 1_300_000_000, 9_000_000_000, 400_000_000_000].map(duration);
    assert_eq!(said, ["0.0 ms", "5.4 ms", "0.3 s", "1.0 s", "41 s", "22 min", "2.5 h", "4.6 d"]);
}
