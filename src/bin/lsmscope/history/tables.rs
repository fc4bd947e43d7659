//! A report as text: sentences, the most important first, then tables.

use std::fmt::Write;

use lsmscope::{
    figure::label::size,
    history::log_report::{
        LogFamily, LogFinding, LogJob, LogJobKind, LogReport, LogStallCause, StallEpisode, duration,
    },
    plural::grouped,
};

/// How wide sentences are, in characters.
const WIDTH: usize = 100;

/// The rows of a table of the worst.
const WORST: usize = 8;

/// The report as text.
pub fn text(report: &LogReport, whose: &str) -> String {
    let mut out = format!("{whose}\n");
    let sentences = report.sentences();
    let (first, rest) = sentences.split_first().map_or(("", &[][..]), |(first, rest)| (first.as_str(), rest));
    out += &wrapped(first, "");
    out.push('\n');
    for (n, finding) in report.findings.iter().enumerate() {
        of_finding(&mut out, n + 1, finding);
    }
    let skip = report.findings.len();
    for sentence in rest.iter().skip(skip) {
        out += &wrapped(sentence, "");
    }
    families(&mut out, report);
    levels(&mut out, report);
    stalls(&mut out, report);
    jobs(&mut out, report);
    out
}

fn of_finding(out: &mut String, n: usize, finding: &LogFinding) {
    let indent = "   ";
    *out += &format!("{n}. {}", wrapped(&finding.says, indent).trim_start());
    for part in [&finding.cause, &finding.remedy] {
        *out += &wrapped(part, indent);
    }
    for option in &finding.try_options {
        let now = option.now.as_ref().map_or(String::new(), |now| format!(" (now {now})"));
        *out += &format!("{indent}> try {} = {}{now}\n", option.name, option.to);
    }
    out.push('\n');
}

/// `text` in lines of [`WIDTH`], each behind `indent`; nothing if it is empty.
fn wrapped(text: &str, indent: &str) -> String {
    let mut out = String::new();
    let mut line = String::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if !line.is_empty() && indent.len() + line.chars().count() + 1 + word.chars().count() > WIDTH {
            out += &format!("{indent}{line}\n");
            line.clear();
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line += word;
    }
    if line.is_empty() { out } else { out + &format!("{indent}{line}\n") }
}

/// A table: a title, heads, rows. The first column is at the left, others at the right.
fn table(out: &mut String, title: &str, heads: &[&str], rows: &[Vec<String>]) {
    if rows.is_empty() {
        return;
    }
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_string()).collect();
    let width = |column: usize| rows.iter().chain([&heads]).map(|row| row[column].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..heads.len()).map(width).collect();
    let _ = writeln!(out, "\n{title}");
    for row in [&heads].into_iter().chain(rows) {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let fill = " ".repeat(widths[column] - cell.chars().count());
            line += &if column == 0 { format!("  {cell}{fill}") } else { format!("  {fill}{cell}") };
        }
        let _ = writeln!(out, "{}", line.trim_end());
    }
}

/// What a column family came to: flushes and their bytes, compactions and theirs, moves, write amplification, how long
/// writes were stopped and limited.
pub fn family_cells(family: &LogFamily) -> [String; 8] {
    [
        grouped(family.flushes),
        size(family.flushed_bytes),
        grouped(family.compactions),
        size(family.compacted_bytes),
        grouped(family.moves),
        family.write_amp.map_or("-".into(), |times| format!("{times:.1}")),
        time(family.stopped_micros),
        time(family.delayed_micros),
    ]
}

fn families(out: &mut String, report: &LogReport) {
    let heads = [
        "column family",
        "flushes",
        "flushed",
        "compactions",
        "compacted",
        "moves",
        "W-Amp",
        "stopped",
        "limited",
        "L0",
    ];
    let row = |family: &LogFamily| {
        let level0 = format!("{}, max {}", family.level0_median, family.level0_max);
        [family.name.clone()].into_iter().chain(family_cells(family)).chain([level0]).collect()
    };
    table(
        out,
        "By column family (L0: tables on level 0, half of the time)",
        &heads,
        &report.families.iter().map(row).collect::<Vec<_>>(),
    );
}

fn levels(out: &mut String, report: &LogReport) {
    for family in &report.families {
        let of = |level: usize| family.by_level.iter().find(|row| row.level == level).copied().unwrap_or_default();
        let is_empty = |level: usize| family.levels.get(level).is_none_or(|found| found.tables == 0);
        let last = family.levels.len().max(family.by_level.last().map_or(0, |row| row.level + 1));
        let rows: Vec<Vec<String>> = (0..last)
            .filter(|level| !is_empty(*level) || of(*level).compactions + of(*level).moves > 0)
            .map(|level| {
                let (end, into) = (family.levels.get(level).copied().unwrap_or_default(), of(level));
                let bytes = end.bytes.map_or("?".into(), |bytes| {
                    format!("{}{}", if end.is_of_dump { "about " } else { "" }, size(bytes))
                });
                let deletions = (end.entries > 0).then(|| 100.0 * end.deletions as f64 / end.entries as f64);
                vec![
                    format!("level {level}"),
                    grouped(end.tables),
                    bytes,
                    deletions.map_or("-".into(), |share| format!("{share:.0} %")),
                    grouped(into.compactions),
                    size(into.read_bytes),
                    size(into.compacted_bytes),
                    time(into.micros),
                    grouped(into.moves),
                ]
            })
            .collect();
        let title = format!("Levels of {} at the end, and compactions into them", family.name);
        let heads = ["", "tables", "bytes", "deletions", "compactions", "read", "written", "time", "moves"];
        table(out, &title, &heads, &rows);
    }
}

fn stalls(out: &mut String, report: &LogReport) {
    let mut worst: Vec<_> = report.stalls.episodes.iter().collect();
    worst.sort_by_key(|episode| std::cmp::Reverse((episode.stopped_micros, episode.delayed_micros)));
    let clock = report.clock();
    let row = |episode: &&StallEpisode| {
        vec![
            clock.time(episode.from),
            time(episode.until - episode.from),
            time(episode.stopped_micros),
            time(episode.delayed_micros),
            match episode.cause {
                LogStallCause::PendingBytes => format!("{} pending", size(episode.peak)),
                LogStallCause::Memtables => format!("{} memtables", episode.peak),
                LogStallCause::Level0 => format!("{} tables on L0", episode.peak),
                LogStallCause::Other => "?".into(),
            },
            report.families.get(episode.family).map_or(String::new(), |family| family.name.clone()),
        ]
    };
    let heads = ["from", "length", "stopped", "limited", "cause", "column family"];
    let title = format!("The worst stalls, of {}", grouped(report.stalls.episode_count));
    table(out, &title, &heads, &worst.iter().take(WORST).map(row).collect::<Vec<_>>());
}

fn jobs(out: &mut String, report: &LogReport) {
    let mut slowest: Vec<&LogJob> = report.jobs.iter().filter(|job| job.kind != LogJobKind::Move).collect();
    slowest.sort_by_key(|job| std::cmp::Reverse(job.until - job.from));
    let clock = report.clock();
    let row = |job: &&LogJob| {
        let what = match (job.kind, job.from_level) {
            (LogJobKind::Compaction, Some(level)) => format!("compaction of level {level} into {}", job.level_name()),
            (LogJobKind::Compaction, None) => format!("compaction into {}", job.level_name()),
            _ => "flush".into(),
        };
        vec![
            clock.time(job.from),
            time(job.until - job.from),
            what,
            size(job.read_bytes),
            size(job.bytes),
            job.reason.clone(),
            report.families.get(job.family).map_or(String::new(), |family| family.name.clone()),
        ]
    };
    let heads = ["from", "length", "job", "read", "written", "reason", "column family"];
    table(out, "The slowest jobs", &heads, &slowest.iter().take(WORST).map(row).collect::<Vec<_>>());
}

/// A length of time in a table.
fn time(micros: u64) -> String {
    if micros == 0 { "-".into() } else { duration(micros) }
}
