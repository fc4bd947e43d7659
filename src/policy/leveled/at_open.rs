//! Trivial moves of whole levels at an open, so that the last level is the first to be filled.
//!
//! In: the tree as it was recovered, and the options. Out: moves, each of all tables of one level, in the order in
//! which they are to be installed. With `level_compaction_dynamic_level_bytes`, targets are counted up from the last
//! level. A tree that was made with fixed levels ends above it, and would be drained table by table. Not a byte is read
//! or written instead. The rule is that of RocksDB's `DBImpl::Recover`, which applies it at every open:
//!
//! ```text
//!   level 0   [ 9 ]                    [ 9 ]
//!   level 1   [ 7 ][ 8 ]                                  level 0 stays
//!   level 2   [ 1 ][ 2 ][ 3 ]    ->
//!   level 3                            [ 7 ][ 8 ]
//!   level 4                            [ 1 ][ 2 ][ 3 ]    first
//! ```

use super::{Action, Compaction, Cuts, Inputs, Reason, Rule};
use crate::{
    options::Options,
    policy::{Leveled, Policy, Running},
    version::Version,
};

/// The option that asks for it.
const OPTION: &str = "level_compaction_dynamic_level_bytes";

/// The levels of `version` that move down when it is opened with `options`, the lowest first; most often none.
pub(super) fn moves(version: &Version, options: &Options) -> Vec<Compaction> {
    if !options.level_compaction_dynamic_level_bytes || options.disable_auto_compactions {
        return Vec::new();
    }
    let mut moves = Vec::new();
    let mut to = version.levels.len() - 1;
    for from in (1..version.levels.len()).rev().filter(|level| !version.levels[*level].is_empty()) {
        if from < to {
            moves.push(whole(version, from, to, options));
        }
        to -= 1;
    }
    moves
}

fn whole(version: &Version, level: usize, output_level: usize, options: &Options) -> Compaction {
    let scores = Leveled.scores(version, options, &Running::default());
    Compaction {
        action: Action::Move,
        inputs: vec![Inputs::listed(level, version.levels[level].iter().map(|t| t.id).collect())],
        output_level,
        target_file_size: u64::MAX,
        cuts: Cuts::default(),
        cursor: None,
        reason: Reason { scores, ..Reason::of(Rule::MovedAtOpen, OPTION) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        options::CompactionStyle,
        policy::{policy_for, testing::tree},
    };

    fn options() -> Options {
        Options { level_compaction_dynamic_level_bytes: true, ..Options::default() }
    }

    fn moved(tables: &[(usize, u64, &str, &str, u64)], options: &Options) -> Vec<(usize, usize, Vec<u64>)> {
        let found = policy_for(options).moves_at_open(&tree(tables), options);
        found.into_iter().map(|c| (c.inputs[0].level, c.output_level, c.inputs[0].ids().to_vec())).collect()
    }

    #[test]
    fn whole_levels_move_down_from_the_lowest_on() {
        let tables = [(0, 9, "a", "z", 10), (1, 7, "a", "c", 10), (1, 8, "d", "e", 10), (3, 1, "a", "z", 10)];
        let last = tree(&tables).levels.len() - 1;
        assert_eq!(moved(&tables, &options()), [(3, last, vec![1]), (1, last - 1, vec![7, 8])]);
    }

    #[test]
    fn without_dynamic_levels_or_a_gap_nothing_moves() {
        let tables = [(1, 7, "a", "c", 10), (3, 1, "a", "z", 10)];
        for not in [
            Options { level_compaction_dynamic_level_bytes: false, ..options() },
            Options { disable_auto_compactions: true, ..options() },
            Options { compaction_style: CompactionStyle::Universal, ..options() },
        ] {
            assert_eq!(moved(&tables, &not), []);
        }
        let last = tree(&tables).levels.len() - 1;
        assert_eq!(moved(&[(last, 1, "a", "z", 10), (0, 2, "a", "z", 10)], &options()), []);
    }
}
