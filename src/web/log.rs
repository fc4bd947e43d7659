//! The info log of a real database for the page: what happened, over time.
//!
//! ```js
//! const log = new LogReader();
//! log.read_options(text);              // the OPTIONS file beside it, if there is one: first
//! log.push(bytes); log.end_file();     // piece by piece, file by file, in order of time
//! const film = log.film(); log.free(); // what happened up to here
//! film.report()                        // LogReport, without periods: they are columns
//! film.over_time()                     // { count, columns: { at, … }, tables: [L0, …], bytes: [L0, …] }
//! film.figure(tables, bytes, shares, width, height)   // the tree at a moment, as bars
//! film.free();
//! ```
//!
//! Nothing of a log is kept but what `history::log_report` says. Numbers may be of any size, as a log may be damaged:
//! they come as JSON, in which one past 2^53 is rounded and an absent value is `null`.

use js_sys::{Array, JSON, Object};
use wasm_bindgen::prelude::*;

use super::{
    figure::{JsFigure, level_amounts},
    value::{floats, object, to_js},
};
use crate::{
    figure::Figure,
    history::log_report::{LogOverTime, LogPaths, LogReader, LogReport},
    what_if::measured_stalls,
};

/// Reads the info log of a database, piece by piece.
#[wasm_bindgen(js_name = LogReader)]
#[derive(Default)]
pub struct JsLogReader {
    reader: LogReader,
}

#[wasm_bindgen(js_class = LogReader)]
impl JsLogReader {
    /// A reader that has read nothing. Paths that stand in the log are left out.
    #[wasm_bindgen(constructor)]
    pub fn new() -> JsLogReader {
        JsLogReader { reader: LogReader::new(LogPaths::LeaveOut) }
    }

    /// Reads the text of an `OPTIONS` file of the database, before its log.
    pub fn read_options(&mut self, text: &str) {
        self.reader.read_options(text);
    }

    /// Reads the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        self.reader.push(bytes);
    }

    /// Ends a file: the bytes that follow are of the next.
    pub fn end_file(&mut self) {
        self.reader.end_file();
    }

    /// What happened.
    pub fn film(&self) -> JsLogFilm {
        let mut report = self.reader.report();
        let over_time = report.over_time();
        report.periods = Vec::new();
        JsLogFilm { report, over_time }
    }
}

/// What happened in a database, as its log tells.
#[wasm_bindgen(js_name = LogFilm)]
pub struct JsLogFilm {
    /// Without its periods: they are columns.
    report: LogReport,
    over_time: LogOverTime,
}

#[wasm_bindgen(js_class = LogFilm)]
impl JsLogFilm {
    /// The report, but for its periods: they are columns.
    #[wasm_bindgen(unchecked_return_type = "LogReport")]
    pub fn report(&self) -> JsValue {
        serde_json::to_string(&self.report).ok().and_then(|text| JSON::parse(&text).ok()).unwrap_or_default()
    }

    /// How long writers waited, as far as it is counted.
    #[wasm_bindgen(unchecked_return_type = "StalledSeconds | undefined")]
    pub fn measured_stalls(&self) -> JsValue {
        to_js(&measured_stalls(&self.report))
    }

    /// Everything over time.
    #[wasm_bindgen(unchecked_return_type = "SimulationSamples")]
    pub fn over_time(&self) -> Object {
        let LogOverTime { at, stopped, limited, level0, flushed, compacted, .. } = &self.over_time;
        let LogOverTime { write_amplification, pending, runs, space_amplification, tables, bytes, .. } =
            &self.over_time;
        let LogOverTime { entries, deletions, flushed_deletions, dropped_entries, .. } = &self.over_time;
        let named = [
            ("at", at),
            ("stopped", stopped),
            ("limited", limited),
            ("level0", level0),
            ("flushed", flushed),
            ("compacted", compacted),
            ("write_amplification", write_amplification),
            ("pending", pending),
            ("runs", runs),
            ("space_amplification", space_amplification),
            ("entries", entries),
            ("deletions", deletions),
            ("flushed_deletions", flushed_deletions),
            ("dropped_entries", dropped_entries),
        ];
        let by_level = |levels: &[Vec<f64>]| levels.iter().map(|level| floats(level)).collect::<Array>().into();
        object([
            ("count", JsValue::from(at.len() as f64)),
            ("columns", object(named.map(|(name, column)| (name, floats(column)))).into()),
            ("tables", by_level(tables)),
            ("bytes", by_level(bytes)),
        ])
    }

    /// What each level had at some moment, as a picture: tables, bytes, and its bytes as a share of the most that it
    /// ever had; less than 0 where it never had any.
    pub fn figure(&self, tables: &[f64], bytes: &[f64], shares: &[f64], width: f64, height: f64) -> JsFigure {
        JsFigure::of(Figure::of_amounts_alone(&level_amounts(tables, bytes, shares), width, height))
    }
}
