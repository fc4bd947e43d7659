//! The document: RocksDB's measurements, ours, and the differences.
//!
//! Each section is a function of its comparisons, so that a test can make those again that take seconds, and find them
//! in the document word for word.

use std::fmt::Write;

use super::{
    EXPERIMENTS, ExperimentComparison, ExperimentOutcome, FLUSH_EVERY, LAST_FLUSHES, PUTS, Pair, Spread,
    comparison::{BOUND, LARGE_MIB, MIB, SMALL_BOUND, Size, TABLE_MIB},
    measured,
    published::PublishedNumber,
};
use crate::plural::grouped;

/// What is compared with RocksDB's runs: one comparison for each of [`EXPERIMENTS`], in their order.
pub type Comparisons = [ExperimentComparison];

/// The whole document, of the sections as the functions of this module make them.
pub fn document(sections: &[String]) -> String {
    let mut text = format!(
        "# How near we are to RocksDB\n\n\
         Made by `lsmscope accuracy --out docs/accuracy.md`; not to be edited by hand.\n\n\
         The same experiments were run on RocksDB 9.8.4 and, here, in three ways:\n\n\
         1. with **RocksDB's keys and table sizes**: our policy and our rules of where outputs are cut, on tables \
         that are as large as RocksDB's would be. What differs there is decided differently.\n\
         2. on **our engine**, with every byte, and with RocksDB's keys. Our tables have a format of their own, and \
         other sizes.\n\
         3. on **byteless tables**, which have sizes and key ranges only: what the simulator uses.\n\n\
         Each run puts {} entries of 16 bytes of key (hexadecimal digits) and 100 of value; after every {} puts it \
         flushes, and waits until no compaction is due. So nothing hangs on the speed of a machine, and RocksDB \
         itself makes the same files when it is run again. Write buffer 1 MiB, tables 1 MiB, base 4 MiB, seven \
         levels, level 0 due at 4 tables; no compression, no filters, no WAL. A run has a *seed*, which says what the \
         keys are; how RocksDB was measured is described at the end.\n\n\
         *Write amplification* is RocksDB's: (flushed + compacted bytes) / flushed bytes; moves write nothing. *Space \
         amplification* is all bytes, by those that the live keys would take on the last level. Differences are in % \
         of RocksDB's figure. Nothing was fitted to what an experiment comes to; that some of our engine's values are \
         a byte shorter, so that its tables weigh as much as RocksDB's, is said below.\n",
        grouped(PUTS),
        grouped(FLUSH_EVERY)
    );
    for section in sections {
        text.push('\n');
        text.push_str(section);
    }
    text
}

/// The section that says how far everything is apart at most.
pub fn summary(keyed: &Comparisons, engine: &Comparisons, byteless: &Comparisons) -> String {
    let mut text = format!(
        "## What is within what\n\nThe largest difference of any experiment, between means over its runs. Levels are \
         compared by their average size after each of the last {LAST_FLUSHES} flushes.\n\n\
         | ours | runs | write amplification | space amplification | levels of {LARGE_MIB:.0} MiB and more | smaller \
         ones | those of less than a table ({TABLE_MIB:.0} MiB) |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n\
         | allowed | | {0} | {0} | {0} | {1} | ±{2:.1} MiB |\n",
        bound(BOUND),
        bound(SMALL_BOUND),
        SMALL_BOUND * TABLE_MIB
    );
    for (name, comparisons) in
        [("RocksDB's keys and table sizes", keyed), ("our engine", engine), ("byteless tables", byteless)]
    {
        let levels = |size: Size| -> Vec<Pair> {
            let of = |c: &ExperimentComparison| c.levels().map(|l| c.level(l)).collect::<Vec<_>>();
            comparisons.iter().flat_map(of).filter(|pair| Size::of(pair) == size).collect()
        };
        let apart = |pair: &Pair| pair.ours.mean - pair.theirs.mean;
        let less = levels(Size::LessThanATable).iter().map(apart).max_by(|a, b| a.abs().total_cmp(&b.abs()));
        let _ = writeln!(
            text,
            "| {name} | {} | {} | {} | {} | {} | {} |",
            comparisons.iter().map(|c| c.ours.len()).sum::<usize>(),
            worst(comparisons.iter().map(ExperimentComparison::write)),
            worst(comparisons.iter().filter_map(ExperimentComparison::space)),
            worst(levels(Size::Large).into_iter()),
            worst(levels(Size::Small).into_iter()),
            less.map_or(String::new(), |mib| format!("{mib:+.2} MiB")),
        );
    }
    text
}

/// The section on RocksDB's keys and table sizes.
pub fn keyed(comparisons: &Comparisons) -> String {
    let runs = |c: &ExperimentComparison| c.ours.len();
    let exact: usize = comparisons.iter().filter(|c| c.is_exact()).map(runs).sum();
    let all: usize = comparisons.iter().map(runs).sum();
    let mut text = format!(
        "## RocksDB's keys and table sizes\n\n{exact} of {all} runs come out as RocksDB's, byte for byte: as much is \
         flushed and compacted, and every level has as many tables, entries and bytes, at the end and averaged over \
         the last {LAST_FLUSHES} flushes. A test holds the recorded histories against it as well, in which each table \
         is known: every one has the same number, size, first and last key.\n\n\
         | experiment | runs | write amplification as first measured | of RocksDB, seed 1 | ours | % | compacted \
         bytes of RocksDB, seed 1 | ours |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for comparison in comparisons {
        let (theirs, ours) = (&comparison.theirs[0], &comparison.ours[0]);
        let write = comparison.write_of_first();
        let _ = writeln!(
            text,
            "| {} | {} | {:.3} | {:.3} | {:.3} | {} | {} | {} |",
            comparison.experiment.name,
            comparison.ours.len(),
            comparison.experiment.first_measured.write_amplification,
            write.theirs.mean,
            write.ours.mean,
            difference(&write),
            grouped(theirs.counters.compaction_bytes_written),
            grouped(ours.counters.compaction_bytes_written),
        );
    }
    text.push_str(
        "\nWhich keys were overwritten when RocksDB was first measured was not written down: those figures are of \
         other draws. Levels at the end of the runs with seed 1:\n\n\
         | experiment | level | tables of RocksDB | ours | MiB of RocksDB | ours | % |\n| --- | --- | --- | --- | --- \
         | --- | --- |\n",
    );
    for comparison in comparisons {
        let (theirs, ours) = (&comparison.theirs[0], &comparison.ours[0]);
        for (level, (theirs, ours)) in theirs.levels.iter().zip(&ours.levels).enumerate() {
            if theirs.bytes + ours.bytes > 0 {
                let mib = |bytes: u64| Spread { mean: bytes as f64 / MIB, deviation: 0.0 };
                let pair = Pair { theirs: mib(theirs.bytes), ours: mib(ours.bytes) };
                let (name, a, b) = (comparison.experiment.name, pair.theirs.mean, pair.ours.mean);
                let (tables, percent) = (theirs.tables, difference(&pair));
                let _ =
                    writeln!(text, "| {name} | {level} | {tables} | {} | {a:.2} | {b:.2} | {percent} |", ours.tables);
            }
        }
    }
    text
}

/// The section on our engine.
pub fn with_bytes(comparisons: &Comparisons) -> String {
    let text = "## Our engine, with every byte\n\nThe keys are RocksDB's, the sizes are not: an index entry of ours \
                has a whole key and a sequence number, where RocksDB's has the shortest key that tells two blocks \
                apart, and our blocks are closed once they are full, RocksDB's before they would be. With values of \
                100 bytes throughout, a flush would be 0.4 % larger than RocksDB's 905,4xx bytes, and the last level \
                0.2 %; here one value in four is a byte shorter, so that the tree has about as many bytes as \
                RocksDB's. The two begin alike, and after some flushes another table is picked, by a few bytes; from \
                then on the trees differ as two of RocksDB with different keys do.\n\n";
    format!("{text}{}\n{}", amplifications(comparisons), levels(comparisons))
}

/// The section on byteless tables.
pub fn byteless(comparisons: &Comparisons) -> String {
    let text = "## Byteless tables\n\nThe same policies and the same rules of where outputs are cut; entries are \
                spread evenly within the parts of a table, and have as many bytes as in RocksDB's flushes. Here a \
                seed says where the first and the last key of each flush lie.\n\n";
    format!("{text}{}\n{}", amplifications(comparisons), levels(comparisons))
}

/// The section on a cut of `puts`: with RocksDB's keys and table sizes, on our engine, and byteless.
pub fn cut(
    puts: u64,
    keyed: &[ExperimentOutcome],
    with_bytes: &[ExperimentOutcome],
    byteless: &[ExperimentOutcome],
) -> String {
    let mut text = format!(
        "## A cut of {} puts\n\nThat little takes seconds, so that a test runs it with each change: write \
         amplification with RocksDB's keys and table sizes, on our engine, and of byteless tables, one run each. A \
         tree this small makes few steps, and one more of them shows.\n\n\
         | experiment | RocksDB's sizes | engine | % | byteless | % |\n| --- | --- | --- | --- | --- | --- |\n",
        grouped(puts)
    );
    for (((experiment, keyed), engine), byteless) in EXPERIMENTS.iter().zip(keyed).zip(with_bytes).zip(byteless) {
        let [a, b, c] = [keyed, engine, byteless].map(ExperimentOutcome::write_amplification);
        let percent = |ours: f64| signed((ours / a - 1.0) * 100.0);
        let _ = writeln!(text, "| {} | {a:.3} | {b:.3} | {} | {c:.3} | {} |", experiment.name, percent(b), percent(c));
    }
    text
}

/// The section on published figures.
pub fn published(figures: &[PublishedNumber]) -> String {
    let mut text = "## What others have published\n\n| source | what | published | ours | how |\n\
                    | --- | --- | --- | --- | --- |\n"
        .to_string();
    for PublishedNumber { source, what, published, ours, note } in figures {
        let _ = writeln!(text, "| {source} | {what} | {published} | {ours:.3} | {note} |");
    }
    text
}

/// The section on how RocksDB was measured.
pub fn recipe() -> String {
    format!(
        "## How RocksDB was measured\n\n`src/accuracy/measure.py` did it, with the Python package `rocksdict` 0.3.29, \
         which has RocksDB 9.8.4 in it; anybody can do it again:\n\n\
         ```sh\npip install rocksdict==0.3.29\npython3 src/accuracy/measure.py 1 2 3 > runs.jsonl\n```\n\n\
         Its {} runs are in `src/accuracy/measured.jsonl`, one a line. Bytes are those of the files; what was written \
         is from RocksDB's log, and levels are from the list of its live files. A run again gives the same line. The \
         keys are in `src/accuracy/keys.rs`; put `i`, from 0, of seed `s` inserts `splitmix64(s·2^56 + i)`.\n",
        measured::runs().len()
    )
}

/// A share as a bound: `±3 %`.
fn bound(share: f64) -> String {
    format!("±{:.0} %", share * 100.0)
}

fn worst(pairs: impl Iterator<Item = Pair>) -> String {
    let worst = pairs.max_by(|a, b| a.difference().abs().total_cmp(&b.difference().abs()));
    worst.map_or(String::new(), |pair| format!("{} %", difference(&pair)))
}

/// By how much ours differs: `+0.1`; `0` if it does not at all.
fn difference(pair: &Pair) -> String {
    signed(pair.difference() * 100.0)
}

fn signed(percent: f64) -> String {
    if percent == 0.0 { "0".to_string() } else { format!("{percent:+.1}") }
}

/// A figure of several runs: `9.545 ± 0.025`.
fn spread(spread: &Spread, digits: usize, runs: usize) -> String {
    let mean = format!("{:.digits$}", spread.mean);
    if runs > 1 { format!("{mean} ± {:.digits$}", spread.deviation) } else { mean }
}

fn amplifications(comparisons: &Comparisons) -> String {
    let mut text = "Means over the runs, with the standard deviation from run to run.\n\n\
                    | experiment | runs | write amplification of RocksDB | ours | % | space amplification of RocksDB \
                    | ours | % |\n\
                    | --- | --- | --- | --- | --- | --- | --- | --- |\n"
        .to_string();
    for comparison in comparisons {
        let runs = comparison.ours.len();
        let cells = |pair: Pair| {
            let (theirs, ours) = (spread(&pair.theirs, 3, runs), spread(&pair.ours, 3, runs));
            format!("{theirs} | {ours} | {}", difference(&pair))
        };
        let space = comparison.space().map_or(" | | ".to_string(), cells);
        let _ = writeln!(text, "| {} | {runs} | {} | {space} |", comparison.experiment.name, cells(comparison.write()));
    }
    text
}

fn levels(comparisons: &Comparisons) -> String {
    let mut text = format!(
        "Levels, in MiB: their average size after each of the last {LAST_FLUSHES} flushes, and their size at the very \
         end. A small level fills up and is emptied again, a table at a time, and a new one has only just begun: at \
         one moment, two runs of RocksDB itself are far apart (see ±). So it is the averages that are held to the \
         bounds.\n\n\
         | experiment | level | average of RocksDB | ours | % | end of RocksDB | ours | % |\n\
         | --- | --- | --- | --- | --- | --- | --- | --- |\n"
    );
    for comparison in comparisons {
        let runs = comparison.ours.len();
        for level in comparison.levels() {
            let cells = |pair: Pair| {
                let (theirs, ours) = (spread(&pair.theirs, 2, runs), spread(&pair.ours, 2, runs));
                let percent =
                    if pair.theirs.mean == 0.0 && pair.ours.mean > 0.0 { String::new() } else { difference(&pair) };
                format!("{theirs} | {ours} | {percent}")
            };
            let (average, end) = (cells(comparison.level(level)), cells(comparison.level_at_the_end(level)));
            let _ = writeln!(text, "| {} | {level} | {average} | {end} |", comparison.experiment.name);
        }
    }
    text
}
