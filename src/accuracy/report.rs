//! The document: what was measured on RocksDB, ours, and by how much they differ.
//!
//! Each section is a function of its outcomes, so that a test can make those again that take seconds, and find them in the
//! document word for word.

use std::fmt::Write;

use super::{EXPERIMENTS, Experiment, FLUSH_EVERY, LAST_FLUSHES, Outcome, PUTS, published::Figure};
use crate::metrics::grouped;

const MIB: f64 = (1 << 20) as f64;

/// The outcome of each of [`EXPERIMENTS`], in their order.
pub type Outcomes = [Outcome];

/// The whole document, of the sections as the functions of this module make them.
pub fn document(sections: &[String]) -> String {
    let mut text = format!(
        "# How near we are to RocksDB\n\n\
         Made by `lsmscope accuracy --out docs/accuracy.md`; not to be edited by hand.\n\n\
         The same experiments were run on RocksDB 9.8.4, on our engine with every byte in memory, and on *byteless* tables, which \
         have sizes and key ranges only. Each puts {} entries of 16 bytes of key (hexadecimal digits) and 100 of value; after every \
         {} puts it flushes, and waits until no compaction is due. So nothing hangs on the speed of a machine. Write buffer \
         1 MiB, tables 1 MiB, base 4 MiB, seven levels, level 0 due at 4 tables; no compression, no filters, no WAL.\n\n\
         *Write amplification* is RocksDB's: (flushed + compacted bytes) / flushed bytes; moves write nothing. Differences are \
         in % of RocksDB's figure. No knob was fitted to an experiment: the value is as large as RocksDB's was, which makes \
         our flushes 0.4 % larger than its 905,4xx bytes, and byteless tables have its bytes for each entry.\n",
        grouped(PUTS),
        grouped(FLUSH_EVERY)
    );
    for section in sections {
        text.push('\n');
        text.push_str(section);
    }
    text
}

/// The section on our engine.
pub fn with_bytes(outcomes: &Outcomes) -> String {
    let text = "## Our engine, with every byte\n\nKeys are drawn with other seeds than RocksDB's were, so that they are not the \
                same; from run to run, write amplification differs by 0.5 %, and by 2 % where tables are picked by size or age: those were \
                run three times, and added up.\n\n";
    format!("{text}{}\n{}", amplifications(outcomes), levels(outcomes))
}

/// The section on byteless tables.
pub fn byteless(outcomes: &Outcomes) -> String {
    let text = "## Byteless tables\n\nThe same policies and the same rules of where outputs are cut; entries are spread evenly \
                within the parts of a table.\n\n";
    format!("{text}{}\n{}", amplifications(outcomes), levels(outcomes))
}

/// The section on a cut of `puts`, on our engine and byteless.
pub fn cut(puts: u64, with_bytes: &Outcomes, byteless: &Outcomes) -> String {
    let mut text = format!(
        "## A cut of {} puts\n\nThat little takes seconds, so that a test runs it with each change: our engine, and byteless \
         tables.\n\n| experiment | engine | byteless | % |\n| --- | --- | --- | --- |\n",
        grouped(puts)
    );
    for ((experiment, engine), byteless) in EXPERIMENTS.iter().zip(with_bytes).zip(byteless) {
        let (a, b) = (engine.write_amplification(), byteless.write_amplification());
        let _ = writeln!(text, "| {} | {a:.3} | {b:.3} | {} |", experiment.name, difference(b, a));
    }
    text
}

/// The section on published figures.
pub fn published(figures: &[Figure]) -> String {
    let mut text = "## What others have published\n\n| source | what | published | ours | how |\n\
                    | --- | --- | --- | --- | --- |\n"
        .to_string();
    for Figure { source, what, published, ours, note } in figures {
        let _ = writeln!(text, "| {source} | {what} | {published} | {ours:.3} | {note} |");
    }
    text
}

/// By how much `ours` differs from `theirs`: `+0.1`.
fn difference(ours: f64, theirs: f64) -> String {
    format!("{:+.1}", (ours / theirs - 1.0) * 100.0)
}

fn amplifications(outcomes: &Outcomes) -> String {
    let mut text =
        "| experiment | write amplification of RocksDB | ours | % | space amplification of RocksDB | ours | % |\n\
                    | --- | --- | --- | --- | --- | --- | --- |\n"
            .to_string();
    for (experiment, outcome) in EXPERIMENTS.iter().zip(outcomes) {
        let (measured, ours) = (experiment.measured.write_amplification, outcome.write_amplification());
        let space = match experiment.measured.space_amplification {
            Some(measured) => {
                let ours = outcome.space_amplification(experiment.live(PUTS));
                format!("{measured:.3} | {ours:.3} | {}", difference(ours, measured))
            }
            None => " | | ".to_string(),
        };
        let _ = writeln!(
            text,
            "| {} | {measured:.3} | {ours:.3} | {} | {space} |",
            experiment.name,
            difference(ours, measured)
        );
    }
    text
}

fn levels(outcomes: &Outcomes) -> String {
    let mut text = format!(
        "Levels at the end. A small one fills up and is emptied again, a table at a time: \"between\" are its least and its largest \
         size after the last {LAST_FLUSHES} flushes.\n\n\
         | experiment | level | tables of RocksDB | ours | MiB of RocksDB | ours | % | between |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for (experiment, outcome) in EXPERIMENTS.iter().zip(outcomes) {
        for measured in experiment.measured.levels {
            let ours = outcome.levels[measured.level];
            let mib = ours.bytes as f64 / MIB;
            let _ = writeln!(
                text,
                "| {} | {} | {} | {} | {} | {mib:.1} | {} | {:.1} to {:.1} |",
                experiment.name,
                measured.level,
                measured.tables.map(|n| n.to_string()).unwrap_or_default(),
                ours.tables,
                measured.mib,
                difference(mib, measured.mib),
                ours.between.0 as f64 / MIB,
                ours.between.1 as f64 / MIB,
            );
        }
    }
    text
}

/// What is out of bounds, in words: write amplification by more than 3 %; a level of 50 MiB or more by more than 3 %; a smaller
/// one, which goes up and down, if RocksDB's is by more than 10 % outside of the sizes that ours takes.
pub fn out_of_bounds(experiment: &Experiment, outcome: &Outcome) -> Vec<String> {
    let mut found = Vec::new();
    let off = |ours: f64, theirs: f64| (ours / theirs - 1.0).abs();
    let (ours, theirs) = (outcome.write_amplification(), experiment.measured.write_amplification);
    if off(ours, theirs) > 0.03 {
        found.push(format!("{}: write amplification {ours:.3}, measured {theirs}", experiment.name));
    }
    for level in experiment.measured.levels {
        let mib = outcome.levels[level.level].bytes as f64 / MIB;
        let (least, most) = outcome.levels[level.level].between;
        let fits = match level.mib {
            large if large >= 50.0 => off(mib, large) <= 0.03,
            small => (least as f64 / MIB * 0.9..=most as f64 / MIB * 1.1).contains(&small),
        };
        if !fits {
            found.push(format!("{}: level {} {mib:.1} MiB, measured {}", experiment.name, level.level, level.mib));
        }
    }
    found
}
