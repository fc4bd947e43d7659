//! Values for `name=value`: both ends of a knob's range, values just outside, its choices, and invalid words.
//!
//! In: a [`Description`], the source of panels and help. Out: text; and whether a text is a valid value by the
//! description alone ([`fits`]), which the option's own parser must agree with.

use crate::{
    options::{Description, Unit},
    random::Random,
};

/// Draws a value for `knob`; one in `wrong` is invalid.
pub(super) fn draw(random: &mut Random, knob: &Description, wrong: u64) -> String {
    let is_wrong = random.one_in(wrong);
    match (knob.unit, knob.min, knob.max) {
        (Unit::Switch, ..) if is_wrong => "maybe".into(),
        (Unit::Switch, ..) => ["true", "false"][random.below(2) as usize].into(),
        (Unit::Choice, ..) if is_wrong => "something".into(),
        (Unit::Choice, ..) => knob.choices[random.below(knob.choices.len() as u64) as usize].into(),
        (_, Some(min), Some(max)) if is_wrong => outside(random, min, max),
        (_, Some(min), Some(max)) => inside(random, knob, min, max),
        // Factors of levels.
        _ if is_wrong => "1:x".into(),
        _ => ["", "1:3", "1:1:2"][random.below(3) as usize].into(),
    }
}

/// Whether the knob takes whole numbers only.
fn is_whole(knob: &Description) -> bool {
    !knob.default.contains('.') && !matches!(knob.unit, Unit::Ratio | Unit::Bits | Unit::PerSecond)
}

fn inside(random: &mut Random, knob: &Description, min: f64, max: f64) -> String {
    match random.below(8) {
        0 | 1 => number(min),
        2 | 3 => end(max),
        4 => knob.default.clone(),
        // Slightly above the minimum, where the knob affects small databases.
        5 | 6 => match is_whole(knob) {
            true => number((min + random.below(9) as f64).min(max)),
            false => format!("{}", (min + random.below(32) as f64 / 16.0).min(max)),
        },
        // Any power of two between, for overflows.
        _ => number((random.below(64) as f64).exp2().clamp(min.ceil(), max.floor())),
    }
}

fn outside(random: &mut Random, min: f64, max: f64) -> String {
    match random.below(5) {
        0 => number(min - 1.0),
        // One digit more than the largest 64-bit number.
        1 => format!("{}0", end(max)),
        2 => "many".into(),
        3 => "".into(),
        _ => "-5".into(),
    }
}

fn number(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e18 { format!("{}", value as i64) } else { format!("{value}") }
}

/// The maximum, exact where it is the largest 64-bit number.
fn end(max: f64) -> String {
    if max >= u64::MAX as f64 { u64::MAX.to_string() } else { number(max) }
}

/// Whether `text` is a valid value of `knob` by its description; `None` where only the option's parser decides, as for
/// units and other notations of a number.
pub(super) fn fits(knob: &Description, text: &str) -> Option<bool> {
    match (knob.unit, knob.min, knob.max) {
        (Unit::Switch, ..) => (text == "true" || text == "false" || text == "maybe").then(|| text != "maybe"),
        (Unit::Choice, ..) => Some(knob.choices.contains(&text)),
        (_, Some(min), Some(max)) => match text.parse::<f64>() {
            Err(_) => (text.is_empty() || text == "many").then_some(false),
            Ok(value) if !(min..=max).contains(&value) => Some(false),
            // The option's parser decides on a fraction for a knob of whole numbers.
            Ok(value) if value.fract() != 0.0 || text.contains('.') => None,
            // Near 2^64, an f64 is too coarse to decide.
            Ok(value) if value >= 1e18 => None,
            Ok(_) => Some(true),
        },
        _ => (text == "1:x").then_some(false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{options::Options, workload::Workload};

    #[test]
    fn what_a_description_says_is_what_the_option_takes() {
        let mut random = Random::new(1);
        let (mut taken, mut refused) = (0, 0);
        for knob in Options::describe().into_iter().chain(Workload::describe()) {
            for _ in 0..200 {
                let text = draw(&mut random, &knob, 3);
                let set = match Options::default().get(knob.name) {
                    Some(_) => Options::default().set(knob.name, &text),
                    None => Workload::default().set(knob.name, &text),
                };
                match fits(&knob, &text) {
                    Some(fits) => assert_eq!(set.is_ok(), fits, "{}={text}: {set:?}", knob.name),
                    None => continue,
                }
                *if set.is_ok() { &mut taken } else { &mut refused } += 1;
            }
        }
        assert!(taken > 5000 && refused > 2000, "{taken} taken, {refused} refused");
    }
}
