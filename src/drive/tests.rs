use super::*;
use crate::{
    options::{Options, preset},
    session::Session,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
    workload,
};

fn run(workload: &Workload, options: Options) -> DriveRun {
    let mut session = block_on(Session::open(Memory::new(), options, NoTrace)).expect("a new database opens");
    block_on(session.drive(workload)).expect("the run goes well").clone()
}

fn small() -> Workload {
    Workload { write_rate: 1000.0, duration_seconds: 2.0, sample_ms: 250, key_space_size: 500, ..Workload::default() }
}

fn recipe() -> Options {
    preset("demo-recipe").unwrap()
}

#[test]
fn the_demo_recipe_flushes_several_times_and_compacts() {
    let workload = workload::preset("demo").unwrap();
    let run = run(&workload, recipe());
    assert!(run.complete);
    assert_eq!((run.ops.put, run.ops.total()), (300_000, 300_000));
    assert_eq!(run.samples.len(), 240);
    assert_eq!(run.samples.last().unwrap().ts_ms, 60_000);
    assert!(run.count(DriveMarkKind::Flush) >= 100, "{}", run.count(DriveMarkKind::Flush));
    assert!(run.count(DriveMarkKind::Compaction) >= 10, "{}", run.count(DriveMarkKind::Compaction));
    let jobs = run.count(DriveMarkKind::Compaction) + run.count(DriveMarkKind::Move);
    assert_eq!((run.count(DriveMarkKind::Flush) as u64, jobs as u64), (run.counters.flushes, run.counters.compactions));
    // What charts are for: the memtable goes up and down, and tables reach levels below 0.
    let memtable: Vec<u64> = run.samples.iter().map(|s| s.memtable_bytes).collect();
    assert!(memtable.iter().all(|bytes| *bytes <= 200_000 + 200) && memtable.iter().any(|bytes| *bytes > 100_000));
    assert!(run.samples.last().unwrap().level_tables[1..].iter().sum::<u64>() > 4);
    assert_eq!(run.falls.len() as u64, run.counters.flushes, "each flush is a fall, however rarely samples are taken");
    assert!(run.falls.iter().all(|fall| fall.from > 199_000 && fall.to < 200), "{:?}", run.falls[0]);
    assert!(run.marks.windows(2).all(|m| m[0].to_ms <= m[1].to_ms));
}

#[test]
fn jobs_in_the_background_take_time_and_a_slow_device_holds_writes_up() {
    let workload = Workload { duration_seconds: 20.0, ..workload::preset("demo").unwrap() };
    let with = |device_write_mb_per_s| {
        let scheduled = Options {
            job_mode: crate::options::JobMode::Scheduled,
            device: crate::options::DeviceChoice::Custom,
            device_write_mb_per_s,
            level0_slowdown_writes_trigger: 6,
            level0_stop_writes_trigger: 8,
            ..recipe()
        };
        run(&workload, scheduled)
    };
    let fast = with(100.0);
    assert_eq!((fast.ops.put, fast.count(DriveMarkKind::Stall), fast.count(DriveMarkKind::Slowdown)), (100_000, 0, 0));
    let lasting = |m: &&DriveMark| m.kind == DriveMarkKind::Compaction && m.to_ms > m.from_ms && m.to_ms <= 20_000.0;
    assert!(fast.marks.iter().filter(lasting).count() >= 5, "{:?}", fast.marks);
    // Compactions get a share of it that is less than they need: fewer puts get through, and the marks say what held
    // them up.
    let slow = with(2.0);
    assert!(slow.complete && slow.millis == 20_000.0 && slow.samples.len() == 80);
    assert!(slow.ops.put < 95_000, "{}", slow.ops.put);
    assert!(slow.counters.stall_nanos > 1_000_000_000, "{:?}", slow.counters);
    assert!(slow.count(DriveMarkKind::Stall) > 0 && slow.count(DriveMarkKind::Slowdown) > 0, "{:?}", slow.marks);
    let held_up = |m: &&DriveMark| matches!(m.kind, DriveMarkKind::Stall | DriveMarkKind::Slowdown);
    let lasted: f64 = slow.marks.iter().filter(held_up).map(|m| m.to_ms - m.from_ms).sum();
    assert!(lasted > 1000.0, "{lasted}");
}

/// As fast as a device that writes 0.3 MB a second and needs 10 ms to find a block.
fn slow_device() -> Options {
    Options {
        job_mode: crate::options::JobMode::Scheduled,
        device: crate::options::DeviceChoice::Custom,
        device_write_mb_per_s: 0.3,
        device_latency_us: 10_000.0,
        device_fsync_us: 0.0,
        block_cache_size: 0,
        wal_sync: crate::options::WalSync::Never,
        ..recipe()
    }
}

#[test]
fn a_read_takes_what_its_blocks_take_and_a_write_what_it_waits_for() {
    let workload = Workload { read_rate: 50.0, range_reads: 50.0, range_span: 10, ..small() };
    let run = run(&workload, slow_device());
    let took = |latency: &crate::metrics::latency::Latency| latency.percentiles().expect("there were some");
    let Latencies { put, get, scan, delete } = &run.latencies;
    let [puts, gets, scans] = [put, get, scan].map(took);
    assert_eq!((puts.count, gets.count, scans.count), (run.ops.put, run.ops.get, run.ops.scan));
    assert!(delete.is_empty() && run.latencies.named().count() == 3);
    assert!(scans.max >= gets.p50 && scans.max >= 20_000_000, "one block of each run: {scans:?}");
    // Half of a byte's price is the log's: those that come while it is slow wait for each other.
    assert!(puts.p50 > 100_000 && puts.max >= puts.p999 && puts.p999 >= puts.p99 && puts.p99 >= puts.p50, "{puts:?}");
    let summary = run.summary().join("\n");
    assert!(summary.contains(&format!("put latency: {puts}")) && summary.contains("scan latency: p50"), "{summary}");
}

#[test]
fn a_get_that_waits_for_nobody_takes_one_block() {
    let reads = Workload { write_rate: 0.0, read_rate: 50.0, load: true, key_space_size: 5000, ..small() };
    let run = run(&Workload { duration_seconds: 30.0, ..reads }, slow_device());
    let gets = run.latencies.get.percentiles().expect("there were some");
    // 10 ms to find it, 4 KB of it, and nothing where the key is still in the memtable.
    assert!((10_000_000..10_100_000).contains(&gets.p50), "{gets:?}");
    assert_eq!((gets.count, run.ops.found), (1500, 1500));
}

#[test]
fn an_operation_that_waits_for_its_turn_has_waited() {
    // Three times what the device takes: each put arrives while the one before it is still running, and the queue
    // grows.
    let device = Options { device_write_mb_per_s: 0.05, ..slow_device() };
    let run = run(&small(), device);
    let puts = run.latencies.put.percentiles().expect("there were some");
    assert!(run.ops.put < 1500, "{}", run.ops.put);
    assert!(puts.max > 500_000_000, "it waited from when it was due: {puts:?}");
}

#[test]
fn where_nothing_takes_time_there_are_no_latencies() {
    let run = run(&small(), recipe());
    assert_eq!((run.latencies.named().count(), run.latencies.put.percentiles()), (0, None));
    assert!(!run.summary().join("\n").contains("latency"));
    assert!(!prometheus::text(&run, &DriveProgress::default()).contains("latency"));
}

#[test]
fn amplification_stands_beside_its_formulas() {
    use crate::policy::expected::{Counted, Quantity};
    let workload = Workload { duration_seconds: 20.0, read_rate: 100.0, read_miss_percent: 50.0, ..small() };
    let run = run(&workload, recipe());
    let row = |quantity, counted| run.compared.row(quantity, counted).expect("it is among them").clone();
    let write = row(Quantity::Write, Counted::Rocksdb);
    assert_eq!(write.measured, run.amplification.write_rocksdb);
    assert!(write.expected.is_some_and(|expected| expected > 1.0) && write.formula.is_some());
    // 20,000 puts of 500 keys: what is stored beside the 500 is dead.
    let space = row(Quantity::Space, Counted::Literature).measured.expect("every key is known");
    let last = run.samples.last().expect("there are samples");
    let all = (last.level_bytes.iter().sum::<u64>() + last.memtable_bytes) as f64;
    assert!((1.0..=all / (500.0 * 144.0) * 1.1).contains(&space), "{space}");
    // A key that was never written is hardly ever searched for in a table: its filter says no.
    let absent = row(Quantity::AbsentGet, Counted::Literature).measured.expect("there were such gets");
    assert!((0.0..0.2).contains(&absent), "{absent}");
    let summary = run.summary().join("\n");
    assert!(
        summary.contains(&format!("(at most {:.2} with full levels)", write.expected.unwrap_or_default())),
        "{summary}"
    );
    // So does what this tree should have cost, which is much nearer.
    let (measured, estimate) = (write.measured.expect("it was flushed"), write.estimate.expect("of this tree"));
    assert!((estimate / measured - 1.0).abs() < 0.15, "{estimate} of {measured}");
    assert!(summary.contains(&format!("{estimate:.2} estimated for this tree")), "{summary}");
}

#[test]
fn of_a_database_that_held_something_before_nobody_knows_what_is_alive() {
    use crate::policy::expected::{Counted, Quantity};
    let mut session = block_on(Session::open(Memory::new(), recipe(), NoTrace)).expect("a new database opens");
    assert!(block_on(session.run("put before 1")).ok);
    let run = block_on(session.drive(&small())).expect("the run goes well");
    let space = run.compared.row(Quantity::Space, Counted::Literature);
    assert_eq!(space.and_then(|row| row.measured), None, "{space:?}");
}

#[test]
fn samples_add_up_to_the_totals() {
    let workload =
        Workload { read_rate: 700.0, delete_rate: 50.0, read_modify_write_rate: 20.0, range_reads: 10.0, ..small() };
    let run = run(&workload, recipe());
    let Ops { put, get, del, scan, found, scanned } = run.ops;
    let sum = |of: fn(&Ops) -> u64| run.samples.iter().map(|s| of(&s.ops)).sum::<u64>();
    assert_eq!([sum(|o| o.put), sum(|o| o.get), sum(|o| o.del), sum(|o| o.scan)], [put, get, del, scan]);
    assert_eq!([sum(|o| o.found), sum(|o| o.scanned)], [found, scanned]);
    assert_eq!((put, del, get + scan), (2040, 100, 1440));
    assert_eq!(run.samples.iter().map(|s| s.ts_ms).collect::<Vec<_>>(), [250, 500, 750, 1000, 1250, 1500, 1750, 2000]);
    assert_eq!(run.samples[0].ops.put, 255);
    assert_eq!(run.counters.writes, 2140);
}

#[test]
fn reads_find_what_was_loaded_and_nothing_else() {
    let workload = Workload {
        write_rate: 0.0,
        read_rate: 1000.0,
        read_miss_percent: 25.0,
        load: true,
        duration_seconds: 4.0,
        ..small()
    };
    let run = run(&workload, recipe());
    assert_eq!((run.loaded, run.counters.writes, run.ops.get), (500, 500, 4000));
    assert!((2900..=3100).contains(&run.ops.found), "{}", run.ops.found);
    let scans = Workload { range_reads: 100.0, range_span: 7, key_space_size: 10_000, ..workload };
    let run = self::run(&scans, recipe());
    assert_eq!((run.ops.scan, run.ops.get), (4000, 0));
    assert!(run.ops.scanned > 4000 * 6 && run.ops.scanned <= 4000 * 7, "{}", run.ops.scanned);
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let csv = |seed| csv::table(&run(&Workload { seed, ..workload::preset("mixed").unwrap() }, recipe()).samples, 6);
    assert_eq!(csv(1), csv(1));
    assert_ne!(csv(1), csv(2));
}

#[test]
fn slices_make_no_difference_and_progress_goes_from_nothing_to_all() {
    let workload = Workload { load: true, read_rate: 100.0, ..small() };
    let sliced = |most| {
        let mut engine = block_on(Engine::open(Memory::new(), recipe(), NoTrace)).expect("it opens");
        let mut driver = Driver::new(&workload, Rc::default()).expect("it is valid");
        let mut last = driver.progress();
        assert_eq!(last.done, 0.0);
        while block_on(driver.slice(&mut engine, most)).expect("it goes well") {
            let now = driver.progress();
            assert!(now.done >= last.done && now.operations >= last.operations && now.done < 1.0, "{now:?}");
            last = now;
        }
        assert_eq!(driver.progress().done, 1.0);
        driver.finish(&engine)
    };
    assert_eq!(sliced(1), sliced(1000));
}

#[test]
fn a_run_that_is_stopped_says_how_far_it_came() {
    let mut session = block_on(Session::open(Memory::new(), recipe(), NoTrace)).expect("a new database opens");
    session.set_watch(Box::new(|run, _| {
        let goes_on = run.samples.len() < 3;
        Box::pin(std::future::ready(goes_on))
    }));
    let run = block_on(session.drive(&small())).expect("stopping is no failure");
    assert!(!run.complete);
    assert_eq!(run.samples.len(), 3);
    assert!((750.0..1100.0).contains(&run.millis), "{}", run.millis);
    let puts = run.ops.put;
    assert!((750..1100).contains(&puts), "{puts}");
    // Not a round time: it is printed with no more digits than a person reads.
    let time = run.summary()[0].split(" in ").nth(1).and_then(|rest| rest.split(' ').next()).map(str::len);
    assert!(time.is_some_and(|digits| digits <= 6), "{}", run.summary()[0]);
}

#[test]
fn the_columns_are_those_of_the_teaching_material_then_the_bytes_of_write_amplification() {
    assert_eq!(
        csv::header(3),
        "ts_ms,ops_total,ops_put,ops_get,ops_del,memtable_bytes,sst_count_L0,sst_count_L1,sst_count_L2,\
         sst_bytes_L0,sst_bytes_L1,sst_bytes_L2,\
         user_bytes,wal_bytes,flush_bytes,compaction_bytes,manifest_bytes,write_amp"
    );
    let sample = DriveSample {
        ts_ms: 250,
        ops: Ops { put: 5, get: 3, del: 2, scan: 1, found: 3, scanned: 10 },
        memtable_bytes: 777,
        level_tables: vec![1, 0, 4],
        level_bytes: vec![100, 0, 400],
        counters: Counters {
            user_bytes: 90,
            wal_bytes: 120,
            flush_bytes: 100,
            compaction_bytes_written: 150,
            manifest_bytes: 30,
            ..Counters::default()
        },
        ..DriveSample::default()
    };
    let row = "250,11,5,4,2,777,1,0,4,100,0,400,90,120,100,150,30,2.500";
    assert_eq!(csv::table(std::slice::from_ref(&sample), 3).lines().nth(1), Some(row));
    let unflushed = DriveSample { counters: Counters::default(), ..sample };
    assert!(csv::row(&unflushed).ends_with(",0,0,0,0,0,"), "there is no ratio by nothing");
}

#[test]
fn a_scrape_has_every_total_with_its_type() {
    let run = run(&Workload { read_rate: 10.0, ..small() }, Options { wal_sync: recipe().wal_sync, ..slow_device() });
    let text = prometheus::text(&run, &DriveProgress { millis: 2000.0, ..DriveProgress::default() });
    for line in [
        "# TYPE lsmscope_operations_total counter",
        "lsmscope_operations_total{kind=\"put\"} 2000",
        "lsmscope_operations_total{kind=\"get\"} 20",
        "lsmscope_virtual_time_seconds 2",
        "# TYPE lsmscope_level_tables gauge",
        "# TYPE lsmscope_operation_latency_seconds summary",
        "lsmscope_operation_latency_seconds_count{kind=\"put\"} 2000",
        &format!(
            "lsmscope_operation_latency_seconds{{kind=\"put\",quantile=\"0.99\"}} {}",
            run.latencies.put.quantile(0.99) as f64 / 1e9
        ),
        "lsmscope_level_tables{level=\"5\"} 0",
    ] {
        assert!(text.lines().any(|l| l == line), "{line}\n{text}");
    }
    let flushes = format!("lsmscope_flushes_total {}", run.counters.flushes);
    assert!(run.counters.flushes > 0 && text.contains(&flushes), "{text}");
    // Each family is described once, before its values; a value is a name and a number.
    for line in text.lines().filter(|l| !l.starts_with('#')) {
        let (name, value) = line.split_once(' ').expect("a name and a value");
        let family = name.split('{').next().unwrap_or(name);
        let family = family.trim_end_matches("_sum").trim_end_matches("_count");
        assert_eq!(text.matches(&format!("# TYPE {family} ")).count(), 1, "{family}");
        assert!(value.parse::<f64>().is_ok_and(f64::is_finite), "{line}");
    }
}

/// FIFO lifts both triggers of level 0: nothing would ever empty it.
#[test]
fn fifo_in_the_background_holds_no_write_up() {
    let options = Options {
        job_mode: crate::options::JobMode::Scheduled,
        compaction_style: crate::options::CompactionStyle::Fifo,
        write_buffer_entries: 10,
        ..recipe()
    };
    let run = run(&small(), options);
    assert!(run.complete && run.samples.last().unwrap().level_tables[0] > 60, "{:?}", run.samples.last());
    assert_eq!((run.count(DriveMarkKind::Stall), run.count(DriveMarkKind::Slowdown)), (0, 0));
}

#[test]
fn a_run_that_would_last_past_the_end_of_time_is_refused_before_it_begins() {
    let mut session = block_on(Session::open(Memory::new(), recipe(), NoTrace)).expect("a new database opens");
    for line in ["wait 36500d", "wait 36500d", "wait 2916172000s"] {
        assert!(block_on(session.run(line)).ok);
    }
    let workload = Workload { duration_seconds: 60.0, ..small() };
    match block_on(session.drive(&workload)) {
        Err(error) => assert!(error.message.contains("virtual time ends"), "{error}"),
        Ok(run) => panic!("{run:?}"),
    }
    assert_eq!(session.last_run().map(|run| run.ops.total()), Some(0));
}

#[test]
fn a_ratio_by_nothing_has_no_sample_and_is_null() {
    let run = DriveRun { samples: vec![DriveSample::default()], ..DriveRun::default() };
    let text = prometheus::text(&run, &DriveProgress::default());
    assert!(!text.contains("amplification") && text.contains("lsmscope_sorted_runs 0"), "{text}");
    assert!(run.summary().join("\n").contains("write amplification – as RocksDB counts it, – with the log"));
    let json = serde_json::to_value(run.amplification).expect("it is data");
    assert_eq!((&json["write_rocksdb"], &json["space_rocksdb"]), (&serde_json::Value::Null, &serde_json::Value::Null));
    // What the user wrote is in the log, and nothing was flushed yet.
    let one = self::run(&Workload { write_rate: 1.0, duration_seconds: 1.0, ..small() }, recipe());
    let text = prometheus::text(&one, &DriveProgress::default());
    assert!(text.contains("ratio{counted=\"user\"}") && !text.contains("counted=\"rocksdb\""), "{text}");
}

/// What FIFO compaction drops, no reader can see: how much is alive is then not known, in any form of the answer.
#[test]
fn what_is_alive_is_not_known_once_tables_were_dropped() {
    let fifo = |limit| Options { fifo_max_table_files_size: limit, ..preset("fifo").unwrap() };
    use crate::policy::expected::{Counted, Quantity};
    let live = |run: &DriveRun| run.compared.row(Quantity::Space, Counted::Literature).expect("it is a row").clone();
    let dropped = run(&small(), fifo(20_000));
    assert_eq!((live(&dropped).measured, live(&dropped).numbers()), (None, ["–".into(), "–".into(), "–".into()]));
    assert!(!dropped.summary().join("\n").contains("by what is alive"));
    let json = serde_json::to_value(live(&dropped)).expect("it is data");
    assert_eq!(json["measured"], serde_json::Value::Null);
    // As long as nothing was dropped, it is counted.
    assert!(live(&run(&small(), fifo(1 << 30))).measured > Some(1.0));
}
