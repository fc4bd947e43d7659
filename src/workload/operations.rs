//! The stream of a workload's operations, with their times.
//!
//! With `arrival=even` and `poisson`, each kind of operation arrives at its own rate, and the streams are merged by
//! time. With `closed`, the caller reports when each operation returned ([`Operations::returned`]), and its client
//! sends the next one after thinking.

use serde::Serialize;

use super::{Arrival, Keys, Rate, Values, Workload};
use crate::random::Random;

/// What an operation does.
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
    /// When it arrives: nanoseconds of virtual time.
    pub at: u64,
    /// What it does.
    pub kind: OperationKind,
    /// The number of its key.
    pub key: u64,
    /// Whether its key may be there; otherwise it was never written.
    pub hit: bool,
    /// Its value, for those that write one: where it begins in [`Values`], and its length.
    pub value: (u64, u64),
    /// The entries that it reads, for a scan.
    pub span: u64,
}

/// Operations of one kind that arrive at one rate.
#[derive(Clone, Debug)]
struct Stream {
    kind: OperationKind,
    rate: Rate,
    random: Random,
    /// When the next one arrives; none if none ever does. With a fraction, so that nothing drifts.
    next: Option<f64>,
    /// How many have come.
    turn: u64,
}

/// Every operation of a workload, in order of time.
#[derive(Clone, Debug)]
pub struct Operations {
    workload: Workload,
    keys: Keys,
    values: Values,
    streams: Vec<Stream>,
    /// Closed loop: when each client sends its next operation.
    clients: Vec<u64>,
    /// Closed loop: whose turn it was last.
    client: usize,
    /// Closed loop: which kind is next.
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
            // So that neighbouring seeds have nothing in common.
            let random = Random::new(random.draw());
            let next = (rate > 0.0).then_some(0.0);
            Stream { kind, rate: workload.rate(rate), random, next, turn: 0 }
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

    /// The first of each kind: at once in a rate's first moment, or at random.
    fn begin(&mut self) {
        for stream in &mut self.streams {
            stream.next = match (stream.next, self.workload.arrival) {
                (Some(_), Arrival::Even) => stream.rate.reaches(0.0, f64::MIN_POSITIVE),
                (Some(_), Arrival::Poisson) => stream.rate.reaches(0.0, exponential(&mut stream.random)),
                (next, _) => next,
            };
        }
    }

    /// Closed loop: the operation that came last has returned, at `at`.
    pub fn returned(&mut self, at: u64) {
        if let Some(free) = self.clients.get_mut(self.client) {
            *free = at.saturating_add((self.workload.think_micros * 1e3) as u64);
        }
    }

    /// The put of the key `number` that comes before the time begins, where [`load`](Workload::load) asks for it.
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

    /// The stream whose next operation comes first, and when.
    fn earliest(&self) -> Option<(usize, u64)> {
        // To the nearest, so that what is due at the end is not just before it.
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

    /// Closed loop: when the client whose turn it is sends.
    fn next_client(&mut self) -> u64 {
        let first = self.clients.iter().enumerate().min_by_key(|(_, at)| **at);
        let (client, at) = first.map_or((0, 0), |(client, at)| (client, *at));
        self.client = client;
        at
    }

    fn advance(&mut self, stream: usize) {
        let arrival = self.workload.arrival;
        let stream = &mut self.streams[stream];
        stream.turn += 1;
        stream.next = stream.next.and_then(|at| match arrival {
            Arrival::Even => stream.rate.reaches(at, 1.0),
            Arrival::Poisson => stream.rate.reaches(at, exponential(&mut stream.random)),
            Arrival::Closed => Some(at),
        });
    }

    /// The operation that `stream` sends at `at`.
    fn make(&mut self, stream: usize, at: u64) -> Operation {
        let w = &self.workload;
        let Stream { kind, random, turn, .. } = &mut self.streams[stream];
        let turn = *turn - 1;
        let mut operation = Operation { at, kind: *kind, key: 0, hit: true, value: (0, 0), span: 0 };
        match kind {
            OperationKind::Put if percent(random, w.insert_percent) => operation.key = self.keys.insert(),
            OperationKind::Get => {
                if percent(random, w.range_reads) {
                    (operation.kind, operation.span) = (OperationKind::Scan, w.range_span);
                } else {
                    operation.hit = !percent(random, w.read_miss_percent);
                }
                operation.key = self.keys.draw(random, turn);
            }
            _ => operation.key = self.keys.draw(random, turn),
        }
        if matches!(kind, OperationKind::Put | OperationKind::ReadModifyWrite) {
            operation.value = self.values.draw(random);
        }
        operation
    }
}

impl Iterator for Operations {
    type Item = Operation;

    /// The next operation; none when the time is over.
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

/// A number from 0 up to, but not, 1.
fn unit(random: &mut Random) -> f64 {
    (random.draw() >> 11) as f64 / (1u64 << 53) as f64
}

/// True in `percent` of 100 cases. Draws nothing where the answer is certain.
fn percent(random: &mut Random, percent: f64) -> bool {
    percent >= 100.0 || percent > 0.0 && unit(random) * 100.0 < percent
}

/// A random distance with the mean 1: how far apart events are that do not know of each other.
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
