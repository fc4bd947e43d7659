//! The execution of one operation on the engine: its counters, and how long it took.
//!
//! A write takes the time that the engine's log and its stalls take. Reads take none of the engine's time, since many
//! can run at once. What a read would wait for the device is asked of [`Engine::read_time`]; it counts for that read
//! and for the client that sent it, and delays no other.

use super::{Driver, Latencies, Ops};
use crate::{
    engine::{Engine, ScanRange},
    error::Result,
    metrics::latency::Latency,
    options::JobMode,
    runtime::clock::Nanos,
    storage::Storage,
    trace::{Cost, Tracer},
    workload::{Operation, OperationKind},
};

impl Driver {
    /// Does `operation`, whose turn it is now. Returns how much later than the engine it is done: what its reads took.
    pub(super) async fn carry_out<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        operation: &Operation,
    ) -> Result<Nanos> {
        self.operations.key(operation, &mut self.key);
        let due = operation.at.min(self.now);
        match operation.kind {
            OperationKind::Put => self.put(engine, operation, due).await,
            OperationKind::Get => self.get(engine, due).await,
            OperationKind::Delete => self.delete(engine, operation, due).await,
            OperationKind::ReadModifyWrite => {
                let read = self.get(engine, due).await?;
                // It is due when the read is done, however long that was due.
                self.put(engine, operation, self.now).await?;
                Ok(read)
            }
            OperationKind::Scan => self.scan(engine, operation, due).await,
        }
    }

    async fn put<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        operation: &Operation,
        due: Nanos,
    ) -> Result<Nanos> {
        engine.put(&self.key, self.operations.value(operation)).await?;
        self.count(|ops| ops.put += 1);
        self.alive.put(operation.key);
        self.took(engine, due, 0, |latencies| &mut latencies.put);
        Ok(0)
    }

    async fn delete<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        operation: &Operation,
        due: Nanos,
    ) -> Result<Nanos> {
        engine.delete(&self.key).await?;
        self.count(|ops| ops.del += 1);
        self.alive.delete(operation.key);
        self.took(engine, due, 0, |latencies| &mut latencies.delete);
        Ok(0)
    }

    async fn get<S: Storage, T: Tracer>(&mut self, engine: &mut Engine<S, T>, due: Nanos) -> Result<Nanos> {
        let lookup = engine.lookup(&self.key, None).await?;
        let found = u64::from(lookup.value.is_some());
        self.count(|ops| (ops.get, ops.found) = (ops.get + 1, ops.found + found));
        if lookup.seq.is_none() {
            self.absent = (self.absent.0 + 1, self.absent.1 + lookup.cost.blocks);
        }
        let read = engine.read_time(lookup.cost.blocks - lookup.cost.cache_hits, lookup.cost.bytes_read);
        self.took(engine, due, read, |latencies| &mut latencies.get);
        Ok(read)
    }

    async fn scan<S: Storage, T: Tracer>(
        &mut self,
        engine: &mut Engine<S, T>,
        operation: &Operation,
        due: Nanos,
    ) -> Result<Nanos> {
        let range = ScanRange { start: Some(self.key.clone()), limit: Some(operation.span), ..ScanRange::default() };
        let before = *engine.scan_cost();
        let mut iter = engine.iter(range, None)?;
        let mut scanned = 0;
        while iter.next_with(engine, |_, _| scanned += 1).await? {}
        self.count(|ops| (ops.scan, ops.scanned) = (ops.scan + 1, ops.scanned + scanned));
        let after = engine.scan_cost();
        let missed = |cost: &Cost| cost.blocks - cost.cache_hits;
        let read = engine.read_time(missed(after) - missed(&before), after.bytes_read - before.bytes_read);
        self.took(engine, due, read, |latencies| &mut latencies.scan);
        Ok(read)
    }

    /// Counts an operation, for the interval and for the run.
    fn count(&mut self, add: impl Fn(&mut Ops)) {
        add(&mut self.ops);
        add(&mut self.run.ops);
    }

    /// What was `due` is done now, but for what its reads take. Where no time passes, there is nothing to tell.
    fn took<S: Storage, T: Tracer>(
        &mut self,
        engine: &Engine<S, T>,
        due: Nanos,
        read: Nanos,
        kind: impl FnOnce(&mut Latencies) -> &mut Latency,
    ) {
        if engine.options().job_mode == JobMode::Scheduled {
            kind(&mut self.run.latencies).record(engine.now() - self.began - due + read);
        }
    }
}
