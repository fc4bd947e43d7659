//! What went wrong, the likely cause, and an option that would change it.
//!
//! In: a report. Out: [`LogFinding`]s, the worst first. Each is a rule over what was counted; `docs/history.md` has the
//! table of rules, with their sources. A cause is *likely* where other causes would look the same, and then its
//! sentences say what a log cannot tell.

use serde::Serialize;

use super::{LogDatabase, LogFamily, LogReport, sentences::percent};
use crate::{
    figure::label::size,
    plural::{counted, grouped},
    words::{places, say},
};

mod of_leveldb;
mod of_stalls;

/// The tables on level 0 that make reads slow: RocksDB's own limit at which it delays writes is 20.
const MANY_RUNS: u64 = 10;

/// The share of deletions among all entries.
const MANY_DELETIONS: f64 = 0.2;

/// How many times what was flushed.
const MUCH_WRITTEN: f64 = 20.0;

/// What went wrong.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub enum LogFindingKind {
    /// The database reported errors.
    #[default]
    Errors,
    /// Writes were stalled while all slots for compactions were busy.
    TooFewJobs,
    /// Writes were stalled for compactions while slots were free.
    CompactionsWait,
    /// Writes were stopped by level 0 while the only thread of LevelDB compacted.
    OneThread,
    /// Writes were stalled by memtables that waited for their flush.
    FlushesBehind,
    /// Level 0 has many tables because its options ask for that.
    Level0High,
    /// Many entries are deletions.
    Tombstones,
    /// Compactions are switched off.
    CompactionsOff,
    /// Memtables are flushed before they are full.
    FlushesEarly,
    /// Compactions write much for what is flushed.
    WriteAmplification,
}

/// Something that went wrong.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogFinding {
    /// What.
    pub kind: LogFindingKind,
    /// When it was at its worst, in microseconds; the whole log if there is no such moment.
    pub from: u64,
    /// When that ended.
    pub until: u64,
    /// The column family; none if it is the database's.
    pub family: Option<String>,
    /// What was counted, in sentences.
    pub says: String,
    /// The likely cause.
    pub cause: String,
    /// What would change it, and what that costs.
    pub remedy: String,
    /// Options to try.
    pub try_options: Vec<LogSuggestion>,
}

/// An option to try.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LogSuggestion {
    /// Its name in RocksDB.
    pub name: String,
    /// What it is; none if the log does not tell.
    pub now: Option<String>,
    /// What to try.
    pub to: String,
}

/// What went wrong, the worst first.
pub(super) fn findings(report: &LogReport) -> Vec<LogFinding> {
    if report.database == LogDatabase::LevelDb {
        return of_leveldb::findings(report);
    }
    let mut found: Vec<LogFinding> = errors(report).into_iter().collect();
    found.extend(of_stalls::stalls(report));
    for family in &report.families {
        found.extend(compactions_off(report, family));
        found.extend(level0_high(report, family));
        found.extend(tombstones(report, family));
        found.extend(flushes_early(report, family));
        found.extend(write_amplification(report, family));
    }
    found
}

fn finding(report: &LogReport, kind: LogFindingKind, family: Option<&LogFamily>) -> LogFinding {
    let family = family.map(|family| family.name.clone());
    LogFinding { kind, from: report.from, until: report.until, family, ..LogFinding::default() }
}

/// Of which column family something is said, where there are several.
fn of(report: &LogReport, family: &LogFamily) -> String {
    if report.families.len() > 1 { say!("Column family {name}: ", name = family.name) } else { String::new() }
}

fn suggest(now: Option<&String>, name: &str, to: impl ToString) -> LogSuggestion {
    LogSuggestion { name: name.into(), now: now.cloned(), to: to.to_string() }
}

fn errors(report: &LogReport) -> Option<LogFinding> {
    let first = report.errors.first()?;
    let clock = report.clock();
    let (errors, at) = (counted(report.error_count, "error"), clock.time(first.at));
    Some(LogFinding {
        from: first.at,
        until: report.errors.last().map_or(first.at, |last| last.at),
        says: say!("The log has {errors}, the first at {at}: {text}", errors, at, text = first.text),
        remedy: say!("Mend that first: until a background error is resolved, RocksDB may refuse every write."),
        ..finding(report, LogFindingKind::Errors, None)
    })
}

fn compactions_off(report: &LogReport, family: &LogFamily) -> Option<LogFinding> {
    let off = family.options.get("disable_auto_compactions").filter(|off| matches!(off.as_str(), "1" | "true"))?;
    let tables = family.levels.first().map_or(0, |level| level.tables);
    if tables < MANY_RUNS {
        return None;
    }
    Some(LogFinding {
        says: of(report, family)
            + &say!("Compactions are switched off, and level 0 has {tables}.", tables = counted(tables, "table")),
        remedy: say!("Switch them on again (disable_auto_compactions) when the load that they were off for is over."),
        try_options: vec![suggest(Some(off), "disable_auto_compactions", "false")],
        ..finding(report, LogFindingKind::CompactionsOff, Some(family))
    })
}

/// Level 0 has many tables, because its trigger is high.
fn level0_high(report: &LogReport, family: &LogFamily) -> Option<LogFinding> {
    const DEFAULT: u64 = 4;
    let trigger = family.options.get("level0_file_num_compaction_trigger")?;
    let number: u64 = trigger.parse().ok()?;
    if family.level0_median < MANY_RUNS || number < MANY_RUNS {
        return None;
    }
    let (median, most) = (counted(family.level0_median, "table"), family.level0_max);
    let mut remedy = vec![say!("Lower it to {to}: reads ask fewer tables, and compactions write more.", to = DEFAULT)];
    let mut tries = vec![suggest(Some(trigger), "level0_file_num_compaction_trigger", DEFAULT)];
    if let Some((small, base, data)) = smaller_base(family, DEFAULT) {
        let name = "max_bytes_for_level_base";
        tries.push(suggest(family.options.get(name), name, small));
        remedy.push(say!(
            "Several times as much even, as long as max_bytes_for_level_base ({base}) is more than all data ({data}): \
             each compaction from level 0 rewrites all of it then. With {small}, as much as level 0 has by then, \
             levels in between keep most of that away.",
            base = size(base),
            data = size(data),
            small = size(small)
        ));
    }
    Some(LogFinding {
        says: of(report, family)
            + &say!("For half of the time, level 0 had {median} or more, and up to {most}.", median, most),
        cause: say!(
            "The likely cause: level0_file_num_compaction_trigger is {trigger}. A get asks each table of level 0 whose \
             range or filter does not rule it out, and a scan reads all of them.",
            trigger
        ),
        remedy: remedy.join(" "),
        try_options: tries,
        ..finding(report, LogFindingKind::Level0High, Some(family))
    })
}

/// What `max_bytes_for_level_base` should be where it is more than all data: then each compaction from level 0 rewrites
/// all of the last level. As much as level 0 has when it is due (*RocksDB Tuning Guide*), in whole MB. With it, the
/// sizes of both.
fn smaller_base(family: &LogFamily, trigger: u64) -> Option<(u64, u64, u64)> {
    const MB: u64 = 1 << 20;
    let is_universal = family.options.get("compaction_style").is_some_and(|style| !style.contains("Level"));
    let base: u64 = family.options.get("max_bytes_for_level_base")?.parse().ok()?;
    let data = family.levels.iter().filter_map(|level| level.bytes).fold(0, u64::saturating_add);
    let flush = family.flushed_bytes.checked_div(family.flushes)?;
    let small = flush.saturating_mul(trigger).max(1).div_ceil(MB).saturating_mul(MB);
    (!is_universal && data < base && small.saturating_mul(2) < data).then_some((small, base, data))
}

/// Many entries of the tables are deletions.
fn tombstones(report: &LogReport, family: &LogFamily) -> Option<LogFinding> {
    /// Fewer entries are no trouble.
    const FEW: u64 = 1_000;
    let sum = |of: fn(&super::LogLevel) -> u64| family.levels.iter().map(of).fold(0, u64::saturating_add);
    let (entries, deletions) = (sum(|level| level.entries), sum(|level| level.deletions));
    if entries < FEW || (deletions as f64) < MANY_DELETIONS * entries as f64 {
        return None;
    }
    let dropped = family.input_records.saturating_sub(family.output_records);
    let mut says = of(report, family)
        + &say!(
            "At the end, {deletions} of {entries} entries in the tables are deletions ({share}): a scan steps over \
             each of them, and over what it deletes.",
            deletions = grouped(deletions),
            entries = grouped(entries),
            share = percent(deletions, entries)
        );
    if family.input_records > 0 {
        says += " ";
        says += &say!(
            "Compactions dropped {share} of the entries that they read.",
            share = percent(dropped, family.input_records)
        );
    }
    let held = family.with_snapshot * 2 > family.asked_of_snapshots;
    let is_universal = family.options.get("compaction_style").is_some_and(|style| style.contains("Universal"));
    let (cause, remedy, tries) = if held {
        let (n, of) = (grouped(family.with_snapshot), grouped(family.asked_of_snapshots));
        (
            say!(
                "The likely cause: a snapshot was held during {n} of {of} compactions, which keep all that it sees.",
                n,
                of
            ),
            say!("Release snapshots and long iterators early."),
            Vec::new(),
        )
    } else if is_universal {
        let name = "compaction_options_universal.max_size_amplification_percent";
        (
            say!(
                "The likely cause: a deletion goes only when it is merged into the oldest run, and the universal style \
                 has no reason to do that as long as the younger runs are not much larger than that."
            ),
            say!(
                "Lower {name} to 30: the oldest run is merged earlier, and compactions write more. \
                 periodic_compaction_seconds, or a CompactOnDeletionCollector for ranges that are deleted at once, do \
                 it as well.",
                name
            ),
            vec![suggest(family.options.get(name), name, 30)],
        )
    } else {
        (
            say!(
                "The likely cause: a deletion goes only when it reaches the last level with its key, and nothing takes \
                 tables there that are not due by their size."
            ),
            say!(
                "Mark tables with many deletions for compaction (CompactOnDeletionCollector), or set ttl so that old \
                 tables are compacted; compactions write more."
            ),
            vec![suggest(family.options.get("ttl"), "ttl", 86_400)],
        )
    };
    Some(LogFinding {
        says,
        cause,
        remedy,
        try_options: tries,
        ..finding(report, LogFindingKind::Tombstones, Some(family))
    })
}

/// Most flushes came before a memtable was full.
fn flushes_early(report: &LogReport, family: &LogFamily) -> Option<LogFinding> {
    const FEW: u64 = 20;
    let buffer: u64 = family.options.get("write_buffer_size")?.parse().ok()?;
    let early = family.flush_reasons.iter().filter(|(reason, _)| *reason != "Write Buffer Full");
    let (reason, n) = early.max_by_key(|(_, n)| **n)?;
    let mean = family.flushed_bytes / family.flushes.max(1);
    if family.flushes < FEW || n * 2 <= family.flushes || mean >= buffer / 4 {
        return None;
    }
    let (n, flushes) = (grouped(*n), grouped(family.flushes));
    Some(LogFinding {
        says: of(report, family)
            + &say!(
                "{n} of {flushes} flushes came for the reason {reason}, with {mean} on average, where a memtable may \
                 have {buffer}.",
                n,
                flushes,
                reason,
                mean = size(mean),
                buffer = size(buffer)
            ),
        remedy: say!(
            "Find out what flushes: calls of Flush, db_write_buffer_size or a write buffer manager for many families, \
             or max_total_wal_size. Small tables on level 0 are compacted more often."
        ),
        ..finding(report, LogFindingKind::FlushesEarly, Some(family))
    })
}

fn write_amplification(report: &LogReport, family: &LogFamily) -> Option<LogFinding> {
    let times = family.write_amp.filter(|times| *times >= MUCH_WRITTEN)?;
    let worst = family.by_level.iter().max_by_key(|row| row.compacted_bytes)?;
    Some(LogFinding {
        says: of(report, family)
            + &say!(
                "Each byte that was flushed was written {times} times; compactions into level {level} wrote {share} of \
                 all.",
                times = places(times, 1),
                level = worst.level,
                share = percent(worst.compacted_bytes, family.compacted_bytes)
            ),
        remedy: say!(
            "Larger write buffers and a max_bytes_for_level_base as large as level 0 make it less; the universal style \
             writes least, for more space."
        ),
        ..finding(report, LogFindingKind::WriteAmplification, Some(family))
    })
}
