//! What is dropped, from where, and what is merged.

use super::*;
use crate::policy::testing::tree;

fn options() -> Options {
    Options { fifo_max_table_files_size: 100, ..Options::default() }
}

#[test]
fn what_is_too_old_goes_alone_only_where_that_is_enough() {
    let version = tree(&[(0, 1, "a", "m", 50), (0, 2, "a", "m", 50), (0, 3, "a", "m", 90)]);
    let pick = |ttl: u64, limit: u64| {
        let options = Options { ttl, fifo_max_table_files_size: limit, ..options() };
        let picked = Fifo.pick(&version, &options, &Running::at(1000), Explanation::Full)?;
        Some((picked.reason.rule, picked.inputs[0].ids().to_vec()))
    };
    // All are from second 0, so that all are too old.
    assert_eq!(pick(10, 100), Some((Rule::FifoTtl, vec![1, 2, 3])));
    assert_eq!(pick(1000, 100), Some((Rule::FifoMaxSize, vec![1, 2])));
    assert_eq!(pick(0, 190), None);
}

/// The tables of level 0 are dropped from there, whatever another style left below.
#[test]
fn what_is_too_old_is_dropped_from_where_it_lies() {
    let version = tree(&[(0, 1, "a", "m", 50), (2, 2, "a", "m", 50)]);
    let options = Options { ttl: 10, ..options() };
    let picked = Fifo.pick(&version, &options, &Running::at(1000), Explanation::Full).expect("table 1 is too old");
    assert_eq!((picked.reason.rule, picked.output_level), (Rule::FifoTtl, 0));
    assert_eq!(picked.inputs, [Inputs::listed(0, vec![1])]);
    // Where there is too much, the deeper level goes first.
    let options = Options { ttl: 0, fifo_max_table_files_size: 40, ..options };
    let picked = Fifo.pick(&version, &options, &Running::at(1000), Explanation::Full).expect("there is too much");
    assert_eq!((picked.reason.rule, picked.output_level), (Rule::FifoMaxSize, 2));
}

/// Cut at 16 MB, as it once was, a merge of more made several tables again, which were merged without end.
#[test]
fn a_merge_makes_one_table_however_large() {
    let version = tree(&[(0, 1, "a", "m", 20 << 20), (0, 2, "a", "m", 20 << 20), (0, 3, "a", "m", 20 << 20)]);
    let set = Options { fifo_allow_compaction: true, level0_file_num_compaction_trigger: 3, ..Options::default() };
    let picked = Fifo.pick(&version, &set, &Running::default(), Explanation::Full).expect("there are enough");
    assert_eq!((picked.action, picked.output_level, picked.target_file_size), (Action::Merge, 0, u64::MAX));
}

#[test]
fn while_one_job_drops_no_other_does() {
    let version = tree(&[(0, 1, "a", "m", 90), (0, 2, "a", "m", 90)]);
    let first = Fifo.pick(&version, &options(), &Running::default(), Explanation::Full).expect("there is too much");
    assert_eq!((first.action, first.inputs[0].ids().to_vec()), (Action::Drop, vec![1]));
    let mut running = Running::default();
    running.start(first, &version);
    assert_eq!(Fifo.pick(&version, &options(), &running, Explanation::Full), None);
}
