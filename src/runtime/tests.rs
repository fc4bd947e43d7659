//! Jobs that share the device, wait for threads and limiter, and slots that open under pressure.

use super::{
    clock::{MILLISECOND, SECOND},
    *,
};
use crate::options::DeviceChoice;

const MB: u64 = 1 << 20;

/// A device of 100 MB/s, both ways, without latency.
fn options() -> Options {
    Options {
        device: DeviceChoice::Custom,
        device_read_mb_per_s: 100.0,
        device_write_mb_per_s: 100.0,
        device_latency_us: 0.0,
        device_fsync_us: 0.0,
        ..Options::default()
    }
}

fn work(read: u64, written: u64) -> Work {
    Work { read: read * MB, written: written * MB, ..Work::default() }
}

/// Everything that ends, as `(job, milliseconds)`.
fn run(runtime: &mut Runtime) -> Vec<(u64, u64)> {
    let mut all = Vec::new();
    while let Some(at) = runtime.next_end() {
        all.extend(runtime.advance(at).iter().map(|ended| (ended.job, ended.ended / MILLISECOND)));
    }
    all
}

#[test]
fn a_flush_beside_a_compaction_makes_both_slower() {
    let mut runtime = Runtime::new(&options());
    runtime.start(1, WorkKind::Compaction, &work(100, 100));
    runtime.advance(SECOND);
    runtime.start(2, WorkKind::Flush, &work(0, 50));
    // A second of the compaction is left when the flush comes: 50 MB at 50 MB/s each, then the rest alone.
    assert_eq!((runtime.planned_end(1), runtime.planned_end(2)), (Some(2500 * MILLISECOND), Some(2 * SECOND)));
    assert_eq!(run(&mut runtime), [(2, 2000), (1, 2500)]);
    assert_eq!(runtime.device_busy(), 2.5 * SECOND as f64);
    assert_eq!(runtime.next_end(), None);
}

#[test]
fn a_job_ends_when_device_and_threads_are_done() {
    let mut runtime = Runtime::new(&Options { table_build_mb_per_s: 50.0, ..options() });
    runtime.start(1, WorkKind::Flush, &work(0, 100));
    runtime.start(2, WorkKind::Compaction, &Work { threads: 4, ..work(100, 100) });
    // Building takes 2 s on one thread and 0.5 s on four; the device, shared, 2 s and 3 s.
    assert_eq!(run(&mut runtime), [(1, 2000), (2, 3000)]);
    runtime.start(3, WorkKind::Flush, &work(0, 100));
    assert_eq!(runtime.next_change(), Some(4 * SECOND), "then it is done with the device");
    assert_eq!(runtime.next_end(), Some(5 * SECOND));
    assert_eq!(runtime.advance(4 * SECOND), []);
    assert_eq!(runtime.device_users(), 0);
    assert_eq!(run(&mut runtime), [(3, 5000)]);
}

#[test]
fn the_limiter_holds_what_jobs_write_together_and_flushes_go_first() {
    let mut runtime = Runtime::new(&Options { rate_limiter_bytes_per_sec: 10 * MB, ..options() });
    runtime.start(1, WorkKind::Compaction, &work(100, 20));
    runtime.start(2, WorkKind::Flush, &work(0, 9));
    // Nine parts of ten until its 9 MB are through; the compaction has 1 MB by then, and the rest alone.
    assert_eq!(run(&mut runtime), [(2, 1000), (1, 2900)]);
    // Neither reads nor the WAL are held.
    runtime.start(3, WorkKind::Log, &work(0, 100));
    assert_eq!(run(&mut runtime), [(3, 3900)]);
}

#[test]
fn the_wal_takes_its_part_of_the_device() {
    let mut runtime = Runtime::new(&options());
    runtime.set_foreground(0.5);
    runtime.start(1, WorkKind::Flush, &work(0, 100));
    assert_eq!(run(&mut runtime), [(1, 2000)]);
    runtime.advance(4 * SECOND);
    assert_eq!(runtime.device_busy(), 3.0 * SECOND as f64);
    runtime.set_foreground(7.0);
    runtime.start(2, WorkKind::Flush, &work(0, 1));
    assert!(runtime.next_end().is_some_and(|end| end < 5 * SECOND), "something is always left");
}

#[test]
fn a_job_without_work_ends_at_once_and_one_given_up_never() {
    let mut runtime = Runtime::new(&options());
    runtime.advance(7);
    runtime.start(1, WorkKind::Compaction, &Work::default());
    runtime.start(2, WorkKind::Flush, &work(0, 1));
    runtime.cancel(2);
    assert_eq!(runtime.next_end(), Some(7));
    assert_eq!(runtime.advance(7), [Ended { job: 1, kind: WorkKind::Compaction, began: 7, ended: 7 }]);
    assert_eq!(runtime.next_change(), None);
}

#[test]
fn jobs_end_in_the_same_order_however_far_time_moves_at_once() {
    let start = || {
        let mut runtime = Runtime::new(&Options { table_build_mb_per_s: 30.0, ..options() });
        for job in 0..8 {
            let kind = if job % 3 == 0 { WorkKind::Flush } else { WorkKind::Compaction };
            runtime.start(job, kind, &work(job * 13 % 7, 1 + job * 5 % 11));
        }
        runtime
    };
    let (mut once, mut often) = (start(), start());
    let all = once.advance(60 * SECOND);
    let stepped: Vec<Ended> = (0..6000).flat_map(|step| often.advance(step * 10 * MILLISECOND)).collect();
    let ids = |ended: &[Ended]| ended.iter().map(|e| e.job).collect::<Vec<_>>();
    assert_eq!((ids(&all), all.len()), (ids(&stepped), 8));
    // Each step may round up by a nanosecond.
    assert!(all.iter().zip(&stepped).all(|(a, b)| a.ended.abs_diff(b.ended) < 6000));
}

#[test]
fn compactions_have_one_slot_until_they_fall_behind() {
    let options = Options { max_background_jobs: 8, ..options() };
    let mut runtime = Runtime::new(&options);
    let mut slots = |level0_tables| {
        runtime.reevaluate(&Pressure { level0_tables, ..Pressure::default() }, &options);
        let slots = runtime.slots();
        (slots.flushes, slots.compactions, slots.pressure.map(|why| why.limit))
    };
    assert_eq!(slots(7), (2, 1, None));
    assert_eq!(slots(8), (2, 6, Some(8)));
    assert_eq!(slots(20), (2, 6, Some(20)), "delayed");
    assert_eq!(slots(36), (2, 6, Some(36)), "stopped");
    assert_eq!(slots(0), (2, 1, None));
    runtime.start(1, WorkKind::Compaction, &work(1, 1));
    runtime.start(2, WorkKind::Flush, &work(1, 1));
    assert!(
        runtime.has_room(WorkKind::Flush) && !runtime.has_room(WorkKind::Compaction) && runtime.has_room(WorkKind::Log)
    );
}
