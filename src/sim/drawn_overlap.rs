//! Overlaps that are drawn instead of looked up: how many tables of the next level a compaction meets.
//!
//! In: a compaction from level 1 or deeper, as the policy picked it. Out: the same one, with as many tables of the
//! output level as were drawn: neighbours, anywhere, none of them busy, at least one if the level has any. Level 0
//! overlaps everything as it is.
//!
//! | `overlap` | number of tables, of `n` that the level has |
//! | --- | --- |
//! | `exponential` | `−mean × ln u`, u uniform, to the nearest: few as a rule, sometimes many |
//! | `geometric` | `k` with probability `(1 − 1/mean)^(k−1) / mean` |
//! | `uniform` | any from 1 to `n`, each as likely |
//! | `fixed_share` | `n × overlap_percent / 100`, rounded up |
//!
//! Keys then mean nothing but an order: the outputs take the place of the tables that were drawn, and a table that the
//! policy would have moved, because no key range overlaps, is merged. This is how simulators do it that know of no
//! keys.

use std::{borrow::Cow, ops::Range, rc::Rc};

use super::{
    merge::key_position,
    spec::{OverlapModel, Spec},
};
use crate::{
    policy::{Action, Compaction, Cuts, Inputs, Levels, Running},
    random::Random,
    version::{Level, TableMeta},
};

/// The least share of all keys that outputs are put into: room for a trillion entries.
const MIN_RANGE: f64 = 1.0 / (1u64 << 24) as f64;

/// Gives `compaction`, which was picked on `tree`, a drawn number of tables of its output level.
pub fn redraw(compaction: &mut Compaction, tree: &dyn Levels, running: &Running, spec: &Spec, random: &mut Random) {
    if spec.overlap == OverlapModel::KeyRanges {
        return;
    }
    let output = compaction.output_level;
    let tables = &tree.version().levels[output];
    // Nor does it mean anything where tables of the level below begin and end.
    compaction.cuts = Cuts::default();
    if compaction.start_level() == 0 || compaction.start_level() == output || tables.is_empty() {
        return;
    }
    let count = draw(spec, tables.len(), random);
    // Anywhere: at the same places over and over, tables would become ever narrower.
    let first = random.below(tables.len() as u64) as usize;
    let busy = |table: &TableMeta| running.is_busy(table.id);
    let Some(begin) = (0..tables.len()).map(|step| (first + step) % tables.len()).find(|at| !busy(&tables[*at])) else {
        return;
    };
    // Neighbours only: to the right as far as they are free, then to the left.
    let is_free = |t: &&Rc<TableMeta>| !busy(t);
    let right = tables[begin..].iter().take(count).take_while(is_free).count();
    let left = tables[..begin].iter().rev().take(count - right).take_while(is_free).count();
    let Some(span) = widened(tables, begin - left..begin + right, is_free) else { return };
    compaction.inputs.retain(|inputs| inputs.level != output);
    compaction.inputs.push(Inputs::at(output, span));
    compaction.action = Action::Merge;
}

/// `span` with as many more neighbours as it takes to have room for what is merged into their place: a table of a few
/// keys has none. None if there is not enough.
fn widened(tables: &Level, span: Range<usize>, is_free: impl Fn(&&Rc<TableMeta>) -> bool) -> Option<Range<usize>> {
    let Range { mut start, mut end } = span;
    while key_position(&tables[end - 1].largest) - key_position(&tables[start].smallest) < MIN_RANGE {
        if tables.get(end).as_ref().is_some_and(&is_free) {
            end += 1;
        } else if start > 0 && is_free(&&tables[start - 1]) {
            start -= 1;
        } else {
            return None;
        }
    }
    Some(start..end)
}

/// `inputs` as they are merged: where overlaps are drawn, the upper ones lie where the drawn ones do.
pub fn placed<'a>(
    compaction: &Compaction,
    inputs: &'a [(usize, Rc<TableMeta>)],
    spec: &Spec,
) -> Cow<'a, [(usize, Rc<TableMeta>)]> {
    let output = compaction.output_level;
    if spec.overlap == OverlapModel::KeyRanges || compaction.start_level() == 0 {
        return Cow::Borrowed(inputs);
    }
    let mut drawn = inputs.iter().filter(|(level, _)| *level == output).map(|(_, t)| t);
    let Some(first) = drawn.next() else { return Cow::Borrowed(inputs) };
    let last = drawn.next_back().unwrap_or(first);
    let put = |(level, table): &(usize, Rc<TableMeta>)| {
        if *level == output {
            return (*level, table.clone());
        }
        let (smallest, largest) = (first.smallest.clone(), last.largest.clone());
        (*level, Rc::new(TableMeta { smallest, largest, ..(**table).clone() }))
    };
    inputs.iter().map(put).collect()
}

/// How many of `n` tables.
fn draw(spec: &Spec, n: usize, random: &mut Random) -> usize {
    const ALL: f64 = (1u128 << 64) as f64;
    // In (0, 1]: the logarithm is finite.
    let u = (random.draw() as f64 + 1.0) / ALL;
    let mean = spec.overlap_tables;
    let count = match spec.overlap {
        OverlapModel::KeyRanges => 1.0,
        OverlapModel::Exponential => libm::round(-mean * libm::log(u)),
        OverlapModel::Geometric if mean <= 1.0 => 1.0,
        OverlapModel::Geometric => libm::log(u) / libm::log1p(-1.0 / mean),
        OverlapModel::Uniform => u * n as f64,
        OverlapModel::FixedShare => n as f64 * spec.overlap_percent / 100.0,
    };
    (libm::ceil(count) as usize).clamp(1, n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn average(overlap: OverlapModel, mean: f64, n: usize) -> (f64, usize) {
        let spec = Spec { overlap, overlap_tables: mean, overlap_percent: 25.0, ..Spec::default() };
        let mut random = Random::new(3);
        let draws: Vec<usize> = (0..20_000).map(|_| draw(&spec, n, &mut random)).collect();
        assert!(draws.iter().all(|k| (1..=n).contains(k)));
        (draws.iter().sum::<usize>() as f64 / draws.len() as f64, *draws.iter().max().unwrap())
    }

    #[test]
    fn each_distribution_has_its_mean_and_its_tail() {
        for mean in [1.5, 2.0, 6.0] {
            let (exponential, most) = average(OverlapModel::Exponential, mean, 1000);
            // What is rounded up to one table makes small means a little larger.
            assert!((exponential - mean).abs() < 0.3 && most > 3 * mean as usize, "{exponential} {most}");
            let (geometric, most) = average(OverlapModel::Geometric, mean, 1000);
            assert!((geometric / mean - 1.0).abs() < 0.05 && most > 3 * mean as usize, "{geometric} {most}");
        }
        assert_eq!(average(OverlapModel::Geometric, 1.0, 10), (1.0, 1));
        let (uniform, most) = average(OverlapModel::Uniform, 2.0, 99);
        assert!((uniform - 50.0).abs() < 1.0 && most == 99);
        assert_eq!(average(OverlapModel::FixedShare, 2.0, 10), (3.0, 3));
        assert_eq!(average(OverlapModel::FixedShare, 2.0, 1), (1.0, 1));
    }
}
