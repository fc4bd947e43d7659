//! Jobs that began before the log, and more than a report keeps.

use super::*;

/// A log that begins within a flush: it is a flush, and holds no slot for compactions.
#[test]
fn a_flush_whose_beginning_is_cut_off_is_one() {
    let mut log = Written::default();
    log.line(1, 0, "Options.max_background_jobs: 2")
        .line(
            5,
            1_000_000,
            "EVENT_LOG_v1 {\"job\": 7, \"event\": \"table_file_creation\", \"cf_name\": \"default\", \
             \"file_number\": 9, \"file_size\": 50}",
        )
        .line(
            5,
            3_000_000,
            "EVENT_LOG_v1 {\"job\": 7, \"event\": \"flush_finished\", \"cf_name\": \"default\", \
             \"lsm_state\": [1]}",
        )
        .line(
            5,
            4_000_000,
            "EVENT_LOG_v1 {\"job\": 8, \"event\": \"table_file_creation\", \"cf_name\": \"default\", \
             \"file_number\": 10, \"file_size\": 50}",
        );
    let report = log.report();
    let kinds: Vec<_> = report.jobs.iter().map(|job| (job.job, job.kind, job.bytes)).collect();
    assert_eq!((kinds, report.job_count), (vec![(7, LogJobKind::Flush, 50)], 1));
    assert_eq!((report.slots.max_running, report.slots.busy_share), (0, Some(0.0)));
}

/// A family that was dropped while it was stopped: what others say after it is summed, in order, and nothing is lost.
#[test]
fn a_stall_that_never_ends_does_not_keep_all_others() {
    const STOPS: u64 = 20_000;
    let mut log = Written::default();
    log.line(9, 0, &STOP.replace("[default]", "[dropped]").replace("Stopping", "Stalling"));
    for stop in 0..STOPS {
        log.line(6, 1_000 + stop * 1_000, STOP);
        log.line(6, 1_000 + stop * 1_000 + 1, "[x.cc:1] something else");
        log.line(7, 1_000 + stop * 1_000 + 400, "[x.cc:1] [default] Level summary: files[1 0] max score 0.10");
    }
    let report = log.report();
    assert_eq!(report.stalls.stopped_micros, STOPS * 400);
    assert_eq!(report.stalls.stopped_micros + report.stalls.delayed_micros, report.span());
    assert_eq!((report.stalls.episode_count, report.stalls.episodes.len()), (1, 1));
}

/// Closed, of the hundredth and of one that is not listed.
#[test]
fn sessions_that_are_not_listed_change_none_that_are() {
    let mut log = Written::default();
    for session in 0..MAX_LISTED as u64 + 5 {
        log.line(1, session * 10, "[x.cc:1] Recovering from manifest file: MANIFEST-000004");
        if session != MAX_LISTED as u64 - 1 {
            log.line(1, session * 10 + 1, "[x.cc:1] Shutdown complete");
        }
    }
    let report = log.report();
    assert_eq!((report.session_count, report.sessions.len()), (MAX_LISTED as u64 + 5, MAX_LISTED));
    assert!(report.sessions[0].is_closed && !report.sessions[MAX_LISTED - 1].is_closed);
}

/// With max_background_compactions, max_background_jobs does not count: to raise it would change nothing.
#[test]
fn the_option_that_counts_is_the_one_that_is_named() {
    let mut log = stopped();
    let options = "Options.max_background_compactions: 1";
    log.0 = log.0.replace("Options.max_background_jobs: 2", options);
    let report = log.report();
    assert_eq!((report.findings[0].kind, report.slots.compactions), (LogFindingKind::TooFewJobs, Some(1)));
    let tries: Vec<(&str, &str)> =
        report.findings[0].try_options.iter().map(|tried| (tried.name.as_str(), tried.to.as_str())).collect();
    assert_eq!(tries[0], ("max_background_compactions", "2"));
}
