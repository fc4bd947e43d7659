//! The database that is damaged: more than 64 KiB, with several files of every kind.
//!
//! In: a seeded [`Random`]. Out: a closed [`Database`] with its history. Errors: what it lacks, as text.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use super::{Campaign, History, State, Write, frozen::Disk, text};
use crate::{
    Engine,
    options::{Compression, JobMode, Options},
    random::Random,
    storage::{FileKind, Storage, block_on, memory::Memory},
    torture::{
        model,
        ops::{Mix, Op, Script, batch},
    },
};

/// The minimum size of its files together.
pub(super) const MIN_BYTES: u64 = 64 << 10;

/// A closed database, and its contents.
pub(super) struct Database {
    pub disk: Disk,
    pub history: History,
    /// The contents.
    pub state: Rc<State>,
    pub keys: Vec<Vec<u8>>,
    /// The options of its open: no job runs by itself.
    pub options: Options,
    /// `options` with each of the other recovery modes.
    pub other_modes: Vec<Options>,
    /// The values that each key had.
    values: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
}

impl Database {
    /// Makes a database with every feature that the campaign damages.
    pub fn make(random: &mut Random) -> Result<Database, String> {
        let mut draws = (0..50).map(|_| Database::draw(random)?.with_everything());
        draws
            .find(Result::is_ok)
            .unwrap_or_else(|| Err("none of fifty databases has something of everything".to_string()))
    }

    /// Draws a database. The first writes come with jobs and without compression, then with compression, and the last
    /// ones without jobs, so that sealed memtables keep their logs.
    fn draw(random: &mut Random) -> Result<Database, String> {
        let script = Script::draw(random, Mix::of(Campaign::Damage));
        let options = options();
        let phases = [
            (0..230, Options { job_mode: JobMode::Inline, ..options.clone() }),
            (230..500, Options { job_mode: JobMode::Inline, compression: Compression::Lz4, ..options.clone() }),
            (500..script.ops.len(), options.clone()),
        ];
        let (mut storage, mut history) = (Memory::new(), History::default());
        for (ops, options) in phases {
            let mut engine = model::open(storage, &options).map_err(|(error, _)| error.to_string())?;
            for op in &script.ops[ops] {
                let writes = match op {
                    Op::Write(write) => std::slice::from_ref(write),
                    Op::Batch(writes) => writes,
                    _ => &[],
                };
                block_on(engine.write(&batch(writes))).map_err(|error| error.to_string())?;
                history.push(writes);
            }
            block_on(engine.close()).map_err(|error| error.to_string())?;
            storage = engine.into_parts().0;
        }
        let disk = at_rest(storage, &options)?;
        let state = history.state(history.last());
        Ok(Database {
            disk,
            state,
            values: values(&history),
            keys: script.keys,
            other_modes: other_modes(&options),
            options,
            history,
        })
    }

    /// Checks that a key had this value at some time, or was absent.
    pub fn was(&self, key: &[u8], value: Option<&[u8]>) -> Result<(), String> {
        match value {
            Some(value) if !self.values.get(key).is_some_and(|values| values.contains(value)) => {
                Err(format!("{} has a value that was never written", text(key)))
            }
            _ => Ok(()),
        }
    }

    /// Checks that the database has every feature that the campaign damages.
    fn with_everything(self) -> Result<Database, String> {
        let files = |kind| self.disk.files.iter().filter(move |(id, _)| id.kind == kind);
        let bytes = self.disk.files.values().map(|b| b.len() as u64).sum::<u64>();
        let engine: Engine<_> =
            model::open(super::Frozen::new(Rc::new(std::cell::RefCell::new(self.disk.clone()))), &self.options)
                .map_err(|(error, _)| error.to_string())?;
        let levels = engine.version().levels.iter().filter(|level| !level.is_empty()).count();
        let (tables, logs) = (files(FileKind::Table).count(), files(FileKind::Wal).count());
        let edits: usize = files(FileKind::Manifest).map(|(_, b)| b.len()).sum();
        let enough = bytes >= MIN_BYTES && tables >= 5 && logs >= 3 && levels >= 2 && edits >= 500;
        enough.then_some(self).ok_or_else(|| "the database is too small".to_string())
    }
}

fn options() -> Options {
    Options {
        write_buffer_size: 6000,
        max_write_buffer_number: 8,
        block_size: 900,
        block_restart_interval: 4,
        block_cache_size: 4 << 20,
        target_file_size_base: 9000,
        num_levels: 4,
        level0_file_num_compaction_trigger: 3,
        max_bytes_for_level_base: 20_000,
        max_bytes_for_level_multiplier: 4.0,
        level_compaction_dynamic_level_bytes: false,
        job_mode: JobMode::Manual,
        max_manifest_file_size: 8192,
        ..Options::default()
    }
}

/// `options` with each of the other recovery modes.
pub(super) fn other_modes(options: &Options) -> Vec<Options> {
    let describe = Options::describe();
    let modes = describe.iter().find(|d| d.name == "wal_recovery_mode").map(|d| d.choices.clone()).unwrap_or_default();
    let with = |mode: &str| {
        let mut changed = options.clone();
        changed.set("wal_recovery_mode", mode).expect("it is one of the choices");
        changed
    };
    modes.into_iter().map(with).filter(|o| o != options).collect()
}

/// Opens and closes the database, so that the next open has no files to clean up.
fn at_rest(storage: Memory, options: &Options) -> Result<Disk, String> {
    let engine = model::open(storage, options).map_err(|(error, _)| error.to_string())?;
    at_rest_now(&engine.into_parts().0)
}

/// The files of `storage`.
pub(super) fn at_rest_now(storage: &Memory) -> Result<Disk, String> {
    let read = |(file, len)| block_on(storage.read_all(file, len)).map(|bytes| (file, bytes));
    let files = block_on(storage.list()).and_then(|files| files.into_iter().map(read).collect());
    let current = block_on(storage.current()).map_err(|error| error.to_string())?;
    Ok(Disk { files: files.map_err(|error: crate::Error| error.to_string())?, current })
}

fn values(history: &History) -> BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> {
    let mut values: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> = BTreeMap::new();
    for write in history.writes() {
        if let Write::Put(key, value) = write {
            values.entry(key.clone()).or_default().insert(value.clone());
        }
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::torture::model::apply;

    #[test]
    fn any_seed_makes_one_that_reads_back() {
        for seed in 0..5 {
            let database = Database::make(&mut Random::new(seed)).unwrap();
            let mut state = State::new();
            database.history.writes().iter().for_each(|write| apply(&mut state, write));
            assert_eq!((&state, state.len() > 60), (&*database.state, true));
        }
    }
}
