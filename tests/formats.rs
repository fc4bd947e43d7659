//! Databases of every format that was ever written open, with all that was in them: `docs/formats.md` promises it.
//!
//! `tests/fixtures/formats/manifest-1` and `manifest-2` are one history ([`SESSIONS`]). The first was written by commit
//! 93dd543, the last one whose manifests have format 1. Neither is ever written again. A format 3 gets a directory of
//! its own, made by `MAKE=manifest-3 cargo test --test formats -- --ignored make_a_fixture`.

#![cfg(not(target_arch = "wasm32"))]

use std::{collections::BTreeMap, env, fs, path::Path};

use lsmscope::{
    Engine, Options,
    engine::Batch,
    options::preset,
    storage::{block_on, file::Directory},
    trace::NoTrace,
};

#[path = "formats/reads.rs"]
mod reads;

/// Where the fixtures are.
fn fixtures() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/formats")
}

/// One opening of the database: options that differ from the preset `teaching`, and how many writes follow.
struct Session {
    options: &'static [(&'static str, &'static str)],
    writes: u64,
    /// The number of writes in one batch.
    batch: u64,
}

/// Tables as they are and with LZ4, with filters and without; tombstones, older versions, a cursor of round-robin, the
/// ages of writes; at last a log whose writes are in no table.
const SESSIONS: [Session; 3] = [
    Session {
        options: &[("compaction_pri", "round_robin"), ("max_bytes_for_level_base", "500")],
        writes: 60,
        batch: 1,
    },
    Session {
        options: &[
            ("compression", "lz4"),
            ("bloom_bits_per_key", "0"),
            ("index_interval", "2"),
            ("tombstone_retention_seconds", "60"),
        ],
        writes: 13,
        batch: 1,
    },
    Session { options: &[("write_buffer_entries", "0"), ("write_buffer_size", "1MB")], writes: 9, batch: 3 },
];

/// Write number `n`: a key, and its value unless it is deleted.
fn write(n: u64) -> (Vec<u8>, Option<Vec<u8>>) {
    let key = match n % 31 {
        0 => Vec::new(),
        1 => b"\xff\x00 not UTF-8".to_vec(),
        2 => vec![b'k'; 200],
        other => format!("key{:02}", other * 7 % 31).into_bytes(),
    };
    let value = match n {
        // Two pieces of LZ4, and one value of more than a block.
        64 => Some(b"lsmscope ".repeat(4000)),
        _ if n.is_multiple_of(6) => None,
        _ => Some(format!("value {n}").into_bytes()),
    };
    (key, value)
}

/// What the database holds in the end.
fn model() -> BTreeMap<Vec<u8>, Vec<u8>> {
    let mut model = BTreeMap::new();
    for n in 1..=SESSIONS.iter().map(|session| session.writes).sum() {
        match write(n) {
            (key, Some(value)) => drop(model.insert(key, value)),
            (key, None) => drop(model.remove(&key)),
        }
    }
    model
}

fn options(changes: &[(&str, &str)]) -> Options {
    let mut options = preset("teaching").unwrap();
    changes.iter().for_each(|(name, value)| options.set(name, value).unwrap());
    options
}

fn open(path: &Path, options: Options) -> Result<Engine<Directory>, lsmscope::Error> {
    block_on(Engine::open(Directory::open(path)?, options, NoTrace)).map_err(|failed| failed.error)
}

#[test]
#[ignore = "it writes a fixture, once for each format"]
fn make_a_fixture() {
    let path = fixtures().join(env::var("MAKE").expect("MAKE names the fixture"));
    assert!(!path.exists(), "a fixture is never written again");
    fs::create_dir_all(&path).unwrap();
    let mut n = 0;
    for Session { options: changes, writes, batch: size } in SESSIONS {
        let mut engine = open(&path, options(changes)).unwrap();
        for _ in 0..writes / size {
            let mut batch = Batch::new();
            for _ in 0..size {
                n += 1;
                match write(n) {
                    (key, Some(value)) => batch.put(&key, &value).unwrap(),
                    (key, None) => batch.delete(&key).unwrap(),
                }
            }
            block_on(engine.write(&batch)).unwrap();
        }
        // Not closed: that would leave no write in the log.
        drop(engine);
    }
}
