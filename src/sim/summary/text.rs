//! The summary as people read it.

use std::fmt::{self, Display};

use super::{LevelRow, MB, StallRow, Summary};
use crate::{
    metrics::ratio_text,
    plural::{grouped, grouped_count},
    runtime::stall::{Cause, Why},
    sim::level_stats::LevelCompactionStats,
    words::{places, say},
};

const GB: f64 = (1u64 << 30) as f64;

/// Bytes with a unit that suits them.
fn size(bytes: f64) -> String {
    match bytes {
        b if b >= 1024.0 * GB => format!("{} TB", places(b / GB / 1024.0, 2)),
        b if b >= GB => format!("{} GB", places(b / GB, 1)),
        b => format!("{} MB", places(b / MB, 1)),
    }
}

fn gb(bytes: u64) -> String {
    places(bytes as f64 / GB, 1)
}

fn percent(share: Option<f64>) -> String {
    share.map_or("–".into(), |share| format!("{} %", places(share * 100.0, 1)))
}

/// MB a second with one place.
fn mb_per_s(rate: Option<f64>) -> String {
    rate.map_or("–".into(), |rate| places(rate, 1))
}

/// A ratio in a sentence.
fn told(ratio: Option<f64>, digits: usize) -> String {
    ratio.map_or_else(|| say!("not defined"), |ratio| places(ratio, digits))
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
    say!(
        "In {seconds} s, {offered} of keys and values were offered ({offered_rate} MB/s), and {written} were written \
         ({written_rate} MB/s).",
        seconds = grouped(s.seconds as u64),
        offered = size(s.offered_bytes),
        offered_rate = mb_per_s(s.share(s.offered_bytes / MB)),
        written = size(written),
        written_rate = mb_per_s(s.share(written / MB)),
    )
}

fn stands_still(why: &Why) -> String {
    say!(
        "Then writes stop for good, and the run ends: {why}, and no flush or compaction is due that would change \
         that. Raise {option}, or let compactions begin earlier.",
        why,
        option = why.option,
    )
}

fn cost(s: &Summary) -> Option<String> {
    let c = &s.counters;
    if c.user_bytes == 0 {
        return None;
    }
    let each = |bytes: u64| places(bytes as f64 / c.user_bytes as f64, 2);
    Some(say!(
        "Each written byte went to the device {times} times: {wal} to the WAL, {flushed} by flushes, {compacted} by \
         compactions, which also read {read}.",
        times = each(c.wal_bytes + c.flush_bytes + c.compaction_bytes_written),
        wal = each(c.wal_bytes),
        flushed = each(c.flush_bytes),
        compacted = each(c.compaction_bytes_written),
        read = each(c.compaction_bytes_read),
    ))
}

fn sustained(s: &Summary) -> Option<String> {
    let (offered, sustainable) = (s.share(s.offered_bytes / MB)?, s.sustainable_mb_per_s?);
    let busy = say!(
        "For that, requests and syncs included, a device that reads {read} MB/s or writes {written} was busy {share} \
         of the time.",
        read = places(s.device.read_mb_per_s, 0),
        written = places(s.device.write_mb_per_s, 0),
        share = percent(s.device_use),
    );
    let rate = places(sustainable, 1);
    let verdict = if sustainable < offered {
        say!("At this cost it can sustain about {rate} MB/s: less than was offered.", rate)
    } else {
        say!("At this cost it can sustain about {rate} MB/s: more than was offered.", rate)
    };
    Some(format!("{busy} {verdict}"))
}

fn untried(s: &Summary) -> String {
    say!(
        "Writers waited nearly all the time, and the device was busy {share} of it: this does not show what the device \
         could sustain.",
        share = percent(s.device_use),
    )
}

fn amplified(s: &Summary) -> String {
    let space = match (s.amplification.space_rocksdb, s.space_live) {
        (None, None) => say!("Without tables, space amplification is not defined."),
        (last, live) => say!(
            "Space amplification is {last} relative to the last level, {live} relative to what a reader can see.",
            last = told(last, 3),
            live = told(live, 3),
        ),
    };
    let write = say!(
        "Write amplification is {rocksdb} as RocksDB counts it (flushed and compacted bytes divided by flushed bytes; \
         moves and the WAL do not count), {user} relative to the bytes of keys and values.",
        rocksdb = told(s.amplification.write_rocksdb, 2),
        user = told(s.amplification.write_user, 2),
    );
    format!("{write} {space}")
}

fn waited(s: &Summary) -> String {
    match s.waited_seconds {
        0.0 => say!("Writers never waited."),
        waited => say!(
            "Writers waited {seconds} s, {share} of the time:",
            seconds = grouped(waited as u64),
            share = percent(s.share(waited)),
        ),
    }
}

fn stalled(row: &StallRow, s: &Summary) -> String {
    let share = percent(s.share(row.sum.waited_seconds));
    let Some(cause) = row.cause else {
        return match row.option {
            "job_mode" => say!("{share} for jobs that run inside a write (job_mode).", share),
            _ => {
                say!("{share} because the device could not take the WAL's bytes as fast as they came (device).", share)
            }
        };
    };
    let limit = row.limit;
    let what = match cause {
        Cause::Memtables => grouped_count(limit, "sealed memtable"),
        Cause::Level0 => say!("{tables} on level 0", tables = grouped_count(limit, "table")),
        Cause::PendingBytes => say!("{size} of pending compaction bytes", size = size(limit as f64)),
        Cause::Memory => say!("{size} in memtables", size = size(limit as f64)),
    };
    let option = row.option;
    if row.is_stop {
        say!("{share} stopped at {what} ({option}).", share, what, option)
    } else {
        say!("{share} slowed down at {what} ({option}).", share, what, option)
    }
}

fn reads(s: &Summary) -> String {
    let us = |nanos: u64| grouped(nanos / 1000);
    say!(
        "A get now checks {runs} runs and reads {blocks} blocks on average. Half of all gets take up to {p50} µs, 99 % \
         up to {p99} µs, 99.9 % up to {p999} µs.",
        runs = places(s.reads.runs, 2),
        blocks = places(s.reads.blocks, 3),
        p50 = us(s.reads.p50),
        p99 = us(s.reads.p99),
        p999 = us(s.reads.p999),
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
            line(f, &format!("L{}", row.level), row.tables, row.bytes, &places(row.score.score, 2), &row.sums)?;
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
