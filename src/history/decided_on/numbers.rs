//! Bounds by the numbers of versions.
//!
//! In: the [`KnownJob`]s, each with the bounds that are known otherwise. Out: narrower ones; and how many numbers
//! contradict them.
//!
//! Each edit of any family makes one version more (`VersionSet::ProcessManifestWrites` in RocksDB's
//! `db/version_set.cc`), but edits that are committed together share one: so that the place of an edit less the number
//! of the version that it made never falls.
//!
//! ```text
//!   place        1   2   3   4   5   6   7        2 and 3 were committed together
//!   version      5   6───6   7   8   9  10
//!   difference  −4  −4  −3  −3  −3  −3  −3        of a decision on version 8: place 5
//! ```
//!
//! It does fall where a version is made that no edit of the file tells of. From release 10.0 on `DBImpl::SetOptions`
//! makes one, and an edit that could not be written takes its number with it. The former is in the log: numbers are
//! compared only with those on the same side of it ([`KnownJob::numbering`]). Where a number contradicts what else is
//! known, those before it are not compared with those behind it.

use std::collections::{BTreeMap, VecDeque};

use super::{super::info_log::Numbering, known::KnownJob};

/// The bounds of one version, by its number: the lowest and the highest place.
type VersionBounds = BTreeMap<i64, (i64, i64)>;

/// Bounds each decision by the number of its version, among the others'; returns how many numbers contradict what else
/// is known. `families` is the number of column families.
///
/// A version is as old as the last edit of its family that made it. The edits of one group lie together, and of each
/// family that they change they make one version: so two versions that are as many apart as there are families, or
/// more, are of different groups, and at least all but the others of these two groups lie between.
pub fn bound_by_numbers(jobs: &mut [KnownJob], families: usize) -> usize {
    let mut numberings: BTreeMap<Numbering, VersionBounds> = BTreeMap::new();
    for job in jobs.iter() {
        let Some((numbering, base)) = job.number() else { continue };
        let (lowest, highest) = numberings.entry(numbering).or_default().entry(base).or_insert((0, i64::MAX));
        (*lowest, *highest) = ((*lowest).max(job.lowest as i64), (*highest).min(job.highest as i64));
    }
    let contradictions = numberings.values_mut().map(|versions| narrow(versions, families as i64)).sum();
    for job in jobs {
        let Some((numbering, base)) = job.number() else { continue };
        let (lowest, highest) = numberings[&numbering][&base];
        // Whatever the numbers say, what was there and when is as certain.
        let within = |place: i64| (place.max(0) as usize).clamp(job.lowest, job.highest);
        if lowest <= highest {
            (job.lowest, job.highest) = (within(lowest), within(highest));
        }
    }
    contradictions
}

/// Narrows the bounds of `versions` by each other.
fn narrow(versions: &mut VersionBounds, apart: i64) -> usize {
    let mut contradictions = 0;
    let mut least = Furthest::new(apart);
    for (base, (lowest, highest)) in versions.iter_mut() {
        let bound = least.before(*base).map_or(0, |difference| difference + base - (apart - 1));
        if bound > *highest {
            contradictions += 1;
            least = Furthest::new(apart);
        } else {
            *lowest = bound.max(*lowest);
        }
        least.note(*base, *lowest - base);
    }
    let mut most = Furthest::new(apart);
    for (base, (lowest, highest)) in versions.iter_mut().rev() {
        let bound = most.before(-base).map_or(i64::MAX, |difference| -difference + base + (apart - 1));
        if bound < *lowest {
            // What the first pass found was the same contradiction from the other side.
            most = Furthest::new(apart);
        } else {
            *highest = bound.min(*highest);
        }
        most.note(-base, base - *highest);
    }
    contradictions
}

/// The largest value that was noted at least `apart` before.
struct Furthest {
    apart: i64,
    noted: VecDeque<(i64, i64)>,
    largest: Option<i64>,
}

impl Furthest {
    fn new(apart: i64) -> Furthest {
        Furthest { apart, noted: VecDeque::new(), largest: None }
    }

    fn before(&mut self, at: i64) -> Option<i64> {
        while let Some((_, value)) = self.noted.pop_front_if(|(noted, _)| *noted + self.apart <= at) {
            self.largest = self.largest.max(Some(value));
        }
        self.largest
    }

    fn note(&mut self, at: i64, value: i64) {
        self.noted.push_back((at, value));
    }
}
