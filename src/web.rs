//! The exports for JavaScript.
//!
//! Goes in: command lines, positions, option texts. Comes out: our own data as plain JavaScript values ([`value`]),
//! typed by the generated `lsmscope.d.ts`. The classes:
//!
//! Three builds take what they need of it. The page's first wasm, its player, has timelines, figures and recordings.
//! Its engine, with the feature `engine`, has everything but lessons; these, with the feature `lesson` alone, are
//! fetched when one is opened, and bring an engine of their own.
//!
//! - [`Timeline`](timeline::JsTimeline): events on record, of whatever, and everything that is made of them.
//! - [`Player`](player::Player): a recording, played without an engine.
//! - [`Sandbox`](sandbox::Sandbox): an open database with its timeline.
//! - [`Figure`](figure::JsFigure): one event of a timeline as a picture that moves.
//! - [`Simulation`](sim::Simulation): the simulator, for the page.
//! - [`Lesson`](lesson::JsLesson): a lesson, presented and graded.
//! - [`History`](history::JsHistory): the history of a real database, replayed against our policy, with its timeline.
//! - `Db`, with the feature of that name: one database without a trace, for programs and benchmarks. The page does not
//!   need it, so it does not wait for it.
//!
//! Nothing is decided here: each call converts its arguments, calls, and converts the result. Every database call waits
//! for its turn ([`call_queue`]), so that overlapping calls run one after the other. A panic leaves the wasm unusable
//! and its promises pending; [`on_panic`](panic::on_panic) reports it.

#[cfg(feature = "engine")]
pub mod base;
#[cfg(feature = "engine")]
pub mod call_queue;
#[cfg(feature = "engine")]
pub mod config;
#[cfg(any(feature = "engine", not(feature = "lesson")))]
pub mod curves;
#[cfg(feature = "db")]
pub mod db;
#[cfg(feature = "engine")]
pub mod details;
#[cfg(feature = "engine")]
pub mod drive;
#[cfg(feature = "engine")]
pub mod export;
#[cfg(any(feature = "engine", not(feature = "lesson")))]
pub mod figure;
#[cfg(feature = "engine")]
pub mod history;
#[cfg(feature = "engine")]
pub mod inspection;
#[cfg(feature = "lesson")]
pub mod lesson;
#[cfg(feature = "engine")]
pub mod log;
pub mod panic;
#[cfg(any(feature = "engine", not(feature = "lesson")))]
pub mod player;
#[cfg(feature = "engine")]
pub mod sandbox;
#[cfg(feature = "engine")]
pub mod sim;
#[cfg(any(feature = "engine", feature = "lesson"))]
pub mod storage;
#[cfg(any(feature = "engine", not(feature = "lesson")))]
pub mod timeline;
#[cfg(feature = "engine")]
pub mod trouble;
pub mod value;
pub mod words;
#[cfg(feature = "db")]
pub mod workload;
