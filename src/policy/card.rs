//! A policy card: a tree in plain text, and what is asked of a policy about it.
//!
//! In: a text such as this. Out: a [`PolicyCard`] with the tree, the options, and the policy's answer. Errors: a line
//! that has another form, with its number. The golden files of `tests/golden/policy` are cards with their answers, and
//! lessons ask about cards.
//!
//! ```text
//! options: num_levels=3 level0_file_num_compaction_trigger=2
//! level 0
//!   2: c-p bytes=100 seq=11-20
//!   1: a-m bytes=100 seq=1-10
//! level 1
//!   3: a-z bytes=500
//! running: 3 -> 2
//! cursor: 1 k
//! time: 100
//! pick
//! ```
//!
//! Options begin from RocksDB's defaults or from `preset=NAME`. A table is `number: smallest-largest`, with `bytes=100
//! seq=number entries=bytes/10 deletes=0` unless said otherwise. `written=5`: its entries are of that second; else that
//! is not known. `tombstones=3-9`: between these sequence numbers, else they are the table's own; `shadows=7`: the
//! lowest entry with an older version beside it. `cursor:` says at which key the next round-robin compaction of a level
//! begins, `time:` how late it is in seconds. `horizon: oldest=9 released=9 aged=9` are the [`Horizon`]'s sequence
//! numbers, 0 where not given. The last line is the [`command`](PolicyCard::command).

use std::{collections::BTreeMap, rc::Rc};

use super::{Action, Compaction, Explanation, Horizon, Inputs, Reason, Running, policy_for};
use crate::{
    options::{Options, preset},
    version::{Cursor, TableId, TableMeta, Version},
};

/// The most tables of a card.
const MAX_TABLES: usize = 1000;

/// The largest number of a card: sums of as many stay far below 2^63.
const MAX_NUMBER: u64 = 1 << 50;

/// A tree, and what is asked about it.
#[derive(Clone, Debug, Default)]
pub struct PolicyCard {
    /// The options.
    pub options: Options,
    tables: BTreeMap<TableId, (usize, Rc<TableMeta>)>,
    level: usize,
    /// What runs on it.
    pub running: Running,
    cursors: Vec<Cursor>,
    /// `pick`, `compact`, `compact LEVEL`, or another that the caller knows.
    pub command: String,
}

impl PolicyCard {
    /// Reads a whole card. An error has the number of its line, from 0.
    ///
    /// # Errors
    /// A line has another form, or names a level or a table that is not there.
    pub fn parse(text: &str) -> Result<PolicyCard, (usize, String)> {
        let mut card = PolicyCard::default();
        for (number, line) in text.lines().enumerate() {
            card.read(line.trim_end()).map_err(|message| (number, message))?;
        }
        match card.command.as_str() {
            "pick" | "compact" => Ok(card),
            command => match command.strip_prefix("compact ").map(number) {
                Some(Ok(level)) if level < card.options.levels() as u64 => Ok(card),
                _ => Err((text.lines().count().saturating_sub(1), "a card ends with pick or compact LEVEL".into())),
            },
        }
    }

    /// Reads one line; `options:` begins another card.
    ///
    /// # Errors
    /// The line has another form.
    pub fn read(&mut self, line: &str) -> Result<(), String> {
        if line.is_empty() || line.starts_with('#') {
            return Ok(());
        }
        if let Some(settings) = line.strip_prefix("options:") {
            *self = PolicyCard::default();
            return self.set(settings);
        }
        if let Some(level) = line.strip_prefix("level ") {
            let level = number(level)?;
            let last = self.options.levels() as u64 - 1;
            self.level =
                if level <= last { level as usize } else { return Err(format!("levels go from 0 to {last}")) };
            return Ok(());
        }
        if let Some(job) = line.strip_prefix("running: ") {
            return self.run(job);
        }
        if let Some(cursor) = line.strip_prefix("cursor: ") {
            let (level, key) = cursor.split_once(' ').ok_or("expected level key")?;
            let level = number(level)?.min(self.options.levels() as u64 - 1) as usize;
            self.cursors.push(Cursor { level, from: None, to: Some(key.into()) });
            return Ok(());
        }
        if let Some(time) = line.strip_prefix("time: ") {
            self.running.time = number(time)?;
            return Ok(());
        }
        if let Some(horizon) = line.strip_prefix("horizon: ") {
            return self.set_horizon(horizon);
        }
        if line.starts_with("  ") {
            return self.add(line.trim());
        }
        self.command = line.to_string();
        Ok(())
    }

    fn set(&mut self, settings: &str) -> Result<(), String> {
        for setting in settings.split_whitespace() {
            let (name, value) = setting.split_once('=').ok_or("expected name=value")?;
            if name == "preset" {
                self.options = preset(value).map_err(|p| p.to_string())?;
            } else {
                self.options.set(name, value).map_err(|p| p.to_string())?;
            }
        }
        match self.options.validate().first() {
            Some(problem) => Err(problem.to_string()),
            None => Ok(()),
        }
    }

    fn set_horizon(&mut self, words: &str) -> Result<(), String> {
        for word in words.split_whitespace() {
            let (name, seq) = word.split_once('=').ok_or("expected name=seq")?;
            let Horizon { oldest, released, aged } = &mut self.running.horizon;
            *match name {
                "oldest" => oldest,
                "released" => released,
                "aged" => aged,
                _ => return Err(format!("{name} is none of oldest, released, aged")),
            } = number(seq)?;
        }
        Ok(())
    }

    fn add(&mut self, line: &str) -> Result<(), String> {
        let (id, rest) = line.split_once(": ").ok_or("expected number: smallest-largest")?;
        let id = number(id)?;
        let mut words = rest.split_whitespace();
        let (smallest, largest) = words.next().and_then(|r| r.split_once('-')).ok_or("expected smallest-largest")?;
        if smallest > largest {
            return Err(format!("{smallest} comes after {largest}"));
        }
        if self.tables.len() == MAX_TABLES || self.tables.contains_key(&id) {
            return Err(format!("table {id} is one too many: at most {MAX_TABLES}, each with a number of its own"));
        }
        let mut fields = BTreeMap::new();
        let mut seqs = (id, id);
        let mut tombstone_seqs = None;
        for word in words {
            match word.split_once('=').ok_or("expected name=value")? {
                ("seq", value) => {
                    let (low, high) = value.split_once('-').unwrap_or((value, value));
                    seqs = (number(low)?, number(high)?);
                }
                ("tombstones", value) => {
                    let (low, high) = value.split_once('-').unwrap_or((value, value));
                    tombstone_seqs = Some((number(low)?, number(high)?));
                }
                (name @ ("bytes" | "entries" | "deletes" | "written" | "shadows"), value) => {
                    fields.insert(name, number(value)?);
                }
                (name, _) => {
                    return Err(format!(
                        "{name} is none of bytes, seq, entries, deletes, written, tombstones, shadows"
                    ));
                }
            }
        }
        let bytes = fields.get("bytes").copied().unwrap_or(100);
        let table = TableMeta {
            id,
            bytes,
            entries: fields.get("entries").copied().unwrap_or(bytes / 10),
            tombstones: fields.get("deletes").copied().unwrap_or(0),
            smallest: smallest.into(),
            largest: largest.into(),
            smallest_seq: seqs.0,
            largest_seq: seqs.1,
            oldest_time: fields.get("written").copied(),
            newest_time: fields.get("written").copied(),
            tombstone_seqs: tombstone_seqs.or((fields.get("deletes") > Some(&0)).then_some(seqs)),
            shadowing_seq: fields.get("shadows").copied(),
            ..TableMeta::default()
        };
        self.tables.insert(id, (self.level, Rc::new(table)));
        Ok(())
    }

    /// `5 7 -> 2`: a job that merges tables 5 and 7 into level 2.
    fn run(&mut self, job: &str) -> Result<(), String> {
        let (tables, output_level) = job.split_once(" -> ").ok_or("expected tables -> level")?;
        let mut inputs: BTreeMap<usize, Vec<TableId>> = BTreeMap::new();
        for id in tables.split_whitespace() {
            let id = number(id)?;
            let (level, _) = self.tables.get(&id).ok_or(format!("there is no table {id}"))?;
            inputs.entry(*level).or_default().push(id);
        }
        let output_level = number(output_level)? as usize;
        if inputs.is_empty() || output_level >= self.options.levels() {
            return Err("expected tables -> level".into());
        }
        let compaction = Compaction {
            action: Action::Merge,
            inputs: inputs.into_iter().map(|(level, tables)| Inputs::listed(level, tables)).collect(),
            output_level,
            target_file_size: u64::MAX,
            cuts: Default::default(),
            cursor: None,
            reason: Reason::default(),
        };
        let version = self.version();
        self.running.start(compaction, &version);
        Ok(())
    }

    /// The tree.
    pub fn version(&self) -> Version {
        let mut levels = vec![Vec::new(); self.options.levels()];
        for (level, table) in self.tables.values() {
            levels[*level].push(table.clone());
        }
        // Not by an edit, which refuses tables that share a key: the engine makes none, but histories have them.
        levels[0].sort_by_key(|t| std::cmp::Reverse((t.largest_seq, t.id)));
        levels[1..].iter_mut().for_each(|tables| tables.sort_by(|a, b| a.smallest.cmp(&b.smallest)));
        let mut version = Version::of(levels);
        for cursor in &self.cursors {
            // A level that is there takes any cursor.
            let _ = version.set_cursor(cursor.level, cursor.to.clone());
        }
        version
    }

    /// What the policy answers to `pick` and `compact`.
    pub fn picked(&self) -> Option<Compaction> {
        let (version, policy) = (self.version(), policy_for(&self.options));
        let manual = |level| policy.pick_manual(&version, &self.options, &self.running, level);
        match self.command.split_once(' ') {
            Some((_, level)) => manual(level.parse().ok()),
            None if self.command == "compact" => manual(None),
            None => policy.pick(&version, &self.options, &self.running, Explanation::Full),
        }
    }
}

fn number(text: &str) -> Result<u64, String> {
    let number = text.trim().parse().ok().filter(|number| *number <= MAX_NUMBER);
    number.ok_or_else(|| format!("{text} is not a number"))
}
