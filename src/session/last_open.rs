//! What a session remembers of its database while it is closed, and what the next open goes on from.

use super::Fused;
use crate::{
    engine::{Earlier, Engine, Failed},
    entry::SeqNo,
    options::Options,
    storage::{Storage, fault::Fault},
    trace::Tracer,
};

/// How far things had come when the database was last seen open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Promises {
    /// Acknowledged up to here.
    pub acked: SeqNo,
    /// Confirmed by the disk up to here.
    pub durable: SeqNo,
}

/// A database as it was when it was last closed or lost power.
#[derive(Debug)]
pub(super) struct LastOpen {
    /// What was acknowledged, and what was durable.
    pub promises: Promises,
    /// The virtual time, and what was counted: the next open goes on from there.
    pub earlier: Earlier,
    /// The number of the next snapshot: no number is used twice.
    pub next_snapshot: u64,
}

impl Default for LastOpen {
    fn default() -> LastOpen {
        LastOpen { promises: Promises::default(), earlier: Earlier::default(), next_snapshot: 1 }
    }
}

impl LastOpen {
    /// The database of `engine`, which is about to be closed, or has just been.
    pub fn of<S: Storage, T: Tracer>(engine: &Engine<S, T>) -> LastOpen {
        LastOpen {
            promises: Promises { acked: engine.acked_seq(), durable: engine.durable_seq() },
            earlier: Earlier { clock: engine.now(), counters: *engine.counters() },
            next_snapshot: engine.next_snapshot(),
        }
    }

    /// Opens it again. The files know the time only in seconds, and as of the last edit.
    ///
    /// # Errors
    /// As [`Engine::open`].
    pub async fn reopen<S: Storage, T: Tracer>(
        &self,
        storage: Fault<S>,
        options: Options,
        tracer: Fused<T>,
    ) -> Result<Box<Engine<Fault<S>, Fused<T>>>, Box<Failed<Fault<S>, Fused<T>>>> {
        let mut engine = Engine::open_after(storage, options, tracer, self.earlier).await?;
        engine.number_snapshots_from(self.next_snapshot);
        Ok(Box::new(engine))
    }
}
