//! Streams of operations, and what a workload makes of a database, as numbers that are the same natively and in a
//! browser: links, lessons and every CSV depend on them.
//!
//! Included by `tests/golden_trace.rs` and by `tests/web.rs`.

use lsmscope::{
    drive::csv,
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
    workload::{self, Arrival, Operations, Workload},
};

/// What [`stream`] gives. A commit that changes it says why.
pub const STREAM: u64 = 9_644_092_906_162_190_367;

/// What [`bytes`] gives. A commit that changes it says why.
pub const BYTES: u64 = 9_392_948_014_251_838_261;

/// What [`run`] gives. A commit that changes it says why.
pub const RUN: u64 = 4_516_687_369_480_753_650;

fn mixed() -> Workload {
    Workload { arrival: Arrival::Poisson, duration_seconds: 60.0, ..workload::preset("mixed").expect("it exists") }
}

/// A hash of every operation: when it comes, what it does, and to what.
pub fn stream() -> u64 {
    Operations::new(&mixed()).fold(0u64, |sum, o| {
        let words = [o.at, o.kind as u64, o.key, u64::from(o.hit), o.value.0, o.value.1, o.span];
        words.into_iter().fold(sum, |sum, word| (sum ^ word).wrapping_mul(0x100_0000_01b3).rotate_left(23))
    })
}

/// A hash of the bytes of keys and values, of keys in either order and of each distribution.
pub fn bytes() -> u64 {
    let choices = [("uniform", "ordered"), ("zipf", "scrambled"), ("latest", "scrambled"), ("sequential", "ordered")];
    choices.iter().fold(0, |sum, (dist, order)| {
        let mut workload = Workload { duration_seconds: 2.0, value_size_max_bytes: 300, ..mixed() };
        for (name, value) in [("key_dist", dist), ("key_order", order)] {
            workload.set(name, value).expect("it fits");
        }
        let mut operations = Operations::new(&workload);
        let (mut sum, mut key) = (sum, Vec::new());
        while let Some(operation) = operations.next() {
            operations.key(&operation, &mut key);
            sum = fnv(fnv(sum, &key), operations.value(&operation));
        }
        sum
    })
}

/// A hash of the samples and of the summary, latencies and all, of a run on a slow device.
pub fn run() -> u64 {
    let mut options = preset("demo-recipe").expect("it exists");
    for (name, value) in [("job_mode", "scheduled"), ("device", "hdd")] {
        options.set(name, value).expect("it fits");
    }
    let mut session = block_on(Session::open(Memory::new(), options.clone(), NoTrace)).expect("a new database opens");
    let workload = Workload { duration_seconds: 10.0, ..mixed() };
    let run = block_on(session.drive(&workload)).expect("it goes well");
    let text = csv::table(&run.samples, options.levels()) + &run.summary().join("\n");
    fnv(0, text.as_bytes())
}

/// FNV-1a.
fn fnv(hash: u64, bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
    bytes.iter().fold(hash ^ 0xcbf2_9ce4_8422_2325, step)
}
