use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn all(workload: &Workload) -> Vec<Operation> {
    assert_eq!(workload.validate(), [], "the test's own workload");
    Operations::new(workload).collect()
}

fn of_kind(operations: &[Operation], kind: OperationKind) -> usize {
    operations.iter().filter(|o| o.kind == kind).count()
}

fn short() -> Workload {
    Workload { duration_seconds: 2.0, key_space_size: 1000, ..Workload::default() }
}

#[test]
fn the_same_seed_gives_the_same_stream_and_another_seed_another() {
    let mixed = preset("mixed").unwrap();
    let with = |seed| all(&Workload { seed, duration_seconds: 1.0, ..mixed.clone() });
    assert_eq!(with(7), with(7));
    assert_ne!(with(7), with(8));
}

#[test]
fn each_kind_comes_at_its_rate_and_in_order_of_time() {
    let workload = Workload {
        write_rate: 500.0,
        read_rate: 300.0,
        delete_rate: 30.0,
        read_modify_write_rate: 7.0,
        range_reads: 10.0,
        ..short()
    };
    let operations = all(&workload);
    assert!(operations.windows(2).all(|w| w[0].at <= w[1].at));
    assert_eq!(of_kind(&operations, OperationKind::Put), 1000);
    assert_eq!(of_kind(&operations, OperationKind::Get) + of_kind(&operations, OperationKind::Scan), 600);
    assert_eq!(of_kind(&operations, OperationKind::Delete), 60);
    assert_eq!(of_kind(&operations, OperationKind::ReadModifyWrite), 14);
    let scans = of_kind(&operations, OperationKind::Scan);
    assert!((30..=90).contains(&scans), "{scans}");
    let puts: Vec<u64> = operations.iter().filter(|o| o.kind == OperationKind::Put).map(|o| o.at).collect();
    assert!(puts.windows(2).all(|w| (w[1] - w[0]).abs_diff(2_000_000) <= 1), "even distances");
}

#[test]
fn random_arrivals_come_at_the_rate_on_average() {
    let operations = all(&Workload { arrival: Arrival::Poisson, write_rate: 5000.0, ..short() });
    assert!(operations.len().abs_diff(10_000) < 500, "{}", operations.len());
    let gaps: BTreeSet<u64> = operations.windows(2).map(|w| w[1].at - w[0].at).collect();
    assert!(gaps.len() > 5000, "distances differ");
}

#[test]
fn bursts_shape_the_stream() {
    let operations = all(&Workload {
        write_rate: 1000.0,
        burst_on_seconds: 0.5,
        burst_off_seconds: 0.5,
        burst_off_percent: 10.0,
        ..short()
    });
    let between = |from: f64, to: f64| {
        operations.iter().filter(|o| (from * 1e9) as u64 <= o.at && o.at < (to * 1e9) as u64).count()
    };
    assert_eq!([between(0.0, 0.5), between(0.5, 1.0), between(1.0, 1.5), between(1.5, 2.0)], [500, 50, 500, 50]);
}

#[test]
fn a_client_waits_for_its_answer() {
    let workload = Workload {
        arrival: Arrival::Closed,
        clients: 2,
        think_micros: 1000.0,
        read_rate: 3.0,
        write_rate: 1.0,
        ..short()
    };
    let mut operations = Operations::new(&workload);
    let mut answered = 0;
    let mut kinds = BTreeMap::new();
    while let Some(operation) = operations.next() {
        *kinds.entry(operation.kind).or_insert(0) += 1;
        answered += 1;
        // Each takes 3 ms, and then its client thinks for 1 ms: 250 a second for each client.
        operations.returned(operation.at + 3_000_000);
    }
    assert_eq!(answered, 2 * 2 * 250);
    let gets = kinds[&OperationKind::Get];
    assert!((680..=820).contains(&gets), "three of four: {gets}");
}

#[test]
fn more_reads_do_not_change_what_is_written() {
    let puts = |read_rate| {
        let workload = Workload { read_rate, key_dist: KeyDist::Zipf, ..short() };
        all(&workload).into_iter().filter(|o| o.kind == OperationKind::Put).collect::<Vec<_>>()
    };
    assert_eq!(puts(0.0), puts(777.0));
}

#[test]
fn the_newest_keys_are_the_most_popular_with_latest() {
    let workload = Workload { key_dist: KeyDist::Latest, insert_percent: 10.0, read_rate: 5000.0, ..short() };
    let (mut count, mut old, mut reads) = (workload.key_space_size, 0, 0);
    for operation in all(&workload) {
        match operation.kind {
            OperationKind::Put if operation.key == count => count += 1,
            OperationKind::Get => {
                assert!(operation.key < count, "only what is there is read");
                reads += 1;
                old += u64::from(count - operation.key > 100);
            }
            _ => {}
        }
    }
    assert!(count > 1300 && count < 1500, "one put of ten inserts: {count}");
    assert!(old * 2 < reads, "{old} of {reads} reads are of what is older than the last hundred");
}

#[test]
fn sequential_keys_come_in_order_and_over_again() {
    let workload = Workload { key_dist: KeyDist::Sequential, key_space_size: 1500, ..short() };
    let keys: Vec<u64> = all(&workload).iter().map(|o| o.key).collect();
    assert_eq!(keys.len(), 4000);
    assert!(keys.iter().zip(0..).all(|(key, turn)| *key == turn % 1500));
}

#[test]
fn keys_have_their_size_and_lie_where_their_order_says() {
    for (key_order, key_size_bytes, key_space_size) in [
        (KeyOrder::Ordered, 16, 100_000),
        (KeyOrder::Ordered, 5, 100_000),
        (KeyOrder::Ordered, 4, 1),
        (KeyOrder::Scrambled, 16, 100_000),
        (KeyOrder::Scrambled, 24, 1000),
    ] {
        let workload = Workload { key_order, key_size_bytes, key_space_size, ..Workload::default() };
        assert_eq!(workload.validate(), []);
        let keys = Keys::new(&workload);
        let mut named: Vec<(Vec<u8>, u64)> = (0..key_space_size.min(2000))
            .map(|number| {
                let mut key = Vec::new();
                keys.name(number, &mut key);
                (key, keys.place(number))
            })
            .collect();
        assert!(named.iter().all(|(key, _)| key.len() as u64 == key_size_bytes), "{workload:?}");
        named.sort();
        assert!(named.windows(2).all(|w| w[0].0 < w[1].0 && w[0].1 < w[1].1), "bytes are in the order of places");
    }
}

#[test]
fn a_get_that_misses_asks_for_what_no_put_ever_writes() {
    for key_order in [KeyOrder::Ordered, KeyOrder::Scrambled] {
        let workload = Workload { key_order, read_rate: 2000.0, read_miss_percent: 30.0, ..short() };
        let mut operations = Operations::new(&workload);
        let mut names = BTreeSet::new();
        let (mut key, mut hits, mut misses) = (Vec::new(), 0, 0);
        (0..1000).for_each(|number| {
            operations.keys().name(number, &mut key);
            names.insert(key.clone());
        });
        while let Some(operation) = operations.next() {
            operations.key(&operation, &mut key);
            assert_eq!(names.contains(&key), operation.hit);
            let outside = !operation.hit && (names.first() > Some(&key));
            assert!(!outside, "a miss lies among the keys, where only a filter can tell");
            if operation.kind == OperationKind::Get {
                *if operation.hit { &mut hits } else { &mut misses } += 1;
            }
        }
        assert!((1000..=1400).contains(&misses), "30 % of 4,000: {misses}, and {hits} hits");
    }
}

#[test]
fn values_are_of_their_sizes() {
    let workload = Workload { value_size_bytes: 10, value_size_max_bytes: 20, ..short() };
    let operations = Operations::new(&workload);
    let sizes: BTreeSet<usize> = all(&workload).iter().map(|o| operations.value(o).len()).collect();
    assert_eq!(sizes, (10..=20).collect());
    let pool = |ratio| {
        let workload = Workload { compression_ratio: ratio, value_size_bytes: 4096, ..short() };
        let mut operations = Operations::new(&workload);
        let first = operations.next().expect("there is one");
        compressed(operations.value(&first))
    };
    assert!(pool(0.5) < 2600 && pool(0.5) > 1800, "{}", pool(0.5));
    assert!(pool(1.0) > 3900, "{}", pool(1.0));
}

#[test]
fn every_preset_can_be_run_and_every_parameter_says_what_it_does() {
    for p in PRESETS {
        assert_eq!(preset(p.name).unwrap().validate(), [], "{}", p.name);
    }
    let mut workload = Workload::default();
    for knob in Workload::describe() {
        let text = workload.get(knob.name).expect("described");
        workload.set(knob.name, &text).unwrap();
        assert!(knob.about.ends_with('.') && knob.about.len() > 10, "{}", knob.name);
    }
    assert_eq!(workload, Workload::default());
    assert!(preset("nonesuch").unwrap_err().expected.contains("ycsb-a"));
}

#[test]
fn the_mixes_of_ycsb_are_its_own() {
    // Cooper et al., Benchmarking Cloud Serving Systems with YCSB (2010), table 2.
    let shares = |name: &str| {
        let workload = Workload { duration_seconds: 4.0, ..preset(name).unwrap() };
        let (operations, keys) = (all(&workload), workload.key_space_size);
        let all = operations.len() as f64;
        let share =
            |f: &dyn Fn(&&Operation) -> bool| (operations.iter().filter(f).count() as f64 / all * 100.0).round();
        [
            share(&|o| o.kind == OperationKind::Get),
            share(&|o| o.kind == OperationKind::Put && o.key < keys),
            share(&|o| o.kind == OperationKind::Put && o.key >= keys),
            share(&|o| o.kind == OperationKind::Scan),
            share(&|o| o.kind == OperationKind::ReadModifyWrite),
        ]
    };
    assert_eq!(shares("ycsb-a"), [50.0, 50.0, 0.0, 0.0, 0.0]);
    assert_eq!(shares("ycsb-b"), [95.0, 5.0, 0.0, 0.0, 0.0]);
    assert_eq!(shares("ycsb-c"), [100.0, 0.0, 0.0, 0.0, 0.0]);
    assert_eq!(shares("ycsb-d"), [95.0, 0.0, 5.0, 0.0, 0.0]);
    assert_eq!(shares("ycsb-e"), [0.0, 0.0, 5.0, 95.0, 0.0]);
    assert_eq!(shares("ycsb-f"), [50.0, 0.0, 0.0, 0.0, 50.0]);
}

#[test]
fn what_cannot_be_run_is_named() {
    let field = |workload: Workload| workload.validate().first().map(|p| p.field.clone()).unwrap_or_default();
    assert_eq!(field(Workload { write_rate: 0.0, ..Workload::default() }), "write_rate");
    assert_eq!(field(Workload { key_size_bytes: 4, ..Workload::default() }), "key_size_bytes");
    assert_eq!(
        field(Workload { key_order: KeyOrder::Scrambled, key_size_bytes: 8, ..Workload::default() }),
        "key_size_bytes"
    );
    assert_eq!(field(Workload { value_size_max_bytes: 5, ..Workload::default() }), "value_size_max_bytes");
    assert_eq!(
        field(Workload { spike_every_seconds: 1.0, spike_seconds: 2.0, ..Workload::default() }),
        "spike_every_seconds"
    );
    assert_eq!(field(Workload { sample_ms: 1, duration_seconds: 1e6, ..Workload::default() }), "sample_ms");
}

#[test]
fn bytes_and_operations_of_a_rate_are_those_of_the_stream() {
    let workload = Workload {
        write_rate: 1000.0,
        read_modify_write_rate: 100.0,
        burst_on_seconds: 0.3,
        burst_off_seconds: 0.2,
        ..short()
    };
    let operations = all(&workload);
    let expected = workload.expected_operations();
    assert!((operations.len() as f64 - expected).abs() <= 2.0, "{} {expected}", operations.len());
    let bytes: u64 = operations.iter().map(|o| 16 + o.value.1).sum();
    let rate = workload.write_bytes().amount(0, workload.duration());
    assert!((bytes as f64 - rate).abs() <= 2.0 * 144.0, "{bytes} {rate}");
}

fn compressed(bytes: &[u8]) -> usize {
    use lz4_flex::block::{compress_into, get_maximum_output_size};
    let mut out = vec![0; get_maximum_output_size(bytes.len())];
    compress_into(bytes, &mut out).expect("there is room")
}
