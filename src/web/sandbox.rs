//! One database with its timeline, driven by the page.

use std::{cell::Cell, rc::Rc};

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    base,
    call_queue::CallQueue,
    config::{Backend, BackendKind, OpenConfig, changed},
    drive::Listener,
    inspection,
    storage::{AnyStorage, Paced},
    timeline::JsTimeline,
    trouble::Health,
    value::{from_utf16, invalid, position, thrown, to_js, to_utf16},
};
use crate::{
    options::{Options, PRESETS, preset},
    policy::describe_options,
    script::{COMMANDS, Command, ScriptError, complete, parse},
    session::{self, Estimate, Patience, Session},
    storage::{FileId, memory::Memory},
    timeline::{Recorder, Timeline},
    words::say,
};

/// What came of a command.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct Outcome {
    /// Whether it did what was asked.
    pub ok: bool,
    /// What it answered.
    pub text: String,
    /// What is wrong with it, if anything is.
    pub error: Option<Refusal>,
    /// The position before it.
    pub first: usize,
    /// The position after it.
    pub last: usize,
    /// Whether the session is over.
    pub exit: bool,
    /// It was not run, because of how long it would take: what it would do, and what to run instead.
    pub estimate: Option<Estimate>,
}

/// What is wrong with a command, and where.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct Refusal {
    /// What is wrong.
    pub message: String,
    /// Where the place begins in the line, as JavaScript counts.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// What to do.
    pub remedy: String,
}

/// The most work of a line that the page runs without an estimate first: some seconds.
const PATIENCE: Patience =
    Patience { operations: 1e6, flushes: 2000.0, bytes: 1e9, scanned: 1e7, ..Patience::UNLIMITED };

/// The same in the browser's database, where a flush and a sync wait for transactions.
const STORED_PATIENCE: Patience = Patience { flushes: 200.0, syncs: 5000.0, ..PATIENCE };

/// How much work a line may be where it is run without an estimate.
fn patience(backend: &Backend) -> Patience {
    match backend.kind {
        BackendKind::Memory => PATIENCE,
        BackendKind::IndexedDb => STORED_PATIENCE,
    }
}

/// A session whose storage lets the browser paint.
type PageSession = Session<Paced<AnyStorage>, Recorder>;

/// One database and its timeline.
#[wasm_bindgen]
pub struct Sandbox {
    pub(super) session: Rc<CallQueue<Box<PageSession>>>,
    recorder: Recorder,
    backend: Backend,
    options: Options,
    /// The disk as it was when it was opened, unless it was too large to copy.
    base: Option<Memory>,
    health: Health,
    listener: Listener,
    /// A workload was run, so that there are samples of it.
    pub(super) driven: Cell<bool>,
    /// Somebody else wrote the lines that run now.
    wary: Cell<bool>,
}

#[wasm_bindgen]
impl Sandbox {
    /// Opens a database, or makes a new one. Rejects with an `LsmError`.
    pub async fn open(
        #[wasm_bindgen(unchecked_param_type = "OpenConfig")] config: JsValue,
    ) -> Result<Sandbox, JsValue> {
        let config = OpenConfig::parse(config)?;
        let options = config.options()?;
        let (storage, backend) = config.storage().await?;
        let base = base::copy(&storage).await.map_err(|error| thrown(&error))?;
        Sandbox::begin(storage, backend, options, base).await
    }

    /// A branch of this one: another database, in memory, as this one's was when it was opened. What was run since is
    /// to be run again. Rejects with an `LsmError`.
    pub async fn branch(&self) -> Result<Sandbox, JsValue> {
        let Some(base) = self.base.clone() else {
            return Err(invalid(say!(
                "the database had more than {n} MiB when it was opened: too much to copy for a branch",
                n = base::MAX_COPIED_BYTES >> 20,
            )));
        };
        let backend = Backend { kind: BackendKind::Memory, durability: None, name: None };
        let branch =
            Sandbox::begin(AnyStorage::Memory(base.clone()), backend, self.options.clone(), Some(base)).await?;
        branch.wary.set(self.wary.get());
        Ok(branch)
    }
}

impl Sandbox {
    async fn begin(
        storage: AnyStorage,
        backend: Backend,
        options: Options,
        base: Option<Memory>,
    ) -> Result<Sandbox, JsValue> {
        let health = Health::new(&storage);
        let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
        let session = Session::open(Paced::new(storage, recorder.clone()), options.clone(), recorder.clone()).await;
        let mut session = session.map_err(|error| thrown(&error))?;
        let listener = Listener::default();
        session.set_watch(listener.watch());
        session.set_patience(patience(&backend));
        let session = Rc::new(CallQueue::new(Box::new(session)));
        Ok(Sandbox {
            session,
            recorder,
            backend,
            options,
            base,
            health,
            listener,
            driven: Cell::default(),
            wary: Cell::default(),
        })
    }
}

#[wasm_bindgen]
impl Sandbox {
    /// Runs one command line, after those that came before.
    #[wasm_bindgen(unchecked_return_type = "Outcome")]
    pub async fn run(&self, line: String) -> Result<JsValue, JsValue> {
        let turns = self.session.clone();
        let mut session = turns.take().await.map_err(|error| thrown(&error))?;
        let first = self.timeline().borrow().len();
        session.set_patience(Patience { heeds_anyway: !self.wary.get(), ..patience(&self.backend) });
        let outcome = match parse(&line) {
            Ok(Command::Exit) => stays(&line),
            _ => session.run(&line).await,
        };
        self.health.note(session.trouble());
        self.driven.set(session.last_run().is_some());
        turns.give_back(session);
        let last = self.timeline().borrow().len();
        let error = outcome.error.map(|error| Refusal {
            start: to_utf16(&line, error.start),
            end: to_utf16(&line, error.end),
            message: error.message,
            remedy: error.remedy,
        });
        let session::LineOutcome { ok, text, exit, estimate, .. } = outcome;
        Ok(to_js(&Outcome { ok, text, error, first, last, exit, estimate }))
    }

    /// Whether the lines that run from now on, here and on branches, were written by somebody else, as a link's: a long
    /// workload is told of then, also if its line says `anyway`.
    pub fn set_wary(&self, wary: bool) {
        self.wary.set(wary);
    }

    /// Makes everything acknowledged durable and releases the storage. The timeline stays.
    pub async fn close(&self) -> Result<(), JsValue> {
        let turns = self.session.clone();
        let session = turns.take().await.map_err(|error| thrown(&error))?;
        let closed = session.close().await;
        turns.close();
        closed.map_err(|error| thrown(&error))
    }

    /// Everything that happened since it was opened, and what will.
    #[wasm_bindgen(js_name = timeline)]
    pub fn js_timeline(&self) -> JsTimeline {
        JsTimeline::of(self.timeline())
    }

    /// The bytes of `file` as they were at `position`, explained, be they on record or only on the disk. Rejects with
    /// an `LsmError`, also if the file was not there.
    #[wasm_bindgen(unchecked_return_type = "Inspection")]
    pub async fn inspect(&self, file: String, position: f64) -> Result<JsValue, JsValue> {
        let found = self.js_timeline().inspect(&file, position)?;
        if !found.is_undefined() {
            return Ok(found);
        }
        let file = FileId::parse(&file).ok_or_else(|| invalid(say!("{file} is not a file of a database", file)))?;
        let position = super::value::position(position);
        let bytes = self.read_file(file, position).await?;
        Ok(to_js(&inspection::inspect(&self.timeline().borrow(), file, position, bytes)))
    }

    /// Whether a line is an operation of the timeline: not one that only asks, or that is refused for what stands in
    /// it.
    pub fn is_operation(line: &str) -> bool {
        session::is_operation(line)
    }

    /// What may be typed next. Places in the line are counted as JavaScript does.
    #[wasm_bindgen(unchecked_return_type = "Completion[]")]
    pub fn complete(line: &str, cursor: f64) -> JsValue {
        let mut found = complete(line, from_utf16(line, position(cursor)));
        found.iter_mut().for_each(|offer| offer.start = to_utf16(line, offer.start));
        to_js(&found)
    }

    /// Where the bytes are.
    #[wasm_bindgen(unchecked_return_type = "Backend")]
    pub fn backend(&self) -> JsValue {
        to_js(&self.backend)
    }

    /// Why it takes no writes, if it takes none.
    #[wasm_bindgen(unchecked_return_type = "Trouble | undefined")]
    pub fn trouble(&self) -> JsValue {
        to_js(&self.health.trouble())
    }

    /// Calls `listener` if another tab takes the database over, or if it is deleted or cleared; at once, if that has
    /// happened.
    pub fn on_lost(
        &self,
        #[wasm_bindgen(unchecked_param_type = "(trouble: Trouble) => void")] listener: js_sys::Function,
    ) {
        self.health.on_lost(listener);
    }

    /// Every option, described.
    #[wasm_bindgen(unchecked_return_type = "Description[]")]
    pub fn describe_options() -> JsValue {
        to_js(&describe_options())
    }

    /// Every preset.
    #[wasm_bindgen(unchecked_return_type = "Preset[]")]
    pub fn presets() -> JsValue {
        to_js(&PRESETS)
    }

    /// The options of a preset; undefined if there is none of this name.
    #[wasm_bindgen(unchecked_return_type = "Options | undefined")]
    pub fn preset_options(name: &str) -> JsValue {
        to_js(&preset(name).ok())
    }

    /// Every command, described.
    #[wasm_bindgen(unchecked_return_type = "CommandHelp[]")]
    pub fn commands() -> JsValue {
        to_js(&COMMANDS)
    }

    /// Everything that is wrong with a preset and changes to it; nothing if it can be opened.
    #[wasm_bindgen(unchecked_return_type = "Problem[]")]
    pub fn check_options(
        preset: &str,
        #[wasm_bindgen(unchecked_param_type = "{ [option: string]: string }")] changes: JsValue,
    ) -> Result<JsValue, JsValue> {
        let changes =
            serde_wasm_bindgen::from_value(changes).map_err(|error| invalid(format!("the changes: {error}")))?;
        Ok(to_js(&changed(preset, &changes).1))
    }

    pub(super) fn listener(&self) -> &Listener {
        &self.listener
    }

    pub(super) fn timeline(&self) -> &Rc<std::cell::RefCell<Timeline>> {
        self.recorder.timeline()
    }

    /// Reads a file of which the timeline has no bytes: one that is older than it. It is kept for the next time.
    async fn read_file(&self, file: FileId, position: usize) -> Result<Vec<u8>, JsValue> {
        let length = self.timeline().borrow_mut().seek(position).file_len(file);
        let Some(length) = length else {
            let message = say!("{file} is not there at this position, and its bytes are no longer kept", file);
            return Err(invalid(message));
        };
        let turns = self.session.clone();
        let session = turns.take().await.map_err(|error| thrown(&error))?;
        let read = session.read(file, length).await;
        turns.give_back(session);
        let mut bytes = read.map_err(|error| thrown(&error))?;
        let mut timeline = self.timeline().borrow_mut();
        timeline.record_bytes(file, 0, &bytes);
        // Read as they are now, wanted as they were.
        let now = timeline.len();
        timeline.flip_bits(file, now, 0, &mut bytes);
        timeline.flip_bits(file, position, 0, &mut bytes);
        Ok(bytes)
    }
}

/// What `exit` answers here: a page is left by closing it, and a database that was closed under it could only be looked
/// at.
fn stays(line: &str) -> session::LineOutcome {
    let message = say!("exit ends lsmscope on the command line; this page keeps its database open until it is closed");
    let remedy = say!("Nothing was done. reopen closes the database and opens it again.");
    session::LineOutcome::failed(ScriptError::new(line, 0..0, message, remedy))
}
