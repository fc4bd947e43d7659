//! What happened by time: periods of one length, without gaps, at most [`MAX_PERIODS`].
//!
//! In: moments and spans. Out: a [`LogPeriod`] for each period. A period is a second long at first; when there would be
//! too many, neighbours are put together, and all are longer from then on: a log of two hours has seconds, one of a
//! year has hours. Each begins at a multiple of its length: what is told of the hour from 14:00 on was counted in it.
//!
//! Hours are kept for longer than they are listed, [`MAX_HOURS`]: the hour that went wrong is told of a log that has
//! days in its list as well.
//!
//! A span may cover all periods, and a log have as many spans as lines. So a span is written into its first and its
//! last period, and of those between only where they begin and end; they are summed up once, before they are looked at:
//!
//! ```text
//! span           ┌──────────────┐
//! periods     │    │    │    │    │
//! written        2    +1      −1 3         the part of the first and the last, and who begins and ends to be covered
//! ```

use super::{LogPeriod, LogReport, LogWorst, MAX_PERIODS, add};

/// The lengths that a period may have, in seconds; past the last, it doubles.
const LENGTHS: [u64; 8] = [1, 5, 15, 60, 300, 900, 3_600, 86_400];

const SECOND: u64 = 1_000_000;

const HOUR: u64 = 3_600;

/// The most hours that are kept: five years, about 15 MB.
const MAX_HOURS: usize = 45_000;

/// The most numbers of levels in these hours, about 8 MB: of a tree with more than 11 levels, fewer hours are kept.
const MAX_LEVEL_NUMBERS: usize = 1 << 20;

/// What lasts for a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LogSpan {
    /// Writes are stopped.
    Stopped,
    /// They are stopped or delayed.
    Stalled,
    /// A compaction runs.
    Compacting,
    /// A flush runs.
    Flushing,
}

impl LogSpan {
    const ALL: [LogSpan; 4] = [LogSpan::Stopped, LogSpan::Stalled, LogSpan::Compacting, LogSpan::Flushing];

    /// For how long, in a period.
    fn micros(self, period: &mut LogPeriod) -> &mut u64 {
        match self {
            LogSpan::Stopped => &mut period.stopped_micros,
            LogSpan::Stalled => &mut period.stalled_micros,
            LogSpan::Compacting => &mut period.compacting_micros,
            LogSpan::Flushing => &mut period.flushing_micros,
        }
    }
}

/// The periods of a log.
#[derive(Clone, Debug)]
pub(super) struct Periods {
    seconds: u64,
    all: Vec<LogPeriod>,
    /// How many spans of each kind begin to cover whole periods with one, less those that have ended before it.
    covered: Vec<[i64; LogSpan::ALL.len()]>,
    /// Into how many periods something of a span was written.
    #[cfg(test)]
    written: u64,
}

impl Default for Periods {
    fn default() -> Periods {
        Periods {
            seconds: LENGTHS[0],
            all: Vec::new(),
            covered: Vec::new(),
            #[cfg(test)]
            written: 0,
        }
    }
}

impl Periods {
    /// Those that are listed, in order, and their length in seconds.
    pub fn into_listed(mut self) -> (Vec<LogPeriod>, u64) {
        self.sum_up();
        let (mut listed, mut seconds) = (self.all, self.seconds);
        while listed.len() > MAX_PERIODS {
            seconds = longer(seconds);
            listed = put_together(&listed, seconds);
        }
        (listed, seconds)
    }

    /// The hour in which writes were held up the most, of a log of `span` microseconds; of a short log the minute; none
    /// of a very short one, or if none was.
    pub fn worst(&mut self, span: u64) -> Option<LogWorst> {
        const FEW: u64 = 6;
        let seconds = if span >= FEW * HOUR * SECOND { HOUR } else { 60 };
        if span < FEW * seconds * SECOND || self.seconds > seconds {
            return None;
        }
        self.sum_up();
        let sum =
            |periods: &[LogPeriod], of: fn(&LogPeriod) -> u64| periods.iter().map(of).fold(0, u64::saturating_add);
        let bad = |periods: &&[LogPeriod]| {
            let stopped = sum(periods, |period| period.stopped_micros);
            stopped.saturating_mul(3).saturating_add(sum(periods, |period| period.stalled_micros))
        };
        let periods = same(&self.all, seconds).rev().max_by_key(bad).filter(|periods| bad(periods) > 0)?;
        Some(LogWorst { seconds, period: one_of(periods, seconds) })
    }

    /// The period of the moment `at`; the first one if that is before it.
    pub fn at(&mut self, at: u64) -> &mut LogPeriod {
        let index = self.index(at);
        &mut self.all[index]
    }

    /// From `from` to `until`, the levels had these tables and bytes, as is told only now.
    pub fn had_levels(&mut self, from: u64, until: u64, tables: &[u64], bytes: &[u64]) {
        let last = self.index(until.max(from));
        let first = self.index(from);
        let level0 = tables.first().copied().unwrap_or(0);
        for period in &mut self.all[first..=last] {
            period.level0_max = period.level0_max.max(level0);
            period.level0_last = level0;
            period.level_tables = tables.to_vec();
            period.level_bytes = bytes.to_vec();
        }
    }

    /// Adds a span to each period that it is in. What is before the first one is left out.
    pub fn spread(&mut self, span: LogSpan, from: u64, until: u64) {
        if until <= from {
            return;
        }
        // The last one first: the periods are all there then, as long as they become.
        let last = self.index(until - 1);
        let first = self.index(from);
        self.add_part(span, first, from, until);
        if first == last {
            return;
        }
        self.add_part(span, last, from, until);
        self.covered.resize(self.all.len(), Default::default());
        self.covered[first + 1][span as usize] += 1;
        self.covered[last][span as usize] -= 1;
    }

    /// Adds what of a span is in one period.
    fn add_part(&mut self, span: LogSpan, index: usize, from: u64, until: u64) {
        let period = &mut self.all[index];
        let end = period.from.saturating_add(self.seconds * SECOND);
        let micros = until.min(end).saturating_sub(from.max(period.from));
        add(span.micros(period), micros);
        #[cfg(test)]
        (self.written += 1);
    }

    /// Adds to each period the spans that cover it whole.
    fn sum_up(&mut self) {
        let length = self.seconds * SECOND;
        let mut covering = [0_i64; LogSpan::ALL.len()];
        for (period, change) in self.all.iter_mut().zip(std::mem::take(&mut self.covered)) {
            for span in LogSpan::ALL {
                let covering = &mut covering[span as usize];
                *covering += change[span as usize];
                add(span.micros(period), covering.unsigned_abs().saturating_mul(length));
            }
        }
    }

    /// How many periods there may be.
    fn most(&self) -> usize {
        let levels = self.all.last().map_or(0, |last| last.level_bytes.len() + last.level_tables.len());
        let hours = MAX_HOURS.min(MAX_LEVEL_NUMBERS / levels.max(1)).max(MAX_PERIODS);
        if self.seconds == HOUR { hours } else { MAX_PERIODS }
    }

    fn index(&mut self, at: u64) -> usize {
        let Some(first) = self.all.first().map(|period| period.from) else {
            self.all.push(LogPeriod { from: at - at % (self.seconds * SECOND), ..LogPeriod::default() });
            return 0;
        };
        loop {
            let index = at.saturating_sub(first) / (self.seconds * SECOND);
            if index < self.most() as u64 {
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
            entries: last.entries,
            deletions: last.deletions,
            ..LogPeriod::default()
        }
    }

    fn lengthen(&mut self) {
        self.sum_up();
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
    same(periods, seconds).map(|periods| one_of(periods, seconds)).collect()
}

/// When the period of `seconds` begins that a shorter one is in.
fn begin(period: &LogPeriod, seconds: u64) -> u64 {
    period.from - period.from % seconds.saturating_mul(SECOND)
}

/// Those that are in the same period of `seconds`.
fn same(periods: &[LogPeriod], seconds: u64) -> impl DoubleEndedIterator<Item = &[LogPeriod]> {
    periods.chunk_by(move |a, b| begin(a, seconds) == begin(b, seconds))
}

/// The period of `seconds` that shorter ones make.
fn one_of(periods: &[LogPeriod], seconds: u64) -> LogPeriod {
    LogPeriod { from: periods.first().map_or(0, |first| begin(first, seconds)), ..together(periods) }
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
        add(&mut self.flushed_deletions, next.flushed_deletions);
        add(&mut self.dropped_entries, next.dropped_entries);
        self.level0_max = self.level0_max.max(next.level0_max);
        self.pending_max = self.pending_max.max(next.pending_max);
        self.level0_last = next.level0_last;
        (self.entries, self.deletions) = (next.entries, next.deletions);
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
        periods.spread(LogSpan::Stopped, 11 * SECOND + 300_000, 13 * SECOND + 100_000);
        let listed = |periods: &Periods| periods.clone().into_listed().0;
        let stopped: Vec<u64> = listed(&periods).iter().map(|period| period.stopped_micros).collect();
        assert_eq!(stopped, [0, 700_000, SECOND, 100_000]);
        // Before the first: in the first.
        periods.at(3).flushes += 1;
        assert_eq!(listed(&periods)[0].flushes, 2);
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
            let mut stop = |from, until| periods.spread(LogSpan::Stopped, from, until);
            stop(full(20) - 600 * SECOND, full(20) + 300 * SECOND);
            stop(full(31), full(31) + 60 * SECOND);
            let LogWorst { seconds, period } = periods.worst(hours * HOUR * SECOND).unwrap();
            assert_eq!((seconds, period.from, period.stopped_micros), (HOUR, full(19), 600 * SECOND));
            let (all, seconds) = periods.into_listed();
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
            periods.spread(LogSpan::Stopped, at, at + 60 * SECOND);
        }
        let (all, seconds) = periods.clone().into_listed();
        assert_eq!((seconds, all.len()), (3_600, 24 * 365));
        assert_eq!(all.iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
        assert_eq!(all[17].stopped_micros, 60 * SECOND);
        // A line from far away does not make more of them.
        periods.at(u64::MAX / 2).errors += 1;
        let (all, _) = periods.into_listed();
        assert!(all.len() <= MAX_PERIODS);
        assert_eq!(all.iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
        let report = LogReport { periods: all, ..LogReport::default() };
        assert_eq!(report.at_most_periods(10).iter().map(|period| period.flushes).sum::<u64>(), 24 * 365);
    }

    /// A span in every line, each over all that there is: the same sums as if each period had been looked at.
    #[test]
    fn a_span_costs_the_same_however_long_it_is() {
        let mut periods = Periods::default();
        let begin = 900_000 * HOUR * SECOND;
        periods.at(begin);
        let mut expected = [0_u64; 5_000];
        for n in 0..5_000_u64 {
            let (from, until) = (begin + (n % 97) * 333_333, begin + (n + 1) * SECOND - n % 1_000);
            periods.spread(LogSpan::Compacting, from, until);
            for (at, sum) in (0_u64..).zip(&mut expected) {
                let second = begin + at * SECOND;
                *sum += until.min(second + SECOND).saturating_sub(from.max(second));
            }
        }
        assert!(periods.written <= 2 * 5_000, "{}", periods.written);
        let sums = |periods: &Periods| -> Vec<u64> {
            periods.clone().into_listed().0.iter().map(|period| period.compacting_micros).collect()
        };
        assert_eq!(sums(&periods), expected);
        // The same when they become longer: five seconds each.
        periods.at(begin + 20_000 * SECOND);
        let longer: Vec<u64> = expected.chunks(5).map(|seconds| seconds.iter().sum()).collect();
        assert_eq!(sums(&periods)[..longer.len()], longer);
    }

    /// A log of five years, of a tree with as many levels as there can be.
    #[test]
    fn many_levels_make_no_more_numbers_than_few() {
        for levels in [7, 64] {
            let mut periods = Periods::default();
            periods.at(0).level_bytes = vec![1; levels];
            periods.at(0).level_tables = vec![1; levels];
            for hour in 0..45_000 {
                periods.at(hour * HOUR * SECOND).flushes += 1;
                let numbers = 2 * levels * periods.all.len();
                assert!(numbers <= MAX_LEVEL_NUMBERS.max(2 * levels * MAX_PERIODS), "{numbers}");
            }
            assert_eq!(periods.into_listed().0.iter().map(|period| period.flushes).sum::<u64>(), 45_000);
        }
    }
}
