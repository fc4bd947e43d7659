//! Rates of operations or bytes over virtual time: constant, in bursts, with spikes.
//!
//! In: a rate per second, and [`Bursts`]. Out: the rate at a time, the amount between two times, and the time of an
//! amount.
//!
//! A [`Rate`] is constant from one change to the next ([`Rate::until`]), so a caller can integrate it exactly. It uses
//! only additions and multiplications, so every platform computes the same bits.

/// Nanoseconds in a second.
pub const SECOND: u64 = 1_000_000_000;

/// The times at which a rate is lower or higher. Times are in nanoseconds; a time of 0 disables the bursts or spikes.
///
/// ```text
/// factor
///    5 |              ┌──┐            ┌──┐    spike_factor, for `spike`, at the end of every `spike_every`
///    1 |──────┐   ┌───┘  └┐   ┌───────┘  └    1, for `on`
///  0.1 |      └───┘       └───┘               off_share, for `off`
///      └──────────────────────────────────> time
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bursts {
    /// The duration of the full rate, before each low one.
    pub on: u64,
    /// The duration of the low rate.
    pub off: u64,
    /// The low rate, as a share of the full one.
    pub off_share: f64,
    /// The period of spikes; each spike is at the end of its period.
    pub spike_every: u64,
    /// The duration of a spike.
    pub spike: u64,
    /// The factor of a spike, on top of the bursts.
    pub spike_factor: f64,
}

impl Bursts {
    /// No bursts or spikes: the rate is constant.
    pub const NONE: Bursts = Bursts { on: 0, off: 0, off_share: 0.0, spike_every: 0, spike: 0, spike_factor: 1.0 };

    /// The factor of the rate at `time`.
    pub fn factor(&self, time: u64) -> f64 {
        let mut factor = 1.0;
        if self.has_off() && time % (self.on + self.off) >= self.on {
            factor *= self.off_share;
        }
        if self.has_spikes() && time % self.spike_every >= self.spike_every - self.spike {
            factor *= self.spike_factor;
        }
        factor
    }

    /// The first time after `time` at which the factor may change; `u64::MAX` if there is none.
    pub fn until(&self, time: u64) -> u64 {
        let after = |period: u64, edge: u64| {
            let began = time - time % period;
            let next = if time % period < edge { edge } else { period };
            began.saturating_add(next)
        };
        let burst = if self.has_off() { after(self.on + self.off, self.on) } else { u64::MAX };
        let spike = if self.has_spikes() { after(self.spike_every, self.spike_every - self.spike) } else { u64::MAX };
        burst.min(spike)
    }

    fn has_off(&self) -> bool {
        self.on > 0 && self.off > 0
    }

    fn has_spikes(&self) -> bool {
        self.spike > 0 && self.spike_every >= self.spike
    }
}

/// A rate over virtual time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The full rate, per second.
    pub per_second: f64,
    /// The times at which it is lower or higher.
    pub bursts: Bursts,
}

impl Rate {
    /// A constant rate.
    pub fn constant(per_second: f64) -> Rate {
        Rate { per_second, bursts: Bursts::NONE }
    }

    /// The rate per second at `time` (nanoseconds).
    pub fn at(&self, time: u64) -> f64 {
        self.per_second * self.bursts.factor(time)
    }

    /// The first time after `time` at which the rate may change; `u64::MAX` if there is none.
    pub fn until(&self, time: u64) -> u64 {
        if self.per_second > 0.0 { self.bursts.until(time) } else { u64::MAX }
    }

    /// The amount from `from` to `to`: the integral of the rate.
    pub fn amount(&self, from: u64, to: u64) -> f64 {
        let (mut sum, mut at) = (0.0, from);
        while at < to {
            let end = self.until(at).min(to);
            sum += self.at(at) * ((end - at) as f64 / SECOND as f64);
            at = end;
        }
        sum
    }

    /// The time at which the amount since `from` reaches `amount`; `None` if it never does. In nanoseconds with a
    /// fraction, so that a sequence of calls does not drift.
    pub fn reaches(&self, from: f64, amount: f64) -> Option<f64> {
        let (mut at, mut amount) = (from, amount);
        // A rate that is 0 for a whole period stays 0.
        let mut silent = 0;
        while silent < 4 {
            let end = self.until(at as u64);
            let rate = self.at(at as u64);
            let room = (end as f64 - at) * rate / SECOND as f64;
            if rate > 0.0 && (amount <= room || end == u64::MAX) {
                return Some(at + amount / rate * SECOND as f64);
            }
            if end == u64::MAX {
                return None;
            }
            silent = if rate > 0.0 { 0 } else { silent + 1 };
            amount -= room;
            at = end as f64;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2 s on, 1 s at a tenth; every 10 s, the last second is fivefold.
    const BURSTS: Bursts = Bursts {
        on: 2 * SECOND,
        off: SECOND,
        off_share: 0.1,
        spike_every: 10 * SECOND,
        spike: SECOND,
        spike_factor: 5.0,
    };

    #[test]
    fn a_burst_is_on_then_off_and_a_spike_multiplies_either() {
        let rate = Rate { per_second: 100.0, bursts: BURSTS };
        let at = |seconds: f64| rate.at((seconds * 1e9) as u64);
        assert_eq!([0.0, 1.99, 2.0, 2.99, 3.0].map(at), [100.0, 100.0, 10.0, 10.0, 100.0]);
        assert_eq!([9.0, 9.99, 10.0].map(at), [500.0, 500.0, 100.0]);
    }

    #[test]
    fn between_two_changes_it_is_constant() {
        let mut at = 0;
        let mut changes = Vec::new();
        while at < 12 * SECOND {
            let end = BURSTS.until(at);
            assert_eq!(BURSTS.factor(at), BURSTS.factor(end - 1), "from {at} to {end}");
            changes.push(end / SECOND);
            at = end;
        }
        assert_eq!(changes, [2, 3, 5, 6, 8, 9, 10, 11, 12]);
    }

    #[test]
    fn what_comes_by_amount_comes_at_that_time() {
        let rate = Rate { per_second: 100.0, bursts: BURSTS };
        // 200 in 2 s, 10 in the next, and so on: 630 in 9 s, then 500 in one.
        assert_eq!(rate.amount(0, 10 * SECOND), 1130.0);
        assert_eq!(rate.amount(SECOND / 2, SECOND), 50.0);
        assert_eq!(rate.reaches(0.0, 205.0), Some(2.5e9));
        assert_eq!(rate.reaches(0.0, 1130.0), Some(10e9));
        assert_eq!(Rate::constant(4.0).reaches(1e9, 2.0), Some(1.5e9));
    }

    #[test]
    fn what_never_comes_is_not_waited_for() {
        assert_eq!(Rate::constant(0.0).reaches(0.0, 1.0), None);
        let spikes_of_nothing = Bursts { spike_factor: 0.0, off_share: 0.0, ..BURSTS };
        assert_eq!(Rate { per_second: 0.0, bursts: spikes_of_nothing }.reaches(0.0, 1.0), None);
        // All silent but for the first two seconds of each three.
        let quiet = Rate { per_second: 1.0, bursts: Bursts { off_share: 0.0, ..BURSTS } };
        assert_eq!(quiet.reaches(2.5e9, 0.5), Some(3.5e9));
    }
}
