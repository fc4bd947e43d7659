//! The stream of a workload's operations.
//!
//! In: a valid [`Workload`]. Out: each [`Operation`] with its arrival, in order of time.
//!
//! With `arrival=even` and `poisson`, each kind of operation arrives at its own rate, and the streams are merged by
//! time. With `closed`, the caller reports when each operation returned ([`Operations::returned`]), and its client
//! sends the next one after thinking.

use serde::Serialize;

use super::{Arrival, Keys, Rate, Values, Workload};
use crate::random::Random;

/// The kind of an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
pub enum OperationKind {
    /// Writes a value.
    Put,
    /// Reads a key.
    Get,
    /// Reads a range.
    Scan,
    /// Deletes a key.
    Delete,
    /// Reads a key, then writes it.
    ReadModifyWrite,
}

/// One operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The arrival, in nanoseconds of virtual time.
    pub at: u64,
    /// The kind.
    pub kind: OperationKind,
    /// The number of its key.
    pub key: u64,
    /// Whether its key may exist; if not, it is never written.
    pub hit: bool,
    /// The value of a write: its offset in [`Values`], and its length.
    pub value: (u64, u64),
    /// The number of entries that a scan reads.
    pub span: u64,
}

/// The operations of one kind, which arrive at one rate.
#[derive(Clone, Debug)]
struct Stream {
    kind: OperationKind,
    rate: Rate,
    random: Random,
    /// The next arrival, if any. With a fraction of a nanosecond, so that rounding errors do not add up.
    next: Option<f64>,
    /// The number of operations so far.
    count: u64,
}

/// The operations of a workload, in order of time.
#[derive(Clone, Debug)]
pub struct Operations {
    workload: Workload,
    keys: Keys,
    values: Values,
    streams: Vec<Stream>,
    /// Closed loop: the time of each client's next operation.
    clients: Vec<u64>,
    /// Closed loop: the client that sent last.
    client: usize,
    /// Closed loop: the random numbers that choose the next kind.
    random: Random,
    end: u64,
}

impl Operations {
    /// The operations of `workload`, which must be [valid](Workload::validate).
    pub fn new(workload: &Workload) -> Operations {
        let rates = [
            (OperationKind::Put, workload.write_rate),
            (OperationKind::Get, workload.read_rate),
            (OperationKind::Delete, workload.delete_rate),
            (OperationKind::ReadModifyWrite, workload.read_modify_write_rate),
        ];
        let stream = |(number, (kind, rate)): (u64, (OperationKind, f64))| {
            let mut random = Random::new(workload.seed.wrapping_add(number << 32));
            // Mixed, so that adjacent seeds give independent sequences.
            let random = Random::new(random.draw());
            let next = (rate > 0.0).then_some(0.0);
            Stream { kind, rate: workload.rate(rate), random, next, count: 0 }
        };
        let mut operations = Operations {
            keys: Keys::new(workload),
            values: Values::new(workload),
            streams: (1..).zip(rates).map(stream).collect(),
            clients: match workload.arrival {
                Arrival::Closed => vec![0; workload.clients as usize],
                Arrival::Even | Arrival::Poisson => Vec::new(),
            },
            client: 0,
            random: Random::new(workload.seed ^ 0x006D_6978),
            end: workload.duration(),
            workload: workload.clone(),
        };
        operations.begin();
        operations
    }

    /// Schedules the first operation of each kind: as soon as the rate is above 0, or after a random interval.
    fn begin(&mut self) {
        for stream in &mut self.streams {
            stream.next = match (stream.next, self.workload.arrival) {
                (Some(_), Arrival::Even) => stream.rate.reaches(0.0, f64::MIN_POSITIVE),
                (Some(_), Arrival::Poisson) => stream.rate.reaches(0.0, exponential(&mut stream.random)),
                (next, _) => next,
            };
        }
    }

    /// Closed loop: notes that the last operation returned at `at`.
    pub fn returned(&mut self, at: u64) {
        if let Some(free) = self.clients.get_mut(self.client) {
            *free = at.saturating_add((self.workload.think_micros * 1e3) as u64);
        }
    }

    /// The put of key `number` before virtual time starts, with [`load`](Workload::load).
    pub fn load(&self, number: u64) -> Operation {
        let mut random = Random::new(self.workload.seed ^ number.rotate_left(32));
        let value = self.values.draw(&mut random);
        Operation { at: 0, kind: OperationKind::Put, key: number, hit: true, value, span: 0 }
    }

    /// The keys.
    pub fn keys(&self) -> &Keys {
        &self.keys
    }

    /// Writes the key of `operation` into `key`.
    pub fn key(&self, operation: &Operation, key: &mut Vec<u8>) {
        self.keys.name(operation.key, key);
        if !operation.hit {
            Keys::miss(key);
        }
    }

    /// The value of `operation`.
    pub fn value(&self, operation: &Operation) -> &[u8] {
        self.values.bytes(operation.value)
    }

    /// The stream with the earliest next operation, and its time.
    fn earliest(&self) -> Option<(usize, u64)> {
        // Rounded to the nearest, so that an operation due exactly at the end is not counted as before it.
        let at = |stream: &Stream| stream.next.map(|next| (next + 0.5) as u64);
        self.streams.iter().enumerate().filter_map(|(i, s)| Some((i, at(s)?))).min_by_key(|(_, at)| *at)
    }

    /// Closed loop: the kind of the next operation, by the proportions of the rates.
    fn draw_kind(&mut self) -> Option<usize> {
        let sum: f64 = self.streams.iter().map(|s| s.rate.per_second).sum();
        let mut drawn = unit(&mut self.random) * sum;
        let due = |s: &Stream| {
            drawn -= s.rate.per_second;
            s.rate.per_second > 0.0 && drawn < 0.0
        };
        let found = self.streams.iter().position(due);
        found.or_else(|| self.streams.iter().rposition(|s| s.rate.per_second > 0.0))
    }

    /// Closed loop: the time at which the next client sends.
    fn next_client(&mut self) -> u64 {
        let first = self.clients.iter().enumerate().min_by_key(|(_, at)| **at);
        let (client, at) = first.map_or((0, 0), |(client, at)| (client, *at));
        self.client = client;
        at
    }

    fn advance(&mut self, stream: usize) {
        let arrival = self.workload.arrival;
        let stream = &mut self.streams[stream];
        stream.count += 1;
        stream.next = stream.next.and_then(|at| match arrival {
            Arrival::Even => stream.rate.reaches(at, 1.0),
            Arrival::Poisson => stream.rate.reaches(at, exponential(&mut stream.random)),
            Arrival::Closed => Some(at),
        });
    }

    /// The operation that `stream` sends at `at`.
    fn make(&mut self, stream: usize, at: u64) -> Operation {
        let w = &self.workload;
        let Stream { kind, random, count, .. } = &mut self.streams[stream];
        let i = *count - 1;
        let mut operation = Operation { at, kind: *kind, key: 0, hit: true, value: (0, 0), span: 0 };
        match kind {
            OperationKind::Put if percent(random, w.insert_percent) => operation.key = self.keys.insert(),
            OperationKind::Get => {
                if percent(random, w.range_reads) {
                    (operation.kind, operation.span) = (OperationKind::Scan, w.range_span);
                } else {
                    operation.hit = !percent(random, w.read_miss_percent);
                }
                operation.key = self.keys.draw(random, i);
            }
            _ => operation.key = self.keys.draw(random, i),
        }
        if matches!(kind, OperationKind::Put | OperationKind::ReadModifyWrite) {
            operation.value = self.values.draw(random);
        }
        operation
    }
}

impl Iterator for Operations {
    type Item = Operation;

    /// The next operation; `None` after the workload's duration.
    fn next(&mut self) -> Option<Operation> {
        let (stream, at) = match self.workload.arrival {
            Arrival::Closed => (self.draw_kind()?, self.next_client()),
            Arrival::Even | Arrival::Poisson => self.earliest()?,
        };
        if at >= self.end {
            return None;
        }
        self.advance(stream);
        Some(self.make(stream, at))
    }
}

/// A random number in `0.0..1.0`.
fn unit(random: &mut Random) -> f64 {
    (random.draw() >> 11) as f64 / (1u64 << 53) as f64
}

/// True in `percent` of 100 cases. Draws no number if the answer is certain.
fn percent(random: &mut Random, percent: f64) -> bool {
    percent >= 100.0 || percent > 0.0 && unit(random) * 100.0 < percent
}

/// A random interval of mean 1, exponentially distributed: the interval between independent events.
fn exponential(random: &mut Random) -> f64 {
    -libm::log(1.0 - unit(random))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_distances_have_the_mean_of_one() {
        let mut random = Random::new(1);
        let mean = (0..100_000).map(|_| exponential(&mut random)).sum::<f64>() / 1e5;
        assert!((mean - 1.0).abs() < 0.02, "{mean}");
    }
}
