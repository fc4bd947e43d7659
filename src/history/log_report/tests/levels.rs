//! How many tables each level has: as the log says it, and as moves and drops change it.

use super::*;

/// What a film of the levels shows: in periods without a line as before, with tables that are older than the log.
#[test]
fn each_period_ends_with_the_tables_of_all_families() {
    let mut log = stopped();
    let flushed = |family: &str, job: u64, levels: &str| {
        let event = "EVENT_LOG_v1 {\"time_micros\": 1, \"event\": \"flush_finished\"";
        format!("{event}, \"cf_name\": \"{family}\", \"job\": {job}, \"lsm_state\": {levels}}}")
    };
    log.line(6, 50_000_000, &flushed("default", 8, "[33, 0, 0, 0, 0, 9]"))
        .line(6, 52_000_000, &flushed("b", 9, "[2, 1]"))
        .line(6, 54_000_000, "[x.cc:1] something else");
    let report = log.report();
    let tables = |second: u64| {
        let period = report.periods.iter().find(|period| period.from % 60_000_000 == second * 1_000_000).unwrap();
        period.level_tables.as_slice()
    };
    assert_eq!((tables(41), tables(42)), (&[36, 0][..], &[32, 0, 0, 0, 0, 9][..]));
    assert_eq!((tables(49), tables(51)), (&[32, 0, 0, 0, 0, 9][..], &[33, 0, 0, 0, 0, 9][..]));
    assert_eq!(tables(52), [35, 1, 0, 0, 0, 9]);
    assert_eq!(report.at_most_periods(1)[0].level_tables, [35, 1, 0, 0, 0, 9]);
}

/// How a database drowns in deletions: those that come, those that are there, and entries that compactions drop.
#[test]
fn each_period_tells_of_deletions_as_tables_and_compactions_do() {
    let created = |job: u64, table: u64, entries: u64, deletions: u64| {
        format!(
            "EVENT_LOG_v1 {{\"event\": \"table_file_creation\", \"cf_name\": \"default\", \"job\": {job}, \
             \"file_number\": {table}, \"file_size\": 9, \"table_properties\": {{\"num_entries\": {entries}, \
             \"num_deletions\": {deletions}}}}}"
        )
    };
    let event = |job: u64, name: &str, rest: &str| {
        format!("EVENT_LOG_v1 {{\"event\": \"{name}\", \"cf_name\": \"default\", \"job\": {job}, {rest}}}")
    };
    let mut log = Written::default();
    log.line(1, 0, &created(1, 11, 100, 30))
        .line(1, 1, &event(1, "flush_finished", "\"lsm_state\": [1]"))
        .line(1, 2_000_000, &created(2, 12, 50, 50))
        .line(1, 2_000_001, &event(2, "flush_finished", "\"lsm_state\": [2]"))
        .line(1, 4_000_000, &event(3, "compaction_started", "\"files_L0\": [11, 12], \"input_data_size\": 18"))
        .line(1, 5_000_000, &created(3, 13, 90, 20))
        .line(
            1,
            5_000_001,
            &event(
                3,
                "compaction_finished",
                "\"output_level\": 1, \"num_input_records\": 150, \"num_output_records\": 90, \"lsm_state\": [0, 1]",
            ),
        );
    let report = log.report();
    let told: Vec<_> = report
        .periods
        .iter()
        .map(|period| (period.entries, period.deletions, period.flushed_deletions, period.dropped_entries))
        .collect();
    let until_merged = (150, 80, 0, 0);
    let before = [(100, 30, 30, 0), (100, 30, 0, 0), (150, 80, 50, 0), until_merged, until_merged];
    assert_eq!((&told[..5], told[5]), (&before[..], (90, 20, 0, 60)));
    let all = &report.at_most_periods(1)[0];
    assert_eq!((all.entries, all.deletions, all.flushed_deletions, all.dropped_entries), (90, 20, 80, 60));
    // The end of the log cuts the last second after a microsecond; the compaction ended in it.
    assert_eq!(report.over_time().deletions, [0.0, 30.0, 30.0, 80.0, 80.0, 80.0, 20.0]);
    assert_eq!(report.over_time().flushed_deletions[..3], [30.0, 0.0, 50.0]);
}

/// Tables of level 0 that are moved, and not merged, are not on level 0 any more: for the median, and at the end.
#[test]
fn moves_and_drops_change_the_counts_at_once() {
    let mut log = Written::default();
    let flushed = "EVENT_LOG_v1 {\"time_micros\": 1, \"event\": \"flush_finished\", \"cf_name\": \"default\", \
                   \"job\": 8, \"lsm_state\": [12, 0, 3]}";
    let moved = "EVENT_LOG_v1 {\"time_micros\": 1, \"job\": 9, \"event\": \"trivial_move\", \
                 \"destination_level\": 2, \"files\": 10, \"total_files_size\": 1173}";
    log.line(1, 0, flushed)
        .line(2, 1_000_000, "[x.cc:1] [default] Moving #57 to level-2 1173 bytes")
        .line(2, 1_000_001, moved)
        .line(
            2,
            1_000_002,
            "[x.cc:1] [default] Moved #10 files to level-2 1173 bytes OK: base level 2 level multiplier 5.00 max bytes \
             base 524288 files[2 0 13] max score 8.78",
        )
        // Said before, and written later.
        .buffered(1, 1_000_003, 500_000, "[x.cc:1] [default] Level summary: files[12 0 3] max score 9.00")
        .line(3, 9_000_000, "[x.cc:1] something else");
    let tables =
        |report: &LogReport| -> Vec<u64> { report.families[0].levels.iter().map(|level| level.tables).collect() };
    let report = log.report();
    let family = &report.families[0];
    assert_eq!((tables(&report), family.level0_median, family.level0_max), (vec![2, 0, 13], 2, 12));
    assert_eq!(report.periods.last().unwrap().level_tables, [2, 0, 13]);
    // A table of which the log tells is moved before anything is said of the levels.
    let created = "EVENT_LOG_v1 {\"job\": 10, \"event\": \"table_file_creation\", \"cf_name\": \"default\", \
                   \"file_number\": 70, \"file_size\": 9}";
    let flushed = "EVENT_LOG_v1 {\"event\": \"flush_finished\", \"cf_name\": \"default\", \"job\": 10, \
                   \"lsm_state\": [3, 0, 13]}";
    log.line(1, 10_000_000, created)
        .line(1, 10_000_001, flushed)
        .line(2, 11_000_000, "[x.cc:1] [default] Moving #70 to level-1 9 bytes")
        .line(2, 11_000_001, &moved.replace("\"destination_level\": 2", "\"destination_level\": 1"));
    assert_eq!(tables(&log.report()), [2, 1, 13]);
    log.line(2, 12_000_000, "[x.cc:1] [default] Deleted 2 files");
    assert_eq!(tables(&log.report()), [0, 1, 13]);
}

/// Families that are counted and ones of which only tables are known, in any order: at the end of each log, its last
/// period has the tables and bytes that all families together have.
#[test]
fn the_last_period_has_what_all_families_have() {
    let mut log = Written::default();
    let mut random = crate::random::Random::new(7);
    for step in 0..400 {
        let (family, at) = (random.below(12), step * 100_000);
        let event = |name: &str, rest: String| {
            format!("EVENT_LOG_v1 {{\"event\": \"{name}\", \"cf_name\": \"f{family}\", \"job\": {step}, {rest}}}")
        };
        let created = event("table_file_creation", format!("\"file_number\": {step}, \"file_size\": {}", step + 1));
        match random.below(4) {
            0 => log.line(1, at, &created).line(1, at + 1, &event("flush_finished", "\"lsm_state\": []".into())),
            1 => {
                let counts = (0..7).map(|_| random.below(9).to_string()).collect::<Vec<_>>();
                let counts = format!("\"lsm_state\": [{}]", counts.join(", "));
                log.line(1, at, &created).line(1, at + 1, &event("flush_finished", counts))
            }
            2 => log
                .line(
                    1,
                    at,
                    &format!(
                        "[x.cc:1] [f{family}] Moving #{} to level-{} 9 bytes",
                        random.below(step + 1),
                        1 + step % 6
                    ),
                )
                .line(1, at + 1, &event("trivial_move", format!("\"destination_level\": {}", 1 + step % 6))),
            _ => log
                .line(1, at, &event("table_file_deletion", format!("\"file_number\": {}", random.below(step + 1))))
                .line(1, at + 1, &event("flush_finished", "\"lsm_state\": []".into())),
        };
        if step % 10 > 0 {
            continue;
        }
        let report = log.report();
        let last = report.periods.last().unwrap();
        let mut tables = vec![0; last.level_tables.len()];
        for level in report.families.iter().flat_map(|family| &family.levels) {
            if let Some(tables) = tables.get_mut(level.level) {
                *tables += level.tables;
            } else {
                assert_eq!(level.tables, 0);
            }
        }
        assert_eq!(last.level_tables, tables, "after step {step}");
        let most = report.families.iter().filter_map(|family| family.levels.first()).map(|level| level.tables);
        assert!(last.level0_last <= most.max().unwrap_or(0));
        assert!(last.level_bytes.iter().sum::<u64>() <= (0..=step + 1).sum());
    }
}
