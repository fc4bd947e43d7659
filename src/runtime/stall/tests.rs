//! Compares the conditions and the rate with RocksDB's own tests, and the credit with its arithmetic.

use super::*;
use crate::{
    indexed::IndexedLevels,
    policy::{Leveled, Universal},
};

const BASE: u64 = 800_000;

fn options() -> Options {
    Options {
        delayed_write_rate: BASE,
        level0_slowdown_writes_trigger: 20,
        level0_stop_writes_trigger: 10_000,
        soft_pending_compaction_bytes_limit: 200,
        hard_pending_compaction_bytes_limit: 2000,
        ..Options::default()
    }
}

/// `-` for normal, `S` for stopped, and the rate as a share of the base for delayed: `1`, `0.8`.
fn told(stall: &Stall) -> String {
    is_short(stall);
    match stall.condition() {
        Condition::Normal => "-".into(),
        Condition::Stopped { .. } => "S".into(),
        Condition::Delayed { rate, .. } => format!("{}", rate as f64 / BASE as f64),
    }
}

/// What can be asked for by itself is what the condition says.
fn is_short(stall: &Stall) {
    let condition = stall.condition();
    assert_eq!(stall.what(), condition.why().map(|why| (condition.is_stopped(), why.cause)));
    let limit = match condition {
        Condition::Normal => None,
        Condition::Delayed { rate, .. } => Some(rate),
        Condition::Stopped { .. } => Some(0),
    };
    assert_eq!(stall.limit(), limit);
}

/// The stall condition after each of these `(tables of level 0, pending bytes)`.
fn run(options: &Options, steps: &[(u64, u64)]) -> Vec<String> {
    let mut stall = Stall::new(options);
    let step = |(level0_tables, pending_bytes): &(u64, u64)| {
        stall.reevaluate(&Pressure {
            level0_tables: *level0_tables,
            pending_bytes: *pending_bytes,
            ..Pressure::default()
        });
        told(&stall)
    };
    steps.iter().map(step).collect()
}

/// RocksDB's `ColumnFamilyTest.WriteStallSingleColumnFamily`, number for number.
#[test]
fn the_rate_goes_as_rocksdb_says() {
    let debts = [50, 201, 400, 500, 450, 205, 202, 201, 198, 399, 599, 2001, 3001, 390, 100];
    let steps: Vec<_> = debts.iter().map(|debt| (0, *debt)).collect();
    let expected = ["-", "1", "0.8", "0.64", "0.8", "1", "1", "1", "-", "1", "0.8", "S", "S", "0.8", "-"];
    assert_eq!(run(&options(), &steps), expected);
    // It goes on with level 0.
    let level0 = [(100, 100), (101, 100), (0, 300), (101, 300), (101, 200), (0, 0)];
    assert_eq!(run(&options(), &[&steps[..], &level0].concat())[15..], ["1", "0.8", "0.64", "0.512", "0.64", "-"]);
}

#[test]
fn near_a_stop_the_rate_falls_faster() {
    let near = Options { level0_stop_writes_trigger: 30, ..options() };
    assert_eq!(run(&near, &[(27, 0), (28, 0), (29, 0), (30, 0), (29, 0)]), ["1", "0.6", "0.36", "S", "0.36"]);
    // Three quarters of the way from 200 to 2000 are at 1550.
    assert_eq!(run(&options(), &[(0, 1000), (0, 1550), (0, 1551)]), ["1", "0.8", "0.48"]);
}

#[test]
fn the_rate_stays_between_16_kib_and_what_it_began_with() {
    let mut steps = vec![(0, 300)];
    steps.extend((0..40).map(|more| (0, 301 + more)));
    let mut stall = Stall::new(&options());
    let reevaluate = |stall: &mut Stall, pending_bytes| {
        stall.reevaluate(&Pressure { pending_bytes, ..Pressure::default() });
    };
    steps.iter().for_each(|(_, pending)| reevaluate(&mut stall, *pending));
    assert_eq!(stall.rate(), 16 << 10);
    (0..40).for_each(|less| reevaluate(&mut stall, 340 - less));
    assert_eq!(stall.rate(), BASE);
    // Where it began below that, it is left alone.
    let slow = Options { delayed_write_rate: 1000, ..options() };
    let mut stall = Stall::new(&slow);
    steps.iter().for_each(|(_, pending)| reevaluate(&mut stall, *pending));
    assert_eq!(stall.rate(), 1000);
}

#[test]
fn the_rate_begins_with_the_option_or_the_limiter_or_16_mib() {
    let rate = |delayed_write_rate, rate_limiter_bytes_per_sec| {
        Stall::new(&Options { delayed_write_rate, rate_limiter_bytes_per_sec, ..Options::default() }).rate()
    };
    assert_eq!((rate(0, 0), rate(0, 5), rate(7, 5)), (16 << 20, 5, 7));
}

/// Each condition with its number, limit and option; of several, the first of the table.
#[test]
fn a_condition_says_why() {
    let why = |options: &Options, immutables, level0_tables, pending_bytes| {
        let mut stall = Stall::new(options);
        stall.reevaluate(&Pressure { immutables, level0_tables, pending_bytes, last_level_bytes: 0 });
        let condition = stall.condition();
        let kind = if condition.is_stopped() { "stopped" } else { "delayed" };
        condition.why().map_or("normal".into(), |why| format!("{kind}: {why}"))
    };
    let o = Options { level0_stop_writes_trigger: 36, ..options() };
    assert_eq!(why(&o, 1, 19, 199), "normal");
    assert_eq!(why(&o, 1, 20, 300), "delayed: 20 tables on level 0, limit 20 (level0_slowdown_writes_trigger)");
    assert_eq!(
        why(&o, 1, 19, 1300),
        "delayed: 1,300 pending compaction bytes, limit 200 (soft_pending_compaction_bytes_limit)"
    );
    assert_eq!(why(&o, 2, 40, 9000), "stopped: 2 sealed memtables, limit 2 (max_write_buffer_number)");
    assert_eq!(why(&o, 1, 40, 9000), "stopped: 40 tables on level 0, limit 36 (level0_stop_writes_trigger)");
    assert_eq!(
        why(&o, 1, 30, 9000),
        "stopped: 9,000 pending compaction bytes, limit 2,000 (hard_pending_compaction_bytes_limit)"
    );
    // Memtables delay only where more than three are allowed, and a flush is possible.
    let many = Options { max_write_buffer_number: 5, ..o.clone() };
    assert_eq!(why(&many, 4, 0, 0), "delayed: 4 sealed memtables, limit 4 (max_write_buffer_number)");
    assert_eq!(why(&Options { min_write_buffer_number_to_merge: 4, ..many.clone() }, 4, 0, 0), "normal");
    assert_eq!(why(&Options { max_write_buffer_number: 3, ..many }, 2, 0, 0), "normal");
    // Nobody compacts: level 0 may grow.
    let off = Options { disable_auto_compactions: true, ..o.clone() };
    assert_eq!(why(&off, 0, 50, 9000), "normal");
    // 0 is no limit.
    let unlimited = Options { soft_pending_compaction_bytes_limit: 0, hard_pending_compaction_bytes_limit: 0, ..o };
    assert_eq!(why(&unlimited, 0, 0, u64::MAX), "normal");
}

#[test]
fn memory_stops_writes_until_there_is_room() {
    let mut stall = Stall::new(&Options { db_write_buffer_size: 1000, ..options() });
    stall.set_memory(999);
    assert_eq!(stall.condition(), Condition::Normal);
    stall.set_memory(1000);
    let why = Why { cause: Cause::Memory, value: 1000, limit: 1000, option: "db_write_buffer_size" };
    assert_eq!(stall.admit(5, 1), Admission::Stopped(why));
    is_short(&stall);
    stall.set_memory(10);
    assert_eq!(stall.admit(5, 1), Admission::At(5));
    let mut unlimited = Stall::new(&options());
    unlimited.set_memory(u64::MAX);
    assert_eq!(unlimited.condition(), Condition::Normal);
}

#[test]
fn a_delayed_write_goes_on_when_its_bytes_are_paid_for() {
    // A million bytes a second: 1,000 a millisecond.
    let mut stall = Stall::new(&Options { delayed_write_rate: 1_000_000, ..options() });
    assert_eq!(stall.admit(0, 1_000_000_000), Admission::At(0), "not delayed yet");
    stall.reevaluate(&Pressure { pending_bytes: 300, ..Pressure::default() });
    let mut admit = |ms: u64, bytes| match stall.admit(ms * MILLISECOND, bytes) {
        Admission::At(go_on) => (go_on - ms * MILLISECOND) as f64 / MILLISECOND as f64,
        Admission::Stopped(why) => panic!("{why}"),
    };
    // The first millisecond's credit is there; what is more has to be waited for, and at least until the next refill.
    assert_eq!([admit(10, 400), admit(10, 600), admit(10, 1)], [0.0, 0.0, 1.001]);
    // By 12 there is credit for 1,999; the 8,001 that are missing are paid for from 13, the next refill, on.
    assert_eq!(admit(12, 10_000), 9.001);
    // The debt ends at 21.001.
    assert_eq!(admit(21, 3000), 3.001);
}

/// Whatever their size, delayed writes get through at the rate.
#[test]
fn in_the_long_run_the_rate_is_what_gets_through() {
    for bytes in [100u64, 4096, 100_000, 10_000_000] {
        let mut stall = Stall::new(&Options { delayed_write_rate: 1_000_000, ..options() });
        stall.reevaluate(&Pressure { pending_bytes: 300, ..Pressure::default() });
        let (mut now, mut written) = (0, 0);
        while now < 100 * SECOND {
            let Admission::At(go_on) = stall.admit(now, bytes) else { panic!("stopped") };
            (now, written) = (go_on, written + bytes);
        }
        let rate = written as f64 / (now as f64 / SECOND as f64);
        assert!((rate / 1_000_000.0 - 1.0).abs() < 0.01, "{bytes}: {rate}");
    }
}

#[test]
fn pressure_is_what_the_version_holds() {
    let version = crate::policy::testing::sized(&[600, 1200, 9600, 101_000, 999_900, 8_007_200]);
    let options =
        Options { level0_file_num_compaction_trigger: 5, ..crate::policy::testing::vector_options(1000, 10.0, false) };
    let pressure = Pressure::of(&version, &Leveled, &options, 3);
    assert_eq!(
        pressure,
        Pressure { immutables: 3, level0_tables: 4, pending_bytes: 20_800, last_level_bytes: 8_007_200 }
    );
    assert_eq!(Pressure::of(&IndexedLevels::new(version.clone()), &Leveled, &options, 3), pressure);
    let pressure = Pressure::of(&version, &Universal, &options, 0);
    assert_eq!((pressure.level0_tables, pressure.pending_bytes), (9, 0));
}
