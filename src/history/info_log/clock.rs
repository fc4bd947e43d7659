//! A clock for the lines of a log that does not go back, and that no single damaged date sets.
//!
//! In: lines in the order in which they are written. Out: the same with times that do not go back by more than
//! [`MAX_DISORDER`]. Local time does go back, when summer time ends or when the clock is set: what follows is counted
//! on from there. A line that is far off is taken for one of the moment before it, until the next line agrees with it.

use super::line::{Line, Said};

/// Lines of several threads are out of order by no more than this, in microseconds.
pub(in crate::history) const MAX_DISORDER: u64 = 1_000_000;

const DAY: u64 = 86_400_000_000;

/// No database is silent for longer than this, in microseconds, but for one that is closed.
const MAX_SILENCE: u64 = 366 * DAY;

/// No log tells of more than a hundred years: what is said of later is told of that moment.
const MAX_SPAN: u64 = 36_525 * DAY;

/// A line waits in a buffer for no longer than this, in microseconds.
const MAX_BUFFERED: u64 = DAY;

/// A clock that does not go back.
#[derive(Clone, Debug, Default)]
pub(in crate::history) struct Clock {
    /// The time of the first line.
    first: Option<u64>,
    last: u64,
    /// How far local time is behind it.
    behind: u64,
    /// The time of the line before, if that was far off.
    doubted: Option<u64>,
}

impl Clock {
    /// Sets the times of a line, which is written after those before it, by this clock.
    pub fn set(&mut self, line: &mut Line<'_>) {
        line.micros = line.micros.clamp(line.written.saturating_sub(MAX_BUFFERED), line.written);
        let now = line.written.saturating_add(self.behind);
        let is_back = now.saturating_add(MAX_DISORDER) < self.last;
        // The head of a file, which may come long after the one before.
        let is_head = matches!(line.said, Said::Release { .. });
        let is_far = self.last > 0 && !is_head && now > self.last.saturating_add(MAX_SILENCE);
        if !is_back && !is_far {
            self.doubted = None;
            self.follow(line);
            return;
        }
        match self.doubted.filter(|doubted| now.abs_diff(*doubted) < now.abs_diff(self.last)) {
            Some(doubted) => {
                self.behind = self.behind.saturating_add(self.last.saturating_sub(doubted));
                self.doubted = None;
                self.follow(line);
            }
            None => {
                self.doubted = Some(now);
                (line.micros, line.written) = (self.last, self.last);
            }
        }
    }

    fn follow(&mut self, line: &mut Line<'_>) {
        let latest = self.first.get_or_insert(line.written).saturating_add(MAX_SPAN);
        line.written = line.written.saturating_add(self.behind).min(latest);
        line.micros = line.micros.saturating_add(self.behind).min(latest);
        self.last = line.written;
    }
}

#[cfg(test)]
mod tests {
    use super::{super::line::line, *};

    /// The times by the clock of lines at these hours, minutes and seconds.
    fn set(times: &[&str]) -> Vec<u64> {
        let mut clock = Clock::default();
        let start = line(format!("{}.000000 5 x", times[0]).as_bytes()).unwrap().written;
        let of = |time: &&str| {
            let text = format!("{time}.000000 5 x");
            let mut line = line(text.as_bytes()).unwrap();
            clock.set(&mut line);
            assert_eq!(line.micros, line.written);
            (line.written - start) / 1_000_000
        };
        times.iter().map(of).collect()
    }

    #[test]
    fn what_follows_a_clock_that_is_set_back_is_counted_on() {
        let summer = ["2026/10/25-02:59:50", "2026/10/25-02:59:59", "2026/10/25-02:00:00", "2026/10/25-02:00:05"];
        assert_eq!(set(&summer), [0, 9, 9, 14]);
        assert_eq!(set(&["2026/10/25-02:59:50", "2026/10/25-02:59:59", "2026/10/25-02:59:58"]), [0, 9, 8]);
    }

    #[test]
    fn one_damaged_date_sets_no_clock() {
        let at = |damaged| ["2026/10/25-02:00:00", "2026/10/25-02:00:03", damaged, "2026/10/25-02:00:07"];
        for damaged in ["9999/12/31-23:59:59", "1999/12/31-23:59:59", "2026/10/25-01:00:00"] {
            assert_eq!(set(&at(damaged)), [0, 3, 3, 7], "{damaged}");
        }
        // Two that agree do.
        let later = ["2026/10/25-02:00:00", "2028/10/25-02:00:03", "2028/10/25-02:00:04"];
        assert_eq!(set(&later), [0, 0, 731 * 86_400 + 4]);
    }

    #[test]
    fn heads_that_leap_again_and_again_do_not_add_up() {
        let mut clock = Clock::default();
        let mut latest = 0;
        for _ in 0..200 {
            for text in ["9999/12/31-23:59:59.000000 5 RocksDB version: 9.8.4", "1970/01/02-00:00:00.000000 5 x"] {
                let mut line = line(text.as_bytes()).unwrap();
                clock.set(&mut line);
                latest = line.written;
            }
        }
        let first = line(b"9999/12/31-23:59:59.000000 5 x").unwrap().written;
        assert!(latest <= first + MAX_SPAN);
    }
}
