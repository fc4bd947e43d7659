//! Stalls: when writes were stopped or delayed, why, and what ran beside them.
//!
//! In: the lines that say so, and the moments at which a column family goes on; in the log's order. Out: how long each
//! condition held, by cause; and [`StallEpisode`]s. The conditions of several families may hold at once: writes are
//! stalled for their union, which is summed in order of time once none of those that are open can be before it.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    LogJob, MAX_EPISODES, add,
    job_ledger::JobLedger,
    periods::{LogSpan, Periods},
};

/// Why writes were stopped or delayed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LogStallCause {
    /// Memtables that wait for their flush.
    Memtables,
    /// Tables on level 0.
    Level0,
    /// Bytes that are estimated to be compacted.
    PendingBytes,
    /// Something that is not known here.
    #[default]
    Other,
}

/// The stalls of a log, all column families together.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogStalls {
    /// How long writes were stopped.
    pub stopped_micros: u64,
    /// How long they were delayed, and not stopped.
    pub delayed_micros: u64,
    /// How long each cause held, by column family: together they may be longer than the stalls.
    pub by_cause: BTreeMap<LogStallCause, u64>,
    /// How long writers waited, as the database itself counted it up to its last dump of statistics of each session;
    /// none without a dump.
    pub counted_micros: Option<u64>,
    /// When the last of those dumps was written.
    pub counted_until: u64,
    /// The longest stalls, by their beginning: at most [`super::MAX_EPISODES`].
    pub episodes: Vec<StallEpisode>,
    /// How many there were.
    pub episode_count: u64,
}

/// Stops and delays that follow each other within ten seconds.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct StallEpisode {
    /// When it began.
    pub from: u64,
    /// When it ended.
    pub until: u64,
    /// Whether the log was cut, or the database gone, before the end was told.
    pub is_open_ended: bool,
    /// How long writes were stopped in it.
    pub stopped_micros: u64,
    /// How long they were delayed, and not stopped.
    pub delayed_micros: u64,
    /// The cause that held the longest.
    pub cause: LogStallCause,
    /// What was counted of that cause at its worst: memtables, tables, or bytes.
    pub peak: u64,
    /// The column family whose conditions these are; the one with the longest if there are several.
    pub family: usize,
    /// The lowest rate to which writes were limited, in bytes a second; 0 if there was no delay.
    pub lowest_rate: u64,
    /// How many compactions the options in force then allow, under pressure.
    pub slots: Option<u64>,
    /// How long compactions ran meanwhile, all together.
    pub compacting_micros: u64,
    /// The compaction that ran beside it for the longest.
    pub beside: Option<LogJob>,
}

/// Stalls with less between them are one episode, in microseconds.
const GAP: u64 = 10_000_000;

/// Conditions that ended are summed when there are as many.
const MAX_ENDED: usize = 4_096;

/// What a line says of a stall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct StallLine {
    /// Whether writes are stopped, not delayed.
    pub stops: bool,
    /// Why.
    pub cause: LogStallCause,
    /// How many memtables, tables or bytes there are.
    pub amount: u64,
    /// The rate to which writes are limited; 0 where they are stopped.
    pub rate: u64,
}

impl StallLine {
    /// Whether compactions end it: it is of level 0 or of pending bytes.
    fn waits_for_compactions(&self) -> bool {
        matches!(self.cause, LogStallCause::Level0 | LogStallCause::PendingBytes)
    }

    /// Of what stands behind `because`.
    pub fn of(stops: bool, why: &str) -> StallLine {
        let digits = |text: &str| text.trim_start().split(|c: char| !c.is_ascii_digit()).next()?.parse().ok();
        let number = |before: &str| why.split_once(before).and_then(|(_, rest)| digits(rest)).unwrap_or(0);
        let cause = match why {
            why if why.contains("immutable memtables") => LogStallCause::Memtables,
            why if why.contains("level-0 files") => LogStallCause::Level0,
            why if why.contains("pending compaction bytes") => LogStallCause::PendingBytes,
            _ => LogStallCause::Other,
        };
        let amount = if cause == LogStallCause::PendingBytes { number("bytes ") } else { number("have ") };
        StallLine { stops, cause, amount, rate: if stops { 0 } else { number(" rate ") } }
    }
}

/// A condition that holds, or held.
#[derive(Clone, Debug)]
struct Condition {
    family: usize,
    from: u64,
    until: u64,
    line: StallLine,
    slots: Option<u64>,
    is_open_ended: bool,
    compacting_micros: u64,
    beside: Option<LogJob>,
}

/// The stalls of a log.
#[derive(Clone, Debug, Default)]
pub(super) struct StallLedger {
    /// By family; `until` is when the last line said so.
    open: BTreeMap<usize, Condition>,
    /// How many of them wait for compactions.
    waiting: usize,
    ended: Vec<Condition>,
    stopped_until: u64,
    stalled_until: u64,
    stalls: LogStalls,
    /// Of the last episode, how long each cause and family held.
    weights: BTreeMap<(LogStallCause, usize), u64>,
    /// For how long each family's conditions stopped and delayed.
    of_families: BTreeMap<usize, (u64, u64)>,
}

impl StallLedger {
    /// Whether writes are stalled for compactions: by level 0 or by pending bytes.
    pub fn waits_for_compactions(&self) -> bool {
        self.waiting > 0
    }

    fn begin(&mut self, condition: Condition) {
        self.waiting += usize::from(condition.line.waits_for_compactions());
        self.open.insert(condition.family, condition);
    }

    /// A line says that a condition holds. Returns whether the family's writes went on before, or were only delayed.
    pub fn says(&mut self, family: usize, at: u64, line: StallLine, slots: Option<u64>, jobs: &JobLedger) -> bool {
        if let Some(open) = self.open.get_mut(&family) {
            if (open.line.stops, open.line.cause) == (line.stops, line.cause) {
                open.line.amount = open.line.amount.max(line.amount);
                open.line.rate = open.line.rate.min(line.rate);
                open.until = open.until.max(at);
                return false;
            }
            let at = at.max(open.until);
            self.end(family, at, false, jobs);
        }
        let (compacting_micros, beside) = (0, None);
        let is_open_ended = false;
        let begun = Condition { family, from: at, until: at, line, slots, is_open_ended, compacting_micros, beside };
        self.begin(begun);
        true
    }

    /// The family has a new version on which no condition holds. Returns the condition that has ended.
    pub fn goes_on(&mut self, family: usize, at: u64, jobs: &JobLedger) -> Option<(u64, StallLine)> {
        let open = self.open.get(&family).filter(|open| open.until <= at)?;
        let ended = (at - open.from, open.line);
        self.end(family, at, false, jobs);
        Some(ended)
    }

    /// The database is closed: no writer waits.
    pub fn close(&mut self, at: u64, jobs: &JobLedger) {
        while let Some(family) = self.open.keys().next().copied() {
            self.end(family, at, false, jobs);
        }
    }

    /// The log ends, or the process has ended without closing: what is open has no end.
    pub fn abandon(&mut self, at: u64, jobs: &JobLedger) {
        while let Some(family) = self.open.keys().next().copied() {
            self.end(family, at, true, jobs);
        }
    }

    fn end(&mut self, family: usize, at: u64, is_open_ended: bool, jobs: &JobLedger) {
        let Some(mut open) = self.open.remove(&family) else { return };
        self.waiting -= usize::from(open.line.waits_for_compactions());
        open.until = at.max(open.until);
        open.is_open_ended = is_open_ended;
        (open.compacting_micros, open.beside) = jobs.beside(open.from, open.until);
        let micros = open.until - open.from;
        add(self.stalls.by_cause.entry(open.line.cause).or_default(), micros);
        let (stopped, delayed) = self.of_families.entry(family).or_default();
        add(if open.line.stops { stopped } else { delayed }, micros);
        self.ended.push(open);
    }

    /// Sums what has ended at `at`, if that is much. A condition that never ends, as of a family that was dropped, does
    /// not keep all that comes after it: it is summed up to here, and goes on.
    pub fn settle_if_many(&mut self, at: u64, jobs: &JobLedger, periods: &mut Periods) {
        if self.ended.len() < MAX_ENDED {
            return;
        }
        self.settle(periods);
        if self.ended.len() < MAX_ENDED / 2 {
            return;
        }
        let open: Vec<Condition> = self.open.values().cloned().collect();
        for condition in open {
            self.end(condition.family, at, false, jobs);
            let from = at.max(condition.until);
            self.begin(Condition { from, until: from, ..condition });
        }
        self.settle(periods);
    }

    /// Sums what has ended before everything that is open.
    fn settle(&mut self, periods: &mut Periods) {
        let before = self.open.values().map(|open| open.from).min().unwrap_or(u64::MAX);
        let (mut settled, later) =
            std::mem::take(&mut self.ended).into_iter().partition::<Vec<_>, _>(|c| c.until <= before);
        self.ended = later;
        settled.sort_by_key(|condition| (condition.from, condition.until));
        for condition in settled {
            self.sum(condition, periods);
        }
    }

    fn sum(&mut self, condition: Condition, periods: &mut Periods) {
        let Condition { from, until, line, family, .. } = condition;
        let stalled = (from.max(self.stalled_until), until.max(self.stalled_until));
        let stopped = (from.max(self.stopped_until), until.max(self.stopped_until));
        periods.spread(LogSpan::Stalled, stalled.0, stalled.1);
        let mut stopped_micros = 0;
        if line.stops {
            periods.spread(LogSpan::Stopped, stopped.0, stopped.1);
            self.stopped_until = stopped.1;
            stopped_micros = stopped.1 - stopped.0;
        }
        let is_new = self.stalls.episode_count == 0 || from > self.stalled_until.saturating_add(GAP);
        self.stalled_until = stalled.1;
        let stalled_micros = stalled.1 - stalled.0;
        if is_new {
            self.keep_longest();
            self.weights.clear();
            self.stalls.episode_count += 1;
            self.stalls.episodes.push(StallEpisode { from, until, ..StallEpisode::default() });
        }
        let Some(episode) = self.stalls.episodes.last_mut() else { return };
        episode.until = episode.until.max(until);
        episode.is_open_ended |= condition.is_open_ended;
        episode.slots = condition.slots;
        add(&mut episode.stopped_micros, stopped_micros);
        // A stop within a delay of another family takes its time from it.
        episode.delayed_micros = episode.delayed_micros.saturating_add(stalled_micros).saturating_sub(stopped_micros);
        add(&mut self.stalls.stopped_micros, stopped_micros);
        self.stalls.delayed_micros =
            self.stalls.delayed_micros.saturating_add(stalled_micros).saturating_sub(stopped_micros);
        // Conditions of several families hold at once: what ran beside them is counted for the time that is new.
        let share = stalled_micros as f64 / (until - from).max(1) as f64;
        add(&mut episode.compacting_micros, (condition.compacting_micros as f64 * share) as u64);
        if !line.stops {
            let lowest = &mut episode.lowest_rate;
            *lowest = if *lowest == 0 { line.rate } else { line.rate.min(*lowest) };
        }
        let within = (episode.from, episode.until);
        let overlap = |job: &LogJob| job.until.min(within.1).saturating_sub(job.from.max(within.0));
        if condition.beside.as_ref().map(overlap) > episode.beside.as_ref().map(overlap) {
            episode.beside = condition.beside;
        }
        // The longest so far stays it, or this one becomes it: of a thousand families, no others are looked at.
        let (of, longest) = ((line.cause, family), (episode.cause, episode.family));
        let weight = self.weights.entry(of).or_default();
        add(weight, until - from);
        let weight = *weight;
        if of == longest {
            episode.peak = episode.peak.max(line.amount);
        } else if self.weights.get(&longest).is_none_or(|longest_weight| (*longest_weight, longest) < (weight, of)) {
            (episode.cause, episode.family, episode.peak) = (line.cause, family, line.amount);
        }
    }

    /// Drops the shortest episodes, if there are many.
    fn keep_longest(&mut self) {
        if self.stalls.episodes.len() >= 2 * MAX_EPISODES {
            drop_shortest(&mut self.stalls.episodes);
        }
    }

    /// All stalls up to `now`, with those that last; and how long each family's conditions stopped and delayed writes.
    pub fn listed(
        &self,
        now: u64,
        jobs: &JobLedger,
        periods: &mut Periods,
    ) -> (LogStalls, BTreeMap<usize, (u64, u64)>) {
        let mut all = self.clone();
        all.abandon(now, jobs);
        all.settle(periods);
        drop_shortest(&mut all.stalls.episodes);
        for beside in all.stalls.episodes.iter_mut().filter_map(|episode| episode.beside.as_mut()) {
            if let Some(ended) = jobs.ended(beside).filter(|_| beside.is_unfinished) {
                *beside = ended.clone();
            }
        }
        (all.stalls, all.of_families)
    }
}

/// How bad an episode was: a stop weighs more than a delay.
pub(super) fn weight(episode: &StallEpisode) -> u64 {
    episode.stopped_micros.saturating_mul(4).saturating_add(episode.delayed_micros)
}

fn drop_shortest(episodes: &mut Vec<StallEpisode>) {
    if episodes.len() > MAX_EPISODES {
        episodes.sort_by_key(|episode| std::cmp::Reverse(weight(episode)));
        episodes.truncate(MAX_EPISODES);
        episodes.sort_by_key(|episode| episode.from);
    }
}
