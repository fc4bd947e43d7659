//! Rates over virtual time, of operations or bytes: even, in bursts, with spikes.
//!
//! A [`Rate`] is constant from one change to the next ([`Rate::until`]), so a caller can integrate it exactly, from
//! change to change (a simulator whose memtable fills). It uses only additions and multiplications, so it is the same
//! to the last bit natively and in the browser.

/// Nanoseconds in a second.
pub const SECOND: u64 = 1_000_000_000;

/// When a rate is not what it usually is. All times in nanoseconds; a time of 0 switches its part off.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bursts {
    /// The full rate lasts so long…
    pub on: u64,
    /// …and then, for so long…
    pub off: u64,
    /// …it is only this share of it.
    pub off_share: f64,
    /// At the end of every so long…
    pub spike_every: u64,
    /// …for so long…
    pub spike: u64,
    /// …it is this many times what it would be.
    pub spike_factor: f64,
}

impl Bursts {
    /// None: always the full rate.
    pub const NONE: Bursts = Bursts { on: 0, off: 0, off_share: 0.0, spike_every: 0, spike: 0, spike_factor: 1.0 };

    /// What the rate is multiplied with at `time`.
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

    /// The first moment after `time` at which the factor may change; `u64::MAX` if there is none.
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

/// So much per second, with its bursts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rate {
    /// The full rate, per second.
    pub per_second: f64,
    /// When it is more or less than that.
    pub bursts: Bursts,
}

impl Rate {
    /// Always the same.
    pub fn constant(per_second: f64) -> Rate {
        Rate { per_second, bursts: Bursts::NONE }
    }

    /// How much per second at `time` (nanoseconds).
    pub fn at(&self, time: u64) -> f64 {
        self.per_second * self.bursts.factor(time)
    }

    /// The first moment after `time` at which it may change; `u64::MAX` if there is none.
    pub fn until(&self, time: u64) -> u64 {
        if self.per_second > 0.0 { self.bursts.until(time) } else { u64::MAX }
    }

    /// How much comes from `from` up to `to`.
    pub fn amount(&self, from: u64, to: u64) -> f64 {
        let (mut sum, mut at) = (0.0, from);
        while at < to {
            let end = self.until(at).min(to);
            sum += self.at(at) * ((end - at) as f64 / SECOND as f64);
            at = end;
        }
        sum
    }

    /// When `amount` more has come after `from` (nanoseconds, with a fraction, so that a sequence of calls does not
    /// drift); none if it never comes.
    pub fn reaches(&self, from: f64, amount: f64) -> Option<f64> {
        let (mut at, mut amount) = (from, amount);
        // The longest silence there can be is one period; after that, nothing will ever come.
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
