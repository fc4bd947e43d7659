//! The charts' points along the timeline: the bytes of memtables and levels, and the amplifications.
//!
//! A point is kept only where something changed. Their number is bounded: when there are too many, the timeline is cut
//! into buckets of twice as many events as before, and each keeps two points: the one with the fullest memtables, so
//! that the saw teeth stay as high as they were, and its last, so that the line ends at the final state.

use std::rc::Rc;

use crate::{
    options::JobMode,
    runtime::clock::Nanos,
    scene::{LevelSums, Scene},
};

/// The state from `position` on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sample {
    /// The position.
    pub position: usize,
    /// Bytes of all memtables.
    pub memtable_bytes: u64,
    /// Each level's sums.
    pub levels: Rc<[LevelSums]>,
    /// The literature's write amplification.
    pub write_user: Option<f64>,
    /// RocksDB's write amplification.
    pub write_rocksdb: Option<f64>,
    /// Sorted runs that a read may have to look into.
    pub read_runs: u64,
    /// RocksDB's space amplification.
    pub space_rocksdb: Option<f64>,
    /// The last sequence number that was acknowledged.
    pub acked: u64,
    /// The last one that a power cut cannot take.
    pub durable: u64,
    /// Virtual time; none where jobs and writes take none of it (`job_mode`).
    pub time: Option<Nanos>,
}

impl Sample {
    fn of(position: usize, scene: &Scene) -> Sample {
        let amplification = scene.amplification();
        Sample {
            position,
            memtable_bytes: scene.memtable_bytes(),
            levels: scene.level_sums().clone(),
            write_user: amplification.write_user,
            write_rocksdb: amplification.write_rocksdb,
            read_runs: amplification.read_runs,
            space_rocksdb: amplification.space_rocksdb,
            acked: scene.acked_seq(),
            durable: scene.durable_seq(),
            time: (scene.options().job_mode == JobMode::Scheduled).then(|| scene.now()),
        }
    }

    fn same_as(&self, other: &Sample) -> bool {
        Rc::ptr_eq(&self.levels, &other.levels)
            && self.memtable_bytes == other.memtable_bytes
            && self.write_user == other.write_user
            && self.write_rocksdb == other.write_rocksdb
            && (self.acked, self.durable, self.time) == (other.acked, other.durable, other.time)
    }
}

/// The points, column by column: what charts take. Where a ratio is not defined, it is no number (NaN), and not drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Columns {
    /// Positions.
    pub events: Vec<f64>,
    /// Bytes of all memtables.
    pub memtable_bytes: Vec<f64>,
    /// Tables: one column for each level.
    pub level_tables: Vec<Vec<f64>>,
    /// Bytes: one column for each level.
    pub level_bytes: Vec<Vec<f64>>,
    /// The literature's write amplification.
    pub write_user: Vec<f64>,
    /// RocksDB's write amplification.
    pub write_rocksdb: Vec<f64>,
    /// Sorted runs that a read may have to look into.
    pub read_runs: Vec<f64>,
    /// RocksDB's space amplification.
    pub space_rocksdb: Vec<f64>,
    /// The last sequence number that was acknowledged.
    pub acked: Vec<f64>,
    /// The last one that a power cut cannot take.
    pub durable: Vec<f64>,
    /// How many writes lie between the two: acknowledged, and at risk.
    pub at_risk: Vec<f64>,
    /// Virtual time, in nanoseconds; NaN where jobs and writes take none of it.
    pub nanos: Vec<f64>,
}

/// The points.
#[derive(Debug)]
pub struct Samples {
    points: Vec<Sample>,
    /// How many events a bucket spans.
    span: usize,
    limit: usize,
}

impl Samples {
    /// No points, and room for `limit` (at least 4).
    pub fn new(limit: usize) -> Samples {
        Samples { points: Vec::new(), span: 1, limit: limit.max(4) }
    }

    /// The points.
    pub fn points(&self) -> &[Sample] {
        &self.points
    }

    /// Takes `scene`, as it is at `position`, where that is another than before.
    pub fn push(&mut self, position: usize, scene: &Scene) {
        let sample = Sample::of(position, scene);
        if self.points.last().is_some_and(|last| last.same_as(&sample)) {
            return;
        }
        self.add(sample);
        while self.points.len() > self.limit {
            self.span *= 2;
            for sample in std::mem::take(&mut self.points) {
                self.add(sample);
            }
        }
    }

    /// Adds `sample` to its bucket, which keeps two points: its peak and its last.
    fn add(&mut self, sample: Sample) {
        if self.points.last().is_some_and(|last| last.position == sample.position) {
            self.points.pop();
        }
        let bucket = |sample: &Sample| sample.position / self.span;
        let shared = |back: usize| {
            let at = self.points.len().checked_sub(back)?;
            (bucket(&self.points[at]) == bucket(&sample)).then_some(at)
        };
        if let (Some(peak), Some(last)) = (shared(2), shared(1)) {
            let lower = usize::from(self.points[last].memtable_bytes <= self.points[peak].memtable_bytes);
            self.points.remove(peak + lower);
        }
        self.points.push(sample);
    }

    /// The points, column by column.
    pub fn columns(&self) -> Columns {
        columns(&self.points)
    }

    /// The point that holds at `position`, column by column: the last that is not after it, or the first.
    pub fn at(&self, position: usize) -> Columns {
        let after = self.points.partition_point(|point| point.position <= position);
        let at = after.saturating_sub(1);
        columns(&self.points[at..self.points.len().min(at + 1)])
    }
}

fn columns(points: &[Sample]) -> Columns {
    let levels = points.iter().map(|p| p.levels.len()).max().unwrap_or(0);
    let column = |of: &dyn Fn(&Sample) -> f64| points.iter().map(of).collect::<Vec<f64>>();
    let by_level = |of: fn(&LevelSums) -> u64| {
        (0..levels).map(|level| column(&|p| p.levels.get(level).map_or(0, of) as f64)).collect()
    };
    Columns {
        events: column(&|p| p.position as f64),
        memtable_bytes: column(&|p| p.memtable_bytes as f64),
        level_tables: by_level(|sums| sums.tables),
        level_bytes: by_level(|sums| sums.bytes),
        write_user: column(&|p| p.write_user.unwrap_or(f64::NAN)),
        write_rocksdb: column(&|p| p.write_rocksdb.unwrap_or(f64::NAN)),
        read_runs: column(&|p| p.read_runs as f64),
        space_rocksdb: column(&|p| p.space_rocksdb.unwrap_or(f64::NAN)),
        acked: column(&|p| p.acked as f64),
        durable: column(&|p| p.durable as f64),
        at_risk: column(&|p| p.acked.saturating_sub(p.durable) as f64),
        nanos: column(&|p| p.time.map_or(f64::NAN, |nanos| nanos as f64)),
    }
}
