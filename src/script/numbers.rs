//! Parses the numbers of the command language.
//!
//! In: a word. Out: its value. Errors: another form, or, as a separate case, a value out of range.

use crate::{
    options::time,
    runtime::clock::{Nanos, SECOND},
    storage::FileId,
};

/// The maximum of one `wait`, in days: 100 years. Virtual time has 292 years.
pub(super) const MAX_WAIT_DAYS: u64 = 100 * 365;

/// The maximum of one `wait`.
const MAX_WAIT: Nanos = MAX_WAIT_DAYS * 86_400 * SECOND;

/// The number of a time such as `10s`, and the nanoseconds of its unit; a number without a unit is seconds.
pub(super) fn seconds_by_default(text: &str) -> Option<(&str, Nanos)> {
    let has_unit = text.contains(|c: char| c.is_ascii_alphabetic());
    if has_unit { time(text) } else { Some((text, SECOND)) }
}

/// The nanoseconds of a time such as `10s` or `1.5h`, rounded down; `Some(None)` if it exceeds [`MAX_WAIT`].
pub(super) fn time_of(text: &str) -> Option<Option<Nanos>> {
    let (digits, unit) = seconds_by_default(text)?;
    let nanos = match (digits.parse::<u64>(), decimal(digits, unit)) {
        (Ok(whole), _) => whole.checked_mul(unit),
        (Err(_), Some(nanos)) => u64::try_from(nanos).ok(),
        (Err(_), None) => {
            let nanos = digits.parse::<f64>().ok()? * unit as f64;
            (0.0..=MAX_WAIT as f64).contains(&nanos).then_some(nanos as Nanos)
        }
    };
    Some(nanos.filter(|nanos| *nanos <= MAX_WAIT))
}

/// The exact nanoseconds of a decimal such as `1.25`, rounded down; `None` for another form.
fn decimal(digits: &str, unit: Nanos) -> Option<u128> {
    let (whole, fraction) = digits.split_once('.')?;
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() > 24 || !(is_digits(whole) && is_digits(fraction)) {
        return None;
    }
    let all: u128 = format!("{whole}{fraction}").parse().ok()?;
    Some(all * u128::from(unit) / 10_u128.pow(fraction.len() as u32))
}

/// Whether `text` is a whole number, of any size and sign.
pub(super) fn is_whole_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether `name` has the form of a file's name, with a number too large for one.
pub(super) fn is_beyond_all_files(name: &str) -> bool {
    let digits = name.strip_prefix("MANIFEST-").or(name.strip_suffix(".log")).or(name.strip_suffix(".sst"));
    digits.filter(|digits| digits.starts_with(|c| matches!(c, '1'..='9')) && is_whole_number(digits)).is_some_and(
        |digits| match digits.parse::<u64>() {
            Ok(number) => number > FileId::MAX_NUMBER,
            Err(_) => true,
        },
    )
}
