//! One option that varies in a sweep, and the values that it takes.
//!
//! In: values as text, or a range. Out: a [`SweepAxis`], which has a value for each position, or draws one.
//!
//! Values of a range are computed as floats, and rounded: to whole numbers where the option has these, else to 12
//! digits, so that a range from 0 to 1 by 0.1 has 0.3 and not 0.30000000000000004. Logarithms are those of `libm`, the
//! same on every machine.

use crate::random::Random;

/// How the values of a column are stored in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnType {
    /// Names, and whatever is no number.
    Text,
    /// Whole numbers.
    Whole,
    /// Numbers with a fraction.
    Number,
    /// `true` or `false`.
    Switch,
}

/// How the values between the ends of a range lie.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RangeScale {
    /// At equal distances.
    #[default]
    Linear,
    /// At equal ratios.
    Log,
}

/// Numbers between two ends, both included.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepRange {
    /// The least.
    pub from: f64,
    /// The greatest: more than `from`.
    pub to: f64,
    /// How values between them lie. With [`RangeScale::Log`], `from` is more than 0.
    pub scale: RangeScale,
    /// Whether only whole numbers are values.
    pub is_whole: bool,
}

impl SweepRange {
    /// `count` values from end to end, at least two; fewer where whole numbers are the same.
    pub fn divided(&self, count: u64) -> Vec<String> {
        let last = count.max(2) - 1;
        let mut values: Vec<String> = (0..=last).map(|at| self.text(self.at(at as f64 / last as f64))).collect();
        values.dedup();
        values
    }

    /// From the least on by `step`, which is more than 0, up to the greatest.
    pub fn stepped(&self, step: f64) -> Vec<String> {
        // A step that divides the range but for a rounding error reaches its end.
        let steps = ((self.to - self.from) / step + 1e-9).floor() as u64;
        let mut values: Vec<String> = (0..=steps).map(|at| self.text(self.from + at as f64 * step)).collect();
        values.dedup();
        values
    }

    /// Any value, all equally likely by the scale.
    fn draw(&self, random: &mut Random) -> String {
        // 53 bits are what a float has.
        let share = (random.draw() >> 11) as f64 / (1u64 << 53) as f64;
        if self.is_whole && self.scale == RangeScale::Linear {
            return self.text((self.from + share * (self.to - self.from + 1.0)).floor());
        }
        self.text(self.at(share))
    }

    /// The value at a share of the range.
    fn at(&self, share: f64) -> f64 {
        match self.scale {
            RangeScale::Linear => self.from + share * (self.to - self.from),
            RangeScale::Log => self.from * libm::pow(self.to / self.from, share),
        }
    }

    fn text(&self, value: f64) -> String {
        let value = value.clamp(self.from, self.to);
        if self.is_whole { (value.round() as i64).to_string() } else { digits(value) }
    }
}

/// `value` with 12 digits, as short as it can be read back.
fn digits(value: f64) -> String {
    format!("{value:.11e}").parse::<f64>().unwrap_or(value).to_string()
}

/// The values of one option or parameter in a sweep.
#[derive(Clone, Debug, PartialEq)]
pub struct SweepAxis {
    /// The option or parameter.
    pub name: String,
    /// How its values are stored.
    pub column: ColumnType,
    /// Its values.
    pub values: AxisValues,
}

/// What an axis has.
#[derive(Clone, Debug, PartialEq)]
pub enum AxisValues {
    /// These, at least one, none twice.
    Listed(Vec<String>),
    /// Any of a range: of a sample only.
    Any(SweepRange),
}

impl SweepAxis {
    /// How many values it has; none of a range of which any may be drawn.
    pub fn count(&self) -> Option<u64> {
        match &self.values {
            AxisValues::Listed(values) => Some(values.len() as u64),
            AxisValues::Any(_) => None,
        }
    }

    /// A drawn value; those of a list are equally likely.
    pub(super) fn draw(&self, random: &mut Random) -> String {
        match &self.values {
            AxisValues::Listed(values) => values[random.below(values.len() as u64) as usize].clone(),
            AxisValues::Any(range) => range.draw(random),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range(from: f64, to: f64, scale: RangeScale, is_whole: bool) -> SweepRange {
        SweepRange { from, to, scale, is_whole }
    }

    #[test]
    fn a_range_is_divided_evenly_or_by_equal_ratios() {
        let mb = f64::from(1 << 20);
        let log = range(16.0 * mb, 256.0 * mb, RangeScale::Log, true);
        assert_eq!(log.divided(5), ["16777216", "33554432", "67108864", "134217728", "268435456"]);
        assert_eq!(range(0.0, 1.0, RangeScale::Linear, false).divided(5), ["0", "0.25", "0.5", "0.75", "1"]);
        assert_eq!(range(1.0, 4.0, RangeScale::Linear, true).divided(20), ["1", "2", "3", "4"]);
    }

    #[test]
    fn steps_end_at_the_end_or_before_it() {
        let tenths = range(0.0, 0.5, RangeScale::Linear, false);
        assert_eq!(tenths.stepped(0.1), ["0", "0.1", "0.2", "0.3", "0.4", "0.5"]);
        assert_eq!(range(4.0, 15.0, RangeScale::Linear, true).stepped(4.0), ["4", "8", "12"]);
    }

    #[test]
    fn what_is_drawn_covers_the_range_and_never_leaves_it() {
        let mut random = Random::new(7);
        let whole = range(1.0, 6.0, RangeScale::Linear, true);
        let mut counts = [0; 7];
        for _ in 0..6000 {
            counts[whole.draw(&mut random).parse::<usize>().unwrap()] += 1;
        }
        assert!(counts[0] == 0 && counts[1..].iter().all(|count| (850..1150).contains(count)), "{counts:?}");
        let log = range(1.0, 10_000.0, RangeScale::Log, false);
        let drawn: Vec<f64> = (0..4000).map(|_| log.draw(&mut random).parse().unwrap()).collect();
        assert!(drawn.iter().all(|value| (1.0..=10_000.0).contains(value)));
        let below_100 = drawn.iter().filter(|value| **value < 100.0).count();
        assert!((1800..2200).contains(&below_100), "half of a logarithmic range is below its middle: {below_100}");
    }
}
