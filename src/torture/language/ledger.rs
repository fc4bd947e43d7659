//! The writes of a script: the acknowledged ones, those that may be lost, and those that an open may recover.
//!
//! In: each batch that a line writes, and its fate. Out: the bounds of what a read may return. Errors of an open: a
//! promised write is lost, a write is invented, or a batch is split.
//!
//! ```text
//!   promised          acknowledged        in doubt
//!   ──────────────┤───────────────┤────────────────┤
//!   1 … durable       … last            a write interrupted by a power cut, or one that failed and stopped writes
//!
//!   after a power cut, an open recovers any prefix of whole batches that ends at `promised` or later;
//!   without one, every acknowledged batch, and none, some or all of those in doubt.
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

/// The writes, and the state of each.
#[derive(Debug, Default)]
pub(super) struct Ledger {
    history: History,
    promise: Promise,
    /// The batches in doubt, which follow the history in order.
    doubt: Vec<Vec<Write>>,
    /// The values of each key, of writes in doubt too.
    ever: BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>>,
    /// The last write that FIFO compaction may have dropped.
    dropped: SeqNo,
    /// Whether a bit was flipped, or a lying disk lost its power.
    harmed: bool,
}

impl Ledger {
    /// The last sequence number that was acknowledged.
    pub fn last(&self) -> SeqNo {
        self.history.last()
    }

    /// The acknowledged writes, in order.
    pub fn writes(&self) -> &[Write] {
        self.history.writes()
    }

    /// The last write that a read need not reflect, because its table may have been dropped; the maximum after harm.
    pub fn dropped(&self) -> SeqNo {
        if self.harmed { SeqNo::MAX } else { self.dropped }
    }

    /// Whether a read may return any earlier value, because files were damaged.
    pub fn is_harmed(&self) -> bool {
        self.harmed
    }

    /// Notes that files were damaged.
    pub fn harm(&mut self) {
        self.harmed = true;
    }

    /// The number of writes in doubt.
    pub fn doubtful(&self) -> SeqNo {
        self.doubt.iter().map(|batch| batch.len() as SeqNo).sum()
    }

    /// The keys, each with its values so far.
    pub fn ever(&self) -> &BTreeMap<Vec<u8>, BTreeSet<Vec<u8>>> {
        &self.ever
    }

    /// Notes that a line hands these batches to the engine: a read may return their values from now on.
    pub fn handed(&mut self, batches: &[Vec<Write>]) {
        for write in batches.iter().flatten() {
            let (key, value) = match write {
                Write::Put(key, value) => (key, Some(value)),
                Write::Delete(key) => (key, None),
            };
            self.ever.entry(key.clone()).or_default().extend(value.cloned());
        }
    }

    /// Notes that these batches were acknowledged.
    pub fn acknowledged(&mut self, batches: &[Vec<Write>], options: &Options) {
        if self.harmed {
            return;
        }
        for batch in batches {
            self.history.push(batch);
            self.promise.acknowledged(&self.history, options);
        }
    }

    /// Notes that these batches are in doubt.
    pub fn doubt(&mut self, batches: &[Vec<Write>]) {
        if !self.harmed {
            self.doubt.extend_from_slice(batches);
        }
    }

    /// Notes that a flush succeeded.
    pub fn settled(&mut self) {
        self.promise.settled(&self.history);
    }

    /// Takes over the number of durable writes that the engine reports.
    pub fn said<S: Storage, T: Tracer>(&mut self, engine: &Engine<S, T>) {
        if self.doubt.is_empty() {
            self.promise.said(engine);
        }
    }

    /// Notes that FIFO compaction has dropped tables.
    pub fn dropped_tables(&mut self) {
        self.dropped = self.last() + self.doubtful();
    }

    /// Checks an open that recovered the writes up to `found`. `after_cut` says whether the power was cut since the
    /// database was last open.
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
