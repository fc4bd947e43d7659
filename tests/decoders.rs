//! Everything that reads bytes or text which may be damaged or somebody else's: random bytes, and valid ones with
//! changes, into each of it. `fuzz/` does the same for as long as one likes.

#![cfg(not(target_arch = "wasm32"))]

#[path = "damage/database.rs"]
mod database;
#[path = "decoders/targets.rs"]
mod targets;

use std::sync::{Mutex, PoisonError};

use lsmscope::{
    engine::{log::HEADER, table::Footer},
    storage::{FileId, FileKind, Storage, block_on, memory::Memory},
};
use peak_alloc::PeakAlloc;
use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{Config, TestRunner},
};
use targets::{TARGETS, Target};

#[global_allocator]
static MEMORY: PeakAlloc = PeakAlloc;

/// Only one at a time uses memory that is counted.
static COUNTED: Mutex<()> = Mutex::new(());

/// What a target may ask for, however small its input: an engine with its caches, and windows into files.
const FIXED: usize = 2 << 20;

/// The same for a lesson, whose line may fill a database: its events, and what expressions see of them.
const FIXED_FOR_LESSONS: usize = 256 << 20;

/// What a target may ask for, for each byte of its input: a byte may become an entry, or a span that is explained.
const FOR_EACH_BYTE: usize = 1 << 10;

/// Runs a target; fails if it asks for more memory at a time than it may.
fn run((name, target): Target, input: &[u8]) {
    let before = MEMORY.current_usage();
    MEMORY.reset_peak_usage();
    target(input);
    let used = MEMORY.peak_usage().saturating_sub(before);
    let fixed = if ["lesson", "grade"].contains(&name) { FIXED_FOR_LESSONS } else { FIXED };
    let most = fixed + FOR_EACH_BYTE * input.len();
    assert!(used <= most, "{name}: {used} bytes of memory for {} bytes of input: {input:?}", input.len());
}

/// Inputs that are right, for a target to be misled from.
fn valid(name: &str) -> Vec<Vec<u8>> {
    let samples = [&[][..], &[("compression", "lz4")]].map(|changes| database::sample(changes).0);
    let each = |kind: FileKind| {
        let content = |disk: &Memory| {
            let files = block_on(disk.list()).unwrap().into_iter().filter(|(file, _)| file.kind == kind);
            files.map(|(file, len)| (file, block_on(disk.read_all(file, len)).unwrap())).collect::<Vec<_>>()
        };
        samples.iter().flat_map(content).collect::<Vec<(FileId, Vec<u8>)>>()
    };
    let payloads = |kind| each(kind).into_iter().map(|(_, bytes)| bytes[HEADER..].to_vec());
    match name {
        "frames" => payloads(FileKind::Wal).chain(payloads(FileKind::Manifest)).collect(),
        "edits" => payloads(FileKind::Manifest).map(|edit| pieces(&[&edit[2..]])).collect(),
        "block" | "lz4" | "sections" => {
            each(FileKind::Table).iter().flat_map(|(_, bytes)| sealed_parts(bytes)).collect()
        }
        "table" => each(FileKind::Table).iter().map(|(_, bytes)| table_input(bytes)).collect(),
        "database" => samples.iter().map(targets::as_input).collect(),
        "inspect" => each(FileKind::Table).into_iter().chain(each(FileKind::Wal)).map(|(_, bytes)| bytes).collect(),
        "script" => SCRIPT.lines().map(|line| line.as_bytes().to_vec()).collect(),
        "lesson" => LESSONS.split("----\n").map(|body| body.as_bytes().to_vec()).collect(),
        "grade" => graded_lessons(),
        "info_log" => vec![
            include_bytes!("decoders/running-log.txt").to_vec(),
            include_bytes!("decoders/leveldb-log.txt").to_vec(),
        ],
        "options" => SCRIPT.lines().filter_map(|l| l.strip_prefix("options ")).map(|l| l.as_bytes().to_vec()).collect(),
        other => panic!("{other} has no valid input"),
    }
}

const SCRIPT: &str = "put user:1 \"Alice Smith\"\nput k \\x00\\xff\nget user:1 @2\nscan k03 k07 limit 10 reverse\n\
                      batch put a 1; del b; put c 3\nwait 5m\nfill 100 seed 7\ncompact 1\n# a comment\nhelp put\n\
                      options block_size=64 wal_sync=never\noptions bloom_bits_per_key=9.5\n\
                      options write_buffer_size=1.5MB";

/// Bodies of lessons.
const LESSONS: &str = include_str!("decoders/lessons.md");

/// What learners answer and try: choices, numbers, orders, places, rows, commands; and a hand-in.
const LEARNERS: [&str; 3] = [
    "true\n1,024\nwal_appended, wal_synced\nmemtable, table 3\na = 1, c = 3\nflush\ncompact 0\nscan limit 1",
    "options wal_sync=never\nput a 1\ncrash in 3 during put b 2\nreopen\nexit\n\ndelete \\xff\n-3,5",
    r#"{"v": 2, "lesson": "why", "variant": 1, "answers": [{"id": "update", "answer": {"choice": "0"}, "variant": 2}],
        "score": {"points": 1, "of": 9}, "challenges": [{"id": "four-keys", "lines": ["put a 1"]}]}"#,
];

/// Each beat of the course that asks something, as a lesson by itself, and what a learner does with it.
fn graded_lessons() -> Vec<Vec<u8>> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("www/lessons");
    let mut files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    let mut all = Vec::new();
    for text in files.iter().map(|path| std::fs::read_to_string(path).unwrap()) {
        let mut parts = text.split("\n## ");
        let front = parts.next().unwrap();
        let asks = |beat: &&str| beat.contains("\n```predict") || beat.contains("\n```challenge");
        for beat in parts.filter(asks) {
            let learner = LEARNERS[all.len() % LEARNERS.len()];
            all.push(format!("{front}\n## {beat}\n====\n{learner}").into_bytes());
        }
    }
    all
}

/// The payloads of a table's parts.
fn sealed_parts(bytes: &[u8]) -> Vec<Vec<u8>> {
    let footer = footer(bytes);
    let part = |offset: u64, end: u64| bytes[offset as usize..end as usize - 5].to_vec();
    let ends = [footer.filter, footer.index, footer.properties];
    let mut parts: Vec<Vec<u8>> = ends.iter().map(|h| part(h.offset, h.end().unwrap())).collect();
    let index = lsmscope::engine::table::Index::parse(&parts[1]).unwrap();
    for i in 0..index.len() {
        parts.push(part(index.handle(i).offset, index.handle(i).end().unwrap()));
    }
    parts.push(bytes[bytes.len() - 72..].to_vec());
    parts
}

fn footer(bytes: &[u8]) -> Footer {
    Footer::parse(&bytes[bytes.len() - 72..]).unwrap()
}

/// The input from which the target makes this very table.
fn table_input(bytes: &[u8]) -> Vec<u8> {
    let parts = sealed_parts(bytes);
    let (filter, index, properties) = (&parts[0], &parts[1], &parts[2]);
    let blocks = parts[3..parts.len() - 1].iter().map(Vec::as_slice);
    pieces(&[index.as_slice(), properties, filter].into_iter().chain(blocks).collect::<Vec<_>>())
}

fn pieces(parts: &[&[u8]]) -> Vec<u8> {
    parts.iter().flat_map(|part| [&(part.len() as u16).to_le_bytes()[..], part].concat()).collect()
}

/// What may happen to bytes; places are taken modulo what there is.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Set(usize, Vec<u8>),
    Insert(usize, Vec<u8>),
    Remove(usize, usize),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    // Lengths and numbers are where decoders are misled: small, huge, and with the high bits that end a varint or not.
    let telling = prop::sample::select(vec![
        vec![0],
        vec![0xFF],
        vec![0x80],
        vec![0xFF; 4],
        vec![0xFF; 8],
        vec![0xFF, 0xFF, 0xFF, 0xFF, 0x0F],
        vec![0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
        vec![0, 0, 0, 0x80],
        b"MANIFEST-99999999999999999999".to_vec(),
        "é".into(),
    ]);
    let at = any::<usize>();
    let bytes = prop_oneof![telling, vec(any::<u8>(), 1..6)];
    prop_oneof![
        (at, 0u8..8).prop_map(|(at, bit)| Change::Flip(at, bit)),
        (at, bytes.clone()).prop_map(|(at, bytes)| Change::Set(at, bytes)),
        (at, bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (at, 1usize..40).prop_map(|(at, length)| Change::Remove(at, length)),
        (at, 1usize..40).prop_map(|(at, length)| Change::Repeat(at, length)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let len = bytes.len().max(1);
    match change {
        Change::Flip(at, bit) => {
            if let Some(byte) = bytes.get_mut(at % len) {
                *byte ^= 1 << bit;
            }
        }
        Change::Set(at, with) => with.iter().zip(bytes.iter_mut().skip(at % len)).for_each(|(new, old)| *old = *new),
        Change::Insert(at, with) => {
            let at = at % len.min(bytes.len() + 1);
            bytes.splice(at..at, with.iter().copied());
        }
        Change::Remove(at, length) => {
            let at = (at % len).min(bytes.len());
            bytes.drain(at..bytes.len().min(at + length));
        }
        Change::Repeat(at, length) => {
            let at = (at % len).min(bytes.len());
            let again = bytes[at..bytes.len().min(at + length)].to_vec();
            bytes.splice(at..at, again);
        }
    }
}

/// How many inputs: `LSMSCOPE_CASES` times as many for a long campaign.
fn cases() -> Config {
    let times = std::env::var("LSMSCOPE_CASES").ok().and_then(|times| times.parse::<u32>().ok()).unwrap_or(1);
    Config { cases: 200 * times, failure_persistence: None, ..Config::default() }
}

fn try_all<T: std::fmt::Debug>(strategy: impl Strategy<Value = T>, test: impl Fn(T)) {
    let alone = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    let mut runner =
        TestRunner::new_with_rng(cases(), proptest::test_runner::TestRng::deterministic_rng(Default::default()));
    runner
        .run(&strategy, |input| {
            test(input);
            Ok(())
        })
        .unwrap();
    drop(alone);
}

#[test]
fn random_bytes_mislead_no_decoder() {
    for target in TARGETS {
        try_all(vec(any::<u8>(), 0..400), |input| run(target, &input));
    }
}

#[test]
fn changed_bytes_mislead_no_decoder() {
    for target in TARGETS {
        let inputs = valid(target.0);
        let strategy = (prop::sample::select(inputs), vec(change(), 1..5));
        try_all(strategy, |(mut input, changes)| {
            changes.iter().for_each(|change| apply(&mut input, change));
            run(target, &input);
        });
    }
}

#[test]
fn valid_bytes_go_all_the_way() {
    let alone = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    for target in TARGETS {
        let inputs = valid(target.0);
        assert!(!inputs.is_empty());
        inputs.iter().for_each(|input| run(target, input));
    }
    // What is called valid is: the forged table is the table, and the database sound.
    let (disk, _) = database::sample(&[]);
    let table = database::files(&disk, FileKind::Table)[0];
    let len = block_on(disk.list()).unwrap().iter().find(|(f, _)| *f == table).unwrap().1;
    let bytes = block_on(disk.read_all(table, len)).unwrap();
    assert_eq!(sealed_parts(&bytes).len() as u64 - 4, properties(&bytes).blocks);
    drop(alone);
}

fn properties(bytes: &[u8]) -> lsmscope::engine::table::Properties {
    lsmscope::engine::table::Properties::parse(&sealed_parts(bytes)[2]).unwrap()
}

/// `cargo test --test decoders -- --ignored` writes valid inputs for the fuzzer to begin with.
/// The log from which the others are made is one that places decisions.
#[test]
fn the_valid_log_tells_where_decisions_were_taken() {
    let counted = |log: Option<&[u8]>| -> Vec<(u64, u64)> {
        targets::reports_beside(log).iter().map(|report| (report.matched, report.decisions)).collect()
    };
    assert_eq!(counted(Some(&valid("info_log")[0])), [(3, 3)]);
    assert_eq!(counted(None), [(0, 8)], "alone, the manifest does not tell");
}

#[test]
#[ignore = "writes files"]
fn write_seeds_for_the_fuzzer() {
    for (name, _) in TARGETS {
        let directory = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(name);
        std::fs::create_dir_all(&directory).unwrap();
        for (i, input) in valid(name).iter().enumerate() {
            std::fs::write(directory.join(format!("seed-{i:03}")), input).unwrap();
        }
    }
}
