//! Latencies of operations: a histogram of virtual times, and the usual percentiles.
//!
//! In: one duration for each operation. Out: [`Percentiles`], to a thousandth of their value. The histogram is Gil
//! Tene's HDR histogram: buckets whose width grows with the value, so that microseconds and minutes fit into one, its
//! size does not depend on how much is recorded, and nothing of the tail is averaged away.
//!
//! The percentile p is the least duration that p % of all operations do not exceed. A duration must begin when an
//! operation was *due*, not when its turn came: an operation that waits behind another one has waited (to leave that
//! out is called coordinated omission).

use std::fmt;

use hdrhistogram::Histogram;
use serde::{Serialize, Serializer};

use crate::{
    runtime::clock::{MICROSECOND, MILLISECOND, Nanos, SECOND},
    words::decimal,
};

/// Digits of a value that are kept.
const DIGITS: u8 = 3;

/// Durations of one kind of operation. Serialized as its [`Percentiles`], or nothing while it is empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Latency {
    histogram: Histogram<u64>,
    /// Of all of them, in nanoseconds.
    sum: u64,
}

impl Default for Latency {
    fn default() -> Latency {
        let histogram = Histogram::new(DIGITS).expect("up to five digits can be asked for");
        Latency { histogram, sum: 0 }
    }
}

/// What people quote of a [`Latency`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Percentiles {
    /// How many operations there were.
    pub count: u64,
    /// Half of them took no longer, in nanoseconds, as all that follow.
    pub p50: Nanos,
    /// One in twenty took longer.
    pub p95: Nanos,
    /// One in a hundred took longer.
    pub p99: Nanos,
    /// One in a thousand took longer.
    pub p999: Nanos,
    /// None took longer.
    pub max: Nanos,
}

impl Latency {
    /// One operation took so long.
    pub fn record(&mut self, nanos: Nanos) {
        self.sum = self.sum.saturating_add(nanos);
        self.histogram.record(nanos).expect("it grows to hold any duration");
    }

    /// Whether there were none.
    pub fn is_empty(&self) -> bool {
        self.histogram.is_empty()
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// All of them together, in nanoseconds.
    pub fn sum(&self) -> u64 {
        self.sum
    }

    /// `share` of all operations, from 0 to 1, took no longer.
    pub fn quantile(&self, share: f64) -> Nanos {
        self.histogram.value_at_quantile(share)
    }

    /// The percentiles; none if there was no operation.
    pub fn percentiles(&self) -> Option<Percentiles> {
        let percentiles = Percentiles {
            count: self.count(),
            p50: self.quantile(0.5),
            p95: self.quantile(0.95),
            p99: self.quantile(0.99),
            p999: self.quantile(0.999),
            max: self.histogram.max(),
        };
        (!self.is_empty()).then_some(percentiles)
    }
}

impl Serialize for Latency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.percentiles().serialize(serializer)
    }
}

impl Percentiles {
    /// The percentiles with their names.
    pub fn named(&self) -> [(&'static str, Nanos); 5] {
        [("p50", self.p50), ("p95", self.p95), ("p99", self.p99), ("p99.9", self.p999), ("max", self.max)]
    }
}

impl fmt::Display for Percentiles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.named().map(|(name, nanos)| format!("{name} {}", duration(nanos)));
        f.write_str(&text.join(", "))
    }
}

/// A duration as people read it: `0`, `830 ns`, `16.4 µs`, `2.01 ms`, `1.5 s`.
pub fn duration(nanos: Nanos) -> String {
    let (unit, name) = match nanos {
        0 => return "0".into(),
        n if n < MICROSECOND => (1, "ns"),
        n if n < MILLISECOND => (MICROSECOND, "µs"),
        n if n < SECOND => (MILLISECOND, "ms"),
        _ => (SECOND, "s"),
    };
    let value = nanos as f64 / unit as f64;
    // Three digits, as many as are known.
    let places = if value < 10.0 {
        100.0
    } else if value < 100.0 {
        10.0
    } else {
        1.0
    };
    format!("{} {name}", decimal(&((value * places).round() / places).to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_what_so_many_do_not_exceed() {
        let mut latency = Latency::default();
        assert_eq!(latency.percentiles(), None);
        (1..=1000u64).for_each(|n| latency.record(n * MICROSECOND));
        let found = latency.percentiles().expect("there are some");
        assert_eq!(found.count, 1000);
        for (name, nanos, expected) in found
            .named()
            .iter()
            .zip([500, 950, 990, 999, 1000])
            .map(|((name, nanos), e)| (name, *nanos, e * MICROSECOND))
        {
            assert!(nanos.abs_diff(expected) <= expected / 1000, "{name}: {nanos}");
        }
        assert_eq!(latency.sum(), 500_500 * MICROSECOND);
    }

    #[test]
    fn one_that_waited_for_minutes_is_not_lost_among_those_that_took_nothing() {
        let mut latency = Latency::default();
        (0..9999).for_each(|_| latency.record(0));
        latency.record(120 * SECOND);
        let found = latency.percentiles().expect("there are some");
        assert_eq!((found.p50, found.p999), (0, 0));
        assert!(found.max.abs_diff(120 * SECOND) <= SECOND / 8, "{}", found.max);
        assert_eq!(serde_json::to_value(Latency::default()).unwrap(), serde_json::Value::Null);
        assert_eq!(serde_json::to_value(&latency).unwrap()["count"], 10_000);
    }

    #[test]
    fn durations_have_the_unit_that_suits_them() {
        for (nanos, text) in [
            (0, "0"),
            (830, "830 ns"),
            (16_384, "16.4 µs"),
            (2_010_000, "2.01 ms"),
            (999_999_999, "1000 ms"),
            (1_500_000_000, "1.5 s"),
            (345_600_000_000, "346 s"),
        ] {
            assert_eq!(duration(nanos), text);
        }
    }
}
