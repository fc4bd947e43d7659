//! A storage engine that you can stop at any instant.
//!
//! lsmscope is a teaching sandbox for log-structured merge trees: a real engine, whose every step is an event that can
//! be stepped to, forwards and backwards, natively and in the browser.
//!
//! ```
//! use lsmscope::{Engine, options::preset, storage::{block_on, memory::Memory}, trace::NoTrace};
//!
//! let mut engine = block_on(Engine::open(Memory::new(), preset("teaching")?, NoTrace)).expect("a new database opens");
//! block_on(engine.put(b"user:1", b"Alice"))?;
//! assert_eq!(block_on(engine.get(b"user:1"))?.as_deref(), Some(&b"Alice"[..]));
//! # Ok::<(), lsmscope::Error>(())
//! ```
//!
//! # Layout
//!
//! Each room uses only rooms that stand above it in this table; `tests/structure.rs` holds the imports to it. The way
//! of a write through them is in `docs/architecture.md`. To read your way in: [`entry`], [`storage`], [`version`],
//! [`trace`], then [`engine`], whose own layout says where each thing happens.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`plural`] | nouns in the number that goes with a count |
//! | [`file_id`] | names of files |
//! | `float` | whole numbers as floats |
//! | [`error`] | the one error type; its kind says what the caller can do |
//! | [`random`] | the seeded generator |
//! | [`entry`] | key, sequence number, kind; their one order |
//! | [`options`] | every knob: name, unit, default, range, what it trades; presets |
//! | [`version`] | the shape of the tree without bytes: tables, levels, edits |
//! | [`storage`] | the contract with a disk; memory, directory and IndexedDB keep it, and `fault` breaks any of them |
//! | [`policy`] | decisions as values: what to compact next, and why; a style says everything of itself there |
//! | [`indexed`] | the levels of a tree that is picked on very often: the simulator's |
//! | [`effect`] | options that change nothing beside others |
//! | [`runtime`] | virtual time: the device, how jobs share it, slots, write stalls; without an engine |
//! | [`metrics`] | counters, amplifications as counted and as expected, latencies |
//! | [`trace`] | everything that happens, as data; a tracer that does not listen costs nothing |
//! | [`workload`] | which operations on which keys, and when: seeded, with rates, bursts and skew |
//! | [`engine`] | WAL, memtable, tables, cache, flush, compaction, recovery, reads |
//! | [`inspect`] | files explained byte by byte |
//! | [`verify`] | everything that is wrong with a database, without opening it |
//! | [`repair`] | what can be read of a damaged database, salvaged into a new one |
//! | [`scene`] | the state that the page draws: a fold over events, and nothing else |
//! | [`timeline`] | events on record, with checkpoints: seek, step, find, marks, samples |
//! | [`history`] | histories of real RocksDB databases, decision by decision against our policy |
//! | [`script`] | the command language of the console and the repl |
//! | [`drive`] | a workload on the engine, under virtual time, with samples, marks and latencies |
//! | [`session`] | an open database and lines of that language |
//! | [`sim`] | the same policies and runtime over tables without bytes: terabytes in a second |
//! | `accuracy` | experiments that were measured on a real RocksDB, on our engine and byteless; native only |
//! | `torture` | campaigns of power cuts, failing disks, damage and random circumstances; native only |
//! | `web` | all that JavaScript can call: thin, typed exports for `www/` |
//! | `bin/lsmscope` | the native command |
//!
//! # The rules that hold it up
//!
//! 1. Decisions are values; one place carries them out. A policy never touches storage.
//! 2. Every change of shape is a version edit: durable before it is visible, visible before anything is deleted.
//! 3. The trace is the truth. The scene is only a fold over events, and a property test holds it against the engine's
//!    own report after every single one.
//! 4. Deterministic: no clock, no thread, no hash order, no randomness but seeded. A golden trace is compared byte for
//!    byte, natively and in a browser.
//! 5. Storage comes first, and is small. Nothing in `engine/` knows which backend it has.

#[cfg(not(target_arch = "wasm32"))]
pub mod accuracy;
pub mod drive;
pub mod effect;
pub mod engine;
pub mod entry;
pub mod error;
pub mod file_id;
mod float;
pub mod history;
pub mod indexed;
pub mod inspect;
pub mod metrics;
pub mod options;
pub mod plural;
pub mod policy;
pub mod random;
pub mod repair;
pub mod runtime;
pub mod scene;
pub mod script;
pub mod session;
pub mod sim;
pub mod storage;
pub mod timeline;
#[cfg(not(target_arch = "wasm32"))]
pub mod torture;
pub mod trace;
pub mod verify;
pub mod version;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod workload;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
pub use options::Options;
