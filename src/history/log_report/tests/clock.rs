//! Logs whose time goes back, or is damaged.

use super::*;

/// Summer time ends while a compaction runs and writes are stopped: neither takes an hour, or none, or is without end.
#[test]
fn jobs_and_stalls_last_as_long_where_the_clock_is_set_back() {
    let (before, after) = ("2026/11/28-12:00:", "2026/11/28-11:00:");
    let mut log = stopped();
    for second in 2..60 {
        log.0 = log.0.replace(&format!("{before}{second:02}"), &format!("{after}{second:02}"));
    }
    log.0 += "2026/11/28-11:00:50.000000 9 [x.cc:1] something else\n";
    assert!(log.0.contains(&format!("{before}01")) && log.0.contains(&format!("{after}42")));
    let report = log.report();
    // The line at which it goes back is of the moment before it: a second is lost.
    assert_eq!((report.span(), report.stalls.stopped_micros), (49_000_000, 40_000_000));
    let compaction = report.jobs.iter().find(|job| job.kind == LogJobKind::Compaction).unwrap();
    assert_eq!(compaction.until - compaction.from, 40_999_990);
    let stopped: u64 = report.periods.iter().map(|period| period.stopped_micros).sum();
    assert_eq!(stopped, report.stalls.stopped_micros);
}
