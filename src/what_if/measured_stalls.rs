//! How long the writers of a real database waited, by its LOG.
//!
//! In: the report of the LOG. Out: seconds of stops, and of delays: what RocksDB counted, without the stops. None where
//! that count is missing or is not of this family alone: no dump of statistics, several sessions or column families.

use super::StalledSeconds;
use crate::history::log_report::LogReport;

/// The stalls that a LOG tells, up to its last dump of statistics; none where it does not count those of one family.
pub fn measured_stalls(report: &LogReport) -> Option<StalledSeconds> {
    let families = report.families.iter().filter(|family| family.flushes > 0).count();
    if families > 1 || report.session_count > 1 {
        return None;
    }
    let seconds = |micros: u64| micros as f64 / 1e6;
    let (counted, stopped) = (seconds(report.stalls.counted_micros?), seconds(report.stalls.stopped_micros));
    Some(StalledSeconds { stopped: stopped.min(counted), delayed: (counted - stopped).max(0.0) })
}
