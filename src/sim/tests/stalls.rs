//! Writes that are slowed down, stopped, or stand still, and what the summary says of it.

use super::*;
use crate::policy::styles;

#[test]
fn memory_and_sealed_memtables_stop_writes() {
    let slow = Options { device: DeviceChoice::Custom, device_write_mb_per_s: 20.0, ..options() };
    let reasons = |options: &Options| -> Vec<&'static str> {
        run(options, &spec(100.0, 300.0))
            .summary()
            .stalls
            .iter()
            .filter(|row| row.is_stop)
            .map(|row| row.option)
            .collect()
    };
    assert!(reasons(&slow).contains(&"max_write_buffer_number"));
    let small = Options { db_write_buffer_size: 100 * MB, max_write_buffer_number: 8, ..slow };
    assert!(reasons(&small).contains(&"db_write_buffer_size"));
}

#[test]
fn writes_that_wait_for_every_job_are_slower() {
    let inline = Options { job_mode: crate::options::JobMode::Inline, ..device_500() };
    let (sync, background) =
        (run(&inline, &spec(20.0, 600.0)).summary(), run(&device_500(), &spec(20.0, 600.0)).summary());
    assert!(sync.counters.user_bytes < background.counters.user_bytes);
    assert!(sync.to_string().contains("job_mode"));
}

#[test]
fn triggers_below_the_one_of_compactions_are_raised_and_the_summary_says_so() {
    let options = Options {
        level0_file_num_compaction_trigger: 10,
        level0_slowdown_writes_trigger: 2,
        level0_stop_writes_trigger: 6,
        ..options()
    };
    let summary = run(&options, &spec(20.0, 600.0)).summary();
    assert!((summary.seconds, summary.standstill) == (600.0, None) && summary.waited_seconds < 6.0, "{summary}");
    assert!(summary.to_string().contains("level0_stop_writes_trigger = 6 counts as 10"), "{summary}");
}

#[test]
fn fifo_stops_no_write_however_many_tables_level_0_has() {
    let options = Options { compaction_style: CompactionStyle::Fifo, fifo_max_table_files_size: 1 << 40, ..options() };
    let simulation = run(&options, &spec(20.0, 600.0));
    assert!(simulation.version().levels[0].len() > 150);
    assert_eq!(simulation.summary().waited_seconds, 0.0);
}

#[test]
fn a_run_that_stands_still_ends_there_and_says_so() {
    let options = Options {
        compaction_style: CompactionStyle::Universal,
        universal_max_read_amp: 100,
        universal_min_merge_width: 60,
        ..options()
    };
    let simulation = run(&options, &spec(20.0, 3600.0));
    let summary = simulation.summary();
    assert!(summary.seconds < 600.0 && simulation.progress().done, "{summary}");
    assert!(summary.standstill.is_some_and(|why| why.option == "level0_stop_writes_trigger"), "{summary}");
    let text = summary.to_string();
    assert!(text.contains("writes stop for good") && !text.contains("can sustain"), "{text}");
    assert_eq!(summary.sustainable_mb_per_s, None);
}

#[test]
fn a_run_that_hardly_writes_says_nothing_of_what_the_device_sustains() {
    let threads = Options { table_build_mb_per_s: 0.1, ..options() };
    let limiter = Options { rate_limiter_bytes_per_sec: 50_000, ..options() };
    let inline = Options { job_mode: crate::options::JobMode::Inline, ..threads.clone() };
    for options in [threads, limiter, inline] {
        let summary = run(&options, &spec(20.0, 3600.0)).summary();
        assert!(summary.counters.flushes > 0 && summary.waited_seconds > 3300.0, "{summary}");
        assert_eq!(summary.sustainable_mb_per_s, None, "{summary}");
        let text = summary.to_string();
        assert!(!text.contains("can sustain") && text.contains("does not show"), "{text}");
    }
    // Before the first flush, nobody knows what a byte costs.
    let summary = run(&options(), &spec(20.0, 1.0)).summary();
    assert_eq!((summary.counters.flushes, summary.sustainable_mb_per_s), (0, None));
}

#[test]
fn no_run_waits_in_silence() {
    for (compaction_style, _) in styles() {
        for (trigger, slowdown, stop) in [(1, 1, 1), (4, 1, 1), (1000, 1, 1), (1, 100_000, 100_000), (50, 2, 40)] {
            let mut options = Options {
                compaction_style,
                write_buffer_size: 16 * MB,
                size_tiered_min_threshold: 50,
                size_tiered_max_threshold: 60,
                ..options()
            };
            options.level0_file_num_compaction_trigger = trigger;
            (options.level0_slowdown_writes_trigger, options.level0_stop_writes_trigger) = (slowdown, stop);
            let simulation = run(&options, &spec(20.0, 300.0));
            let stopped = simulation.runtime().condition().is_stopped() && simulation.runtime().jobs().is_empty();
            let what = format!("{compaction_style:?} {trigger} {slowdown} {stop}");
            assert_eq!(stopped, simulation.summary().standstill.is_some(), "{what}");
            assert!(stopped || simulation.progress().at == 300 * SECOND, "{what}");
        }
    }
}

#[test]
fn memory_that_is_used_up_does_not_stop_writes_for_ever() {
    let options = Options {
        db_write_buffer_size: 80 * MB,
        min_write_buffer_number_to_merge: 3,
        max_write_buffer_number: 6,
        soft_limit_percent: 60,
        ..options()
    };
    let summary = run(&options, &spec(20.0, 60.0)).summary();
    assert_eq!((summary.seconds, summary.standstill), (60.0, None), "{summary}");
}
