//! The points of the charts: samples column by column, and no more of them than a picture can show.

use lsmscope::drive::{DriveRun, DriveSample};

/// The most points of a line.
const MAX_POINTS: usize = 1200;

/// Columns, one value for each point.
#[derive(Debug, Default, PartialEq)]
pub struct Points {
    /// When.
    pub seconds: Vec<f64>,
    /// Operations in a second.
    pub puts: Vec<f64>,
    /// Operations in a second.
    pub gets: Vec<f64>,
    /// Operations in a second.
    pub scans: Vec<f64>,
    /// Operations in a second.
    pub deletes: Vec<f64>,
    /// When the memtables had each size; more often than the others.
    pub memtable_seconds: Vec<f64>,
    /// Bytes of all memtables.
    pub memtable: Vec<f64>,
    /// Tables, a column for each level.
    pub tables: Vec<Vec<f64>>,
    /// Bytes, a column for each level.
    pub bytes: Vec<Vec<f64>>,
}

/// The points of `run`, of a database with `levels` levels. Where there are too many, some samples in a row make one
/// point: rates are their average, the memtable is at its fullest, levels are as at the end.
pub fn points(run: &DriveRun, levels: usize) -> Points {
    let samples = &run.samples;
    let mut points = Points { tables: vec![Vec::new(); levels], bytes: vec![Vec::new(); levels], ..Points::default() };
    let (mut began, mut memtable) = (0, Vec::new());
    for group in samples.chunks(samples.len().div_ceil(MAX_POINTS).max(1)) {
        let Some(last) = group.last() else { continue };
        let seconds = (last.ts_ms - began).max(1) as f64 / 1e3;
        began = last.ts_ms;
        let rate = |of: fn(&DriveSample) -> u64| group.iter().map(of).sum::<u64>() as f64 / seconds;
        points.seconds.push(last.ts_ms as f64 / 1e3);
        points.puts.push(rate(|s| s.ops.put));
        points.gets.push(rate(|s| s.ops.get));
        points.scans.push(rate(|s| s.ops.scan));
        points.deletes.push(rate(|s| s.ops.del));
        let fullest = group.iter().map(|s| s.memtable_bytes).max().unwrap_or(0);
        memtable.push((last.ts_ms as f64, fullest));
        let of = |column: &[u64], level: usize| column.get(level).copied().unwrap_or(0) as f64;
        for level in 0..levels {
            points.tables[level].push(of(&last.level_tables, level));
            points.bytes[level].push(of(&last.level_bytes, level));
        }
    }
    (points.memtable_seconds, points.memtable) = saw(memtable, run);
    points
}

/// The samples of the memtables with the falls between them, in order of time; without, where these are too many to be
/// seen.
fn saw(mut samples: Vec<(f64, u64)>, run: &DriveRun) -> (Vec<f64>, Vec<f64>) {
    if run.falls.len() <= MAX_POINTS {
        samples.extend(run.falls.iter().flat_map(|fall| [(fall.ms, fall.from), (fall.ms, fall.to)]));
        // Stable: of one moment, what was before a fall stays before what was after it.
        samples.sort_by(|a, b| a.0.total_cmp(&b.0));
    }
    samples.into_iter().map(|(ms, bytes)| (ms / 1e3, bytes as f64)).unzip()
}

#[cfg(test)]
mod tests {
    use lsmscope::drive::{Fall, Ops};

    use super::*;

    fn sample(ts_ms: u64, put: u64, memtable_bytes: u64, tables: u64) -> DriveSample {
        let ops = Ops { put, ..Ops::default() };
        DriveSample {
            ts_ms,
            ops,
            memtable_bytes,
            level_tables: vec![tables],
            level_bytes: vec![tables * 10],
            ..DriveSample::default()
        }
    }

    fn run(samples: Vec<DriveSample>) -> DriveRun {
        DriveRun { samples, ..DriveRun::default() }
    }

    #[test]
    fn counts_of_an_interval_become_rates() {
        let points = points(&run(vec![sample(250, 50, 7, 1), sample(500, 25, 9, 2)]), 1);
        assert_eq!((points.seconds, points.puts), (vec![0.25, 0.5], vec![200.0, 100.0]));
        assert_eq!((points.memtable, points.tables), (vec![7.0, 9.0], vec![vec![1.0, 2.0]]));
    }

    #[test]
    fn falls_between_samples_are_drawn() {
        let falls = vec![Fall { ms: 300.0, from: 20, to: 1 }, Fall { ms: 400.0, from: 21, to: 2 }];
        let points = points(&DriveRun { falls, ..run(vec![sample(250, 50, 7, 1), sample(500, 25, 9, 2)]) }, 1);
        assert_eq!(points.memtable_seconds, [0.25, 0.3, 0.3, 0.4, 0.4, 0.5]);
        assert_eq!(points.memtable, [7.0, 20.0, 1.0, 21.0, 2.0, 9.0]);
    }

    #[test]
    fn of_too_many_samples_a_peak_stays_as_high_as_it_was() {
        let samples: Vec<DriveSample> =
            (1..=3600u64).map(|i| sample(i * 100, 10, if i == 1000 { 5000 } else { 100 }, i)).collect();
        let points = points(&run(samples), 1);
        assert_eq!(points.seconds.len(), 1200);
        assert!(points.puts.iter().all(|rate| (rate - 100.0).abs() < 1e-9));
        assert_eq!(points.memtable.iter().filter(|b| **b == 5000.0).count(), 1);
        assert_eq!(points.tables[0].last(), Some(&3600.0));
    }
}
