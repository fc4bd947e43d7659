//! Databases to be damaged: small ones that have everything, tables on several levels, logs, tombstones.

#![allow(dead_code, reason = "each test uses what it needs")]

use std::collections::BTreeMap;

use lsmscope::{
    Engine, Options,
    options::preset,
    random::Random,
    storage::{FileId, FileKind, Storage, block_on, memory::Memory},
    trace::NoTrace,
};

/// What a database should answer.
pub type Model = BTreeMap<String, String>;

/// The teaching preset with some knobs turned.
pub fn options(changes: &[(&str, &str)]) -> Options {
    let mut options = preset("teaching").unwrap();
    for (name, value) in changes {
        options.set(name, value).unwrap();
    }
    options
}

/// Opens, or says why not.
pub fn open<S: Storage>(storage: S, options: Options) -> Result<Engine<S>, lsmscope::Error> {
    block_on(Engine::open(storage, options, NoTrace)).map_err(|failed| failed.error)
}

/// Writes and deletes `count` random keys.
pub fn write<S: Storage>(engine: &mut Engine<S>, model: &mut Model, random: &mut Random, count: u64) {
    for n in 0..count {
        let key = format!("key{:03}", random.below(60));
        if random.one_in(4) {
            block_on(engine.delete(key.as_bytes())).unwrap();
            model.remove(&key);
        } else {
            let value = format!("value {n} of {key}");
            block_on(engine.put(key.as_bytes(), value.as_bytes())).unwrap();
            model.insert(key, value);
        }
    }
}

/// A database with tables on two levels at least, and several logs whose entries are in no table.
pub fn sample(changes: &[(&str, &str)]) -> (Memory, Model) {
    let (mut model, mut random) = (Model::new(), Random::new(1));
    let mut engine = open(Memory::new(), options(changes)).unwrap();
    write(&mut engine, &mut model, &mut random, 100);
    assert!(engine.version().tables().any(|(level, _)| level > 0));
    // Nothing is flushed from here on; every opening begins a log.
    let calm = [changes, &[("write_buffer_entries", "0"), ("write_buffer_size", "1MB")]].concat();
    let mut disk = engine.into_parts().0;
    for _ in 0..3 {
        let mut engine = open(disk, options(&calm)).unwrap();
        write(&mut engine, &mut model, &mut random, 3);
        disk = engine.into_parts().0;
    }
    (disk, model)
}

/// The files of one kind, in order.
pub fn files(disk: &impl Storage, kind: FileKind) -> Vec<FileId> {
    block_on(disk.list()).unwrap().into_iter().map(|(f, _)| f).filter(|f| f.kind == kind).collect()
}

/// Everything that it answers.
pub fn contents<S: Storage>(engine: &mut Engine<S>) -> Model {
    let scanned = block_on(engine.scan(Default::default(), None)).unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    scanned.entries.into_iter().map(|(key, value)| (text(key), text(value))).collect()
}
