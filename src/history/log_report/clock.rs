//! Times of a log as text.
//!
//! In: microseconds since 1970 of the writer's local time. Out: `14:02:11`, or with its date where a log is of several
//! days.

/// Writes times of a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LogClock {
    with_date: bool,
}

const SECOND: u64 = 1_000_000;
const DAY: u64 = 86_400;

impl LogClock {
    /// For a log from one time until another, in microseconds.
    pub const fn of(from: u64, until: u64) -> LogClock {
        LogClock { with_date: from / SECOND / DAY != until / SECOND / DAY }
    }

    /// A time: `14:02:11`, `2026-11-28 14:02:11`.
    pub fn time(self, micros: u64) -> String {
        let seconds = micros / SECOND;
        let (hour, minute, second) = (seconds / 3600 % 24, seconds / 60 % 60, seconds % 60);
        let time = format!("{hour:02}:{minute:02}:{second:02}");
        if self.with_date { format!("{} {time}", date(micros)) } else { time }
    }
}

/// The date of a time: `2026-11-28` (H. Hinnant, *chrono-compatible low-level date algorithms*, `civil_from_days`).
pub fn date(micros: u64) -> String {
    let days = micros / SECOND / DAY + 719_468;
    let (era, of_era) = (days / 146_097, days % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_date_where_a_log_is_of_several_days() {
        // `date -u -d "2026-11-28 16:32:32" +%s`
        let at = 1_795_883_552_441_833;
        assert_eq!(LogClock::of(at, at + SECOND).time(at), "16:32:32");
        assert_eq!(LogClock::of(at, at + DAY * SECOND).time(at), "2026-11-28 16:32:32");
        assert_eq!(date(951_782_401_000_002), "2000-02-29");
    }
}
