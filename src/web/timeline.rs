//! A read-only timeline for the page, whatever it was recorded from.
//!
//! [`Sandbox::timeline`](super::sandbox::Sandbox::timeline) gives that of an open database, which grows with every
//! command; [`History.timeline`](super::history::JsHistory::timeline) that of a history, which is whole.

use std::{cell::RefCell, rc::Rc};

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::value::{invalid, position, to_js};
use crate::{
    entry::Bytes,
    timeline::{Timeline, find::What, moments::in_words, steps::How},
};

/// What a moment is called.
#[derive(Serialize, Tsify)]
pub struct NamedMoment {
    /// Its name, as in a link: `compaction:2/version_installed`.
    pub name: String,
    /// What identifies the event that stands there, to check the name by; empty if its kind alone does.
    pub facts: String,
    /// The name in words: `the 2nd compaction: version installed`.
    pub words: String,
}

/// Events that are rescued in one go.
const RESCUED: usize = 4096;

/// Events on record, and everything that is made of them.
#[wasm_bindgen(js_name = Timeline)]
pub struct JsTimeline(Rc<RefCell<Timeline>>);

impl JsTimeline {
    /// What the page sees of `timeline`, also of what is recorded later.
    pub(super) fn of(timeline: &Rc<RefCell<Timeline>>) -> JsTimeline {
        JsTimeline(timeline.clone())
    }

    pub(super) fn timeline(&self) -> &RefCell<Timeline> {
        &self.0
    }
}

#[wasm_bindgen(js_class = Timeline)]
impl JsTimeline {
    /// The stage at `position`.
    #[wasm_bindgen(unchecked_return_type = "View")]
    pub fn seek(&self, position: f64) -> JsValue {
        self.0.borrow_mut().turn_to(super::value::position(position));
        // Only read from here on: should drawing fail, the events can still be rescued.
        to_js(&self.0.borrow().shown())
    }

    /// A table of the tree at that position, and its level; undefined where there is none.
    #[wasm_bindgen(unchecked_return_type = "[number, TableView] | undefined")]
    pub fn find_table(&self, id: f64) -> JsValue {
        to_js(&self.0.borrow().find_table(super::value::position(id) as u64))
    }

    /// The tables of the tree at that position with their levels, from level 0 down, at most `most` of them.
    #[wasm_bindgen(unchecked_return_type = "[number, TableView][]")]
    pub fn tables(&self, most: f64) -> JsValue {
        to_js(&self.0.borrow().tables(super::value::position(most)))
    }

    /// How many events there are.
    pub fn length(&self) -> usize {
        self.0.borrow().len()
    }

    /// Where the timeline was full and began to keep jobs only, if it was.
    pub fn full_at(&self) -> Option<usize> {
        self.0.borrow().fell_at()
    }

    /// The events from index `from` up to `to`.
    #[wasm_bindgen(unchecked_return_type = "EventRow[]")]
    pub fn events(&self, from: f64, to: f64) -> JsValue {
        to_js(&self.0.borrow().events(position(from), position(to)).collect::<Vec<_>>())
    }

    /// The commands, with the events that they caused.
    #[wasm_bindgen(unchecked_return_type = "OperationRow[]")]
    pub fn operations(&self) -> JsValue {
        to_js(&self.0.borrow().steps().operations())
    }

    /// Runs of events in which only time passed.
    #[wasm_bindgen(unchecked_return_type = "TickRun[]")]
    pub fn tick_runs(&self) -> JsValue {
        to_js(&self.0.borrow().ticks().runs().collect::<Vec<_>>())
    }

    /// Each open, with the options that it changed.
    #[wasm_bindgen(unchecked_return_type = "Opening[]")]
    pub fn openings(&self) -> JsValue {
        to_js(&self.0.borrow().openings().list())
    }

    /// The nearest position after (or before) `from` at which `what` has just happened: `flush`, `compaction`, `stall`,
    /// `false_positive`, `recovery`, `crash`, `operation`, or `key:` and a key as it is shown.
    pub fn find(&self, what: &str, from: f64, backwards: bool) -> Result<Option<usize>, JsValue> {
        let wanted = "flush, compaction, stall, false_positive, recovery, crash, operation, or key: and a key";
        let what =
            What::parse(what).ok_or_else(|| invalid(format!("find = {}: expected {wanted}", Bytes::from(what))))?;
        Ok(self.0.borrow().find(&what, position(from), backwards))
    }

    /// What `position` is called in a link.
    #[wasm_bindgen(unchecked_return_type = "NamedMoment")]
    pub fn moment_name(&self, position: f64) -> JsValue {
        let position = super::value::position(position);
        let timeline = self.0.borrow();
        let (name, facts) = (timeline.moment_name(position), timeline.moment_facts(position));
        to_js(&NamedMoment { words: in_words(&name), name, facts })
    }

    /// Where a link's moment is, if what stands there has these `facts`; else the nearest, and why.
    #[wasm_bindgen(unchecked_return_type = "FoundMoment")]
    pub fn open_moment(&self, name: &str, facts: &str) -> JsValue {
        to_js(&self.0.borrow().open_moment(name, facts))
    }

    /// The position one step from `from`: `event`, `over` (a job is one step), `out` (of the job or operation), `job`,
    /// `operation`.
    pub fn step(
        &self,
        from: f64,
        #[wasm_bindgen(unchecked_param_type = "\"event\" | \"over\" | \"out\" | \"job\" | \"operation\"")] how: &str,
        backwards: bool,
    ) -> Result<usize, JsValue> {
        let how = How::parse(how)
            .ok_or_else(|| invalid(format!("step = {how}: expected event, over, out, job or operation")))?;
        Ok(self.0.borrow().step(position(from), how, backwards))
    }

    /// The options that the database was last opened with.
    #[wasm_bindgen(unchecked_return_type = "Options")]
    pub fn options(&self) -> JsValue {
        to_js(&**self.0.borrow().tip().options())
    }

    /// The options that the database has at the position of the last seek.
    #[wasm_bindgen(unchecked_return_type = "Options")]
    pub fn options_then(&self) -> JsValue {
        to_js(&**self.0.borrow().scene().options())
    }

    /// Events from index `from` on, some thousands at most, after a panic; none if there are no more, undefined if they
    /// can not be read any more, because it happened while they were being changed.
    #[wasm_bindgen(unchecked_return_type = "EventRow[] | undefined")]
    pub fn rescue(&self, from: f64) -> JsValue {
        let Ok(timeline) = self.0.try_borrow() else { return JsValue::UNDEFINED };
        let from = position(from).max(timeline.start());
        to_js(&timeline.events(from, from.saturating_add(RESCUED)).collect::<Vec<_>>())
    }
}
