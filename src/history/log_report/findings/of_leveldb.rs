//! What went wrong in a LevelDB: the same as in a RocksDB, but with the options that LevelDB has. The limits of level 0
//! (4, 8 and 12 tables), the sizes of levels and the number of threads are constants there (`db/dbformat.h`).

use super::{LogFinding, LogFindingKind, LogReport, LogSuggestion, errors, of_stalls, suggest, write_amplification};
use crate::{
    figure::label::size,
    history::log_report::{LogFamily, LogJobKind, LogStallCause, StallEpisode, sentences::duration},
    words::{places, say},
};

/// LevelDB's default `write_buffer_size`, and the largest that is suggested.
const DEFAULT_BUFFER: u64 = 4 << 20;
const MAX_BUFFER: u64 = 256 << 20;

/// What went wrong, the worst first.
pub(super) fn findings(report: &LogReport) -> Vec<LogFinding> {
    let of_errors = errors(report).map(|found| LogFinding {
        remedy: say!(
            "Mend that first: after an error in the background, LevelDB refuses every write until it is opened again."
        ),
        ..found
    });
    let of_amplification = report.families.iter().filter_map(|family| {
        let remedy = say!(
            "Larger write buffers (write_buffer_size) make it less: fewer compactions of level 0 rewrite level 1. The \
             sizes of the levels are constants in LevelDB."
        );
        Some(LogFinding { remedy, try_options: vec![larger_buffer(family)], ..write_amplification(report, family)? })
    });
    of_errors.into_iter().chain(of_stalls::stalls(report)).chain(of_amplification).collect()
}

/// Why writes were stopped, and what would change it.
pub(super) fn stalled(
    report: &LogReport,
    worst: &StallEpisode,
    family: Option<&LogFamily>,
) -> (LogFindingKind, String, String, Vec<LogSuggestion>) {
    let buffer: Vec<LogSuggestion> = family.map(larger_buffer).into_iter().collect();
    let to = size(buffer.first().and_then(|buffer| buffer.to.parse().ok()).unwrap_or(DEFAULT_BUFFER));
    let flushed = size(family.map_or(0, mean_flush));
    if worst.cause == LogStallCause::Memtables {
        let flushes = report.jobs.iter().filter(|job| job.kind == LogJobKind::Flush);
        let times: Vec<u64> = flushes.map(|job| job.until.saturating_sub(job.from)).collect();
        let mean = times.iter().copied().fold(0, u64::saturating_add) / times.len().max(1) as u64;
        let cause = say!(
            "The likely cause: memtables were full faster than they were flushed, and LevelDB has two. A flush wrote \
             {flushed} and took {time} on average; each waits for the device to keep what it wrote.",
            flushed,
            time = duration(mean)
        );
        let remedy = say!(
            "Set a larger write_buffer_size ({to} to begin with): flushes are fewer. It does not help a writer that is \
             always faster than the device.",
            to
        );
        return (LogFindingKind::FlushesBehind, cause, remedy, buffer);
    }
    let mut cause = say!(
        "The likely cause: LevelDB has one thread for flushes and compactions, and it could not follow. It compacted \
         for {share} of the time in which writes were stopped for it.",
        share = say!("{n} %", n = places(100.0 * report.slots.busy_share_while_stalled.unwrap_or(1.0), 0))
    );
    let speed = family.map(|family| (family.compacted_bytes, family.compaction_micros)).filter(|(_, time)| *time > 0);
    if let Some((bytes, micros)) = speed {
        cause += " ";
        cause += &say!(
            "One compaction wrote {speed} a second on average.",
            speed = size((bytes as f64 * 1e6 / micros as f64) as u64)
        );
    }
    let remedy = say!(
        "Set a larger write_buffer_size ({to} to begin with; a flush wrote {flushed} on average): level 0 gets fewer \
         and larger tables, and level 1 is rewritten less often. The limits of level 0, 4, 8 and 12 tables, and the \
         number of threads are constants in LevelDB.",
        to,
        flushed
    );
    (LogFindingKind::OneThread, cause, remedy, buffer)
}

fn mean_flush(family: &LogFamily) -> u64 {
    family.flushed_bytes / family.flushes.max(1)
}

/// Four times what a flush writes, or LevelDB's default. What is set now is not in the log.
fn larger_buffer(family: &LogFamily) -> LogSuggestion {
    let to = mean_flush(family).min(MAX_BUFFER).saturating_mul(4).next_power_of_two().clamp(DEFAULT_BUFFER, MAX_BUFFER);
    suggest(None, "write_buffer_size", to)
}
