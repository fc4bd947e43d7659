//! A log-structured storage engine that can be stopped at any event.
//!
//! lsmscope is a teaching sandbox for log-structured merge trees. The engine is real: it has a WAL, memtables, tables,
//! compactions and recovery. Every step that it takes is an event, and a reader can step through the events, forwards
//! and backwards, natively and in the browser.
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
//! A room is a module at the top level. Each room uses only rooms that stand above it in this table;
//! `tests/structure.rs` checks the imports against it. `docs/architecture.md` follows a write through the rooms. Read
//! in this order: [`entry`], [`storage`], [`version`], [`trace`], then [`engine`], whose module docs say where each
//! step happens.
//!
//! | room | what is in it |
//! | --- | --- |
//! | [`words`] | sentences in the reader's language |
//! | [`plural`] | nouns in the number that goes with a count |
//! | [`file_id`] | names of files |
//! | `float` | integers as floats |
//! | `static_text` | texts of the source, in a recording
//! | [`error`] | the one error type; its kind says what the caller can do |
//! | [`random`] | the seeded generator of random numbers |
//! | [`entry`] | key, sequence number, kind, and the order of entries |
//! | [`options`] | every option: name, unit, default, range, trade-off; presets |
//! | [`version`] | the shape of the tree without bytes: tables, levels, edits |
//! | [`storage`] | the contract with a disk; backends: memory, directory, IndexedDB; `fault` breaks any of them |
//! | [`policy`] | compaction picking: what to compact next, and why; each style describes itself there |
//! | [`indexed`] | the levels of a tree, indexed for the simulator, which picks very often |
//! | `keyed` | tables that hold only keys: what merges keep, and how outputs are cut |
//! | [`effect`] | options that have no effect, given the others |
//! | [`runtime`] | virtual time without an engine: the device, how jobs share it, job slots, write stalls |
//! | [`metrics`] | counters, amplifications as measured and as expected, latencies |
//! | [`trace`] | every change and every read step as an event; a disabled tracer costs nothing |
//! | [`workload`] | which operations on which keys, and when: seeded, with rates, bursts and skew |
//! | [`engine`] | WAL, memtable, tables, cache, flush, compaction, recovery, reads |
//! | [`inspect`] | files explained byte by byte |
//! | [`verify`] | everything that is wrong with a database, found without opening it |
//! | [`repair`] | salvages what can be read of a damaged database into a new one |
//! | [`scene`] | the state that the page draws: a fold over events, and nothing else |
//! | [`timeline`] | recorded events with checkpoints: seek, step, find, marks, samples |
//! | [`figure`] | the stage as a picture that moves: one painter for page, embed, picture and film |
//! | [`recording`] | a script with its events, for a page whose engine has not arrived
//! | [`history`] | histories of real databases, compared with our policy decision by decision; what their logs tell |
//! | [`script`] | the command language of the console and the repl |
//! | [`drive`] | runs a workload on the engine under virtual time, with samples, marks and latencies |
//! | [`session`] | an open database that executes lines of the command language |
//! | [`lesson`] | lessons: their file, their language, and the grader that runs them |
//! | [`sim`] | the same policies and runtime over tables without bytes: terabytes in a second |
//! | [`what_if`] | what other options would have cost: the writes of a history once more |
//! | `accuracy` | experiments measured on a real RocksDB, on our engine and on the simulator; native only |
//! | `torture` | randomized campaigns of power cuts, failing disks and damage; native only |
//! | `sweep` | a workload under many sets of options: grids, samples, rows, Pareto fronts; native only |
//! | `web` | the exports for JavaScript: thin and typed, used by `www/` |
//! | `bin/lsmscope` | the native command |
//!
//! # Rules
//!
//! 1. A decision is a value, and one place executes it. A policy never touches storage.
//! 2. Every change of shape is a version edit: durable before it is visible, visible before anything is deleted.
//! 3. The trace is the truth. The scene is a fold over events and nothing else; a property test compares it with the
//!    engine's own report after every event.
//! 4. Everything is deterministic: no clock, no thread, no hash order, only seeded randomness. A golden trace is
//!    compared byte for byte, natively and in a browser.
//! 5. The storage contract is small, and the engine knows nothing else of a disk. Nothing in `engine/` knows which
//!    backend it has.

#[cfg(not(target_arch = "wasm32"))]
pub mod accuracy;
pub mod drive;
pub mod effect;
pub mod engine;
pub mod entry;
pub mod error;
pub mod figure;
pub mod file_id;
mod float;
pub mod history;
pub mod indexed;
pub mod inspect;
mod keyed;
// In a wasm of its own: the others have no types of it.
#[cfg(any(not(target_arch = "wasm32"), feature = "lesson"))]
pub mod lesson;
pub mod metrics;
pub mod options;
pub mod plural;
pub mod policy;
pub mod random;
pub mod recording;
pub mod repair;
pub mod runtime;
pub mod scene;
pub mod script;
pub mod session;
pub mod sim;
mod static_text;
pub mod storage;
#[cfg(all(feature = "cli", not(target_arch = "wasm32")))]
pub mod sweep;
pub mod timeline;
#[cfg(not(target_arch = "wasm32"))]
pub mod torture;
pub mod trace;
pub mod verify;
pub mod version;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod what_if;
pub mod words;
pub mod workload;

pub use engine::Engine;
pub use error::{Error, ErrorKind, Result};
pub use options::Options;
