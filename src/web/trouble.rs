//! What keeps an open database from accepting writes: reported at once, and kept for later calls.
//!
//! Two things can go wrong under a page that is open. The database can be *lost*: another tab took it over, or it was
//! deleted or cleared; only opening it again helps. Or a failure *stopped* it: the space ran out, a transaction was
//! aborted; the connection is still ours, so `reopen` helps, and the timeline goes on. The timeline, and reads of what
//! is in memory, go on in both cases.

use std::{cell::RefCell, rc::Rc};

use js_sys::Function;
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{storage::AnyStorage, value::to_js};
use crate::{
    engine::retold,
    error::{Error, ErrorKind},
    storage::indexed_db::Lost,
};

/// Why an open database takes no writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Tsify)]
pub struct Trouble {
    /// What a caller can do about it.
    pub kind: ErrorKind,
    /// What happened.
    pub message: String,
    /// What a person can do.
    pub remedy: String,
    /// The file it happened in.
    #[tsify(optional)]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Whether the database itself is lost to this page, so that it must be opened again; otherwise `reopen` helps.
    pub lost: bool,
}

impl Trouble {
    fn new(error: &Error, lost: bool) -> Trouble {
        Trouble {
            kind: error.kind,
            message: retold(&error.message),
            remedy: error.kind.remedy(),
            file: error.file.map(|file| file.to_string()),
            lost,
        }
    }
}

/// What is known about one open database.
pub struct Health {
    lost: Option<Rc<Lost>>,
    /// What the engine said after the last command. It cannot be asked while a command is running.
    stopped: RefCell<Option<Error>>,
}

impl Health {
    /// Of the database in `storage`, before anything was run on it.
    pub fn new(storage: &AnyStorage) -> Health {
        Health { lost: storage.lost(), stopped: RefCell::default() }
    }

    /// Takes down what stopped the engine, or that nothing did.
    pub fn note(&self, stopped: Option<&Error>) {
        *self.stopped.borrow_mut() = stopped.cloned();
    }

    /// What is wrong, if anything is. That the database is lost explains whatever else failed.
    pub fn trouble(&self) -> Option<Trouble> {
        if let Some(error) = self.lost.as_ref().and_then(|lost| lost.reason()) {
            return Some(Trouble::new(error, true));
        }
        self.stopped.borrow().as_ref().map(|error| Trouble::new(error, false))
    }

    /// Calls `listener` with the trouble if the database is ever lost; at once, if it is already.
    pub fn on_lost(&self, listener: Function) {
        let Some(lost) = &self.lost else { return };
        lost.listen(move |error| {
            // Whatever the listener throws is its own affair: the loss is known all the same.
            let _ = listener.call1(&JsValue::NULL, &to_js(&Trouble::new(error, true)));
        });
    }
}
