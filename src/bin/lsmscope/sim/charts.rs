//! The charts of a simulation: writes, memtables, levels, amplification and reads, with jobs and stalls as lanes.

use lsmscope::{
    runtime::{
        WorkKind,
        clock::{Nanos, seconds},
    },
    sim::{Simulation, recent_spans::SimulatedJob},
};

use crate::chart::{COMPACTION, DELETE, FLUSH, Lane, Panel, Picture, READ, SCAN, STALL, bytes, levels, line, number};

/// The most points of a line.
const MAX_POINTS: usize = 1200;

/// Columns of the samples, no more of each than a picture can show.
pub struct Points {
    at: Vec<f64>,
    offered: Vec<f64>,
    written: Vec<f64>,
    memtables: Vec<f64>,
    tables: Vec<Vec<f64>>,
    bytes: Vec<Vec<f64>>,
    write_rocksdb: Vec<f64>,
    write_user: Vec<f64>,
    reads: [Vec<f64>; 3],
}

/// The points of `simulation`. Where there are too many, the last of some in a row stands for them.
pub fn points(simulation: &Simulation) -> Points {
    let samples = simulation.samples();
    let thin = |column: &Vec<f64>| thinned(column, column.len().div_ceil(MAX_POINTS).max(1));
    let all = |columns: &Vec<Vec<f64>>| columns.iter().map(thin).collect();
    Points {
        at: thin(&samples.at),
        offered: thin(&samples.offered_mb_per_s),
        written: thin(&samples.written_mb_per_s),
        memtables: thin(&samples.memtable_bytes),
        tables: all(&samples.tables),
        bytes: all(&samples.bytes),
        write_rocksdb: thin(&samples.write_amplification),
        write_user: thin(&samples.write_amplification_user),
        reads: [&samples.read_p50_us, &samples.read_p99_us, &samples.read_p999_us].map(thin),
    }
}

fn thinned(column: &[f64], group: usize) -> Vec<f64> {
    column.chunks(group).filter_map(|group| group.last().copied()).collect()
}

/// The charts of `simulation`, whose points are `points`, headed with `title`.
pub fn picture<'a>(simulation: &Simulation, points: &'a Points, title: &'a str) -> Picture<'a> {
    let end = simulation.progress().at;
    let span = |began: Nanos, ended: Option<Nanos>| (seconds(began), seconds(ended.unwrap_or(end)));
    let bars = |kind: WorkKind| {
        let of_kind = simulation.job_spans().since(0).filter(|job| job.kind == kind);
        of_kind.map(|job: &SimulatedJob| span(job.began, job.ended)).collect::<Vec<_>>()
    };
    let compactions = bars(WorkKind::Compaction);
    let stalls: Vec<_> = simulation.stall_spans().since(0).map(|stall| span(stall.began, stall.ended)).collect();
    Picture {
        title,
        seconds: seconds(end),
        panels: panels(points, stalls.iter().map(|bar| bar.0).collect()),
        lanes: vec![
            Lane { name: "flushes", colour: FLUSH, bars: bars(WorkKind::Flush) },
            Lane { name: "compactions", colour: COMPACTION, bars: compactions },
            Lane { name: "stalls", colour: STALL, bars: stalls },
        ],
    }
}

fn panels(points: &Points, stalls: Vec<f64>) -> Vec<Panel<'_>> {
    let empty = |title, unit: fn(f64) -> String| Panel {
        title,
        times: &points.at,
        series: Vec::new(),
        stacked: false,
        unit,
        marks: (STALL, Vec::new()),
    };
    let [p50, p99, p999] = &points.reads;
    vec![
        Panel {
            series: vec![line("offered", SCAN, &points.offered), line("written", FLUSH, &points.written)],
            marks: (STALL, stalls),
            ..empty("Writes", mb_per_second)
        },
        Panel { series: vec![line("all memtables", FLUSH, &points.memtables)], ..empty("Memtable bytes", bytes) },
        Panel { series: levels(&points.tables), stacked: true, ..empty("Tables per level", number) },
        Panel { series: levels(&points.bytes), stacked: true, ..empty("Bytes per level", bytes) },
        Panel {
            series: vec![
                line("RocksDB's", COMPACTION, &points.write_rocksdb),
                line("by user bytes", SCAN, &points.write_user),
            ],
            ..empty("Write amplification", number)
        },
        Panel {
            series: vec![line("p50", FLUSH, p50), line("p99", READ, p99), line("p99.9", DELETE, p999)],
            ..empty("Latency of gets", microseconds)
        },
    ]
}

fn mb_per_second(v: f64) -> String {
    format!("{} MB/s", number(v))
}

fn microseconds(v: f64) -> String {
    format!("{} µs", number(v))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsmscope::sim::spec::preset;

    #[test]
    fn a_picture_shows_what_was_sampled() {
        let (options, mut spec) = preset("overload").expect("there is one").make();
        spec.set("duration_seconds", "300").expect("it fits");
        let mut simulation = Simulation::new(options, spec).expect("it fits");
        while !simulation.run(10_000).done {}
        let points = points(&simulation);
        let svg = picture(&simulation, &points, "too much").svg();
        for text in
            ["too much", "Writes", "offered", "written", "L0", "Write amplification", "p99.9", "stalls", "300 s"]
        {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}");
        }
    }

    #[test]
    fn of_too_many_points_the_last_of_some_in_a_row_stays() {
        assert_eq!(thinned(&[1.0, 2.0, 3.0, 4.0, 5.0], 2), [2.0, 4.0, 5.0]);
    }
}
