//! Reopens a database with the same options or others, and decides what happens if they are refused.

use super::{Fused, LastOpen, Session, State, closed};
use crate::{
    engine::retold,
    error::{Error, ErrorKind, Result},
    options::Options,
    plural::counted,
    storage::{Storage, fault::Fault},
    trace::Tracer,
    words::say,
};

impl<S: Storage, T: Tracer> Session<S, T> {
    /// Closes the database and opens it again with `options`; if that fails, with the options it had. One that was not
    /// open stays so if it does not open with changed options: its aftermath is still to be reported.
    pub(super) async fn reopen(&mut self, options: Options) -> Result<()> {
        let mut closed_by = None;
        let (storage, tracer) = match std::mem::replace(&mut self.state, State::Closed) {
            State::Open(mut engine) => {
                if let Err(error) = engine.close().await {
                    self.state = State::Open(engine);
                    return Err(error);
                }
                self.last_open = LastOpen::of(&engine);
                engine.into_parts()
            }
            State::Failed { storage, tracer, error } => {
                closed_by = Some(error);
                (storage, tracer)
            }
            State::Closed => return Err(closed()),
        };
        let changed = options != self.options;
        match self.last_open.reopen(storage, options.clone(), tracer).await {
            Ok(engine) => {
                self.state = State::Open(engine);
                self.counting.reopened(self.ops, &self.options, &options);
                self.options = options;
                Ok(())
            }
            Err(failed) if changed => {
                match closed_by {
                    None => self.open_as_before(failed.storage, failed.tracer).await,
                    Some(error) => {
                        self.state = State::Failed { storage: failed.storage, tracer: failed.tracer, error };
                    }
                }
                Err(failed.error)
            }
            Err(failed) => {
                let error = failed.error.clone();
                self.state = State::Failed { storage: failed.storage, tracer: failed.tracer, error: failed.error };
                Err(error)
            }
        }
    }

    async fn open_as_before(&mut self, storage: Fault<S>, tracer: Fused<T>) {
        self.state = match self.last_open.reopen(storage, self.options.clone(), tracer).await {
            Ok(engine) => State::Open(engine),
            Err(failed) => {
                State::Failed { storage: failed.storage, tracer: failed.tracer, error: failed.error.clone() }
            }
        };
    }

    /// The state of the database after new options failed with `error`, and what can be done. `was_open` and
    /// `snapshots` describe it before.
    pub(super) fn after_refusal(&mut self, error: &Error, was_open: bool, snapshots: u64) -> String {
        if !was_open {
            return if self.trouble().is_none() {
                say!("Nothing was changed: the power is still cut. reopen opens it with the options it had.")
            } else {
                say!("Nothing was changed: the database stays closed. reopen opens it with the options it had.")
            };
        }
        let Some(engine) = self.engine() else {
            let trouble = self.trouble().unwrap_or(error);
            let (remedy, trouble) = (trouble.kind.remedy(), retold(&trouble.message));
            return say!("With the options it had, it does not open either: {trouble}. {remedy}", trouble, remedy);
        };
        // If it could not even be closed, they are still there.
        let snapshots = snapshots - engine.snapshots().count() as u64;
        self.aftermath();
        // A job that was running when it was closed may have put tables where these options have no level.
        let remedy = match error.kind {
            ErrorKind::InvalidInput => say!("Correct the input and try again."),
            kind => kind.remedy(),
        };
        match snapshots {
            0 => say!("Nothing was changed. {remedy}", remedy),
            _ => say!(
                "It was opened again with the options it had, which {snapshots} did not outlive. {remedy}",
                snapshots = counted(snapshots, "snapshot"),
                remedy,
            ),
        }
    }
}
