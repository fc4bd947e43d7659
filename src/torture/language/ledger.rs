//! The writes of a script: which are acknowledged, which may be lost, and what an open may find.
//!
//! ```text
//!   promised          acknowledged        in doubt
//!   ──────────────┤───────────────┤────────────────┤
//!   1 … durable       … last            a write that was cut off, or failed and stopped writes
//!
//!   after a power cut, an open finds any prefix of whole batches from `promised` on, in doubt or not;
//!   without one, everything acknowledged, and what is in doubt or not.
//! ```

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    engine::Engine,
    entry::SeqNo,
    options::Options,
    storage::Storage,
    torture::{
        model::{History, Promise},
        ops::Write,
    },
    trace::Tracer,
};

/// Every write, and what is known of it.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    history: History,
    promise: Promise,
    /// Batches that may be there or not; they come after the history, in order.
    doubt: Vec<Vec<Write>>,
    /// Every value that was ever written to a key, or might have been.
    ever: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    /// FIFO compaction may have dropped any write up to this one.
    dropped: SeqNo,
    /// Bits were flipped, or what a lying disk had promised is gone.
    harmed: bool,
}

impl Ledger {
    /// The last sequence number that was acknowledged.
    pub fn last(&self) -> SeqNo {
        self.history.last()
    }

    /// Every acknowledged write, in order.
    pub fn writes(&self) -> &[Write] {
        self.history.writes()
    }

    /// Up to which write a read may be wrong, because tables were dropped; everything, after harm.
    pub fn dropped(&self) -> SeqNo {
        if self.harmed { SeqNo::MAX } else { self.dropped }
    }

    /// Whether anything goes, but for values that were never written.
    pub fn is_harmed(&self) -> bool {
        self.harmed
    }

    /// From now on it does.
    pub fn harm(&mut self) {
        self.harmed = true;
    }

    /// How many writes are in doubt.
    pub fn doubtful(&self) -> SeqNo {
        self.doubt.iter().map(|batch| batch.len() as SeqNo).sum()
    }

    /// Every key that was ever written, with each of its values.
    pub fn ever(&self) -> &BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> {
        &self.ever
    }

    /// These are handed over: from now on, their values are no inventions.
    pub fn handed(&mut self, batches: &[Vec<Write>]) {
        for write in batches.iter().flatten() {
            let (key, value) = match write {
                Write::Put(key, value) => (key, Some(value)),
                Write::Delete(key) => (key, None),
            };
            self.ever.entry(key.clone()).or_default().extend(value.cloned());
        }
    }

    /// These were acknowledged.
    pub fn acknowledged(&mut self, batches: &[Vec<Write>], options: &Options) {
        if self.harmed {
            return;
        }
        for batch in batches {
            self.history.push(batch);
            self.promise.acknowledged(&self.history, options);
        }
    }

    /// These may have happened or not.
    pub fn doubt(&mut self, batches: &[Vec<Write>]) {
        if !self.harmed {
            self.doubt.extend_from_slice(batches);
        }
    }

    /// A flush went well.
    pub fn settled(&mut self) {
        self.promise.settled(&self.history);
    }

    /// What the engine says is durable must not go.
    pub fn said<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        if self.doubt.is_empty() {
            self.promise.said(engine);
        }
    }

    /// FIFO compaction has dropped tables.
    pub fn dropped_tables(&mut self) {
        self.dropped = self.last() + self.doubtful();
    }

    /// The database was opened, and `found` is the last write that is there; `after_cut` says whether the power was cut
    /// since it was last open.
    pub fn opened(&mut self, found: SeqNo, after_cut: bool) -> Result<(), String> {
        if self.harmed {
            return Ok(());
        }
        let acknowledged = self.last();
        let least = if after_cut { self.promise.upto.min(acknowledged) } else { acknowledged };
        for batch in std::mem::take(&mut self.doubt) {
            self.history.push(&batch);
        }
        let most = self.last();
        if found < least {
            return Err(format!("LOST: {least} writes were promised, and only {found} are there"));
        }
        if found > most {
            return Err(format!("INVENTED: {found} writes are there, and only {most} were made"));
        }
        if !self.history.is_whole(found) {
            return Err(format!("SPLIT: the last write there is {found}, in the middle of a batch"));
        }
        self.history.truncate(found);
        self.promise.opened(&self.history);
        self.dropped = self.dropped.min(found);
        Ok(())
    }
}
