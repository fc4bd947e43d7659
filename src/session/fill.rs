//! Random entries for `fill`: the same count and seed give the same ones, everywhere.
//!
//! Keys are `key00000` and on, drawn from 1,000 keys, or from as many as there are puts where these are more, so that
//! some are written again; values are 8 to 24 letters.

use super::{Answer, Session, drive::SLICE, failure};
use crate::{
    drive::{DriveProgress, DriveRun},
    engine::retold,
    plural::counted,
    random::Random,
    script::ScriptError,
    storage::Storage,
    trace::Tracer,
    words::say,
};

/// The bytes of a key and a value, on average.
pub(super) const ENTRY_BYTES: f64 = 24.0;

impl<S: Storage, T: Tracer> Session<S, T> {
    /// The command `fill`. The observer of workloads observes it too, and may end it.
    pub(super) async fn fill(&mut self, count: u64, seed: Option<u64>) -> Result<Answer, ScriptError> {
        let before = self.engine_or(failure)?.last_seq();
        // Without a seed: from where the writes are, so that the next fill gives others, and a replay the same.
        let mut done = 0;
        for (key, value) in Fill::new(count, seed.unwrap_or(before)) {
            let put = self.engine_or(failure)?.put(&key, &value).await;
            put.map_err(|error| {
                let error_said = retold(&error.message);
                let message = say!("{error} (after {done} of {count} puts)", error = error_said, done, count);
                failure(crate::Error { message, ..error })
            })?;
            done += 1;
            if done % SLICE == 0 && done < count && !self.fill_goes_on(done, count).await {
                break;
            }
        }
        let last = self.engine_or(failure)?.last_seq();
        let (puts, first) = (counted(done, "put"), before + 1);
        Ok(if done < count {
            say!("ok  {puts} of {count}, then ended, seq {first} to {last}", puts, count, first, last)
        } else {
            say!("ok  {puts}, seq {first} to {last}", puts, first, last)
        }
        .into())
    }

    async fn fill_goes_on(&mut self, done: u64, count: u64) -> bool {
        let progress = DriveProgress { done: done as f64 / count as f64, operations: done, ..DriveProgress::default() };
        match &mut self.watch.0 {
            Some(watch) => watch(&DriveRun::default(), &progress).await,
            None => true,
        }
    }
}

/// The entries of one `fill`.
pub(crate) struct Fill {
    left: u64,
    keys: u64,
    random: Random,
}

/// The fewest keys to draw from.
const MIN_KEYS: u64 = 1000;

impl Fill {
    /// `count` entries drawn from `seed`.
    pub fn new(count: u64, seed: u64) -> Fill {
        Fill { left: count, keys: count.max(MIN_KEYS), random: Random::new(seed) }
    }
}

impl Iterator for Fill {
    type Item = (Vec<u8>, Vec<u8>);

    fn next(&mut self) -> Option<Self::Item> {
        self.left = self.left.checked_sub(1)?;
        let key = format!("key{:05}", self.random.below(self.keys)).into_bytes();
        let length = 8 + self.random.below(17);
        let value = (0..length).map(|_| b'a' + self.random.below(26) as u8).collect();
        Some((key, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_entries() {
        let of = |count, seed| Fill::new(count, seed).collect::<Vec<_>>();
        assert_eq!(of(50, 7), of(50, 7));
        assert_ne!(of(50, 7), of(50, 8));
        assert_eq!(of(50, 7).len(), 50);
        assert!(of(50, 7).iter().all(|(k, v)| k.len() == 8 && (8..=24).contains(&v.len())));
    }
}
