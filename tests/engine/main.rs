//! What the engine promises, one promise a test: durability, limits, jobs, recovery, and what happens when a disk
//! fails.

#![cfg(not(target_arch = "wasm32"))]

mod bottom;
mod failing;
mod failures;
mod faults;
mod fifo;
mod jobs;
mod limits;
mod recovery;
mod salvage;
mod scheduled;
mod writes;

use lsmscope::{
    Engine, Error, Options,
    options::preset,
    storage::{Storage, block_on, memory::Memory},
    trace::NoTrace,
};

/// The teaching preset with some knobs turned.
fn options(changes: &[(&str, &str)]) -> Options {
    let mut options = preset("teaching").unwrap();
    for (name, value) in changes {
        options.set(name, value).unwrap();
    }
    options
}

fn open<S: Storage>(storage: S, options: Options) -> Result<Engine<S>, Error> {
    block_on(Engine::open(storage, options, NoTrace)).map_err(|failed| failed.error)
}

fn fresh(changes: &[(&str, &str)]) -> Engine<Memory> {
    open(Memory::new(), options(changes)).unwrap()
}

fn put<S: Storage>(engine: &mut Engine<S>, key: &str, value: &str) -> Result<u64, Error> {
    block_on(engine.put(key.as_bytes(), value.as_bytes()))
}

fn get<S: Storage>(engine: &mut Engine<S>, key: &str) -> Option<String> {
    block_on(engine.get(key.as_bytes())).unwrap().map(|v| String::from_utf8(v).unwrap())
}

/// Cuts the power and opens again.
fn crash(engine: Engine<Memory>, options: Options) -> Result<Engine<Memory>, Error> {
    let (mut disk, _) = engine.into_parts();
    disk.crash();
    open(disk, options)
}
