//! What a long history costs in memory: the timeline, the scene's checkpoints and the database in memory, natively. The
//! page adds its own objects, which `tests/e2e/long-history.test.mjs` measures in the browser.

use std::rc::Rc;

use lsmscope::{
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{Recorder, Timeline},
};
use peak_alloc::PeakAlloc;

#[global_allocator]
static HEAP: PeakAlloc = PeakAlloc;

/// Bytes that each thousand of so many thousand puts of new keys has left behind, for each put.
fn costs(preset_name: &str, thousands: usize) -> Vec<usize> {
    let options = preset(preset_name).unwrap();
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    let thousand = |thousand: usize| {
        let before = HEAP.current_usage();
        for n in thousand * 1000..(thousand + 1) * 1000 {
            assert!(block_on(session.run(&format!("put key{:05} value{n}", (n * 7919) % 100_000))).ok);
        }
        (HEAP.current_usage() - before) / 1000
    };
    (0..thousands).map(thousand).collect()
}

/// One test, for tests of one file share the heap that is measured.
#[test]
fn a_put_costs_the_same_memory_at_any_length_of_the_history() {
    // Memtables of four entries: 35 to 45 events a put, eight of them merges. An edit of the manifest that lists all
    // tables, or a copy of the scene that does, would make the last thousand cost several times the second.
    let teaching = costs("teaching", 6);
    assert!(teaching[5] * 4 <= teaching[1] * 5, "{teaching:?} bytes a put");
    assert!(teaching.iter().all(|bytes| *bytes < 16_000), "{teaching:?} bytes a put");
    // Nothing is flushed: six events a put.
    let rocksdb = costs("rocksdb", 6);
    assert!(rocksdb.iter().all(|bytes| *bytes < 5 << 10), "{rocksdb:?} bytes a put");
}
