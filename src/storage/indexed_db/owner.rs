//! One owner per database: a Web Lock, held for as long as an [`Owner`] lives.
//!
//! The lock says *whether* another page owns the database. That two owners never interleave does not depend on it: see
//! `link`.

use std::{
    cell::{OnceCell, RefCell},
    rc::Rc,
};

use js_sys::{Array, Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use super::{
    Ownership,
    js::{self, OrFailed},
};
use crate::error::{Error, ErrorKind, Result};

/// How long to wait for an owner that is about to leave: a page that is reloaded asks for the lock while the browser
/// is still taking it from the page before.
const GRACE_MS: u32 = 300;

/// Whether, and why, a database is no longer ours. The first reason stays.
#[derive(Default)]
pub struct Lost {
    reason: OnceCell<Error>,
    listener: RefCell<Option<Listener>>,
}

/// The callback for a loss: called once.
type Listener = Box<dyn FnOnce(&Error)>;

impl Lost {
    /// Why the database is lost, if it is.
    pub fn reason(&self) -> Option<&Error> {
        self.reason.get()
    }

    /// Tells `listener` of the loss the moment that it is noticed: at once, if it was before. Takes the place of an
    /// earlier listener.
    pub fn listen(&self, listener: impl FnOnce(&Error) + 'static) {
        match self.reason.get() {
            Some(error) => listener(error),
            None => *self.listener.borrow_mut() = Some(Box::new(listener)),
        }
    }

    /// The database is no longer ours, because of `error`.
    pub(super) fn tell(&self, error: Error) {
        if self.reason.set(error).is_err() {
            return;
        }
        // Out of its place before it is called: what it calls may listen again.
        let listener = self.listener.take();
        if let (Some(listener), Some(error)) = (listener, self.reason.get()) {
            listener(error);
        }
    }
}

/// The lock on a database; dropping it gives the lock back. Without Web Locks, nothing.
pub struct Owner {
    release: Option<Function>,
}

impl Owner {
    /// Becomes the owner of `name`, or fails with [`ErrorKind::Busy`]. If another page takes over later, `lost` is
    /// notified.
    pub async fn acquire(name: &str, ownership: Ownership, lost: &Rc<Lost>) -> Result<Owner> {
        if !js::has_locks() {
            return Ok(Owner { release: None });
        }
        let how = match ownership {
            Ownership::Refuse => ("signal", js::abort_after(GRACE_MS).or_failed("set a time limit")?),
            Ownership::TakeOver => ("steal", JsValue::TRUE),
        };
        let options = js::object(&[("mode", "exclusive".into()), how]);
        // The browser holds the lock until the promise that the callback returns is resolved. The owner is made
        // before the wait, so that giving up in the middle leaves no lock behind.
        let (held, release) = js::deferred();
        let owner = Owner { release: Some(release) };
        let (granted, grant) = js::deferred();
        let callback = Closure::once(move |_lock: JsValue| -> Promise {
            let _ = grant.call0(&JsValue::NULL);
            held
        });
        let lock_name = format!("lsmscope:{name}");
        let request =
            js::request_lock(&lock_name, &options, callback.as_ref().unchecked_ref()).or_failed("ask for the lock")?;
        // The request itself ends only when the lock is released, refused or stolen.
        let first = Promise::race(&Array::of2(&granted, &request));
        if let Err(error) = JsFuture::from(first).await {
            return Err(match js::get(&error, "name").as_string().as_deref() {
                Some("TimeoutError") => Error::new(
                    ErrorKind::Busy,
                    format!("another tab has the database \"{name}\" open: close it there, or take over"),
                ),
                _ => js::failed("lock the database", &error),
            });
        }
        let lost = lost.clone();
        let taken = taken_over(name);
        spawn_local(async move {
            if JsFuture::from(request).await.is_err() {
                lost.tell(taken);
            }
        });
        Ok(owner)
    }
}

impl Drop for Owner {
    fn drop(&mut self) {
        if let Some(release) = &self.release {
            let _ = release.call0(&JsValue::NULL);
        }
    }
}

/// The error that a former owner receives.
pub fn taken_over(name: &str) -> Error {
    Error::new(
        ErrorKind::Busy,
        format!("another tab took over the database \"{name}\": nothing more is written from here"),
    )
}
