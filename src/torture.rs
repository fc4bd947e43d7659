//! Campaigns that try to make the engine lose, invent or mix up data: `lsmscope torture`, and `tests/torture.rs`.
//!
//! In: a [`Campaign`] and a [`Case`], which is a seed and a number; the same case always runs the same operations. Out:
//! the counts of a [`Tally`]. Errors: a [`CaseFailure`] with the violated rule, the shortest script that still fails,
//! and the command that reproduces it.
//!
//! | campaign | input | rule |
//! | --- | --- | --- |
//! | [`power`] | a power cut after every call that changes the disk, during recovery too | durable writes survive |
//! | [`faults`] | a call fails, once or always, or the disk is full | right answers or errors; no write is lost |
//! | [`damage`] | bits flipped; files cut, swapped, removed | the right value, or an error that names the damage |
//! | [`metamorphic`] | the same operations under other options, backends, flushes and compactions | the same answers |
//! | [`language`] | any lines of the command language, with power cuts and full disks | the answers of a model |
//! | [`kill`] | processes that write to a directory, killed at any instant | the promise of `wal_sync` for a process |
//! | [`full`] | a small file system, filled and emptied again | errors of kind `NoSpace`; no write is lost |
//!
//! The campaigns share `ops` (scripts), `model` (expected contents), `recording_disk` (an image of the disk after every
//! call), `knobs` (random options) and `shrink` (the shortest script that still fails). No campaign reads a clock or
//! starts a thread: the caller limits the time.

use std::{
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use crate::{options::Options, random::Random, storage::fault::Keep};

pub mod damage;
pub mod faults;
pub mod full;
mod healthy;
pub mod kill;
mod knobs;
pub mod language;
pub mod metamorphic;
mod model;
mod ops;
pub mod power;
mod recording_disk;
mod reproduce;
mod shrink;

pub use reproduce::{keep_text, parse_keep};

/// A kind of input, and the rules that the engine must keep under it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Campaign {
    /// Power cuts.
    Power,
    /// Calls that fail.
    Faults,
    /// Damaged files.
    Damage,
    /// The same operations under other options and backends.
    Metamorphic,
    /// Lines of the command language.
    Language,
    /// Processes that are killed.
    Kill,
    /// A disk that is full.
    Full,
}

impl Campaign {
    /// Every campaign with its name.
    pub const ALL: [(&'static str, Campaign); 7] = [
        ("power", Campaign::Power),
        ("faults", Campaign::Faults),
        ("damage", Campaign::Damage),
        ("metamorphic", Campaign::Metamorphic),
        ("language", Campaign::Language),
        ("kill", Campaign::Kill),
        ("full", Campaign::Full),
    ];

    /// Its name, as the command takes it.
    pub fn name(self) -> &'static str {
        Campaign::ALL.iter().find(|(_, c)| *c == self).expect("every campaign is named").0
    }
}

/// One case, or the part of it that reproduces a failure.
#[derive(Clone, Debug, Default)]
pub struct Case<'a> {
    /// The seed of every random draw.
    pub seed: u64,
    /// The number of the case under this seed.
    pub number: u64,
    /// The operations of the script to run, by position; `None` runs all.
    pub ops: Option<Vec<usize>>,
    /// The options that keep their drawn values, the others at their defaults; `None` keeps all.
    pub options: Option<Vec<String>>,
    /// The point to run: a position for each power cut, or the number of the fault, damage or variant. Empty runs all.
    pub at: Vec<u64>,
    /// The unsynced bytes that each power cut keeps.
    pub keep: Vec<Keep>,
    /// Whether syncs do nothing while the engine must still keep its promises. Such a case fails by design: it shows a
    /// failure's report.
    pub lying: bool,
    /// The directory for databases of the file backend; `None` stays in memory.
    pub scratch: Option<&'a Path>,
    /// The program `lsmscope`, for the campaign that starts processes; `None` starts none.
    pub program: Option<&'a Path>,
}

impl<'a> Case<'a> {
    /// The whole of case `number` of `seed`.
    pub fn new(seed: u64, number: u64, scratch: Option<&'a Path>) -> Case<'a> {
        Case { seed, number, scratch, ..Case::default() }
    }

    /// The random numbers of the part `path`: independent of the numbers that other parts draw.
    fn random(&self, campaign: Campaign, path: &[u64]) -> Random {
        let mut mixed = Random::new(self.seed).draw();
        for n in [campaign as u64, self.number].iter().chain(path) {
            mixed = Random::new(mixed ^ n.wrapping_mul(0xD6E8_FEB8_6659_FD93)).draw();
        }
        Random::new(mixed)
    }

    /// `drawn`, with every option that [`Case::options`] does not name at its default.
    fn limit<const N: usize>(&self, drawn: [Options; N]) -> [Options; N] {
        let Some(names) = &self.options else { return drawn };
        drawn.map(|drawn| {
            let mut limited = Options::default();
            for name in names {
                let set = drawn.get(name).map(|value| limited.set(name, &value));
                debug_assert!(matches!(set, Some(Ok(()))), "{name}");
            }
            // An option may be invalid without another one that was reset.
            for problem in limited.validate() {
                let default = Options::default().get(&problem.field).unwrap_or_default();
                limited.set(&problem.field, &default).expect("a default is a value");
            }
            limited
        })
    }

    /// Whether the case runs point `i`.
    fn wants(&self, i: u64) -> bool {
        self.at.first().is_none_or(|at| *at == i)
    }
}

/// The counts of cases, points and operations that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases that passed.
    pub cases: u64,
    /// Crash points, faults, damages or variants that ran.
    pub points: u64,
    /// Points on a directory instead of memory.
    pub on_files: u64,
    /// Points that cut the power during a recovery.
    pub nested: u64,
    /// Operations that the engine executed.
    pub operations: u64,
    /// Operations that failed because the disk had failed.
    pub errors: u64,
    /// Bits that were flipped.
    pub bits: u64,
    /// Cases that failed.
    pub losses: u64,
    /// The running point.
    here: Here,
}

/// The running point of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Here {
    at: Vec<u64>,
    keep: Vec<Keep>,
}

impl Tally {
    /// Counts a point that begins.
    fn point(&mut self, at: &[u64], keep: &[Keep]) {
        self.points += 1;
        self.here = Here { at: at.to_vec(), keep: keep.to_vec() };
    }
}

/// A failure: the violated rule, and the smallest case that reproduces it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// The campaign.
    pub campaign: Campaign,
    /// The case's seed.
    pub seed: u64,
    /// The case's number.
    pub number: u64,
    /// The operations that still fail, by position in the case's script.
    pub ops: Vec<usize>,
    /// The number of operations before shrinking.
    pub ops_before: usize,
    /// The options that must keep their drawn values.
    pub options: Vec<String>,
    /// The point, as in [`Case::at`].
    pub at: Vec<u64>,
    /// The unsynced bytes that each power cut keeps.
    pub keep: Vec<Keep>,
    /// Whether syncs did nothing, as in [`Case::lying`].
    pub lying: bool,
    /// The violated rule, with what was expected and what was found.
    pub what: String,
    /// The operations that still fail, in the command language where it has a command for them.
    pub script: Vec<String>,
}

impl CaseFailure {
    /// The command that reproduces the failure.
    pub fn command(&self) -> String {
        let mut command =
            format!("lsmscope torture {} --seed {} --case {}", self.campaign.name(), self.seed, self.number);
        if self.ops_before > 0 {
            command += &format!(" --ops {}", reproduce::list(&self.ops, ToString::to_string));
            command += &format!(" --options {}", reproduce::list(&self.options, Clone::clone));
        }
        if self.lying {
            command += " --lying";
        }
        if !self.at.is_empty() {
            command += &format!(" --at {}", reproduce::list(&self.at, ToString::to_string));
        }
        if !self.keep.is_empty() {
            command += &format!(" --keep {}", reproduce::list(&self.keep, |k| keep_text(*k)));
        }
        command
    }
}

impl fmt::Display for CaseFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}: case {} of seed {} failed:", self.campaign.name(), self.number, self.seed)?;
        for line in self.what.lines() {
            writeln!(f, "  {line}")?;
        }
        if self.ops_before > 0 {
            writeln!(f, "{} of {} operations are enough:", self.ops.len(), self.ops_before)?;
        }
        for line in &self.script {
            writeln!(f, "  {line}")?;
        }
        writeln!(f, "To see it again:")?;
        write!(f, "  {}", self.command())
    }
}

/// The rule that the running point violated, as text.
type Found = String;

/// Runs a case, or the part of it that `case` names. A failing script is shrunk unless `case` names operations.
///
/// # Errors
/// The case violates a rule of the campaign, or panics.
pub fn run(campaign: Campaign, case: &Case<'_>, tally: &mut Tally) -> Result<(), Box<CaseFailure>> {
    let Err((what, here)) = attempt(campaign, case, tally) else {
        tally.cases += 1;
        return Ok(());
    };
    tally.losses += 1;
    let (part, what, here) = cut_down(campaign, case, what, here);
    let count = count_ops(campaign, case);
    let script = match campaign {
        Campaign::Power => power::script(&part),
        Campaign::Faults => faults::script(&part),
        Campaign::Damage | Campaign::Kill | Campaign::Full => Vec::new(),
        Campaign::Metamorphic => metamorphic::script(&part, &here.at),
        Campaign::Language => language::script(&part),
    };
    Err(Box::new(CaseFailure {
        campaign,
        seed: case.seed,
        number: case.number,
        ops: part.ops.unwrap_or_default(),
        ops_before: count,
        options: part.options.unwrap_or_default(),
        at: here.at,
        keep: here.keep,
        lying: case.lying,
        what,
        script,
    }))
}

/// Shrinks a failing case: removes operations first, then resets options to their defaults.
fn cut_down<'a>(campaign: Campaign, case: &Case<'a>, what: Found, here: Here) -> (Case<'a>, Found, Here) {
    let count = count_ops(campaign, case);
    if count == 0 || case.ops.is_some() {
        return (case.clone(), what, here);
    }
    let fails = |part: &Case<'_>| attempt(campaign, part, &mut Tally::default()).err();
    let (ops, (mut what, mut here)) =
        shrink::shrink(count, (what, here), |kept| fails(&Case { ops: Some(kept.to_vec()), ..case.clone() }));
    if campaign == Campaign::Language {
        // Options are changed by lines of the script: shrinking the script covers them.
        return (Case { ops: Some(ops), ..case.clone() }, what, here);
    }
    let mut options: Vec<String> = Options::NAMES.iter().map(|name| name.to_string()).collect();
    for name in options.clone() {
        let without: Vec<String> = options.iter().filter(|n| **n != name).cloned().collect();
        let part = Case { ops: Some(ops.clone()), options: Some(without.clone()), ..case.clone() };
        if let Some(failed) = fails(&part) {
            options = without;
            (what, here) = failed;
        }
    }
    (Case { ops: Some(ops), options: Some(options), ..case.clone() }, what, here)
}

/// Runs a case; a panic counts as a failure.
fn attempt(campaign: Campaign, case: &Case<'_>, tally: &mut Tally) -> Result<(), (Found, Here)> {
    tally.here = Here::default();
    let result = catch_unwind(AssertUnwindSafe(|| match campaign {
        Campaign::Power => power::run(case, tally),
        Campaign::Faults => faults::run(case, tally),
        Campaign::Damage => damage::run(case, tally),
        Campaign::Metamorphic => metamorphic::run(case, tally),
        Campaign::Language => language::run(case, tally),
        Campaign::Kill => kill::run(case, tally),
        Campaign::Full => full::run(case, tally),
    }));
    result.unwrap_or_else(|panic| Err(panicked(&*panic))).map_err(|what| (what, tally.here.clone()))
}

/// Runs lines of the command language and returns the failure, if any; a panic counts as one.
fn attempt_text(script: &[String]) -> Option<Found> {
    let result = catch_unwind(|| language::try_lines(script));
    result.unwrap_or_else(|panic| Err(panicked(&*panic))).err()
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Found {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("a panic: {}", text.unwrap_or("without a message"))
}

/// The number of operations in the case's script; 0 if the campaign has no script to shrink.
fn count_ops(campaign: Campaign, case: &Case<'_>) -> usize {
    match campaign {
        Campaign::Damage | Campaign::Kill | Campaign::Full => 0,
        Campaign::Language => language::count(case),
        _ => {
            let mut random = case.random(campaign, &[]);
            ops::Script::draw(&mut random, ops::Mix::of(campaign)).ops.len()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_cut_down_and_fails_again() {
        let lying = Case { lying: true, ..Case::new(1, 0, None) };
        let mut tally = Tally::default();
        let failure = run(Campaign::Power, &lying, &mut tally).unwrap_err();
        assert_eq!((tally.losses, tally.cases), (1, 0));
        assert!(failure.ops.len() <= 2, "one write is enough to be lost, and a flush to promise it: {failure}");
        let CaseFailure { ops, options, at, keep, .. } = (*failure).clone();
        let again = Case { ops: Some(ops), options: Some(options), at, keep, ..lying };
        let mut tally = Tally::default();
        assert_eq!(run(Campaign::Power, &again, &mut tally).unwrap_err(), failure);
        assert_eq!(tally.points, 1);
    }

    #[test]
    fn a_case_is_the_same_every_time() {
        for (_, campaign) in Campaign::ALL {
            let tally = || {
                let mut tally = Tally::default();
                let number = if campaign == Campaign::Damage { damage::SLICES - 1 } else { 3 };
                run(campaign, &Case::new(7, number, None), &mut tally).unwrap_or_else(|failure| panic!("{failure}"));
                tally
            };
            assert_eq!(tally(), tally());
        }
    }
}
