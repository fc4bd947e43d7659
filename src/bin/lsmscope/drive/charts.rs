//! The charts of a run: throughput, memtable bytes, tables and bytes per level, with flushes, compactions and stalls.

use lsmscope::drive::{DriveMark, DriveMarkKind, DriveRun};

use crate::chart::{
    COMPACTION, DELETE, FLUSH, Lane, Panel, Picture, READ, SCAN, STALL, Series, bytes, levels, line, number, per_second,
};

mod points;

pub use points::{Points, points};

/// The charts of `run`, whose points are `points`, headed with `title`.
pub fn picture<'a>(run: &DriveRun, points: &'a Points, title: &'a str) -> Picture<'a> {
    let bars = |kinds: &[DriveMarkKind]| of(run, kinds).map(|m| (m.from_ms / 1e3, m.to_ms / 1e3)).collect();
    let lane = |name, colour, kinds: &[DriveMarkKind]| Lane { name, colour, bars: bars(kinds) };
    Picture {
        title,
        seconds: run.millis / 1e3,
        lanes: vec![
            lane("flushes", FLUSH, &[DriveMarkKind::Flush]),
            lane("compactions", COMPACTION, &[DriveMarkKind::Compaction, DriveMarkKind::Move]),
            lane("stalls", STALL, &[DriveMarkKind::Stall, DriveMarkKind::Slowdown]),
        ],
        panels: panels(run, points),
    }
}

fn of<'a>(run: &'a DriveRun, kinds: &'a [DriveMarkKind]) -> impl Iterator<Item = &'a DriveMark> {
    run.marks.iter().filter(|mark| kinds.contains(&mark.kind))
}

fn panels<'a>(run: &DriveRun, points: &'a Points) -> Vec<Panel<'a>> {
    let rates = [
        line("puts", FLUSH, &points.puts),
        line("gets", READ, &points.gets),
        line("scans", SCAN, &points.scans),
        line("deletes", DELETE, &points.deletes),
    ];
    let is_used = |series: &Series| series.values.iter().any(|v| *v > 0.0);
    let ends = |kind| of(run, &[kind]).map(|mark| mark.to_ms / 1e3).collect::<Vec<f64>>();
    let panel = |title, series, unit: fn(f64) -> String| Panel {
        title,
        times: &points.seconds,
        series,
        stacked: false,
        unit,
        marks: (STALL, Vec::new()),
    };
    let compactions = (COMPACTION, ends(DriveMarkKind::Compaction));
    let memtables = Series { times: Some(&points.memtable_seconds), ..line("all memtables", FLUSH, &points.memtable) };
    vec![
        Panel {
            marks: (STALL, ends(DriveMarkKind::Stall)),
            ..panel("Throughput", rates.into_iter().filter(is_used).collect(), per_second)
        },
        Panel { marks: (FLUSH, ends(DriveMarkKind::Flush)), ..panel("Memtable bytes", vec![memtables], bytes) },
        Panel {
            stacked: true,
            marks: compactions.clone(),
            ..panel("Tables per level", levels(&points.tables), number)
        },
        Panel { stacked: true, marks: compactions, ..panel("Bytes per level", levels(&points.bytes), bytes) },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use lsmscope::drive::{DriveSample, Ops};

    fn mark(kind: DriveMarkKind, from_ms: f64, to_ms: f64) -> DriveMark {
        DriveMark { kind, from_ms, to_ms, level: None, output_level: None, bytes: 1, reason: None }
    }

    fn run() -> DriveRun {
        let sample = |i: u64| DriveSample {
            ts_ms: i * 500,
            ops: Ops { put: 100, get: if i == 3 { 50 } else { 0 }, ..Ops::default() },
            memtable_bytes: i * 1000 % 4000,
            level_tables: vec![i % 4, i, 0],
            level_bytes: vec![i % 4 * 100, i * 100, 0],
            ..DriveSample::default()
        };
        DriveRun {
            millis: 5000.0,
            complete: true,
            samples: (1..=10).map(sample).collect(),
            marks: vec![mark(DriveMarkKind::Flush, 1000.0, 1000.0), mark(DriveMarkKind::Compaction, 1000.0, 2000.0)],
            ..DriveRun::default()
        }
    }

    #[test]
    fn a_picture_has_every_chart_and_names_what_it_shows() {
        let svg = picture(&run(), &points(&run(), 3), "200 puts a second, 5 s").svg();
        for text in [
            "200 puts a second, 5 s",
            "Throughput",
            "Memtable bytes",
            "Tables per level",
            "Bytes per level",
            "puts",
            "gets",
            "L0",
            "L1",
            "flushes",
            "compactions",
            "stalls",
            "5 s",
        ] {
            assert!(svg.contains(&format!("\n{text}\n")), "{text}");
        }
        // What never was is not in a legend.
        assert!(!svg.contains("\nL2\n") && !svg.contains("\ndeletes\n"));
        assert_eq!(svg, picture(&run(), &points(&run(), 3), "200 puts a second, 5 s").svg());
    }

    #[test]
    fn a_run_of_nothing_can_be_drawn() {
        let run = DriveRun::default();
        assert!(picture(&run, &points(&run, 3), "nothing").svg().ends_with("</svg>\n"));
    }
}
