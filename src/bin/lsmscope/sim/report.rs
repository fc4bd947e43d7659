//! The text of a simulation's report.

use lsmscope::{
    metrics::ratio_text,
    plural::{grouped, grouped_count},
    sim::{
        Simulation, Spec,
        summary::{LevelRow, Summary},
    },
};

use crate::{
    chart::Picture,
    report::{Report, amplification, numbers, options},
};

const MB: f64 = (1u64 << 20) as f64;

/// The report of `simulation`, headed with `title`, around the charts.
pub fn page(simulation: &Simulation, summary: &Summary, title: &str, picture: (&Picture, &str)) -> String {
    let spec = simulation.spec();
    let parameters = Spec::NAMES.iter().filter_map(|name| Some((name.to_string(), spec.get(name)?)));
    Report {
        title,
        lede: format!("{} s of virtual time; seed {}.", grouped(summary.seconds as u64), spec.seed),
        facts: facts(summary),
        picture,
        readings: readings(simulation),
        tables: tables(summary),
        settings: vec![options(simulation.options()), ("The simulation", parameters.collect())],
        csv: (simulation.samples().csv(), "lsm_simulation.csv"),
    }
    .html()
}

fn facts(s: &Summary) -> Vec<(&'static str, String)> {
    let mb_per_s = |value: Option<f64>| value.map_or("–".into(), |value| format!("{value:.1} MB/s"));
    let per_second = |bytes: f64| mb_per_s(s.share(bytes / MB));
    vec![
        ("offered", per_second(s.offered_bytes)),
        ("written", per_second(s.counters.user_bytes as f64)),
        ("sustainable", mb_per_s(s.sustainable_mb_per_s)),
        ("waited", s.share(s.waited_seconds).map_or("–".into(), |share| format!("{:.1} %", share * 100.0))),
        ("flushes", grouped(s.counters.flushes)),
        ("compactions", grouped(s.counters.compactions)),
        ("write amplification", ratio_text(s.amplification.write_rocksdb)),
        ("by user bytes", ratio_text(s.amplification.write_user)),
        ("sorted runs", grouped(s.amplification.read_runs)),
        ("space, live", ratio_text(s.space_live)),
    ]
}

/// What stands under the pointer, for each sample.
fn readings(simulation: &Simulation) -> Vec<(f64, String)> {
    let samples = simulation.samples();
    let reading = |(i, at): (usize, &f64)| {
        let mut lines = vec![
            format!("{at:.1} s"),
            format!("offered  {:.1} MB/s", samples.offered_mb_per_s[i]),
            format!("written  {:.1} MB/s", samples.written_mb_per_s[i]),
            format!("memtables  {} MB", megabytes(samples.memtable_bytes[i])),
        ];
        for (level, (tables, bytes)) in samples.tables.iter().zip(&samples.bytes).enumerate() {
            if tables[i] > 0.0 {
                let tables = grouped_count(tables[i] as u64, "table");
                lines.push(format!("L{level}  {tables}, {} MB", megabytes(bytes[i])));
            }
        }
        let write = Some(samples.write_amplification[i]).filter(|ratio| !ratio.is_nan());
        lines.push(format!("write amplification  {}", ratio_text(write)));
        (*at, lines.join("\n"))
    };
    samples.at.iter().enumerate().map(reading).collect()
}

fn megabytes(bytes: f64) -> String {
    grouped((bytes / MB).round() as u64)
}

fn tables(summary: &Summary) -> String {
    let row = |row: &LevelRow| {
        let mb = |bytes: u64| megabytes(bytes as f64);
        let cells = vec![
            grouped(row.tables),
            mb(row.bytes),
            format!("{:.2}", row.score.score),
            mb(row.sums.read_upper),
            mb(row.sums.read_own),
            mb(row.sums.written),
            ratio_text(row.write_amplification),
            mb(row.sums.moved),
            grouped(row.sums.jobs),
        ];
        (format!("L{}", row.level), cells)
    };
    let used = |row: &&LevelRow| row.tables > 0 || row.sums.jobs > 0 || row.sums.moves > 0;
    let rows: Vec<_> = summary.levels.iter().filter(used).map(row).collect();
    let heads = ["tables", "MB", "score", "Rn MB", "Rnp1 MB", "write MB", "W-Amp", "moved MB", "jobs"];
    let sentences: String =
        summary.sentences.iter().map(|sentence| format!("<p class=\"told\">{sentence}</p>\n")).collect();
    format!("{sentences}{}{}", numbers("Levels at the end", &heads, &rows), amplification(&summary.compared))
}
