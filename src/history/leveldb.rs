//! LevelDB's own rules, for the histories of its databases.
//!
//! In: a version, and the options. Out: the compaction that LevelDB would pick, from `db/version_set.cc`:
//!
//! 1. **Level.** The highest score, the first of equals (`VersionSet::Finalize`): tables of level 0 / 4, bytes of
//!    others / 10 MB, times 10 for each level further down. None below 1.
//! 2. **Table.** The first that ends behind the level's compact pointer, else the first of all
//!    (`VersionSet::PickCompaction`). Of level 0, whose tables are in order of keys there, all that overlap it are
//!    added.
//! 3. **Inputs.** The overlapping tables of the next level; then more of the start level, as long as these need no more
//!    of the next, and all together are less than 25 tables of full size (`VersionSet::SetupOtherInputs`).
//! 4. **Trivial move.** One table with nothing to merge with moves, if it overlaps no more than ten tables of full size
//!    two levels down (`Compaction::IsTrivialMove`).
//!
//! The compact pointers are in the `MANIFEST`. Of the options, only `max_file_size` matters, which is not.
//!
//! LevelDB flushes while it merges. The replay takes what was flushed after a merge was decided out of the version that
//! it asks about. A `LOG` tells which flushes those are (`info_log::leveldb_jobs`). Without it, they are those of the
//! tables whose numbers are higher than that of the merge's first output (and of one that came between the decision
//! and that output, if it takes that to explain it). A flush may go to level 1 or 2 at once. A table that reads looked
//! into in vain too often is compacted without any score: such a compaction cannot be predicted, and is
//! [named](super::CompactionCause::Seek); so are those that a person asked for
//! ([`Manual`](super::CompactionCause::Manual), and without a `LOG`
//! [`SeekOrManual`](super::CompactionCause::SeekOrManual)).

use std::{collections::BTreeSet, rc::Rc};

use super::{EditAction, sorted};
use crate::{
    error::{Error, Result},
    options::{Options, Unit, Value},
    plural::counted,
    policy::{Action, By, Compaction, Cuts, Formula, Held, Inputs, LevelScore, Reason, Rule, Term},
    version::{TableId, TableMeta, Version},
    words::say,
};

/// `config::kNumLevels`.
const LEVELS: usize = 7;
/// `config::kL0_CompactionTrigger`.
const TRIGGER: u64 = 4;
/// `MaxBytesForLevel` of level 1, and how much more each next one may hold.
const BASE: u64 = 10 << 20;
const MULTIPLIER: u64 = 10;
/// `Options::max_file_size`, if it was not set.
const MAX_FILE_SIZE: u64 = 2 << 20;
/// `ExpandedCompactionByteSizeLimit` and `MaxGrandParentOverlapBytes`, in tables of full size.
const EXPANDED: u64 = 25;
const GRANDPARENTS: u64 = 10;
/// The most tables of a level that a compaction begins with, as far as one is told from the tables that it took.
const MAX_INPUTS: usize = 1_000;
/// Where the rules are from.
const SOURCE: &str = "leveldb db/version_set.cc: VersionSet::PickCompaction";

/// What LevelDB's constants are called here, and `changes` of the one that can be set.
///
/// # Errors
/// Another option is to be changed.
pub(super) fn options(changes: &[(&str, &str)]) -> Result<Options> {
    let mut options = Options {
        num_levels: LEVELS as u64,
        level0_file_num_compaction_trigger: TRIGGER,
        max_bytes_for_level_base: BASE,
        max_bytes_for_level_multiplier: MULTIPLIER as f64,
        level_compaction_dynamic_level_bytes: false,
        target_file_size_base: MAX_FILE_SIZE,
        ttl: 0,
        ..Options::default()
    };
    for (name, value) in changes {
        if !["target_file_size_base", "max_file_size"].contains(name) {
            return Err(Error::invalid(format!(
                "--set {name}: of LevelDB's options, only max_file_size has a say in compactions"
            )));
        }
        let size = u64::parse(value, Unit::Bytes, &(1..=1 << 40));
        options.target_file_size_base =
            size.map_err(|expected| Error::invalid(format!("{name} = {value}: expected {expected}")))?;
    }
    Ok(options)
}

/// What a `MANIFEST` of LevelDB does not tell. `is_default`: no option was set by the caller. `unlogged`: how many
/// merges the `LOG` does not tell of; none if there is no log.
pub(super) fn assumed(options: &Options, is_default: bool, unlogged: Option<usize>) -> Vec<String> {
    let size = options.target_file_size_base;
    let size = say!("max_file_size={size}: a MANIFEST does not tell it (--set max_file_size=…)", size);
    let order = match unlogged {
        Some(0) => None,
        None => {
            Some(say!("a merge was decided before the flushes whose tables have higher numbers than its first output"))
        }
        Some(n) => Some(say!(
            "{count} of which the LOG does not tell: each was decided before the flushes whose tables have higher \
             numbers than its first output",
            count = counted(n, "merge"),
        )),
    };
    is_default.then_some(size).into_iter().chain(order).collect()
}

/// How many bytes `level` may hold.
fn limit(level: usize) -> u64 {
    (1..level).fold(BASE, |bytes, _| bytes * MULTIPLIER)
}

/// Every level's score.
pub(super) fn scores(version: &Version) -> Vec<LevelScore> {
    let of = |level: usize| {
        let (tables, bytes) = (version.levels[level].len() as u64, version.level_bytes(level));
        let last = level + 1 == version.levels.len();
        let (score, by, term) = match level {
            0 => (tables as f64 / TRIGGER as f64, By::Tables, Term::Tables { tables, trigger: TRIGGER }),
            _ if last => (0.0, By::None, Term::LastLevel),
            _ => {
                let held = Held { bytes, for_tombstones: 0 };
                let term = Term::Target { held, target: limit(level) };
                (bytes as f64 / limit(level) as f64, By::Bytes, term)
            }
        };
        LevelScore {
            level,
            score,
            tables,
            bytes,
            entries: 0,
            target_bytes: (level > 0 && !last).then(|| limit(level) as f64),
            by: if tables == 0 { By::None } else { by },
            formula: Formula::new(term),
        }
    };
    (0..version.levels.len()).map(of).collect()
}

/// What LevelDB would compact next.
pub(super) fn pick(version: &Version, options: &Options) -> Option<Compaction> {
    let scores = scores(version);
    let mut due = scores.first()?;
    for score in &scores[1..] {
        if score.score > due.score {
            due = score;
        }
    }
    if due.score < 1.0 {
        return None;
    }
    let level = due.level;
    let tables = by_key(version, level);
    let behind = |table: &&&Rc<TableMeta>| version.cursor(level).is_none_or(|pointer| table.largest > *pointer);
    let first = tables.iter().find(behind).or(tables.first())?;
    Some(begin_with(version, options, level, first, scores.clone()))
}

/// Whether `real` is what LevelDB makes of one of the tables that it took.
pub(super) fn begins_with_one(version: &Version, options: &Options, real: &EditAction) -> bool {
    let Some(start) = real.inputs.first().filter(|inputs| inputs.level + 1 < version.levels.len()) else {
        return false;
    };
    // Each is tried: of a damaged file's thousands, none is.
    let ids: BTreeSet<TableId> = start.ids().iter().copied().collect();
    if ids.len() > MAX_INPUTS {
        return false;
    }
    let tables = version.levels[start.level].iter().filter(|table| ids.contains(&table.id));
    let mut made = tables.map(|table| begin_with(version, options, start.level, table, Vec::new()));
    made.any(|ours| ours.action == real.action && sorted(&ours.inputs) == sorted(&real.inputs))
}

/// The tables of a level in order of keys: of those that begin alike, the newest first.
fn by_key(version: &Version, level: usize) -> Vec<&Rc<TableMeta>> {
    let mut tables: Vec<_> = version.levels[level].iter().collect();
    tables.sort_by(|a, b| a.smallest.cmp(&b.smallest).then(b.id.cmp(&a.id)));
    tables
}

type List<'a> = Vec<&'a Rc<TableMeta>>;

/// The keys that `tables` reach from and to.
fn range<'a>(tables: &List<'a>) -> Option<(&'a [u8], &'a [u8])> {
    let smallest = tables.iter().map(|t| &*t.smallest).min()?;
    Some((smallest, tables.iter().map(|t| &*t.largest).max()?))
}

fn size(tables: &List<'_>) -> u64 {
    tables.iter().map(|t| t.bytes).sum()
}

/// The tables of `level` that overlap a range; of level 0, also those that overlap these. On deeper levels also those
/// that share the last one's boundary key (`AddBoundaryInputs`).
fn overlapping<'a>(version: &'a Version, level: usize, (mut from, mut to): (&'a [u8], &'a [u8])) -> List<'a> {
    loop {
        let here: List<'a> = by_key(version, level).into_iter().filter(|t| t.overlaps(from, to)).collect();
        let Some(wider) = range(&here) else { return here };
        let wider = match level {
            0 => (wider.0.min(from), wider.1.max(to)),
            // Only a neighbour that begins where the last one ends: its keys are older versions of that one.
            _ if version.levels[level].iter().any(|t| *t.smallest == *wider.1 && !t.overlaps(from, to)) => {
                (from, wider.1.max(to))
            }
            _ => return here,
        };
        if wider == (from, to) {
            return here;
        }
        (from, to) = wider;
    }
}

/// The compaction of `level` that begins with `first`.
fn begin_with(
    version: &Version,
    options: &Options,
    level: usize,
    first: &Rc<TableMeta>,
    scores: Vec<LevelScore>,
) -> Compaction {
    let own = (&*first.smallest, &*first.largest);
    // Of level 0 all that overlap it; of others, those that share its boundary key.
    let mut start = match level {
        0 => overlapping(version, 0, own),
        _ => boundary(version, level, first),
    };
    let around = |tables: &List<'_>| range(tables).map_or((Vec::new(), Vec::new()), |(a, b)| (a.to_vec(), b.to_vec()));
    let reach = around(&start);
    let mut output =
        overlapping(version, level + 1, (&reach.0, &reach.1)).into_iter().map(|t| t.id).collect::<Vec<_>>();
    let listed = |level: usize, ids: &[TableId]| -> List<'_> {
        let ids: BTreeSet<TableId> = ids.iter().copied().collect();
        version.levels[level].iter().filter(|t| ids.contains(&t.id)).collect()
    };
    let all = around(&[start.clone(), listed(level + 1, &output)].concat());
    if !output.is_empty() {
        let expanded: Vec<u64> = overlapping(version, level, (&all.0, &all.1)).iter().map(|t| t.id).collect();
        let expanded = listed(level, &expanded);
        let together = size(&listed(level + 1, &output)) + size(&expanded);
        if expanded.len() > start.len() && together < EXPANDED * options.target_file_size_base {
            let reach = around(&expanded);
            let wider: Vec<u64> =
                overlapping(version, level + 1, (&reach.0, &reach.1)).into_iter().map(|t| t.id).collect();
            if wider.len() == output.len() {
                (start, output) = (expanded, wider);
            }
        }
    }
    let all = around(&[start.clone(), listed(level + 1, &output)].concat());
    let grandparents = match level + 2 < version.levels.len() {
        true => version.overlapping(level + 2, &all.0, &all.1).map(|t| t.bytes).sum(),
        false => 0,
    };
    let moves = start.len() == 1 && output.is_empty() && grandparents <= GRANDPARENTS * options.target_file_size_base;
    let cursor = start.iter().map(|t| &t.largest).max().cloned();
    let mut inputs = vec![Inputs::listed(level, start.iter().map(|t| t.id).collect())];
    if !output.is_empty() {
        inputs.push(Inputs::listed(level + 1, output));
    }
    let option = if level == 0 { "level0_file_num_compaction_trigger" } else { "max_bytes_for_level_base" };
    Compaction {
        action: if moves { Action::Move } else { Action::Merge },
        inputs,
        output_level: level + 1,
        target_file_size: options.target_file_size_base,
        cuts: Cuts::default(),
        cursor,
        reason: Reason { scores, source: SOURCE, ..Reason::of(Rule::LevelScore, option) },
    }
}

/// `first` of a sorted level, with the tables behind it that begin where it ends.
fn boundary<'a>(version: &'a Version, level: usize, first: &Rc<TableMeta>) -> List<'a> {
    let tables = &version.levels[level];
    let at = tables.iter().position(|t| t.id == first.id).unwrap_or(0);
    let mut end = at + 1;
    while end < tables.len() && tables[end].smallest == tables[end - 1].largest {
        end += 1;
    }
    tables[at..end].iter().collect()
}
