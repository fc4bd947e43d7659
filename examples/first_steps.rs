//! A database in memory: writes, a flush, a compaction, and the resulting levels.
//!
//! `cargo run --example first_steps`

#![allow(clippy::disallowed_macros, reason = "an example prints")]

use lsmscope::{
    Engine, Result,
    options::preset,
    storage::{block_on, memory::Memory},
    trace::NoTrace,
};

fn main() -> Result<()> {
    // Four entries fill a memtable of this preset, and three tables fill level 0.
    let mut engine =
        block_on(Engine::open(Memory::new(), preset("teaching")?, NoTrace)).map_err(|failed| failed.error)?;
    for n in 0..40 {
        block_on(engine.put(format!("user:{n:02}").as_bytes(), b"Alice"))?;
    }
    block_on(engine.delete(b"user:07"))?;
    block_on(engine.flush())?;
    assert_eq!(block_on(engine.get(b"user:07"))?, None);

    for (level, tables) in engine.version().levels.iter().enumerate().filter(|(_, tables)| !tables.is_empty()) {
        println!("level {level}: {} tables, {} entries", tables.len(), tables.totals().entries);
    }
    let compactions = block_on(engine.compact(None))?;
    let left: u64 = engine.version().levels.iter().map(|tables| tables.totals().entries).sum();
    println!("{compactions} compactions later, {left} entries are left of 41: the tombstone has gone");
    assert_eq!(left, 39);
    block_on(engine.close())
}
