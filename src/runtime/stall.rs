//! Write stalls: when writes are slowed down or stopped, and by how much.
//!
//! In: the compaction backlog ([`Pressure`]), whenever a flush or a compaction is installed or a memtable is sealed;
//! then each write. Out: the [`Condition`], with the number, the limit and the option behind it; for a write, when it
//! may go on. The rules are those of RocksDB's `ColumnFamilyData::RecalculateWriteStallConditions` and
//! `WriteController::GetDelay`.
//!
//! The first that holds:
//!
//! | condition | when |
//! | --- | --- |
//! | stopped | sealed memtables ≥ `max_write_buffer_number` |
//! | stopped | tables of level 0 ≥ `level0_stop_writes_trigger` |
//! | stopped | pending bytes ≥ `hard_pending_compaction_bytes_limit` |
//! | stopped | bytes of all memtables ≥ `db_write_buffer_size` |
//! | delayed | sealed memtables ≥ `max_write_buffer_number` − 1, where more than 3 are allowed |
//! | delayed | tables of level 0 ≥ `level0_slowdown_writes_trigger` |
//! | delayed | pending bytes ≥ `soft_pending_compaction_bytes_limit` |
//!
//! A write that is *delayed* pays for its bytes at the *delayed write rate*. The rate begins with `delayed_write_rate`.
//! Each time that the condition is found to be still delayed, it is adapted: × 0.6 when nearly stopped (level 0 within
//! two tables of it, or pending bytes beyond ¾ of the way); × 0.8 when pending bytes have not shrunk; × 1.25 when they
//! have; never below 16 KiB/s, never above what it began with. When writes are no longer delayed, it rises × 1.4, and
//! is kept for the next time. Every millisecond brings the credit that the rate is worth; a write that has none left
//! waits.
//!
//! RocksDB would also slow down × 0.6 after a stop. But the stop has taken the place of the delay by then, and the rule
//! asks for a delay: with one column family it never applies (its own test, which is ours too, says so).
//!
//! The two triggers of level 0 are those of [`Options::level0_slowdown`] and [`Options::level0_stop`]: raised to the
//! number at which level 0 is due, and lifted with FIFO compaction.
//!
//! With universal compaction the sorted runs count as tables of level 0, and pending bytes are unknown: 0. Memory is
//! checked with every write ([`Stall::set_memory`]), as in RocksDB's `WriteBufferManager`.

use std::fmt;

use serde::Serialize;

use super::clock::{MILLISECOND, Nanos, SECOND};
use crate::{options::Options, plural::grouped, words::say};

mod pressure;

pub use pressure::Pressure;

/// Writes are never delayed below this, in bytes a second.
const MIN_RATE: u64 = 16 << 10;

/// What they are delayed to where no option says: RocksDB's 16 MiB/s.
const DEFAULT_RATE: u64 = 16 << 20;

/// The quantity that has exceeded its limit.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize,
)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// Sealed memtables.
    Memtables,
    /// Tables of level 0.
    Level0,
    /// Bytes that compactions have to rewrite.
    PendingBytes,
    /// Bytes of all memtables.
    Memory,
}

/// A condition's reason: a number that has reached its limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Why {
    /// The quantity that has exceeded its limit.
    pub cause: Cause,
    /// How many, or how many bytes.
    pub value: u64,
    /// What it has reached.
    pub limit: u64,
    /// The option that sets the limit.
    #[borsh(deserialize_with = "crate::static_text::read")]
    pub option: &'static str,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (value, limit, option) = (grouped(self.value), grouped(self.limit), self.option);
        f.write_str(&match self.cause {
            Cause::Memtables => say!("{value} sealed memtables, limit {limit} ({option})", value, limit, option),
            Cause::Level0 => say!("{value} tables on level 0, limit {limit} ({option})", value, limit, option),
            Cause::PendingBytes => {
                say!("{value} pending compaction bytes, limit {limit} ({option})", value, limit, option)
            }
            Cause::Memory => say!("{value} bytes in memtables, limit {limit} ({option})", value, limit, option),
        })
    }
}

/// The stall condition of writes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, borsh::BorshSerialize, borsh::BorshDeserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case", tag = "condition")]
pub enum Condition {
    /// They go on as they come.
    #[default]
    Normal,
    /// They pay for their bytes.
    Delayed {
        /// Why.
        why: Why,
        /// Bytes a second.
        rate: u64,
    },
    /// They wait until this is over.
    Stopped {
        /// Why.
        why: Why,
    },
}

impl Condition {
    /// Why it is not normal.
    pub fn why(&self) -> Option<Why> {
        match *self {
            Condition::Normal => None,
            Condition::Delayed { why, .. } | Condition::Stopped { why } => Some(why),
        }
    }

    /// Whether writes have to wait until it is over.
    pub fn is_stopped(&self) -> bool {
        matches!(self, Condition::Stopped { .. })
    }

    /// Whether writes pay for their bytes.
    pub fn is_delayed(&self) -> bool {
        matches!(self, Condition::Delayed { .. })
    }
}

/// When a write may go on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Admission {
    /// At this time: now, or when its bytes are paid for. It need not ask again.
    At(Nanos),
    /// Not before the next install: ask again then.
    Stopped(Why),
}

/// The state of writes.
#[derive(Clone, Debug)]
pub struct Stall {
    limits: Limits,
    /// What the tree and the memtables say; memory comes on top.
    condition: Condition,
    memory: Option<Why>,
    pending_before: u64,
    rate: u64,
    credit: u64,
    /// When the next credit comes; none since the delay began.
    refill_at: Option<Nanos>,
}

/// The options that matter here.
#[derive(Clone, Debug)]
struct Limits {
    /// The limits that stop writes, then those that delay them: each by memtables, level 0 and pending bytes, in the
    /// order of the checks.
    stop: [Limit; 3],
    delay: [Limit; 3],
    db_write_buffer_size: u64,
    level0_stop: u64,
    /// 0 for no limit.
    soft: u64,
    hard: u64,
    max_rate: u64,
    disable_auto_compactions: bool,
}

/// A quantity and its limit.
#[derive(Clone, Copy, Debug)]
struct Limit {
    cause: Cause,
    /// Where it is held to be reached: there, or later; never where it does not apply.
    from: Option<u64>,
    limit: u64,
    option: &'static str,
}

impl Stall {
    /// The state with an empty backlog.
    pub fn new(options: &Options) -> Stall {
        let max_rate = match (options.delayed_write_rate, options.rate_limiter_bytes_per_sec) {
            (0, 0) => DEFAULT_RATE,
            (0, limit) => limit,
            (rate, _) => rate,
        };
        Stall {
            rate: max_rate,
            limits: Limits::new(options, max_rate),
            condition: Condition::Normal,
            memory: None,
            pending_before: 0,
            credit: 0,
            refill_at: None,
        }
    }

    /// The stall condition of writes.
    #[inline]
    pub fn condition(&self) -> Condition {
        match self.memory {
            Some(why) if !self.condition.is_stopped() => Condition::Stopped { why },
            _ => self.condition,
        }
    }

    /// Whether writes have to wait, and for what; none if they go on as they come.
    #[inline]
    pub fn what(&self) -> Option<(bool, Cause)> {
        match (&self.condition, &self.memory) {
            (Condition::Stopped { why }, _) | (_, Some(why)) => Some((true, why.cause)),
            (Condition::Delayed { why, .. }, None) => Some((false, why.cause)),
            (Condition::Normal, None) => None,
        }
    }

    /// The bytes a second that writes are left with, 0 where they are stopped; none if they go on as they come.
    #[inline]
    pub fn limit(&self) -> Option<u64> {
        match (&self.condition, &self.memory) {
            (Condition::Stopped { .. }, _) | (_, Some(_)) => Some(0),
            (Condition::Delayed { rate, .. }, None) => Some(*rate),
            (Condition::Normal, None) => None,
        }
    }

    /// Whether writes go on as they come.
    #[inline]
    pub fn is_normal(&self) -> bool {
        self.memory.is_none() && matches!(self.condition, Condition::Normal)
    }

    /// The delayed write rate, in bytes a second: what it is, or would begin with.
    pub fn rate(&self) -> u64 {
        self.rate
    }

    /// Computes the condition from the backlog. Call it when something is installed, and when a memtable is sealed:
    /// each call adapts the rate.
    pub fn reevaluate(&mut self, pressure: &Pressure) {
        let was_delayed = self.condition.is_delayed();
        self.condition = match self.limits.judge(pressure) {
            Some((true, why)) => Condition::Stopped { why },
            Some((false, why)) => {
                self.adapt(pressure, &why, was_delayed);
                Condition::Delayed { why, rate: self.rate }
            }
            None => {
                if was_delayed {
                    self.rate = scaled(self.rate, 1.4).clamp(1, self.limits.max_rate.max(1));
                }
                Condition::Normal
            }
        };
        self.pending_before = pressure.pending_bytes;
    }

    fn adapt(&mut self, pressure: &Pressure, why: &Why, was_delayed: bool) {
        if !was_delayed {
            (self.credit, self.refill_at) = (0, None);
        }
        if self.limits.disable_auto_compactions {
            self.rate = self.limits.max_rate;
        } else if was_delayed && self.limits.max_rate > MIN_RATE {
            let (before, now) = (self.pending_before, pressure.pending_bytes);
            if self.limits.nearly_stops(pressure, why) {
                self.rate = scaled(self.rate, 0.6).max(MIN_RATE);
            } else if before > 0 && before <= now {
                self.rate = scaled(self.rate, 0.8).max(MIN_RATE);
            } else if before > now {
                self.rate = scaled(self.rate, 1.25).min(self.limits.max_rate);
            }
        }
    }

    /// Looks at how many bytes all memtables hold together.
    pub fn set_memory(&mut self, bytes: u64) {
        let limit = self.limits.db_write_buffer_size;
        let why = Why { cause: Cause::Memory, value: bytes, limit, option: "db_write_buffer_size" };
        self.memory = (limit > 0 && bytes >= limit).then_some(why);
    }

    /// When a write of `bytes` that comes at `now` may go on.
    pub fn admit(&mut self, now: Nanos, bytes: u64) -> Admission {
        match self.condition() {
            Condition::Stopped { why } => Admission::Stopped(why),
            Condition::Normal => Admission::At(now),
            Condition::Delayed { .. } => Admission::At(now + self.delay(now, bytes)),
        }
    }

    /// How long a delayed write has to wait.
    fn delay(&mut self, now: Nanos, bytes: u64) -> Nanos {
        let refill_at = *self.refill_at.get_or_insert(now);
        if self.credit < bytes && refill_at <= now {
            let elapsed = now - refill_at + MILLISECOND;
            self.credit = self.credit.saturating_add(mul_div_up(elapsed, self.rate, SECOND));
            self.refill_at = Some(now + MILLISECOND);
        }
        if self.credit >= bytes {
            self.credit -= bytes;
            return 0;
        }
        let owed = bytes - self.credit;
        self.credit = 0;
        let refill_at = self.refill_at.unwrap_or(now).saturating_add(mul_div(owed, SECOND, self.rate.max(1)));
        self.refill_at = Some(refill_at);
        // Not shorter than a refill: RocksDB will not take its lock more often.
        refill_at.saturating_sub(now).max(MILLISECOND)
    }
}

fn mul_div(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from(u128::from(a) * u128::from(b) / u128::from(c)).unwrap_or(u64::MAX)
}

fn mul_div_up(a: u64, b: u64, c: u64) -> u64 {
    u64::try_from((u128::from(a) * u128::from(b)).div_ceil(u128::from(c))).unwrap_or(u64::MAX)
}

fn scaled(rate: u64, by: f64) -> u64 {
    (rate as f64 * by) as u64
}

impl Limits {
    fn new(options: &Options, max_rate: u64) -> Limits {
        let auto = !options.disable_auto_compactions;
        let (soft, hard) = (options.soft_pending_compaction_bytes_limit, options.hard_pending_compaction_bytes_limit);
        let limit =
            |cause, applies: bool, limit, option| Limit { cause, from: applies.then_some(limit), limit, option };
        let memtables = |applies, most| limit(Cause::Memtables, applies, most, "max_write_buffer_number");
        let level0 = |most, option| limit(Cause::Level0, auto, most, option);
        let pending = |most, option| limit(Cause::PendingBytes, auto && most > 0, most, option);
        let most = options.max_write_buffer_number;
        let nearly = memtables(most > 3, most - 1);
        // Before it waits for a flush, one must be possible.
        let can_flush = options.min_write_buffer_number_to_merge + 1;
        let level0_stop = options.level0_stop();
        Limits {
            stop: [
                memtables(true, most),
                level0(level0_stop, "level0_stop_writes_trigger"),
                pending(hard, "hard_pending_compaction_bytes_limit"),
            ],
            delay: [
                Limit { from: nearly.from.map(|from| from.max(can_flush)), ..nearly },
                level0(options.level0_slowdown(), "level0_slowdown_writes_trigger"),
                pending(soft, "soft_pending_compaction_bytes_limit"),
            ],
            db_write_buffer_size: options.db_write_buffer_size,
            level0_stop,
            soft,
            hard,
            max_rate,
            disable_auto_compactions: options.disable_auto_compactions,
        }
    }

    /// The first limit that is reached: whether it stops writes, and why.
    #[inline]
    fn judge(&self, pressure: &Pressure) -> Option<(bool, Why)> {
        let values = [pressure.immutables, pressure.level0_tables, pressure.pending_bytes];
        let first = |limits: &[Limit; 3]| {
            let is_reached = |(limit, value): &(&Limit, u64)| limit.from.is_some_and(|from| *value >= from);
            let (limit, value) = limits.iter().zip(values).find(is_reached)?;
            Some(Why { cause: limit.cause, value, limit: limit.limit, option: limit.option })
        };
        let stopped = first(&self.stop).map(|why| (true, why));
        stopped.or_else(|| first(&self.delay).map(|why| (false, why)))
    }

    /// Whether a stop is near.
    fn nearly_stops(&self, pressure: &Pressure, why: &Why) -> bool {
        match why.cause {
            Cause::Level0 => pressure.level0_tables + 2 >= self.level0_stop,
            Cause::PendingBytes if self.hard > 0 => {
                let gap = self.hard.saturating_sub(self.soft);
                // Three quarters of it, rounded down.
                pressure.pending_bytes - self.soft > gap - gap.div_ceil(4)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
