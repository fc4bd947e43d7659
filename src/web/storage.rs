//! The storage of a database in the browser, chosen at the open, and the pacing that keeps a page responsive.

use std::{cell::Cell, ops::Range};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::{
    error::Result,
    storage::{FileId, Storage},
    timeline::Recorder,
};

#[cfg(feature = "engine")]
mod any;

#[cfg(feature = "engine")]
pub use any::AnyStorage;

/// How much work may be done before the browser gets a turn: a few milliseconds of it. Counted, not timed, so that a
/// run is the same whatever the machine. A byte weighs 1.
const SLICE: u64 = 1 << 20;

/// The weight of an append: the write around it costs about as much as copying this number of bytes.
const APPEND: u64 = 2 << 10;

/// What a whole file weighs: the job that made it.
const CREATE: u64 = 32 << 10;

/// What an event weighs: telling, folding and keeping it.
const EVENT: u64 = 512;

/// A storage that lets the browser paint and take input from time to time. Every write and every job ends up here, so
/// long commands are cut into slices without knowing it.
pub struct Paced<S> {
    inner: S,
    recorder: Recorder,
    work: Cell<u64>,
    /// The events whose cost was counted.
    weighed: Cell<usize>,
}

impl<S> Paced<S> {
    /// Paces `inner`, whose engine reports to `recorder`.
    pub fn new(inner: S, recorder: Recorder) -> Paced<S> {
        Paced { inner, recorder, work: Cell::new(0), weighed: Cell::new(0) }
    }

    fn weigh(&self, work: u64) {
        let told = self.recorder.timeline().borrow().len();
        let events = (told - self.weighed.replace(told)) as u64;
        self.work.set(self.work.get() + work + events * EVENT);
    }

    async fn rest(&self) {
        if self.work.get() >= SLICE {
            self.work.set(0);
            next_task().await;
        }
    }
}

impl<S: Storage> Storage for Paced<S> {
    fn append(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.weigh(APPEND + bytes.len() as u64);
        self.inner.append(file, bytes)
    }

    async fn sync(&mut self, file: FileId) -> Result<()> {
        self.rest().await;
        self.inner.sync(file).await
    }

    async fn create(&mut self, file: FileId, bytes: &[u8]) -> Result<()> {
        self.weigh(CREATE + bytes.len() as u64);
        self.rest().await;
        self.inner.create(file, bytes).await
    }

    async fn read(&self, file: FileId, range: Range<u64>) -> Result<Vec<u8>> {
        self.weigh(APPEND + range.end.saturating_sub(range.start));
        self.rest().await;
        self.inner.read(file, range).await
    }

    async fn swap_current(&mut self, manifest: FileId) -> Result<()> {
        self.inner.swap_current(manifest).await
    }

    async fn current(&self) -> Result<Option<FileId>> {
        self.inner.current().await
    }

    async fn remove(&mut self, file: FileId) -> Result<()> {
        self.inner.remove(file).await
    }

    async fn list(&self) -> Result<Vec<(FileId, u64)>> {
        self.inner.list().await
    }
}

#[wasm_bindgen]
extern "C" {
    type MessageChannel;
    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;
    #[wasm_bindgen(method, getter)]
    fn port1(this: &MessageChannel) -> MessagePort;
    #[wasm_bindgen(method, getter)]
    fn port2(this: &MessageChannel) -> MessagePort;

    type MessagePort;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &MessagePort, listener: &Function);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &MessagePort, message: &JsValue);
    #[wasm_bindgen(method)]
    fn close(this: &MessagePort);
}

/// Goes on in the browser's next task, after whatever else waits. A message, because a timer waits 4 ms at least.
async fn next_task() {
    let channel = MessageChannel::new();
    let arrived = Promise::new(&mut |resolve, _| channel.port1().set_onmessage(&resolve));
    channel.port2().post_message(&JsValue::NULL);
    // A promise that only ever resolves.
    let _ = JsFuture::from(arrived).await;
    channel.port1().close();
}
