//! Each open of the database, and what it changed: where a number that counts since the beginning may have a bend.
//!
//! In: events. Out: an [`Opening`] for each open that succeeded. An open that failed changed nothing, and is not
//! listed: the next one is compared with the last that succeeded.

use std::rc::Rc;

use serde::Serialize;

use crate::{options::Options, trace::Event};

/// The most openings that are listed; the oldest but the first are dropped.
const MAX_OPENINGS: usize = 1000;

/// What an open was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum OpeningKind {
    /// The first on record, of a new database: counters count from its beginning.
    Created,
    /// The first on record, of a database that was there: counters count from here.
    Opened,
    /// The same options as before.
    Reopened,
    /// Other options.
    OptionsChanged,
}

/// One open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Opening {
    /// The index of its first event.
    pub index: usize,
    /// What it was.
    pub kind: OpeningKind,
    /// Each option that changed: `name old -> new`.
    pub changes: Vec<String>,
}

/// All of them, in order.
#[derive(Debug, Default)]
pub struct Openings {
    list: Vec<Opening>,
    /// The options of the last one.
    options: Option<Rc<Options>>,
    /// One that has begun: its index, whether the database is new, and its options.
    begun: Option<(usize, bool, Rc<Options>)>,
}

impl Openings {
    /// All openings.
    pub fn list(&self) -> &[Opening] {
        &self.list
    }

    /// `event` is at `index`.
    pub(super) fn learn(&mut self, index: usize, event: &Event) {
        match event {
            Event::RecoveryBegan { fresh, options, .. } => self.begun = Some((index, *fresh, options.clone())),
            Event::RecoveryEnded { .. } => self.end(),
            _ => {}
        }
    }

    fn end(&mut self) {
        let Some((index, fresh, options)) = self.begun.take() else { return };
        let before = self.options.replace(options.clone());
        let changes = before.as_ref().map_or(Vec::new(), |before| before.differences(&options));
        let kind = match (before, fresh) {
            (None, true) => OpeningKind::Created,
            (None, false) => OpeningKind::Opened,
            (Some(_), _) if changes.is_empty() => OpeningKind::Reopened,
            (Some(_), _) => OpeningKind::OptionsChanged,
        };
        self.list.push(Opening { index, kind, changes });
        if self.list.len() > MAX_OPENINGS {
            self.list.remove(1);
        }
    }
}
