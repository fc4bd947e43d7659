//! A workload that runs inside the engine, without a call from JavaScript for each operation.

use serde::{Deserialize, Serialize};
use tsify::Tsify;

use crate::{
    engine::{Engine, ScanRange},
    error::Result,
    storage::Storage,
    trace::NoTrace,
};

/// What to do again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum OperationMix {
    /// Put distinct keys, in random order.
    Put,
    /// Get keys that [`Put`](OperationMix::Put) with the same seed has put, in another order.
    Get,
    /// Read everything, from the first key to the last, up to a number of entries.
    Scan,
}

/// A workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Tsify)]
pub struct Workload {
    /// What to do.
    pub operations: OperationMix,
    /// How often.
    pub count: u32,
    /// What keys and values are drawn from.
    pub seed: u32,
    /// Bytes of each value.
    pub value_size: u32,
}

/// What a workload did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Tsify)]
pub struct WorkloadDone {
    /// Operations done; for a scan, entries read.
    pub operations: u32,
    /// Gets that found a value.
    pub found: u32,
    /// Bytes of values read.
    pub value_bytes: f64,
}

impl Workload {
    /// Does it.
    pub async fn run<S: Storage>(&self, engine: &mut Engine<S, NoTrace>) -> Result<WorkloadDone> {
        match self.operations {
            OperationMix::Put => self.put(engine).await,
            OperationMix::Get => self.get(engine).await,
            OperationMix::Scan => self.scan(engine).await,
        }
    }

    async fn put<S: Storage>(&self, engine: &mut Engine<S, NoTrace>) -> Result<WorkloadDone> {
        let mut value = vec![0; self.value_size as usize];
        for i in 0..self.count {
            value.chunks_mut(8).zip(u64::from(i)..).for_each(|(chunk, n)| {
                chunk.copy_from_slice(&mix(n ^ u64::from(self.seed)).to_le_bytes()[..chunk.len()]);
            });
            engine.put(&self.key(i), &value).await?;
        }
        Ok(WorkloadDone { operations: self.count, ..WorkloadDone::default() })
    }

    async fn get<S: Storage>(&self, engine: &mut Engine<S, NoTrace>) -> Result<WorkloadDone> {
        let mut done = WorkloadDone { operations: self.count, ..WorkloadDone::default() };
        for i in 0..self.count {
            // An odd step visits every key once where the count is a power of two, and nearly so elsewhere.
            let key = self.key((u64::from(i) * 7919 % u64::from(self.count)) as u32);
            if let Some(value) = engine.get(&key).await? {
                done.found += 1;
                done.value_bytes += value.len() as f64;
            }
        }
        Ok(done)
    }

    async fn scan<S: Storage>(&self, engine: &mut Engine<S, NoTrace>) -> Result<WorkloadDone> {
        let mut done = WorkloadDone::default();
        while done.operations < self.count {
            let limit = Some(u64::from(self.count - done.operations));
            let before = done.operations;
            let mut iter = engine.iter(ScanRange { limit, ..ScanRange::default() }, None)?;
            let mut take = |_: &[u8], value: &[u8]| {
                done.operations += 1;
                done.value_bytes += value.len() as f64;
            };
            while iter.next_with(engine, &mut take).await? {}
            if done.operations == before {
                break;
            }
        }
        Ok(done)
    }

    /// 16 bytes; consecutive keys are far apart.
    fn key(&self, i: u32) -> [u8; 16] {
        let mut key = [0; 16];
        key[..8].copy_from_slice(&mix(u64::from(i) ^ (u64::from(self.seed) << 32)).to_be_bytes());
        key[8..].copy_from_slice(&u64::from(i).to_be_bytes());
        key
    }
}

/// A bijection of the 64-bit numbers that scatters them (SplitMix64's finalizer).
fn mix(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}
