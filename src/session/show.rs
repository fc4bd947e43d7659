//! `stats`, `tables`, `options`: the contents and the settings of the database, as text.

use std::fmt::Write;

use crate::{
    engine::Engine,
    metrics::ratio_text,
    options::{Options, PRESETS},
    plural::counted,
    runtime::clock::exact_seconds,
    script::word,
    storage::{FileId, Storage},
    trace::Tracer,
    words::{decimal, places, say},
};

/// Left column, right column.
fn row(out: &mut String, name: &str, what: impl std::fmt::Display) {
    writeln!(out, "{name:<20} {what}").expect("writing to a string cannot fail");
}

fn finished(mut text: String) -> String {
    text.truncate(text.trim_end().len());
    text
}

/// Entries, tables, bytes of each level, amplifications. Entries are versions of keys, as everywhere: a key that was
/// written twice counts twice.
pub(super) fn stats<S: Storage, T: Tracer>(engine: &Engine<S, T>, counted_since: &str) -> String {
    let report = engine.report();
    let version = engine.version();
    let counters = engine.counters();
    let mut out = String::new();
    row(&mut out, &say!("memtable entries"), report.active.entries.len());
    row(&mut out, &say!("memtable bytes"), report.active.bytes);
    let sealed = &report.immutables;
    let entries = counted(sealed.iter().map(|m| m.entries.len()).sum::<usize>(), "entry");
    let sealed_bytes = counted(sealed.iter().map(|m| m.bytes).sum::<u64>(), "byte");
    let held = if sealed.is_empty() { String::new() } else { format!(", {entries}, {sealed_bytes}") };
    row(&mut out, &say!("immutable memtables"), format!("{}{held}", sealed.len()));
    row(&mut out, &say!("tables"), version.tables().count());
    row(&mut out, &say!("table entries"), version.tables().map(|(_, t)| t.entries).sum::<u64>());
    for score in engine.scores() {
        let tables = &version.levels[score.level];
        if tables.is_empty() {
            continue;
        }
        let bytes = counted(version.level_bytes(score.level), "byte");
        let what = say!(
            "{tables}, {entries}, {bytes}, score {score} ({formula})",
            tables = counted(tables.len(), "table"),
            entries = counted(tables.iter().map(|t| t.entries).sum::<u64>(), "entry"),
            bytes,
            score = places(score.score, 2),
            formula = score.formula,
        );
        row(&mut out, &format!("  {}", say!("level {level}", level = score.level)), what);
    }
    let amplification = counters.amplification(version);
    row(
        &mut out,
        &say!("write amplification"),
        say!(
            "{ratio} as RocksDB counts it: {fraction}",
            ratio = ratio_text(amplification.write_rocksdb),
            fraction = counters.fraction_rocksdb(),
        ),
    );
    row(
        &mut out,
        &format!("  {}", say!("by user bytes")),
        say!(
            "{ratio}, with the log: {fraction}",
            ratio = ratio_text(amplification.write_user),
            fraction = counters.fraction_user(),
        ),
    );
    row(&mut out, &format!("  {}", say!("in neither")), counters.uncounted());
    row(&mut out, &format!("  {}", say!("counted||row of stats")), counted_since);
    row(&mut out, &say!("read amplification"), counted(amplification.read_runs, "sorted run"));
    let space = ratio_text(amplification.space_rocksdb);
    row(&mut out, &say!("space amplification"), say!("{ratio} (all tables / last level)", ratio = space));
    row(
        &mut out,
        &say!("done||row of stats"),
        format!(
            "{}, {}, {} ({}), {}",
            counted(counters.writes, "write"),
            counted(counters.flushes, "flush"),
            counted(counters.compactions, "compaction"),
            counted(counters.moves, "move"),
            counted(counters.stalls, "stall")
        ),
    );
    row(&mut out, &say!("log bytes"), report.wals.iter().map(|wal| wal.bytes).sum::<u64>());
    row(&mut out, &say!("last seq"), report.last_seq);
    row(&mut out, &say!("time"), decimal(&exact_seconds(engine.now())));
    row(&mut out, &say!("snapshots"), report.snapshots.len());
    finished(out)
}

/// Each table: file, level, bytes, entries, keys, sequence numbers.
pub(super) fn tables<S: Storage, T: Tracer>(engine: &Engine<S, T>) -> String {
    let head =
        [say!("level"), say!("file"), say!("bytes"), say!("entries"), say!("tombstones"), say!("seqs"), say!("keys")];
    let mut rows = vec![head];
    rows.extend(engine.version().tables().map(|(level, t)| {
        let keys = format!("{} … {}", word(&t.smallest), word(&t.largest));
        let seqs = format!("{}-{}", t.smallest_seq, t.largest_seq);
        [
            level.to_string(),
            FileId::table(t.id).to_string(),
            t.bytes.to_string(),
            t.entries.to_string(),
            t.tombstones.to_string(),
            seqs,
            keys,
        ]
    }));
    if rows.len() == 1 {
        return say!("no tables yet: flush makes one");
    }
    let widths: Vec<usize> =
        (0..rows[0].len()).map(|i| rows.iter().map(|row| row[i].chars().count()).max().unwrap_or(0)).collect();
    let line = |row: &[String; 7]| {
        let cells: Vec<String> = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
        cells.join("  ").trim_end().to_string()
    };
    rows.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// What an open found.
pub(super) fn opened<S: Storage, T: Tracer>(engine: &Engine<S, T>) -> String {
    let report = engine.report();
    let in_memory = report.active.entries.len() + report.immutables.iter().map(|m| m.entries.len()).sum::<usize>();
    say!(
        "{tables}, {entries} recovered from the log, last seq {seq}",
        tables = counted(engine.version().tables().count(), "table"),
        entries = counted(in_memory, "entry"),
        seq = report.last_seq,
    )
}

/// Every option with its value, in its group.
pub(super) fn options(options: &Options) -> String {
    let mut out = String::new();
    let (defaults, mut group) = (Options::default(), "");
    for knob in Options::describe() {
        if knob.group != group {
            group = knob.group;
            writeln!(out, "{group}").expect("writing to a string cannot fail");
        }
        let value = options.shown(knob.name, knob.unit).unwrap_or_default();
        let usual = defaults.shown(knob.name, knob.unit).unwrap_or_default();
        let default =
            if value == usual { String::new() } else { format!("  {}", say!("(default {value})", value = usual)) };
        writeln!(out, "  {} = {value}{default}", knob.name).expect("writing to a string cannot fail");
    }
    for raised in options.raised() {
        writeln!(out, "{raised}").expect("writing to a string cannot fail");
    }
    let presets: Vec<&str> = PRESETS.iter().map(|p| p.name).collect();
    writeln!(out, "{}", say!("presets: {names}", names = presets.join(", "))).expect("writing to a string cannot fail");
    finished(out)
}
