//! Scripts: random operations on few keys, so that keys are overwritten, deleted, and written after a delete.
//!
//! In: a seeded [`Random`] and a [`Mix`] of operations. Out: a [`Script`]; [`ScriptTeller`] writes it in the command
//! language. All operations are drawn before any is removed, so removing one never changes another.

use crate::{
    engine::{Batch, ScanRange},
    random::Random,
    script::word,
};

use super::Campaign;

/// One write.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Write {
    /// A key and its value.
    Put(Vec<u8>, Vec<u8>),
    /// A key.
    Delete(Vec<u8>),
}

/// One operation. A snapshot is named by a number, taken modulo the number of live snapshots.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Op {
    Write(Write),
    Batch(Vec<Write>),
    Get(Vec<u8>, Option<usize>),
    Scan(ScanRange, Option<usize>),
    Snapshot,
    Release(usize),
    Flush,
    Compact(Option<usize>),
    Wait(u64),
    /// Closes the database and opens it again.
    Reopen,
    /// Opens the database again without a close: the process ended, but no power was cut.
    Kill,
}

/// The number of writes, with few long values, for the database that is damaged.
const DAMAGED: u64 = 540;

/// The weight of each kind of operation, relative to the sum of all.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    operations: u64,
    write: u64,
    batch: u64,
    get: u64,
    scan: u64,
    snapshot: u64,
    maintenance: u64,
    reopen: u64,
}

impl Mix {
    /// The weights for a campaign.
    pub fn of(campaign: Campaign) -> Mix {
        let mix = Mix { operations: 0, write: 60, batch: 9, get: 8, scan: 4, snapshot: 3, maintenance: 10, reopen: 4 };
        match campaign {
            Campaign::Power => Mix { operations: 110, get: 2, scan: 1, ..mix },
            Campaign::Faults => Mix { operations: 90, get: 16, scan: 8, ..mix },
            Campaign::Metamorphic => {
                Mix { operations: 400, get: 30, scan: 12, snapshot: 5, maintenance: 0, reopen: 0, ..mix }
            }
            Campaign::Kill => Mix { operations: 60, get: 0, scan: 0, snapshot: 0, reopen: 0, ..mix },
            // The other campaigns draw no script of operations.
            Campaign::Damage | Campaign::Language | Campaign::Full => {
                Mix { operations: DAMAGED, get: 0, scan: 0, snapshot: 0, maintenance: 0, reopen: 0, ..mix }
            }
        }
    }
}

/// Operations, and the keys that they use.
#[derive(Clone, Debug)]
pub struct Script {
    pub ops: Vec<Op>,
    /// The position of each operation in the script before any was removed.
    pub places: Vec<usize>,
    pub keys: Vec<Vec<u8>>,
}

impl Script {
    /// Draws a script.
    pub fn draw(random: &mut Random, mix: Mix) -> Script {
        let (count, long, longest) = match mix.operations {
            DAMAGED => (100, 1, 640),
            _ => (6 + random.below(30), 8, 300),
        };
        let keys: Vec<Vec<u8>> = (0..count).map(|i| key(random, i)).collect();
        let mut draw = Draw { random, keys: &keys, values: 0, long, longest };
        let ops: Vec<Op> = (0..mix.operations).map(|_| draw.op(mix)).collect();
        Script { places: (0..ops.len()).collect(), ops, keys }
    }

    /// The script with only the operations at `places`; `None` keeps all.
    pub fn keep(mut self, places: Option<&[usize]>) -> Script {
        if let Some(places) = places {
            self.places = places.iter().copied().filter(|i| *i < self.ops.len()).collect();
            self.ops = self.places.iter().map(|i| self.ops[*i].clone()).collect();
        }
        self
    }
}

/// A key: usually short and similar to the others, as real keys are; sometimes empty, long, or of arbitrary bytes.
fn key(random: &mut Random, i: u64) -> Vec<u8> {
    match i {
        3 if random.one_in(4) => Vec::new(),
        5 if random.one_in(4) => vec![b'x'; 200],
        7 if random.one_in(4) => vec![0xff, 0, random.draw() as u8],
        _ => format!("k{i:02}").into_bytes(),
    }
}

struct Draw<'a> {
    random: &'a mut Random,
    keys: &'a [Vec<u8>],
    /// Values drawn so far. It is part of each value, so no two are equal and a stale value is detected.
    values: u64,
    /// One value in `long` is long.
    long: u64,
    /// The maximum length of a value.
    longest: u64,
}

impl Draw<'_> {
    fn op(&mut self, mix: Mix) -> Op {
        let Mix { write, batch, get, scan, snapshot, maintenance, reopen, .. } = mix;
        let weights = [write, batch, get, scan, snapshot, maintenance, reopen];
        let mut left = self.random.below(weights.iter().sum());
        let kind = weights.iter().position(|w| {
            let hit = left < *w;
            left = left.saturating_sub(*w);
            hit
        });
        match kind {
            Some(0) => Op::Write(self.write()),
            Some(1) => {
                let count = 1 + self.random.below(5);
                Op::Batch((0..count).map(|_| self.write()).collect())
            }
            Some(2) => Op::Get(self.key(), self.snapshot()),
            Some(3) => Op::Scan(self.range(), self.snapshot()),
            Some(4) => match self.random.below(2) {
                0 => Op::Snapshot,
                _ => Op::Release(self.random.below(8) as usize),
            },
            Some(5) => match self.random.below(5) {
                0 | 1 => Op::Flush,
                2 => Op::Compact(None),
                3 => Op::Compact(Some(self.random.below(7) as usize)),
                _ => Op::Wait(1 + self.random.below(60)),
            },
            _ => match self.random.below(2) {
                0 => Op::Reopen,
                _ => Op::Kill,
            },
        }
    }

    fn write(&mut self) -> Write {
        let key = self.key();
        if self.random.one_in(4) {
            return Write::Delete(key);
        }
        self.values += 1;
        let mut value = format!("v{}", self.values).into_bytes();
        if self.random.one_in(self.long) {
            // Half of the long values are compressible.
            let (byte, any) = (b'a' + self.random.below(26) as u8, self.random.one_in(2));
            let length = self.random.below(self.longest);
            value.extend((0..length).map(|_| if any { self.random.draw() as u8 } else { byte }));
        }
        Write::Put(key, value)
    }

    fn key(&mut self) -> Vec<u8> {
        self.keys[self.random.below(self.keys.len() as u64) as usize].clone()
    }

    fn snapshot(&mut self) -> Option<usize> {
        self.random.one_in(2).then(|| self.random.below(8) as usize)
    }

    fn range(&mut self) -> ScanRange {
        let end = |draw: &mut Self| draw.random.one_in(2).then(|| draw.key());
        ScanRange {
            start: end(self),
            end: end(self),
            limit: self.random.one_in(3).then(|| self.random.below(12)),
            reverse: self.random.one_in(2),
        }
    }
}

/// `writes` as one batch.
pub fn batch(writes: &[Write]) -> Batch {
    let mut batch = Batch::new();
    for write in writes {
        let added = match write {
            Write::Put(key, value) => batch.put(key, value),
            Write::Delete(key) => batch.delete(key),
        };
        added.expect("the keys and values of a script fit");
    }
    batch
}

/// Translates operations, in the order of their execution, into the command language.
#[derive(Debug, Default)]
pub struct ScriptTeller {
    live: Vec<u64>,
    taken: u64,
    /// The lines so far.
    pub lines: Vec<String>,
}

impl ScriptTeller {
    /// Adds the lines of `op`. `levels` is the number of levels, `reopened` the options that a reopening changes.
    pub fn tell(&mut self, op: &Op, levels: u64, reopened: &str) {
        let at = |live: &[u64], n: &Option<usize>| match n {
            Some(n) if !live.is_empty() => format!(" @{}", live[n % live.len()]),
            _ => String::new(),
        };
        let line = match op {
            Op::Write(write) => said(write),
            Op::Batch(writes) => format!("batch {}", writes.iter().map(said).collect::<Vec<_>>().join("; ")),
            Op::Get(key, n) => format!("get {}{}", word(key), at(&self.live, n)),
            Op::Scan(range, n) => format!("scan{}{}", said_range(range), at(&self.live, n)),
            Op::Snapshot => {
                self.taken += 1;
                self.live.push(self.taken);
                "snapshot".to_string()
            }
            Op::Release(_) if self.live.is_empty() => return,
            Op::Release(n) => format!("release {}", self.live.remove(n % self.live.len())),
            Op::Flush => "flush".to_string(),
            Op::Compact(None) => "compact".to_string(),
            Op::Compact(Some(level)) => format!("compact {}", *level as u64 % levels),
            Op::Wait(seconds) => format!("wait {seconds}"),
            Op::Reopen => self.reopened("reopen", "", reopened),
            Op::Kill => self.reopened("reopen", "   # without closing first: the process was killed", reopened),
        };
        self.lines.push(line);
    }

    fn reopened(&mut self, bare: &str, comment: &str, options: &str) -> String {
        self.live.clear();
        self.taken = 0;
        if options.is_empty() { format!("{bare}{comment}") } else { format!("options {options}{comment}") }
    }
}

fn said(write: &Write) -> String {
    match write {
        Write::Put(key, value) => format!("put {} {}", word(key), word(value)),
        Write::Delete(key) => format!("delete {}", word(key)),
    }
}

fn said_range(range: &ScanRange) -> String {
    // `scan A B` takes an end only after a start: without one, the empty key, which is the first.
    let (start, end) = (range.start.as_deref(), range.end.as_deref());
    let mut text = match (start, end) {
        (None, None) => String::new(),
        (Some(start), None) => format!(" {}", word(start)),
        (start, Some(end)) => format!(" {} {}", word(start.unwrap_or(b"")), word(end)),
    };
    if let Some(limit) = range.limit {
        text += &format!(" limit {limit}");
    }
    if range.reverse {
        text += " reverse";
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script;

    #[test]
    fn every_script_can_be_typed() {
        for seed in 0..20 {
            let drawn = Script::draw(&mut Random::new(seed), Mix::of(Campaign::Power));
            let mut teller = ScriptTeller::default();
            drawn.ops.iter().for_each(|op| teller.tell(op, 5, ""));
            for line in &teller.lines {
                script::parse(line).unwrap_or_else(|error| panic!("{error}"));
            }
        }
    }
}
