use super::*;
use crate::policy::{Action, Reason};

/// The outputs of a merge of `keys`, 1,000 bytes each, into level 1 above the given tables: key range and bytes.
fn outputs(keys: &str, target: u64, limit: u64, below: &[(&str, &str, u64)], at: Option<&str>) -> Vec<String> {
    merge(keys, target, limit, below, at).into_iter().map(|(output, _)| output).collect()
}

/// Why all outputs but the last end where they do.
fn reasons(keys: &str, target: u64, limit: u64, below: &[(&str, &str, u64)], at: Option<&str>) -> Vec<CutReason> {
    merge(keys, target, limit, below, at).into_iter().filter_map(|(_, cut)| cut).collect()
}

/// Each output, and why it ends where it does; none: it is the last.
fn merge(
    keys: &str,
    target: u64,
    limit: u64,
    below: &[(&str, &str, u64)],
    at: Option<&str>,
) -> Vec<(String, Option<CutReason>)> {
    let tables: Vec<_> = (1..).zip(below).map(|(id, (a, b, bytes))| (2, id, *a, *b, *bytes)).collect();
    let version = crate::policy::testing::tree(&tables);
    let compaction = Compaction {
        action: Action::Merge,
        inputs: Vec::new(),
        output_level: 1,
        target_file_size: target,
        cuts: Cuts {
            grandparents: (!below.is_empty()).then_some(Grandparents { level: 2, places: 0..below.len() }),
            max_compaction_bytes: limit,
            at: at.map(Into::into),
        },
        cursor: None,
        reason: Reason::default(),
    };
    let mut cutter = Cutter::new(&compaction, &version);
    let mut outputs: Vec<(String, Option<CutReason>)> = Vec::new();
    for key in keys.chars() {
        let size = outputs.last().map(|(output, _)| output.len() as u64 * 1000);
        let cut = cutter.reason_to_cut(key.to_string().as_bytes(), size);
        match outputs.last_mut() {
            Some((output, None)) if cut.is_none() => output.push(key),
            last => {
                if let Some((_, ends)) = last {
                    *ends = cut;
                }
                outputs.push((key.to_string(), None));
            }
        }
    }
    outputs
}

#[test]
fn without_grandparents_only_the_size_counts() {
    assert_eq!(outputs("abcdefgh", 3000, 1, &[], None), ["abc", "def", "gh"]);
    assert_eq!(outputs("abcdefgh", u64::MAX, 1, &[], None), ["abcdefgh"]);
}

#[test]
fn with_grandparents_an_output_grows_to_twice_the_size_where_no_boundary_comes() {
    assert_eq!(outputs("bcdefghij", 3000, 100_000, &[("a", "z", 100)], None), ["bcdefg", "hij"]);
}

#[test]
fn an_output_that_is_half_full_ends_where_a_grandparent_ends() {
    let below = [("a", "d", 10), ("h", "m", 10), ("n", "p", 10)];
    assert_eq!(outputs("abcdhijklnop", 6000, 100_000, &below, None), ["abcd", "hijkl", "nop"]);
}

#[test]
fn who_has_crossed_many_boundaries_waits_to_be_fuller() {
    // Each key crosses an end and a beginning: it takes 60 %, 70 %, 80 %, and from then on 90 %.
    let below: Vec<_> = ["b", "c", "d", "e", "f", "g", "h", "i", "j"].map(|k| (k, k, 1)).into();
    assert_eq!(outputs("bcdefghij", 10_000, 100_000, &below, None), ["bcdefghij"]);
    assert_eq!(outputs("bcdefghij", 8000, 100_000, &below, None), ["bcdefghi", "j"]);
}

#[test]
fn an_output_and_its_grandparents_stay_below_max_compaction_bytes() {
    let below = [("a", "b", 10_000), ("c", "d", 10_000), ("e", "f", 10_000)];
    assert_eq!(outputs("abcdef", 100_000, 25_000, &below, None), ["abcd", "ef"]);
}

#[test]
fn a_grandparent_that_can_be_skipped_whole_is() {
    let below = [("b", "d", 10), ("k", "p", 2000), ("v", "x", 10)];
    assert_eq!(outputs("acuw", 10_000, 100_000, &below, None), ["ac", "uw"]);
    // Where it is small, it is not worth a table more.
    let small = [("b", "d", 10), ("k", "p", 1200), ("v", "x", 10)];
    assert_eq!(outputs("acuw", 10_000, 100_000, &small, None), ["acuw"]);
}

#[test]
fn a_round_robin_cursor_gets_a_table_that_begins_there() {
    assert_eq!(outputs("abcdef", 100_000, 1000, &[], Some("d")), ["abc", "def"]);
    assert_eq!(outputs("abcdef", 100_000, 1000, &[], Some("a")), ["abcdef"]);
    assert_eq!(outputs("abcdef", 3000, 1000, &[], Some("d")), ["abc", "def"], "cut there anyway");
}

#[test]
fn each_rule_says_what_it_compared() {
    use CutReason::*;
    let full = reasons("abcdefgh", 3000, 1, &[], None);
    assert_eq!(full, [TargetSize { size: 3000, limit: 3000 }; 2]);
    let twice = reasons("bcdefghij", 3000, 100_000, &[("a", "z", 100)], None);
    assert_eq!(twice, [TargetSize { size: 6000, limit: 6000 }], "with grandparents");
    let below = [("a", "d", 10), ("h", "m", 10), ("n", "p", 10)];
    let boundaries = reasons("abcdhijklnop", 6000, 100_000, &below, None);
    let boundary = |size, limit, crossed| GrandparentBoundary { size, limit, crossed };
    // The first key that is written is behind a boundary already: only those crossed since count.
    assert_eq!(boundaries, [boundary(4000, 3600, 2), boundary(5000, 3600, 2)]);
    let below = [("a", "b", 10_000), ("c", "d", 10_000), ("e", "f", 10_000)];
    let overlap = reasons("abcdef", 100_000, 25_000, &below, None);
    assert_eq!(overlap, [MaxCompactionBytes { size: 4000, overlap: 30_000, limit: 25_000 }]);
    let below = [("b", "d", 10), ("k", "p", 2000), ("v", "x", 10)];
    let skipped = reasons("acuw", 10_000, 100_000, &below, None);
    assert_eq!(skipped, [SkippedGrandparent { overlap: 2000, limit: 1250 }]);
    assert_eq!(reasons("abcdef", 100_000, 1000, &[], Some("d")), [RoundRobinCursor]);
}
