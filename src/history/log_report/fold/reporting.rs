//! The report of what was read.

use super::*;
use crate::history::log_report::{LogDatabase, LogLevel, LogReport, findings};

impl Fold {
    /// What happened up to here.
    pub fn report(&self) -> LogReport {
        match self.settled_leveldb() {
            Some(mut settled) => {
                let periods = std::mem::take(&mut settled.periods);
                settled.report_with(periods)
            }
            None => self.report_with(self.periods.clone()),
        }
    }

    /// The same with the periods so far: they are the most of it.
    fn report_with(&self, mut periods: Periods) -> LogReport {
        let (mut stalls, of_families) = self.stalls.listed(self.now, &self.jobs, &mut periods);
        if let Some((waited, until)) = self.dump.waited() {
            (stalls.counted_micros, stalls.counted_until) = (Some(waited), until);
        }
        let (jobs, job_count) = self.jobs.listed(self.now);
        let from = self.from.unwrap_or(0);
        let worst = periods.worst(self.now.saturating_sub(from));
        let (listed, period_seconds) = periods.into_listed();
        let family = |(index, fold): (usize, &FamilyFold)| {
            let (stopped, delayed) = of_families.get(&index).copied().unwrap_or_default();
            let report = fold.report.clone();
            let mut fold = fold.clone();
            fold.pass(self.now);
            LogFamily {
                options: self.options.family(index, &fold.report.name),
                write_amp: write_amp(&report),
                levels: self.levels_at_end(index, &fold.counts),
                level0_median: median(&fold.level0),
                level0_slow_micros: self.slow_micros(&fold.level0),
                stopped_micros: stopped,
                delayed_micros: delayed,
                ..report
            }
        };
        let mut report = LogReport {
            database: self.database(),
            release: self.release.clone(),
            from,
            until: self.now,
            lines: self.lines,
            sessions: self.sessions.clone(),
            session_count: self.session_count,
            options: self.options.database(),
            changes: self.options.changes().to_vec(),
            families: self.families.iter().enumerate().map(family).collect(),
            period_seconds,
            periods: listed,
            worst,
            stalls,
            slots: self.jobs.slots(self.slots),
            jobs,
            job_count,
            errors: self.errors.clone(),
            error_count: self.error_count,
            ingested: self.ingested,
            ..LogReport::default()
        };
        report.untold = sentences::untold(&report);
        report.findings = findings::findings(&report);
        report
    }

    fn levels_at_end(&self, family: usize, counts: &[u64]) -> Vec<LogLevel> {
        let known = self.live.levels(family);
        let level = |level: usize| {
            let contents = known.get(level).copied().unwrap_or_default();
            let tables = counts.get(level).copied().unwrap_or(contents.tables);
            let of_dump = self.dump.level_bytes(family, level);
            // LevelDB's counts are as new as its tables, and none where tables are older than the log.
            let is_whole = match self.database() {
                LogDatabase::LevelDb => !counts.is_empty() && contents.tables == tables,
                LogDatabase::RocksDb => contents.tables >= tables,
            };
            LogLevel {
                level,
                tables,
                bytes: if is_whole { Some(contents.bytes) } else { of_dump },
                is_of_dump: !is_whole && of_dump.is_some(),
                entries: contents.entries,
                deletions: contents.deletions,
            }
        };
        (0..counts.len().max(known.len())).map(level).collect()
    }
}

fn write_amp(family: &LogFamily) -> Option<f64> {
    let flushed = family.flushed_bytes;
    (flushed > 0).then(|| flushed.saturating_add(family.compacted_bytes) as f64 / flushed as f64)
}

/// The count that held, or more, for half of the time.
fn median(times: &[u64]) -> u64 {
    let half = times.iter().sum::<u64>() / 2;
    let mut above = 0;
    for (count, micros) in times.iter().enumerate().rev() {
        above += micros;
        if above > half {
            return count as u64;
        }
    }
    0
}
