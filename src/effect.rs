//! Options that have no effect, given the others: not an error, but reported where they are set.
//!
//! In: a set of options, and the executor that runs with it. Out: each option that changes nothing there, or less than
//! its name says, with the reason ([`Options::without_effect`]), and sentences for those that were set ([`told`]). The
//! options that a compaction style does not use are in [its own file](crate::policy::About::unused); all others
//! are in two tables here. The repl, the page, `drive` and the simulator
//! use this module. A test runs the simulator and the engine with other values of every such option, and finds no
//! difference.

use crate::{
    options::{Compression, DeviceChoice, JobMode, Options, Value, WalSync},
    policy::{policy_for, styles},
    words::{said, say, to_say},
};

pub(crate) mod parameters;

/// What runs with a set of options.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Executor {
    /// The engine: in the repl, on the page, in `drive`.
    Engine,
    /// The [simulator](crate::sim).
    Simulator,
    /// An [estimate](crate::what_if) of a recorded history.
    History(HistoryTime),
}

/// What takes how long in an estimate of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryTime {
    /// Nothing takes any time: the writer waited for compactions.
    None,
    /// Compactions take as long as those of the history did.
    AsRecorded,
    /// Compactions take as long as the device of the options says.
    OfOptions,
}

/// An option that changes nothing, or less than its name says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WithoutEffect {
    /// The option.
    pub field: &'static str,
    /// Whether it changes nothing at all.
    pub is_all: bool,
    /// Why.
    pub reason: String,
}

/// Options that lose their effect for one reason.
struct Row {
    fields: &'static [&'static str],
    /// Whether they do.
    applies: fn(&Options, Executor) -> bool,
    /// Whether they change nothing at all.
    is_all: bool,
    /// Why. `{mode}` stands for the job mode.
    reason: &'static str,
}

const fn row(fields: &'static [&'static str], applies: fn(&Options, Executor) -> bool, reason: &'static str) -> Row {
    Row { fields, applies, is_all: true, reason }
}

const fn partly(fields: &'static [&'static str], applies: fn(&Options, Executor) -> bool, reason: &'static str) -> Row {
    Row { is_all: false, ..row(fields, applies, reason) }
}

const CUSTOM_DEVICE: &[&str] =
    &["device_read_mb_per_s", "device_write_mb_per_s", "device_latency_us", "device_fsync_us"];

/// The options that determine how long something takes, and how many jobs run at once.
const TIME: &[&str] = &[
    "device",
    "device_read_mb_per_s",
    "device_write_mb_per_s",
    "device_latency_us",
    "device_fsync_us",
    "table_build_mb_per_s",
    "compression_mb_per_s",
    "rate_limiter_bytes_per_sec",
    "delayed_write_rate",
    "max_background_jobs",
    "max_background_flushes",
    "max_background_compactions",
    "max_subcompactions",
    "soft_pending_compaction_bytes_limit",
    "hard_pending_compaction_bytes_limit",
];

const LEVEL_0_LIMITS: &[&str] = &["level0_slowdown_writes_trigger", "level0_stop_writes_trigger"];

/// Of the simulator. Of all rows that an option is in, the first that applies counts.
const OF_SIMULATOR: &[Row] = &[
    row(
        &["tombstone_retention_seconds"],
        |_, executor| executor == Executor::Simulator,
        to_say!("in the simulator, a merge drops a tombstone as soon as it hides nothing"),
    ),
    row(
        &["wal_sync", "wal_sync_writes", "wal_bytes_per_sync"],
        |_, executor| executor == Executor::Simulator,
        to_say!("the simulator counts no time for syncs of the WAL, as many writes share one"),
    ),
    partly(
        &["job_mode"],
        |options, executor| executor == Executor::Simulator && options.job_mode == JobMode::Manual,
        to_say!("in the simulator, jobs begin by themselves: manual is the same as scheduled"),
    ),
    row(
        &["wal_recovery_mode", "index_interval", "block_restart_interval", "max_manifest_file_size"],
        |_, executor| executor == Executor::Simulator,
        to_say!("the simulator writes no files"),
    ),
];

/// Of estimates of a history.
const OF_HISTORY: &[Row] = &[
    row(
        TIME,
        |_, executor| executor == Executor::History(HistoryTime::None),
        to_say!("the writer of this history waited for compactions: in its estimates, nothing takes any time"),
    ),
    row(
        LEVEL_0_LIMITS,
        |_, executor| executor == Executor::History(HistoryTime::None),
        to_say!("the writer of this history waited for compactions: in its estimates, nothing takes any time"),
    ),
    row(
        &["max_subcompactions"],
        |_, executor| executor == Executor::History(HistoryTime::AsRecorded),
        to_say!("compactions take as long as those of the history did, unless a device is set"),
    ),
    row(
        &["write_buffer_size"],
        // Policies that have these set look at it themselves.
        |options, executor| {
            let is_asked = options.fifo_allow_compaction || options.universal_max_read_amp == 0;
            is_of_history(options, executor) && !is_asked
        },
        to_say!("flushes are those of the history"),
    ),
    row(
        &[
            "write_buffer_entries",
            "max_write_buffer_number",
            "min_write_buffer_number_to_merge",
            "db_write_buffer_size",
            "soft_limit_percent",
            "max_total_wal_size",
        ],
        is_of_history,
        to_say!("flushes are those of the history"),
    ),
    row(
        &["wal_sync", "wal_sync_writes", "wal_bytes_per_sync", "wal_recovery_mode"],
        is_of_history,
        to_say!("an estimate has no WAL"),
    ),
    row(
        &["compression"],
        |_, executor| matches!(executor, Executor::History(HistoryTime::None | HistoryTime::AsRecorded)),
        to_say!("tables are as large as those of the history for as many entries"),
    ),
    row(
        &["block_size", "index_interval", "block_restart_interval", "bloom_bits_per_key", "bloom_fpr"],
        is_of_history,
        to_say!("tables are as large as those of the history for as many entries"),
    ),
    row(&["block_cache_size"], is_of_history, to_say!("an estimate reads nothing")),
    row(&["ttl"], is_of_history, to_say!("in an estimate, no table has an age")),
    row(
        &["tombstone_retention_seconds"],
        is_of_history,
        to_say!("in an estimate, a merge drops a tombstone as soon as it hides nothing"),
    ),
    row(&["job_mode", "max_manifest_file_size"], is_of_history, to_say!("an estimate writes no files")),
];

fn is_of_history(_: &Options, executor: Executor) -> bool {
    matches!(executor, Executor::History(_))
}

/// Of all executors.
const OF_ALL: &[Row] = &[
    row(
        &[
            "level0_slowdown_writes_trigger",
            "level0_stop_writes_trigger",
            "soft_pending_compaction_bytes_limit",
            "hard_pending_compaction_bytes_limit",
        ],
        |options, _| options.disable_auto_compactions,
        to_say!("writes do not wait for compactions that are off (disable_auto_compactions)"),
    ),
    row(CUSTOM_DEVICE, |options, _| options.device != DeviceChoice::Custom, to_say!("device is not custom")),
    row(
        TIME,
        |options, executor| executor == Executor::Engine && options.job_mode != JobMode::Scheduled,
        to_say!("nothing takes any time with job_mode={mode}"),
    ),
    row(
        LEVEL_0_LIMITS,
        |options, executor| {
            let takes_time = executor != Executor::Engine || options.job_mode == JobMode::Scheduled;
            !takes_time && !policy_for(options).about().looks_at_stops
        },
        to_say!("no write waits for compactions with job_mode={mode}"),
    ),
    row(&["max_subcompactions"], |options, _| options.one_table_per_level, to_say!("one_table_per_level is true")),
    row(
        &["max_subcompactions"],
        |options, _| {
            let compresses = options.compression != Compression::None && options.compression_mb_per_s > 0.0;
            options.table_build_mb_per_s == 0.0 && !compresses
        },
        to_say!("threads take no time while table_build_mb_per_s and compression_mb_per_s are 0"),
    ),
    row(
        &["compression_mb_per_s"],
        |options, _| options.compression == Compression::None,
        to_say!("compression is none"),
    ),
    row(
        &["max_background_jobs"],
        |options, _| options.max_background_flushes > 0 || options.max_background_compactions > 0,
        to_say!("max_background_flushes or max_background_compactions is set, and replaces it"),
    ),
    row(&["wal_sync_writes"], |options, _| options.wal_sync != WalSync::Writes, to_say!("wal_sync is not writes")),
    row(&["wal_bytes_per_sync"], |options, _| options.wal_sync != WalSync::Bytes, to_say!("wal_sync is not bytes")),
    row(&["soft_limit_percent"], |options, _| options.db_write_buffer_size == 0, to_say!("db_write_buffer_size is 0")),
    row(&["bloom_bits_per_key"], |options, _| options.bloom_fpr > 0.0, to_say!("bloom_fpr is set, and replaces it")),
];

impl Options {
    /// Every option that changes nothing, or less than its name says, beside the others, whether it was set or not.
    pub fn without_effect(&self, executor: Executor) -> Vec<WithoutEffect> {
        let mut found = of_rows(OF_SIMULATOR, self, executor);
        found.extend(of_rows(OF_HISTORY, self, executor));
        found.extend(of_style(self));
        found.extend(of_rows(OF_ALL, self, executor));
        first_of_each(found)
    }

    /// Of the options that `is_set` names, those that change nothing, or less than their names say: a sentence for each
    /// reason.
    pub fn told_without_effect(&self, executor: Executor, is_set: impl Fn(&str) -> bool) -> Vec<String> {
        told_of(self.without_effect(executor), is_set)
    }

    /// The same of the options that are not at their defaults.
    pub fn told_of_changed(&self, executor: Executor) -> Vec<String> {
        let changed = self.changed();
        self.told_without_effect(executor, |name| changed.iter().any(|(changed, _)| changed == name))
    }
}

fn of_rows(rows: &[Row], options: &Options, executor: Executor) -> Vec<WithoutEffect> {
    let applying = rows.iter().filter(|row| (row.applies)(options, executor));
    applying
        .flat_map(|Row { fields, is_all, reason, .. }| {
            let reason = said(reason, &[("mode", &options.job_mode.to_text())]);
            fields.iter().map(move |field| WithoutEffect { field, is_all: *is_all, reason: reason.clone() })
        })
        .collect()
}

/// Options that only other styles read, and those that the style itself does not use.
fn of_style(options: &Options) -> Vec<WithoutEffect> {
    let style = options.compaction_style.to_text();
    let mut all = Vec::new();
    for (other, policy) in styles().filter(|(other, _)| *other != options.compaction_style) {
        let reason = say!("compaction_style is {style}, not {other}", style, other = other.to_text());
        let own = policy.about().own_options.iter();
        all.extend(own.map(|field| WithoutEffect { field, is_all: true, reason: reason.clone() }));
    }
    for unused in policy_for(options).about().unused.iter().filter(|unused| (unused.applies)(options)) {
        let reason = said(unused.reason, &[("style", &style)]);
        let fields = unused.options.iter();
        all.extend(fields.map(|field| WithoutEffect { field, is_all: unused.is_all, reason: reason.clone() }));
    }
    all
}

/// Each option or parameter once: of the rows that it is in, the first counts.
fn first_of_each(found: Vec<WithoutEffect>) -> Vec<WithoutEffect> {
    let mut all: Vec<WithoutEffect> = Vec::new();
    for without in found {
        if !all.iter().any(|known| known.field == without.field) {
            all.push(without);
        }
    }
    all
}

/// A sentence for each reason, of those of `found` that `is_set` names.
pub(crate) fn told_of(mut found: Vec<WithoutEffect>, is_set: impl Fn(&str) -> bool) -> Vec<String> {
    found.retain(|without| is_set(without.field));
    told(&found)
}

/// A sentence for each reason, without a full stop.
pub fn told(found: &[WithoutEffect]) -> Vec<String> {
    let mut reasons: Vec<(&WithoutEffect, Vec<&str>)> = Vec::new();
    for without in found {
        match reasons.iter_mut().find(|(first, _)| first.reason == without.reason) {
            Some((_, fields)) => fields.push(without.field),
            None => reasons.push((without, vec![without.field])),
        }
    }
    let sentence = |(without, fields): &(&WithoutEffect, Vec<&str>)| {
        let (last, others) = fields.split_last().expect("a reason has an option");
        let (is_one, reason) = (others.is_empty(), &without.reason);
        let names = if is_one { last.to_string() } else { say!("{a} and {b}", a = others.join(", "), b = last) };
        match (without.is_all, is_one) {
            (true, true) => say!("{names} has no effect: {reason}", names, reason),
            (true, false) => say!("{names} have no effect: {reason}", names, reason),
            (false, _) => format!("{names}: {reason}"),
        }
    };
    reasons.iter().map(sentence).collect()
}

#[cfg(test)]
mod tests;
