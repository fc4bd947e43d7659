//! Campaigns that try to make the engine lose, invent or mix up data: `lsmscope torture`, and `tests/torture.rs`.
//!
//! In: a [`Campaign`] and a [`Case`], which is a seed and a number: the same case always does the same. Out: what was
//! tried, counted in a [`Tally`], or a [`CaseFailure`]: what was wrong, the script cut down to what still fails, and
//! the one command that does it again.
//!
//! | campaign | what is done to the engine | what must hold |
//! | --- | --- | --- |
//! | [`power`] | the power goes after every call that changes the disk, recoveries too | what was promised is there |
//! | [`faults`] | a call fails, once or for good, or the disk is full | right answers or errors; nothing is lost |
//! | [`damage`] | bits are flipped, files cut, swapped, dropped | the value, or an error that names it |
//! | [`metamorphic`] | the same operations under other options, backends, flushes and compactions | the same answers |
//! | [`language`] | any lines of the command language, power cuts and full disks among them | what a model says |
//! | [`kill`] | processes that write to a directory are killed at any instant | what `wal_sync` promises of a process |
//! | [`full`] | a small file system is filled, and room is made again | errors that say so; nothing is lost |
//!
//! What they share: `ops` (the scripts), `model` (what should be there), `watch` (an image of the disk at every call),
//! `knobs` (random options) and `shrink` (the smallest script that still fails). Nothing here looks at a clock or
//! starts a thread: who runs cases for hours counts the time.

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
mod reproduce;
mod shrink;
mod watch;

pub use reproduce::{keep_text, parse_keep};

/// What is done to the engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Campaign {
    /// Power cuts.
    Power,
    /// Calls that fail.
    Faults,
    /// Damaged files.
    Damage,
    /// The same operations in other circumstances.
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

/// One case, or a part of it that is to be done again.
#[derive(Clone, Debug, Default)]
pub struct Case<'a> {
    /// What everything is drawn from.
    pub seed: u64,
    /// Which case of that seed.
    pub number: u64,
    /// Only these operations of its script; none for all.
    pub ops: Option<Vec<usize>>,
    /// Only these of its options as they were drawn, the others at their defaults; none for all.
    pub options: Option<Vec<String>>,
    /// Only this point: a place for each cut, or the number of the fault, the damage or the variant. Empty for all.
    pub at: Vec<u64>,
    /// What each cut keeps.
    pub keep: Vec<Keep>,
    /// The disk lies about what it has synced, and the engine is held to its promises all the same. That cannot go
    /// well: it shows what a failure looks like.
    pub lying: bool,
    /// Where directories for the file backend may be made; none to stay in memory.
    pub scratch: Option<&'a Path>,
    /// The command `lsmscope`, for those that start processes; none to start none.
    pub program: Option<&'a Path>,
}

impl<'a> Case<'a> {
    /// The whole of case `number` of `seed`.
    pub fn new(seed: u64, number: u64, scratch: Option<&'a Path>) -> Case<'a> {
        Case { seed, number, scratch, ..Case::default() }
    }

    /// The random numbers for the part of it that is called `path`.
    fn random(&self, campaign: Campaign, path: &[u64]) -> Random {
        let mut mixed = Random::new(self.seed).draw();
        for n in [campaign as u64, self.number].iter().chain(path) {
            mixed = Random::new(mixed ^ n.wrapping_mul(0xD6E8_FEB8_6659_FD93)).draw();
        }
        Random::new(mixed)
    }

    /// Its options, as far as they are to be as they were drawn.
    fn limit<const N: usize>(&self, drawn: [Options; N]) -> [Options; N] {
        let Some(names) = &self.options else { return drawn };
        drawn.map(|drawn| {
            let mut limited = Options::default();
            for name in names {
                let set = drawn.get(name).map(|value| limited.set(name, &value));
                debug_assert!(matches!(set, Some(Ok(()))), "{name}");
            }
            // Some only go together.
            for problem in limited.validate() {
                let default = Options::default().get(&problem.field).unwrap_or_default();
                limited.set(&problem.field, &default).expect("a default is a value");
            }
            limited
        })
    }

    /// Whether point `i` is to be tried.
    fn wants(&self, i: u64) -> bool {
        self.at.first().is_none_or(|at| *at == i)
    }
}

/// What was tried so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Cases that were run to their end.
    pub cases: u64,
    /// Crash points, faults, damages or variants that were tried.
    pub points: u64,
    /// How many of them on a directory instead of memory.
    pub on_files: u64,
    /// How many of them cut the power during a recovery.
    pub nested: u64,
    /// Operations that the engine executed.
    pub operations: u64,
    /// Operations that were refused, because the disk had failed.
    pub errors: u64,
    /// Bits that were flipped.
    pub bits: u64,
    /// Cases that failed.
    pub losses: u64,
    /// The point that is being tried.
    here: Here,
}

/// Where in a case a campaign is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Here {
    at: Vec<u64>,
    keep: Vec<Keep>,
}

impl Tally {
    /// A point is about to be tried.
    fn point(&mut self, at: &[u64], keep: &[Keep]) {
        self.points += 1;
        self.here = Here { at: at.to_vec(), keep: keep.to_vec() };
    }
}

/// What went wrong, and how to see it again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CaseFailure {
    /// In which campaign.
    pub campaign: Campaign,
    /// The case's seed.
    pub seed: u64,
    /// The case's number.
    pub number: u64,
    /// The operations that are enough, by their place in the case's script.
    pub ops: Vec<usize>,
    /// How many there were.
    pub ops_before: usize,
    /// The options that must be as they were drawn.
    pub options: Vec<String>,
    /// The point.
    pub at: Vec<u64>,
    /// What each cut keeps.
    pub keep: Vec<Keep>,
    /// Whether the disk lied, and was not forgiven.
    pub lying: bool,
    /// What was wrong.
    pub what: String,
    /// The operations that are enough, in the command language as far as it goes.
    pub script: Vec<String>,
}

impl CaseFailure {
    /// The command that does it again.
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

/// What a campaign found wrong at the point where the tally stands.
type Found = String;

/// Runs a case, or the part of it that `case` names. Failing scripts are cut down unless `case` names operations.
///
/// # Errors
/// What went wrong.
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

/// Leaves out what is not needed to fail: operations first, then options.
fn cut_down<'a>(campaign: Campaign, case: &Case<'a>, what: Found, here: Here) -> (Case<'a>, Found, Here) {
    let count = count_ops(campaign, case);
    if count == 0 || case.ops.is_some() {
        return (case.clone(), what, here);
    }
    let fails = |part: &Case<'_>| attempt(campaign, part, &mut Tally::default()).err();
    let (ops, (mut what, mut here)) =
        shrink::shrink(count, (what, here), |kept| fails(&Case { ops: Some(kept.to_vec()), ..case.clone() }));
    if campaign == Campaign::Language {
        // Its options are lines like others.
        return (Case { ops: Some(ops), ..case.clone() }, what, here);
    }
    let mut options: Vec<String> = Options::describe().iter().map(|d| d.name.to_string()).collect();
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

/// Runs a case; a panic is a failure like any other.
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

/// Runs lines of the command language; a panic is a failure like any other. Says what failed.
fn attempt_text(script: &[String]) -> Option<Found> {
    let result = catch_unwind(|| language::try_lines(script));
    result.unwrap_or_else(|panic| Err(panicked(&*panic))).err()
}

fn panicked(panic: &(dyn std::any::Any + Send)) -> Found {
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    format!("a panic: {}", text.unwrap_or("without a message"))
}

/// How many operations the case's script has; none if there is nothing to cut down.
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
