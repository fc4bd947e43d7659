//! What happened by time: periods of one length, without gaps, at most [`MAX_PERIODS`].
//!
//! In: moments and spans. Out: a [`LogPeriod`] for each period. A period is a second long at first; when there would be
//! too many, neighbours are put together, and all are longer from then on: a log of two hours has seconds, one of a
//! year has hours. Each begins at a multiple of its length: what is told of the hour from 14:00 on was counted in it.
//!
//! Hours are kept for longer than they are listed, [`MAX_HOURS`]: the hour that went wrong is told of a log that has
//! days in its list as well.

use super::{LogPeriod, LogReport, LogWorst, MAX_PERIODS, add};

/// The lengths that a period may have, in seconds; past the last, it doubles.
const LENGTHS: [u64; 8] = [1, 5, 15, 60, 300, 900, 3_600, 86_400];

const SECOND: u64 = 1_000_000;

const HOUR: u64 = 3_600;

/// The most hours that are kept: five years, about 15 MB.
const MAX_HOURS: usize = 45_000;

/// The periods of a log.
#[derive(Clone, Debug)]
pub(super) struct Periods {
    seconds: u64,
    all: Vec<LogPeriod>,
}

impl Default for Periods {
    fn default() -> Periods {
        Periods { seconds: LENGTHS[0], all: Vec::new() }
    }
}

impl Periods {
    /// Those that are listed, in order, and their length in seconds.
    pub fn listed(&self) -> (Vec<LogPeriod>, u64) {
        let (mut listed, mut seconds) = (self.all.clone(), self.seconds);
        while listed.len() > MAX_PERIODS {
            seconds = longer(seconds);
            listed = put_together(&listed, seconds);
        }
        (listed, seconds)
    }

    /// The hour in which writes were held up the most, of a log of `span` microseconds; of a short log the minute; none
    /// of a very short one, or if none was.
    pub fn worst(&self, span: u64) -> Option<LogWorst> {
        const FEW: u64 = 6;
        let seconds = if span >= FEW * HOUR * SECOND { HOUR } else { 60 };
        if span < FEW * seconds * SECOND || self.seconds > seconds {
            return None;
        }
        let bad = |period: &LogPeriod| period.stopped_micros.saturating_mul(3).saturating_add(period.stalled_micros);
        let all = put_together(&self.all, seconds);
        let period = all.into_iter().rev().max_by_key(bad).filter(|period| bad(period) > 0)?;
        Some(LogWorst { seconds, period })
    }

    /// The period of the moment `at`; the first one if that is before it.
    pub fn at(&mut self, at: u64) -> &mut LogPeriod {
        let index = self.index(at);
        &mut self.all[index]
    }

    /// Calls `add` with each period that the span is in, and with its microseconds there.
    pub fn spread(&mut self, from: u64, until: u64, mut add: impl FnMut(&mut LogPeriod, u64)) {
        if until <= from {
            return;
        }
        // The last one first: the periods are all there then, as long as they become.
        let last = self.index(until - 1);
        let first = self.index(from);
        let length = self.seconds * SECOND;
        for period in &mut self.all[first..=last] {
            let (from, until) = (from.max(period.from), until.min(period.from.saturating_add(length)));
            add(period, until.saturating_sub(from));
        }
    }

    fn index(&mut self, at: u64) -> usize {
        let Some(first) = self.all.first().map(|period| period.from) else {
            self.all.push(LogPeriod { from: at - at % (self.seconds * SECOND), ..LogPeriod::default() });
            return 0;
        };
        loop {
            let index = at.saturating_sub(first) / (self.seconds * SECOND);
            let most = if self.seconds == HOUR { MAX_HOURS } else { MAX_PERIODS };
            if index < most as u64 {
                let index = index as usize;
                while self.all.len() <= index {
                    let next = self.next();
                    self.all.push(next);
                }
                return index;
            }
            self.lengthen();
        }
    }

    /// The period behind the last one: the levels are as they were.
    fn next(&self) -> LogPeriod {
        let Some(last) = self.all.last() else { return LogPeriod::default() };
        LogPeriod {
            from: last.from + self.seconds * SECOND,
            level_bytes: last.level_bytes.clone(),
            level_tables: last.level_tables.clone(),
            level0_max: last.level0_last,
            level0_last: last.level0_last,
            ..LogPeriod::default()
        }
    }

    fn lengthen(&mut self) {
        self.seconds = longer(self.seconds);
        self.all = put_together(&self.all, self.seconds);
    }
}

/// The next length of a period, in seconds.
fn longer(seconds: u64) -> u64 {
    LENGTHS.iter().copied().find(|length| *length > seconds).unwrap_or(seconds.saturating_mul(2))
}

/// Periods of `seconds`, of shorter ones.
fn put_together(periods: &[LogPeriod], seconds: u64) -> Vec<LogPeriod> {
    let begin = |period: &LogPeriod| period.from - period.from % seconds.saturating_mul(SECOND);
    let same = periods.chunk_by(|a, b| begin(a) == begin(b));
    same.map(|same| LogPeriod { from: same.first().map_or(0, begin), ..together(same) }).collect()
}

impl LogPeriod {
    /// The period that follows is a part of this one from now on.
    pub(super) fn take_in(&mut self, next: &LogPeriod) {
        add(&mut self.flushes, next.flushes);
        add(&mut self.flushed_bytes, next.flushed_bytes);
        add(&mut self.compactions, next.compactions);
        add(&mut self.moves, next.moves);
        add(&mut self.read_bytes, next.read_bytes);
        add(&mut self.compacted_bytes, next.compacted_bytes);
        add(&mut self.stopped_micros, next.stopped_micros);
        add(&mut self.stalled_micros, next.stalled_micros);
        add(&mut self.compacting_micros, next.compacting_micros);
        add(&mut self.flushing_micros, next.flushing_micros);
        add(&mut self.errors, next.errors);
        self.level0_max = self.level0_max.max(next.level0_max);
        self.pending_max = self.pending_max.max(next.pending_max);
        self.level0_last = next.level0_last;
        self.level_bytes.clone_from(&next.level_bytes);
        self.level_tables.clone_from(&next.level_tables);
    }
}

/// Several periods as one.
fn together(periods: &[LogPeriod]) -> LogPeriod {
    let mut all = periods.first().cloned().unwrap_or_default();
    periods.iter().skip(1).for_each(|period| all.take_in(period));
    all
}

impl LogReport {
    /// The periods, at most `count`: each of as many of [`LogReport::periods`], but for the last.
    pub fn at_most_periods(&self, count: usize) -> Vec<LogPeriod> {
        self.periods.chunks(self.periods.len().div_ceil(count.max(1)).max(1)).map(together).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_is_in_each_period_for_its_time() {
        let mut periods = Periods::default();
        periods.at(10 * SECOND + 5).flushes += 1;
        periods.spread(11 * SECOND + 300_000, 13 * SECOND + 100_000, |period, micros| period.stopped_micros += micros);
        let stopped: Vec<u64> = periods.listed().0.iter().map(|period| period.stopped_micros).collect();
        assert_eq!(stopped, [0, 700_000, SECOND, 100_000]);
        // Before the first: in the first.
        periods.at(3).flushes += 1;
        assert_eq!(periods.listed().0[0].flushes, 2);
    }

    /// A log of two days, and one of two years, that begins at 37 minutes and 12 seconds. It has a stop from ten
    /// minutes before a full hour until five after, and one of a minute.
    #[test]
    fn the_hour_that_is_named_is_the_one_that_was_counted() {
        const BEGIN: u64 = 800_000 * HOUR * SECOND + 2_232 * SECOND;
        let full = |hours: u64| BEGIN - 2_232 * SECOND + hours * HOUR * SECOND;
        for (hours, listed) in [(48, 60), (2 * 365 * 24, 86_400)] {
            let mut periods = Periods::default();
            for hour in 0..hours {
                periods.at(BEGIN + hour * HOUR * SECOND).flushes += 1;
            }
            let mut stop = |from, until| periods.spread(from, until, |period, micros| period.stopped_micros += micros);
            stop(full(20) - 600 * SECOND, full(20) + 300 * SECOND);
            stop(full(31), full(31) + 60 * SECOND);
            let LogWorst { seconds, period } = periods.worst(hours * HOUR * SECOND).unwrap();
            assert_eq!((seconds, period.from, period.stopped_micros), (HOUR, full(19), 600 * SECOND));
            let (all, seconds) = periods.listed();
            assert_eq!((seconds, all.iter().map(|period| period.flushes).sum::<u64>()), (listed, hours));
            assert!(all.len() <= MAX_PERIODS && all.iter().all(|period| period.from % (seconds * SECOND) == 0));
        }
    }

    #[test]
    fn a_long_log_has_longer_periods_and_the_same_sums() {
        let mut periods = Periods::default();
        for hour in 0..24 * 365 {
            let at = hour * 3_600 * SECOND;
            periods.at(at).flushes += 1;
            periods.spread(at, at + 60 * SECOND, |period, micros| period.stopped_micros += micros);
        }
        let (all, seconds) = periods.listed();
        assert_eq!((seconds, all.len()), (3_600, 24 * 365));
        assert_eq!(all.iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
        assert_eq!(all[17].stopped_micros, 60 * SECOND);
        // A line from far away does not make more of them.
        periods.at(u64::MAX / 2).errors += 1;
        let (all, _) = periods.listed();
        assert!(all.len() <= MAX_PERIODS);
        assert_eq!(all.iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
        let report = LogReport { periods: all, ..LogReport::default() };
        assert_eq!(report.at_most_periods(10).iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
    }
}
