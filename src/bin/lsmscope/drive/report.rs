//! The text of a run's report.

use lsmscope::{
    Options,
    drive::{DriveMarkKind, DriveRun, DriveSample, csv},
    metrics::{
        latency::{Percentiles, duration},
        ratio_text,
    },
    options::JobMode,
    plural::{grouped, grouped_count},
    workload::Workload,
};

use crate::{
    chart::Picture,
    report::{Report, amplification, numbers, options as options_table},
};

/// The report of `run`, headed with `title`, around the charts.
pub fn page(run: &DriveRun, options: &Options, workload: &Workload, title: &str, picture: (&Picture, &str)) -> String {
    let parameters = Workload::NAMES.iter().filter_map(|name| Some((name.to_string(), workload.get(name)?)));
    Report {
        title,
        lede: lede(run, workload),
        facts: facts(run),
        picture,
        readings: readings(&run.samples),
        tables: latencies(run, options) + &amplification(&run.compared),
        settings: vec![options_table(options), ("The workload", parameters.collect())],
        csv: (csv::table(&run.samples, options.levels()), "lsm_metrics.csv"),
    }
    .html()
}

/// What stands under the pointer, for each sample.
fn readings(samples: &[DriveSample]) -> Vec<(f64, String)> {
    let mut since = 0;
    let reading = |sample: &DriveSample| {
        let seconds = (sample.ts_ms - std::mem::replace(&mut since, sample.ts_ms)).max(1) as f64 / 1e3;
        let at = sample.ts_ms as f64 / 1e3;
        let mut lines = vec![format!("{at:.2} s")];
        let ops = &sample.ops;
        for (kind, n) in [("puts", ops.put), ("gets", ops.get), ("scans", ops.scan), ("deletes", ops.del)] {
            if n > 0 {
                lines.push(format!("{kind}  {}/s", grouped((n as f64 / seconds).round() as u64)));
            }
        }
        lines.push(format!("memtable  {} B", grouped(sample.memtable_bytes)));
        for (level, (tables, bytes)) in sample.level_tables.iter().zip(&sample.level_bytes).enumerate() {
            if *tables > 0 {
                lines.push(format!("L{level}  {}, {} B", grouped_count(*tables, "table"), grouped(*bytes)));
            }
        }
        (at, lines.join("\n"))
    };
    samples.iter().map(reading).collect()
}

fn lede(run: &DriveRun, workload: &Workload) -> String {
    let how = if run.complete { "" } else { ", stopped before its end" };
    format!(
        "{} in {} s of virtual time{how}; a sample every {} ms; seed {}.",
        grouped_count(run.ops.total(), "operation"),
        run.millis / 1e3,
        workload.sample_ms,
        workload.seed
    )
}

fn facts(run: &DriveRun) -> Vec<(&'static str, String)> {
    let a = &run.amplification;
    let per_second = (run.millis > 0.0).then(|| run.ops.total() as f64 / (run.millis / 1e3));
    let jobs = |kind| grouped(run.count(kind) as u64);
    vec![
        ("operations a second", per_second.map_or("–".into(), |n| grouped(n.round() as u64))),
        ("flushes", jobs(DriveMarkKind::Flush)),
        ("compactions", jobs(DriveMarkKind::Compaction)),
        ("moves", jobs(DriveMarkKind::Move)),
        ("stalls", jobs(DriveMarkKind::Stall)),
        ("held up", format!("{:.1} s", run.counters.stall_nanos as f64 / 1e9)),
        ("write amplification", ratio_text(a.write_rocksdb)),
        ("write amplification, with the log", ratio_text(a.write_user)),
        ("sorted runs", grouped(a.read_runs)),
        ("space amplification", ratio_text(a.space_rocksdb)),
    ]
}

/// Why nothing can be said of latencies, if nothing can.
pub fn without_latencies(options: &Options) -> Option<&'static str> {
    (options.job_mode != JobMode::Scheduled)
        .then_some("Operations take no time here, so there are no latencies: --async-compaction gives them some.")
}

fn latencies(run: &DriveRun, options: &Options) -> String {
    if let Some(why) = without_latencies(options) {
        return format!("<p>{why}</p>\n");
    }
    let heads = ["operations"].into_iter().chain(Percentiles::default().named().map(|(name, _)| name));
    let row = |kind: &str, percentiles: Percentiles| {
        let count = std::iter::once(grouped(percentiles.count));
        (kind.to_string(), count.chain(percentiles.named().map(|(_, nanos)| duration(nanos))).collect())
    };
    let rows: Vec<_> = run.latencies.named().filter_map(|(kind, l)| Some(row(kind, l.percentiles()?))).collect();
    numbers("Latency, from when an operation was due to when it was done", &heads.collect::<Vec<_>>(), &rows)
}
