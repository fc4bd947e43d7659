//! The unit of virtual time: an integer of nanoseconds since the beginning.
//!
//! Nothing here reads a real clock. Time is a number that the runtime keeps, and passes only when the caller advances
//! it.

use crate::error::{Error, ErrorKind, Result};

/// A moment, or a length of time, in nanoseconds. 2^64 of them are 584 years.
pub type Nanos = u64;

/// The end of virtual time: 292 years. Nothing passes it, and what would end later never does. No sum of two times
/// before it is past all numbers.
pub const END: Nanos = Nanos::MAX / 2;

/// One second.
pub const SECOND: Nanos = 1_000_000_000;

/// One millisecond.
pub const MILLISECOND: Nanos = 1_000_000;

/// One microsecond.
pub const MICROSECOND: Nanos = 1_000;

/// `nanos` in seconds, to show or to divide by.
pub fn seconds(nanos: Nanos) -> f64 {
    nanos as f64 / SECOND as f64
}

/// The nanoseconds that `seconds` are, rounded up: what takes any time takes at least one.
pub fn from_seconds(seconds: f64) -> Nanos {
    rounded_up(seconds * SECOND as f64)
}

/// So many nanoseconds, rounded up; 2^63 where they are more. As `ceil` does, for which, as for unsigned numbers, not
/// every processor has an instruction.
#[inline]
pub fn rounded_up(nanos: f64) -> Nanos {
    let whole = nanos.max(0.0) as i64;
    whole as Nanos + Nanos::from((whole as f64) < nanos)
}

/// The nanoseconds that whole `seconds` are; the [end of time](END) where they are more than it has.
pub fn whole_seconds(seconds: u64) -> Nanos {
    seconds.saturating_mul(SECOND).min(END)
}

/// `nanos` in seconds, every digit of it: `60 s`, `1.25 s`.
pub(crate) fn exact_seconds(nanos: Nanos) -> String {
    let fraction = format!("{:09}", nanos % SECOND);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction} s", nanos / SECOND)
}

/// The same, as it can be typed where a time is asked for: `60s`, `1.25s`.
fn typed_seconds(nanos: Nanos) -> String {
    exact_seconds(nanos).replace(' ', "")
}

/// `length` after `now`.
///
/// # Errors
/// That is past the [end of time](END): how much there is left.
pub fn later(now: Nanos, length: Nanos) -> Result<Nanos> {
    match now.checked_add(length).filter(|to| *to <= END) {
        Some(to) => Ok(to),
        None => {
            let (length, left) = (typed_seconds(length), typed_seconds(END.saturating_sub(now)));
            let end = END / SECOND;
            let message = format!("virtual time ends after {end} s: of {length} that should pass, it has {left} left");
            Err(Error::new(ErrorKind::TimeOver, message))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_time_is_past_the_end() {
        assert_eq!(later(5, 7), Ok(12));
        assert_eq!(later(0, END), Ok(END));
        // As right of 1 s as of 4.
        let error = later(END - SECOND, 4 * SECOND).unwrap_err();
        assert!(error.message.ends_with(" s: of 4s that should pass, it has 1s left"), "{error}");
        // The remaining time is reported to the nanosecond: the caller can wait for exactly that.
        let error = later(END - 1_500, SECOND).unwrap_err();
        assert!(error.message.ends_with("it has 0.0000015s left"), "{error}");
        assert_eq!([1, Nanos::MAX].map(|length| later(END, length).unwrap_err().kind), [ErrorKind::TimeOver; 2]);
        assert_eq!(whole_seconds(u64::MAX), END);
    }

    #[test]
    fn exact_seconds_leave_no_digit_out() {
        assert_eq!([60 * SECOND, 1_250_000_000, 1].map(exact_seconds), ["60 s", "1.25 s", "0.000000001 s"]);
    }

    #[test]
    fn what_takes_any_time_takes_at_least_a_nanosecond() {
        assert_eq!(from_seconds(1e-12), 1);
        assert_eq!(from_seconds(0.0), 0);
        assert_eq!(from_seconds(-1.0), 0);
        assert_eq!(seconds(from_seconds(36_000.0)), 36_000.0);
        for nanos in [0.0, 0.2, 1.0, 1.5, 2_f64.powi(52) + 1.0, 2_f64.powi(62), f64::NAN, -2.5] {
            assert_eq!(rounded_up(nanos), nanos.ceil() as Nanos, "{nanos}");
        }
        assert_eq!([1e30, f64::INFINITY].map(rounded_up), [1 << 63; 2]);
    }
}
