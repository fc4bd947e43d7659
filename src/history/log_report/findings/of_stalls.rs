//! Stalls: whether compactions or flushes did not keep up, and why.

use super::{LogFinding, LogFindingKind, LogSuggestion, finding, of_leveldb, suggest};
use crate::{
    figure::label::size,
    history::log_report::{
        LogDatabase, LogFamily, LogJobKind, LogReport, LogStallCause, StallEpisode,
        sentences::{self, duration, worst_episode},
    },
    words::{places, say},
};

/// The share of the stalled time for which all slots have to be busy.
const BUSY: f64 = 0.8;

/// A stall is worth a finding from this length on: stopped, or limited, in microseconds.
const LONG_STOP: u64 = 500_000;
const LONG_DELAY: u64 = 5_000_000;

/// The worst stall: why compactions or flushes did not keep up.
pub(super) fn stalls(report: &LogReport) -> Option<LogFinding> {
    let worst = worst_episode(report)?;
    let stalls = &report.stalls;
    let span = report.span();
    let is_long = worst.stopped_micros >= LONG_STOP || worst.delayed_micros >= LONG_DELAY;
    if !is_long && stalls.stopped_micros.saturating_add(stalls.delayed_micros) < span / 100 {
        return None;
    }
    let mut says = vec![sentences::worst_stall(report, worst)];
    says.extend(sentences::worst_hour(report));
    says.extend(sentences::all_stalls(report));
    let family = report.families.get(worst.family);
    let (kind, cause, remedy, try_options) = match worst.cause {
        _ if report.database == LogDatabase::LevelDb => of_leveldb::stalled(report, worst, family),
        LogStallCause::Memtables | LogStallCause::Other => flushes_behind(report, family),
        LogStallCause::Level0 | LogStallCause::PendingBytes => compactions_behind(report, worst, family),
    };
    let (from, until, says) = (worst.from, worst.until, says.join(" "));
    Some(LogFinding { from, until, says, cause, remedy, try_options, ..finding(report, kind, family) })
}

type Explained = (LogFindingKind, String, String, Vec<LogSuggestion>);

/// Compactions did not keep up: because all slots were busy, or although some were free.
fn compactions_behind(report: &LogReport, worst: &StallEpisode, family: Option<&LogFamily>) -> Explained {
    let slots = worst.slots.unwrap_or(report.slots.max_running.max(1));
    let is_known = report.slots.busy_share_while_stalled.is_some();
    let busy = report.slots.busy_share_while_stalled.unwrap_or(1.0);
    let share = say!("{n} %", n = places(100.0 * busy, 0));
    let jobs = report.options.get("max_background_jobs");
    let mut tries = Vec::new();
    let from_level0 = worst.beside.as_ref().is_some_and(|job| job.from_level == Some(0));
    if from_level0 && report.options.get("max_subcompactions").is_none_or(|now| now == "1") {
        tries.push(suggest(report.options.get("max_subcompactions"), "max_subcompactions", 4));
    }
    if busy < BUSY {
        let cause = say!(
            "The likely cause: compactions waited for each other, since only one from level 0 runs at a time. All \
             slots for compactions were busy for {share} of that time only.",
            share
        );
        let remedy = say!(
            "Let compactions from level 0 be split (max_subcompactions), or be fewer and larger (write_buffer_size)."
        );
        if let Some(now) = family.and_then(|family| family.options.get("write_buffer_size")) {
            tries.push(suggest(Some(now), "write_buffer_size", now.parse::<u64>().unwrap_or(0).saturating_mul(2)));
        }
        return (LogFindingKind::CompactionsWait, cause, remedy, tries);
    }
    let mut cause = if !is_known {
        say!(
            "The likely cause: too few jobs, or no room to run them. How many compactions may run at once is not in \
             this log."
        )
    } else if slots == 1 {
        say!(
            "The likely cause: too few jobs. The only slot for compactions was busy for {share} of the time in which \
             writes were held up for them.",
            share
        )
    } else {
        say!(
            "The likely cause: too few jobs. All {slots} slots for compactions were busy for {share} of the time in \
             which writes were held up for them.",
            slots,
            share
        )
    };
    let speed = family.map(|family| (family.compacted_bytes, family.compaction_micros)).filter(|(_, time)| *time > 0);
    if let Some((bytes, micros)) = speed {
        let speed = size((bytes as f64 * 1e6 / micros as f64) as u64);
        cause += " ";
        cause += &say!("One compaction wrote {speed} a second on average.", speed);
    }
    let is_set = |name: &str| report.options.get(name).is_some_and(|value| value != "-1");
    if is_set("max_background_compactions") || is_set("max_background_flushes") {
        let name = "max_background_compactions";
        let more = slots.saturating_mul(2);
        tries.insert(0, suggest(report.options.get(name), name, more));
        let remedy = say!(
            "Raise max_background_compactions to {more}, if processors and device have room, which a log does not \
             tell: max_background_jobs does not count where it or max_background_flushes is set. If they have none, \
             compactions have to cost less: a cheaper compression, or larger write buffers.",
            more
        );
        return (LogFindingKind::TooFewJobs, cause, remedy, tries);
    }
    let more = jobs.and_then(|jobs| jobs.parse::<u64>().ok()).map_or(4, |jobs| jobs.saturating_mul(2).max(4));
    tries.insert(0, suggest(jobs, "max_background_jobs", more));
    let remedy = say!(
        "Raise max_background_jobs to {more}, if processors and device have room, which a log does not tell: one job \
         in four is for flushes, at least one. If they have none, compactions have to cost less: a cheaper \
         compression, or larger write buffers.",
        more
    );
    (LogFindingKind::TooFewJobs, cause, remedy, tries)
}

/// Flushes did not keep up.
fn flushes_behind(report: &LogReport, family: Option<&LogFamily>) -> Explained {
    let option = |name: &str| family.and_then(|family| family.options.get(name));
    let buffers = option("max_write_buffer_number");
    let more = buffers.and_then(|n| n.parse::<u64>().ok()).map_or(4, |n| n.saturating_mul(2).max(4));
    let flushes = report.jobs.iter().filter(|job| job.kind == LogJobKind::Flush);
    let times: Vec<u64> = flushes.map(|job| job.until.saturating_sub(job.from)).collect();
    let mean = times.iter().copied().fold(0, u64::saturating_add) / times.len().max(1) as u64;
    let cause = say!(
        "The likely cause: memtables were full faster than they were flushed. A flush took {time} on average.",
        time = duration(mean)
    );
    let remedy = say!(
        "More memtables (max_write_buffer_number, {more} to begin with) absorb a burst. They do not help a writer that \
         is always faster than the device; each takes memory of write_buffer_size.",
        more
    );
    (LogFindingKind::FlushesBehind, cause, remedy, vec![suggest(buffers, "max_write_buffer_number", more)])
}
