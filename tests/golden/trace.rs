//! The golden trace: one run, told event by event, that must be the same on every machine, natively and in the browser.
//!
//! Included by `tests/golden_trace.rs` and by `tests/web.rs`.

use lsmscope::{
    Engine, Options,
    engine::{Batch, ScanRange},
    options::preset,
    storage::{block_on, memory::Memory},
    trace::{Detail, Event, Report, Tracer},
};

/// Every event as one line of JSON.
#[derive(Debug, Default)]
struct Lines(String);

impl Tracer for Lines {
    fn wants(&self, _: Detail) -> bool {
        true
    }

    fn event(&mut self, event: Event, _: &dyn Fn() -> Report) {
        self.0 += &serde_json::to_string(&event).expect("events are data");
        self.0.push('\n');
    }
}

/// Opens a database in `storage`.
fn open(storage: Memory, options: Options, lines: Lines) -> Engine<Memory, Lines> {
    block_on(Engine::open(storage, options, lines)).map_err(|f| f.error).expect("it opens")
}

/// Runs jobs side by side under virtual time: a slow device, several workers, writes that are slowed down and wait.
pub fn scheduled() -> String {
    let mut options = preset("teaching").expect("it exists");
    for (name, value) in [
        ("job_mode", "scheduled"),
        ("device", "hdd"),
        ("wal_sync", "never"),
        ("max_background_jobs", "8"),
        ("max_write_buffer_number", "4"),
        ("table_build_mb_per_s", "0.01"),
        ("level0_slowdown_writes_trigger", "5"),
        ("level0_stop_writes_trigger", "6"),
        ("delayed_write_rate", "2000"),
    ] {
        options.set(name, value).expect("it exists");
    }
    let mut engine = open(Memory::new(), options, Lines::default());
    for n in 0..80u32 {
        // Some memtables are much larger than others, so that their flushes do not end in the order of their age.
        let value = "abc".repeat(if n / 4 % 5 == 0 { 60 } else { 1 });
        block_on(engine.put(format!("key{:02}", n * 7 % 23).as_bytes(), value.as_bytes())).expect("a put");
        if n % 16 == 3 {
            engine.snapshot();
        }
    }
    block_on(engine.get(b"key07")).expect("a get");
    block_on(engine.advance_to(engine.now() + 20_000_000)).unwrap();
    block_on(engine.flush()).expect("a flush");
    block_on(engine.compact(None)).expect("a compaction");
    block_on(engine.put(b"last", b"write")).expect("a put");
    block_on(engine.close()).expect("a close");
    engine.into_parts().1.0
}

/// Runs a bit of everything on the teaching preset with compression, a crash of the process included.
pub fn trace() -> String {
    let mut options = preset("teaching").expect("it exists");
    options.set("compression", "lz4").expect("it exists");
    let mut engine = open(Memory::new(), options.clone(), Lines::default());
    let key = |n: u32| format!("key{:02}", n % 23).into_bytes();
    for n in 0..40u32 {
        let value = format!("value {n} {}", "abc".repeat((n % 7) as usize));
        block_on(engine.put(&key(n * 7), value.as_bytes())).expect("a put");
        if n % 5 == 4 {
            block_on(engine.delete(&key(n * 3))).expect("a delete");
        }
        if n == 20 {
            engine.snapshot();
        }
    }
    let mut batch = Batch::new();
    batch.put(b"batch", b"1").expect("it fits");
    batch.delete(b"key01").expect("it fits");
    batch.put("naïve \u{1f980}".as_bytes(), &[0, 255, 10]).expect("it fits");
    block_on(engine.write(&batch)).expect("a batch");
    for n in [0, 1, 5, 22, 99] {
        block_on(engine.get(format!("key{n:02}").as_bytes())).expect("a get");
    }
    for reverse in [false, true] {
        let range = ScanRange { start: Some(b"key03".to_vec()), end: Some(b"key15".to_vec()), limit: Some(6), reverse };
        block_on(engine.scan(range, None)).expect("a scan");
    }
    block_on(engine.advance_time(60)).unwrap();
    // The process dies here; the memory lives on, as a disk would.
    let (storage, lines) = engine.into_parts();
    let mut engine = open(storage, options, lines);
    block_on(engine.put(b"after", b"recovery")).expect("a put");
    block_on(engine.flush()).expect("a flush");
    block_on(engine.compact(None)).expect("a compaction");
    block_on(engine.close()).expect("a close");
    engine.into_parts().1.0
}
