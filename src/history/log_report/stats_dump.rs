//! The statistics that RocksDB writes into its log from time to time (`stats_dump_period_sec`).
//!
//! In: the lines behind `DUMPING STATS`, which have no time of their own. Out: how long writers waited since the
//! opening, and the bytes of each level, which are rounded.
//!
//! ```text
//! Cumulative stall: 00:00:16.565 H:M:S, 82.7 percent
//! ** Compaction Stats [default] **
//! Level    Files   Size     Score Read(GB)  …
//!   L0     16/1   13.94 MB   4.0      0.0  …
//! ```
//!
//! The formats are those of `InternalStats::DumpDBStats` and `PrintLevelStats` in `db/internal_stats.cc`.

use std::collections::BTreeMap;

/// What the dumps of a log say.
#[derive(Clone, Debug, Default)]
pub(super) struct StatsDump {
    is_dumping: bool,
    family: Option<usize>,
    /// Of the sessions before this one.
    waited_before: u64,
    /// Of this session; none before its first dump.
    waited: Option<u64>,
    has_waited: bool,
    at: u64,
    levels: BTreeMap<usize, BTreeMap<usize, u64>>,
}

impl StatsDump {
    /// A dump begins.
    pub fn begins(&mut self, at: u64) {
        self.is_dumping = true;
        self.family = None;
        self.at = at;
    }

    /// A session begins: what is counted begins anew.
    pub fn opens(&mut self) {
        self.is_dumping = false;
        self.waited_before = self.waited_before.saturating_add(self.waited.take().unwrap_or(0));
    }

    /// Another line with a time.
    pub fn ends(&mut self) {
        self.is_dumping = false;
    }

    /// A line without a time. Returns whether it may be of a dump. `family` finds a column family by its name.
    pub fn line(&mut self, line: &[u8], family: impl FnOnce(&str) -> usize) -> bool {
        let Some(text) = str::from_utf8(line).ok().filter(|_| self.is_dumping) else { return false };
        if let Some(stall) = text.strip_prefix("Cumulative stall: ") {
            if let Some(micros) = stall.split(' ').next().and_then(micros) {
                (self.waited, self.has_waited) = (Some(micros), true);
            }
        } else if let Some(rest) = text.strip_prefix("** Compaction Stats [") {
            if let Some(name) = rest.strip_suffix("] **") {
                let family = family(name);
                // The second table of a family is by priority, and has no levels.
                if self.family != Some(family) {
                    self.levels.insert(family, BTreeMap::new());
                }
                self.family = Some(family);
            }
        } else if let (Some(family), Some((level, bytes))) = (self.family, level(text)) {
            self.levels.entry(family).or_default().insert(level, bytes);
        }
        true
    }

    /// How long writers waited, all sessions together, up to the last dump; and when that was.
    pub fn waited(&self) -> Option<(u64, u64)> {
        let waited = self.waited_before.saturating_add(self.waited.unwrap_or(0));
        self.has_waited.then_some((waited, self.at))
    }

    /// The bytes of a level in the last dump.
    pub fn level_bytes(&self, family: usize, level: usize) -> Option<u64> {
        self.levels.get(&family)?.get(&level).copied()
    }
}

/// Microseconds of `00:00:16.565`: hours, minutes, seconds.
fn micros(time: &str) -> Option<u64> {
    let mut parts = time.split(':');
    let (hours, minutes) = (parts.next()?.parse::<u64>().ok()?, parts.next()?.parse::<u64>().ok()?);
    let seconds: f64 = parts.next()?.parse().ok()?;
    let whole = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?.checked_mul(1_000_000)?;
    (0.0..1e9).contains(&seconds).then(|| whole.saturating_add((seconds * 1e6).round() as u64))
}

/// The level and the bytes of a row: `  L0     16/1   13.94 MB   4.0 …`.
fn level(row: &str) -> Option<(usize, u64)> {
    let mut words = row.split_ascii_whitespace();
    let level = words.next()?.strip_prefix('L')?.parse().ok().filter(|level| *level < 64)?;
    words.next()?.split_once('/')?;
    let (number, unit) = (words.next()?.parse::<f64>().ok()?, words.next()?);
    let scale = ["B", "KB", "MB", "GB", "TB", "PB"].iter().position(|known| *known == unit)?;
    Some((level, (number * 1024_f64.powi(scale as i32)) as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_are_summed_over_sessions_and_levels_are_those_of_the_last_dump() {
        let mut dump = StatsDump::default();
        assert!(!dump.line(b"Cumulative stall: 00:00:16.565 H:M:S, 82.7 percent", |_| 0));
        assert_eq!(dump.waited(), None);
        dump.begins(5);
        assert!(dump.line(b"Cumulative stall: 01:00:16.565 H:M:S, 82.7 percent", |_| 0));
        dump.opens();
        dump.begins(9);
        for line in [
            "Cumulative stall: 00:00:1.500 H:M:S, 82.7 percent",
            "** Compaction Stats [a] b] **",
            "  L0     16/1   13.94 MB   4.0      0.0",
            " Sum     16/1   13.94 MB   4.0      0.0",
            "** Compaction Stats [a] b] **",
            " Low      0/0    0.00 KB   0.0",
            "Cumulative stall: x",
            "  L1     1/1   99999999999999999999999 XB",
        ] {
            assert!(dump.line(line.as_bytes(), |name| if name == "a] b" { 3 } else { 4 }));
        }
        assert_eq!(dump.waited(), Some((3_618_065_000, 9)));
        assert_eq!(dump.level_bytes(3, 0), Some(14_617_149));
        assert_eq!((dump.level_bytes(3, 1), dump.level_bytes(0, 0)), (None, None));
    }
}
