//! The summary as people read it.

use std::fmt::{self, Display};

use super::{LevelRow, MB, StallRow, Summary};
use crate::{
    metrics::ratio_text,
    plural::{grouped, grouped_count},
    runtime::stall::{Cause, Why},
    sim::level_stats::LevelCompactionStats,
};

const GB: f64 = (1u64 << 30) as f64;

/// Bytes with a unit that suits them.
fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1024.0 * GB => format!("{:.2} TB", b / GB / 1024.0),
        b if b >= GB => format!("{:.1} GB", b / GB),
        b => format!("{:.1} MB", b / MB),
    }
}

fn gb(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / GB)
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".into(), |share| format!("{:.1} %", share * 100.0))
}

/// MB a second with one place.
fn mb_per_s(rate: Option<f64>) -> String {
    rate.map_or("–".into(), |rate| format!("{rate:.1}"))
}

/// A ratio in a sentence.
fn told(ratio: Option<f64>, places: usize) -> String {
    ratio.map_or("not defined".into(), |ratio| format!("{ratio:.places$}"))
}

/// What the numbers mean.
pub(super) fn sentences(s: &Summary) -> Vec<String> {
    let mut all = vec![came(s)];
    all.extend(s.standstill.map(|why| stands_still(&why)));
    if s.counters.flush_bytes > 0 {
        all.extend(cost(s));
        all.extend(sustained(s));
        all.extend((s.standstill.is_none() && s.waits_for_others()).then(|| untried(s)));
        all.push(amplified(s));
    }
    all.push(waited(s));
    all.extend(s.stalls.iter().filter(|row| row.sum.waited_seconds > 0.0).map(|row| stalled(row, s)));
    all.push(reads(s));
    all
}

fn came(s: &Summary) -> String {
    let written = s.counters.user_bytes as f64;
    format!(
        "In {} s, {} of keys and values were offered ({} MB/s), and {} were written ({} MB/s).",
        grouped(s.seconds as u64),
        size(s.offered_bytes),
        mb_per_s(s.share(s.offered_bytes / MB)),
        size(written),
        mb_per_s(s.share(written / MB)),
    )
}

fn stands_still(why: &Why) -> String {
    format!(
        "Then writes stop for good, and the run ends: {why}, and no flush or compaction is due that would change \
         that. Raise {}, or let compactions begin earlier.",
        why.option
    )
}

fn cost(s: &Summary) -> Option<String> {
    let c = &s.counters;
    if c.user_bytes == 0 {
        return None;
    }
    let each = |bytes: u64| bytes as f64 / c.user_bytes as f64;
    Some(format!(
        "Each written byte went to the device {:.2} times: {:.2} to the WAL, {:.2} by flushes, {:.2} by compactions, \
         which also read {:.2}.",
        each(c.wal_bytes + c.flush_bytes + c.compaction_bytes_written),
        each(c.wal_bytes),
        each(c.flush_bytes),
        each(c.compaction_bytes_written),
        each(c.compaction_bytes_read),
    ))
}

fn sustained(s: &Summary) -> Option<String> {
    let (offered, sustainable) = (s.share(s.offered_bytes / MB)?, s.sustainable_mb_per_s?);
    let verdict = if sustainable < offered { "less than was offered" } else { "more than was offered" };
    Some(format!(
        "For that, requests and syncs included, a device that reads {:.0} MB/s or writes {:.0} was busy {} of the \
         time. At this cost it can sustain about {sustainable:.1} MB/s: {verdict}.",
        s.device.read_mb_per_s,
        s.device.write_mb_per_s,
        percent(s.device_use),
    ))
}

fn untried(s: &Summary) -> String {
    format!(
        "Writers waited nearly all the time, and the device was busy {} of it: this does not show what the device \
         could sustain.",
        percent(s.device_use)
    )
}

fn amplified(s: &Summary) -> String {
    let space = match (s.amplification.space_rocksdb, s.space_live) {
        (None, None) => "Without tables, space amplification is not defined.".into(),
        (last, live) => format!(
            "Space amplification is {} relative to the last level, {} relative to what a reader can see.",
            told(last, 3),
            told(live, 3)
        ),
    };
    format!(
        "Write amplification is {} as RocksDB counts it (flushed and compacted bytes divided by flushed bytes; moves \
         and the WAL do not count), {} relative to the bytes of keys and values. {space}",
        told(s.amplification.write_rocksdb, 2),
        told(s.amplification.write_user, 2),
    )
}

fn waited(s: &Summary) -> String {
    match s.waited_seconds {
        0.0 => "Writers never waited.".into(),
        waited => format!("Writers waited {} s, {} of the time:", grouped(waited as u64), percent(s.share(waited))),
    }
}

fn stalled(row: &StallRow, s: &Summary) -> String {
    let share = percent(s.share(row.sum.waited_seconds));
    let Some(cause) = row.cause else {
        return match row.option {
            "job_mode" => format!("{share} for jobs that run inside a write (job_mode)."),
            _ => format!("{share} because the device could not take the WAL's bytes as fast as they came (device)."),
        };
    };
    let how = if row.is_stop { "stopped" } else { "slowed down" };
    let limit = row.limit;
    let what = match cause {
        Cause::Memtables => grouped_count(limit, "sealed memtable"),
        Cause::Level0 => format!("{} on level 0", grouped_count(limit, "table")),
        Cause::PendingBytes => format!("{} of pending compaction bytes", size(limit as f64)),
        Cause::Memory => format!("{} in memtables", size(limit as f64)),
    };
    format!("{share} {how} at {what} ({}).", row.option)
}

fn reads(s: &Summary) -> String {
    let us = |nanos: u64| grouped(nanos / 1000);
    format!(
        "A get now checks {:.2} runs and reads {:.3} blocks on average. Half of all gets take up to {} µs, 99 % up to \
         {} µs, 99.9 % up to {} µs.",
        s.reads.runs,
        s.reads.blocks,
        us(s.reads.p50),
        us(s.reads.p99),
        us(s.reads.p999),
    )
}

impl Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:>6} {:>7} {:>10} {:>7} {:>10} {:>10} {:>10} {:>7} {:>10} {:>8} {:>8}",
            "Level",
            "Tables",
            "Size",
            "Score",
            "Rn(GB)",
            "Rnp1(GB)",
            "Write(GB)",
            "W-Amp",
            "Moved(GB)",
            "Jobs",
            "Moves"
        )?;
        let used = |row: &&LevelRow| row.tables > 0 || row.sums != LevelCompactionStats::default();
        for row in self.levels.iter().filter(used) {
            line(f, &format!("L{}", row.level), row.tables, row.bytes, &format!("{:.2}", row.score.score), &row.sums)?;
        }
        let tables = self.levels.iter().map(|row| row.tables).sum();
        let bytes = self.levels.iter().map(|row| row.bytes).sum();
        // RocksDB's sum is by what was flushed.
        let total = LevelCompactionStats { read_upper: self.counters.flush_bytes, ..self.total };
        line(f, "Sum", tables, bytes, "", &total)?;
        writeln!(f, "\n{}", self.compared)?;
        self.sentences.iter().try_for_each(|sentence| write!(f, "\n{sentence}"))
    }
}

fn line(
    f: &mut fmt::Formatter<'_>,
    name: &str,
    tables: u64,
    bytes: u64,
    score: &str,
    sums: &LevelCompactionStats,
) -> fmt::Result {
    writeln!(
        f,
        "{name:>6} {:>7} {:>10} {score:>7} {:>10} {:>10} {:>10} {:>7} {:>10} {:>8} {:>8}",
        grouped(tables),
        size(bytes as f64),
        gb(sums.read_upper),
        gb(sums.read_own),
        gb(sums.written),
        ratio_text(sums.write_amplification()),
        gb(sums.moved),
        grouped(sums.jobs),
        grouped(sums.moves),
    )
}
