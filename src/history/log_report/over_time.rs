//! A log over time, as columns: what charts draw, and what a tree at a moment had.
//!
//! In: the periods of a report. Out: [`LogOverTime`]: each column has a number for each period, and one for the end of
//! the log. What happened in a period holds from its beginning to that of the next. What was there is that of its
//! beginning, the end of the one before: nothing is shown before it was.

use super::{LogPeriod, LogReport};

/// A log over time: columns of one length, a number for each of [`LogReport::periods`] and one for the end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct LogOverTime {
    /// When it begins, in seconds from the beginning of the log, at least 0.
    pub at: Vec<f64>,
    /// The share of the period in which writes were stopped, from 0 to 1.
    pub stopped: Vec<f64>,
    /// The share of the period in which writes were limited and not stopped, from 0 to 1.
    pub limited: Vec<f64>,
    /// The most tables on level 0 of any column family.
    pub level0: Vec<f64>,
    /// MB (10⁶ bytes) a second that flushes which ended in it had written.
    pub flushed: Vec<f64>,
    /// MB (10⁶ bytes) a second that compactions which ended in it had written.
    pub compacted: Vec<f64>,
    /// (flushed + compacted) / flushed from the beginning of the log to the end of the period, as RocksDB counts write
    /// amplification; NaN before a flush.
    pub write_amplification: Vec<f64>,
    /// The most bytes that were estimated to be compacted, of any column family.
    pub pending: Vec<f64>,
    /// Sorted runs that a read may have to look into, at the beginning of the period: the tables on level 0, and one
    /// for each other level that has tables. Of several column families, those on level 0 are of all.
    pub runs: Vec<f64>,
    /// Bytes of all tables by those of the deepest level that has any, at the beginning of the period: an estimate of
    /// space amplification, as RocksDB's universal compaction makes it; NaN where nothing is known.
    pub space_amplification: Vec<f64>,
    /// Entries of the tables of which the log tells, at the beginning of the period.
    pub entries: Vec<f64>,
    /// Deletions among them.
    pub deletions: Vec<f64>,
    /// Deletions a second in the tables that flushes wrote which ended in it.
    pub flushed_deletions: Vec<f64>,
    /// Entries a second that compactions which ended in it had read and not written again.
    pub dropped_entries: Vec<f64>,
    /// Tables on each level at the beginning of the period.
    pub tables: Vec<Vec<f64>>,
    /// Bytes on each level at the beginning of the period, of the tables of which the log tells.
    pub bytes: Vec<Vec<f64>>,
}

impl LogReport {
    /// Everything over time.
    pub fn over_time(&self) -> LogOverTime {
        let length = self.period_seconds.max(1) as f64;
        // A log's first and last period are cut by it.
        let seconds = |period: &LogPeriod| {
            let (from, until) = (period.from as f64 / 1e6, period.from as f64 / 1e6 + length);
            (until.min(self.until as f64 / 1e6) - from.max(self.from as f64 / 1e6)).max(1e-6)
        };
        let share = |micros: u64, period: &LogPeriod| (micros as f64 / 1e6 / seconds(period)).min(1.0);
        let rate = |n: u64, period: &LogPeriod| n as f64 / seconds(period);
        let megabytes = |bytes: u64, period: &LogPeriod| rate(bytes, period) / 1e6;
        let levels = self.periods.iter().map(|period| period.level_tables.len().max(period.level_bytes.len()));
        let levels = levels.max().unwrap_or(0);
        let at_level = |of: fn(&LogPeriod) -> &[u64]| -> Vec<Vec<f64>> {
            (0..levels)
                .map(|level| self.there(0.0, |period| of(period).get(level).map_or(0.0, |n| *n as f64)))
                .collect()
        };
        let end = self.span() as f64 / 1e6;
        let begins = self.periods.iter().map(|period| period.from.saturating_sub(self.from) as f64 / 1e6);
        LogOverTime {
            at: begins.map(|at| at.min(end)).chain([end]).collect(),
            stopped: self.happened(|period| share(period.stopped_micros, period)),
            limited: self.happened(|period| share(period.stalled_micros.saturating_sub(period.stopped_micros), period)),
            level0: self.happened(|period| period.level0_max as f64),
            flushed: self.happened(|period| megabytes(period.flushed_bytes, period)),
            compacted: self.happened(|period| megabytes(period.compacted_bytes, period)),
            write_amplification: self.write_amplification(),
            pending: self.happened(|period| period.pending_max as f64),
            runs: self.there(0.0, runs),
            space_amplification: self.there(f64::NAN, space_amplification),
            entries: self.there(0.0, |period| period.entries as f64),
            deletions: self.there(0.0, |period| period.deletions as f64),
            flushed_deletions: self.happened(|period| rate(period.flushed_deletions, period)),
            dropped_entries: self.happened(|period| rate(period.dropped_entries, period)),
            tables: at_level(|period| &period.level_tables),
            bytes: at_level(|period| &period.level_bytes),
        }
    }

    /// What happened in each period; the last one holds to the end.
    fn happened(&self, of: impl FnMut(&LogPeriod) -> f64) -> Vec<f64> {
        let mut column: Vec<f64> = self.periods.iter().map(of).collect();
        column.extend(column.last().copied());
        column
    }

    /// What was there at the beginning of each period, and at the end of the log.
    fn there(&self, first: f64, of: impl FnMut(&LogPeriod) -> f64) -> Vec<f64> {
        std::iter::once(first).chain(self.periods.iter().map(of)).collect()
    }

    fn write_amplification(&self) -> Vec<f64> {
        let (mut flushed, mut compacted) = (0.0, 0.0);
        self.happened(|period| {
            flushed += period.flushed_bytes as f64;
            compacted += period.compacted_bytes as f64;
            if flushed > 0.0 { (flushed + compacted) / flushed } else { f64::NAN }
        })
    }
}

fn runs(period: &LogPeriod) -> f64 {
    let level0 = period.level_tables.first().copied().unwrap_or(0);
    let deeper = period.level_tables.iter().skip(1).filter(|tables| **tables > 0).count();
    level0 as f64 + deeper as f64
}

fn space_amplification(period: &LogPeriod) -> f64 {
    let deepest = period.level_bytes.iter().rev().find(|bytes| **bytes > 0);
    deepest
        .map_or(f64::NAN, |deepest| period.level_bytes.iter().map(|bytes| *bytes as f64).sum::<f64>() / *deepest as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_a_number_for_each_period_and_agree_with_the_sums() {
        let period = |from: u64, flushed: u64, compacted: u64| LogPeriod {
            from: from * 1_000_000,
            flushed_bytes: flushed * 1_000_000,
            compacted_bytes: compacted * 1_000_000,
            stopped_micros: 250_000,
            stalled_micros: 500_000,
            level_tables: vec![3, 0, 2],
            level_bytes: vec![30, 0, 100],
            ..LogPeriod::default()
        };
        let report = LogReport {
            from: 10_400_000,
            until: 12_000_000,
            period_seconds: 1,
            periods: vec![LogPeriod { from: 10_000_000, ..LogPeriod::default() }, period(11, 4, 8)],
            ..LogReport::default()
        };
        let over_time = report.over_time();
        // The first period began before the log, and the second one is cut at its end, after a second.
        assert_eq!(over_time.at, [0.0, 0.6, 1.6]);
        assert_eq!((over_time.stopped[1], over_time.limited[1]), (0.25, 0.25));
        assert_eq!((over_time.flushed[1], over_time.compacted[1], over_time.flushed[2]), (4.0, 8.0, 4.0));
        assert!(over_time.write_amplification[0].is_nan());
        assert_eq!(over_time.write_amplification[1..], [3.0, 3.0]);
        // What the second one ended with was not there before its end.
        assert_eq!(over_time.runs, [0.0, 0.0, 4.0]);
        assert!(over_time.space_amplification[1].is_nan());
        assert_eq!(over_time.space_amplification[2], 1.3);
        assert_eq!(over_time.tables, [[0.0, 0.0, 3.0], [0.0, 0.0, 0.0], [0.0, 0.0, 2.0]]);
    }
}
