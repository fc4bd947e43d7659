//! Recorded universal histories: JSON, one array a line.
//!
//! ```text
//! ["flush", 905427, 7200]
//!           bytes   entries
//! ["compact", {"0": 2, "3": 5}, 3, 5413251, 5407273, 6, 1.25, [0, 0, 0, 6, 14, 27, 209]]
//!              │                │  │        │        │  │      tables of each level afterwards
//!              │                │  │        │        │  the score
//!              │                │  │        │        tables written
//!              │                │  │        bytes written
//!              │                │  bytes read
//!              │                output level
//!              how many tables of which levels
//! ```
//!
//! Such a history says how many tables a compaction took, not which. They follow: a universal compaction takes runs
//! that are neighbours in age, all of a level below level 0, and on level 0 those neighbours that come to the bytes
//! read. So this reader keeps the tree as it goes, and makes edits that name their tables, as other histories have
//! them. It numbers the tables from 1 on, a flush spans all keys, and the tables of a compaction share them out.
//!
//! Options are not told; those given count, with universal compaction and as many levels as the history has.

use std::{
    collections::{BTreeMap, VecDeque},
    rc::Rc,
};

use serde_json::Value;

use super::{Added, Edit, History, HistorySummary, MAX_TABLE_BYTES, options_file::MAX_LEVELS};
use crate::{
    entry::SeqNo,
    error::{Error, Result},
    options::{CompactionStyle, Options},
    plural::{be, counted},
    version::{TableId, TableMeta},
    words::say,
};

/// Keys are numbers below this, so that the tables of one run can share them out.
const KEYS: u64 = 1_000_000;
/// The most tables that one compaction can have written.
const MAX_TABLES: u64 = KEYS / 2;

/// Whether `bytes` begin like such a history.
pub fn is(bytes: &[u8]) -> bool {
    let line = bytes.split(|b| *b == b'\n').next().unwrap_or_default();
    matches!(Line::read(line), Ok(Line::Flush { .. } | Line::Compact(_)))
}

/// Reads one, of a database that was set by `options`.
///
/// # Errors
/// A line is not as described above, or takes tables that are not there.
pub fn read(bytes: &[u8], options: &Options) -> Result<History> {
    let mut tree = Tree::default();
    let mut edits: Vec<Edit> = Vec::new();
    let lines = (1..).zip(bytes.split(|b| *b == b'\n')).filter(|(_, line)| !line.trim_ascii().is_empty());
    for (number, line) in lines {
        let edit = Line::read(line).and_then(|line| tree.edit(number, line));
        edits.push(edit.map_err(|what| Error::invalid(say!("line {number} of the history: {what}", number, what)))?);
    }
    let options = Options {
        compaction_style: CompactionStyle::Universal,
        num_levels: if tree.levels == 0 { options.num_levels } else { tree.levels as u64 },
        ..options.clone()
    };
    let mut summary = HistorySummary::of_lines(edits.len());
    summary.assumed.push(say!("RocksDB's defaults for universal compaction, where --set does not say otherwise"));
    Ok(History::of_lines(options, edits, summary))
}

/// One line.
enum Line {
    Flush { bytes: u64, entries: u64 },
    Compact(Compact),
}

/// What a compaction came to.
struct Compact {
    taken: BTreeMap<usize, usize>,
    output_level: usize,
    read: u64,
    written: u64,
    tables: u64,
    after: Vec<usize>,
}

impl Line {
    fn read(line: &[u8]) -> Result<Line, String> {
        let fields: Vec<Value> = serde_json::from_slice(line).map_err(|e| e.to_string())?;
        match &fields[..] {
            [Value::String(what), bytes, entries] if what == "flush" => {
                Ok(Line::Flush { bytes: size(bytes)?, entries: number(entries)? })
            }
            [Value::String(what), taken, output_level, read, written, tables, _, after] if what == "compact" => {
                let after = after.as_array().ok_or("the tables of each level afterwards are no list")?;
                Ok(Line::Compact(Compact {
                    taken: taken_from(taken)?,
                    output_level: number(output_level)? as usize,
                    read: size(read)?,
                    written: size(written)?,
                    tables: number(tables)?,
                    after: after.iter().map(|n| Ok(number(n)? as usize)).collect::<Result<_, String>>()?,
                }))
            }
            _ => Err("it is neither [\"flush\", …] with 3 fields nor [\"compact\", …] with 8".into()),
        }
    }
}

fn number(value: &Value) -> Result<u64, String> {
    value.as_u64().ok_or_else(|| format!("{value} is not a whole number"))
}

/// Bytes, of which sums stay numbers.
fn size(value: &Value) -> Result<u64, String> {
    let bytes = number(value)?;
    if bytes > MAX_TABLE_BYTES { Err(format!("{bytes} bytes are more than a file can have")) } else { Ok(bytes) }
}

/// Tables by level, those levels left out of which there are none.
fn taken_from(value: &Value) -> Result<BTreeMap<usize, usize>, String> {
    let levels = value.as_object().ok_or("the tables taken are no object of level and count")?;
    let mut taken = BTreeMap::new();
    for (level, count) in levels {
        let level: usize = level.parse().map_err(|_| format!("{level} is not a level"))?;
        let count = number(count)? as usize;
        if count > 0 {
            taken.insert(level, count);
        }
    }
    Ok(taken)
}

/// A table of level 0 with what that level is ordered by.
type Recent = (u64, Rc<TableMeta>);

/// The tree as the history has it.
#[derive(Default)]
struct Tree {
    /// The newest first.
    level_0: VecDeque<Recent>,
    /// The others, by level.
    below: BTreeMap<usize, Vec<Rc<TableMeta>>>,
    tables: u64,
    levels: usize,
}

impl Tree {
    fn edit(&mut self, at: u64, line: Line) -> Result<Edit, String> {
        match line {
            Line::Flush { bytes, entries } => Ok(self.flush(at, bytes, entries)),
            Line::Compact(compact) => self.compact(at, &compact),
        }
    }

    fn table(&mut self, bytes: u64, entries: u64, keys: (u64, u64), seqs: (SeqNo, SeqNo)) -> Rc<TableMeta> {
        self.tables += 1;
        let key = |n: u64| format!("{n:06}").as_str().into();
        Rc::new(TableMeta {
            id: self.tables,
            bytes,
            entries,
            tombstones: 0,
            smallest: key(keys.0),
            largest: key(keys.1),
            smallest_seq: seqs.0,
            largest_seq: seqs.1,
            ..TableMeta::default()
        })
    }

    fn flush(&mut self, at: u64, bytes: u64, entries: u64) -> Edit {
        // A flush is newer than all before it: its line says how new.
        let table = self.table(bytes, entries, (0, KEYS - 1), (at, at));
        self.level_0.push_front((at, table.clone()));
        Edit { at, added: vec![Added { level: 0, table, epoch: at }], ..Edit::default() }
    }

    fn compact(&mut self, at: u64, compact: &Compact) -> Result<Edit, String> {
        let level = compact.output_level;
        if level as u64 >= MAX_LEVELS || compact.tables > MAX_TABLES || (level == 0 && compact.tables > 1) {
            return Err(format!(
                "{} on level {level} {} no result of a compaction",
                counted(compact.tables, "table"),
                be(compact.tables)
            ));
        }
        let (removed, epoch, seqs) = self.take(compact)?;
        if level > 0 && self.below.get(&level).is_some_and(|tables| !tables.is_empty()) {
            return Err(format!("level {level}, where its tables go, is not empty"));
        }
        let mut added = Vec::new();
        for n in 0..compact.tables {
            let share = |whole: u64, n: u64| (u128::from(whole) * u128::from(n) / u128::from(compact.tables)) as u64;
            let bytes = share(compact.written, n + 1) - share(compact.written, n);
            // How many entries are left is not told; nothing hangs on it.
            let table = self.table(bytes, 0, (share(KEYS, n), share(KEYS, n + 1) - 1), seqs);
            added.push(Added { level, table, epoch });
        }
        let place = self.level_0.partition_point(|(of, _)| *of > epoch);
        for added in &added {
            match level {
                0 => self.level_0.insert(place, (epoch, added.table.clone())),
                _ => self.below.entry(level).or_default().push(added.table.clone()),
            }
        }
        self.check(&compact.after)?;
        Ok(Edit { at, removed, added, ..Edit::default() })
    }

    /// Takes what a compaction took: the tables, and the oldest epoch and the sequence numbers of them.
    #[allow(clippy::type_complexity, reason = "three values that only the caller has a use for")]
    fn take(&mut self, compact: &Compact) -> Result<(Vec<(usize, TableId)>, u64, (SeqNo, SeqNo)), String> {
        let mut taken: Vec<(usize, Rc<TableMeta>)> = Vec::new();
        for (level, count) in compact.taken.iter().filter(|(level, _)| **level > 0) {
            let tables = self.below.remove(level).unwrap_or_default();
            if tables.len() != *count {
                return Err(format!(
                    "it takes {} of level {level}, which has {}",
                    counted(*count, "table"),
                    tables.len()
                ));
            }
            taken.extend(tables.into_iter().map(|t| (*level, t)));
        }
        let below: u64 = taken.iter().map(|(_, t)| t.bytes).sum();
        let count = compact.taken.get(&0).copied().unwrap_or(0);
        let bytes = compact.read.checked_sub(below).ok_or("it reads fewer bytes than it takes")?;
        let from = self.neighbours(count, bytes, !taken.is_empty())?;
        let recent: Vec<Recent> = self.level_0.drain(from..from + count).collect();
        let epoch = recent.last().map_or(0, |(epoch, _)| *epoch);
        taken.extend(recent.into_iter().map(|(_, t)| (0, t)));
        let low = taken.iter().map(|(_, t)| t.smallest_seq).min().ok_or("it takes nothing")?;
        let high = taken.iter().map(|(_, t)| t.largest_seq).max().unwrap_or(low);
        Ok((taken.iter().map(|(level, t)| (*level, t.id)).collect(), epoch, (low, high)))
    }

    /// Where the `count` tables of level 0 begin that have `bytes` together; the oldest ones if older runs are taken
    /// too.
    fn neighbours(&self, count: usize, bytes: u64, with_older: bool) -> Result<usize, String> {
        let last = self.level_0.len().checked_sub(count).ok_or_else(|| {
            format!("it takes {} of level 0, which has {}", counted(count, "table"), self.level_0.len())
        })?;
        let first = if with_older { last } else { 0 };
        let size = |at: usize| self.level_0[at].1.bytes;
        let mut sum: u64 = (first..first + count).map(size).sum();
        let mut fits = |from: &usize| {
            if *from > first {
                sum = sum + size(from + count - 1) - size(from - 1);
            }
            sum == bytes
        };
        (first..=last).find(|from| fits(from)).ok_or_else(|| match count {
            1 => format!("no table of level 0 has the {bytes} bytes that it reads there"),
            _ => format!("no {count} neighbours of level 0 have the {bytes} bytes that it reads there"),
        })
    }

    /// Whether the tree is as the history says.
    fn check(&mut self, after: &[usize]) -> Result<(), String> {
        if after.is_empty() || after.len() as u64 > MAX_LEVELS {
            return Err(format!("{}: expected 1 to {MAX_LEVELS}", counted(after.len(), "level")));
        }
        self.levels = self.levels.max(after.len());
        let count = |level: usize| match level {
            0 => self.level_0.len(),
            _ => self.below.get(&level).map_or(0, Vec::len),
        };
        match (0..after.len()).find(|level| count(*level) != after[*level]) {
            Some(level) => {
                Err(format!("level {level} has {}, and should have {}", counted(count(level), "table"), after[level]))
            }
            None => Ok(()),
        }
    }
}
