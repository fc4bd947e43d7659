//! Parameters of a workload that have no effect, given its others; [`effect`](super::effect) does the same for options.
//!
//! In: rows, each with parameters, when they change nothing, and why. Out: those that change nothing now, and sentences
//! for those that were set.

use super::{WithoutEffect, told};
use crate::options::Options;

/// Parameters that lose their effect for one reason.
pub(crate) struct ParameterRow<K: 'static> {
    pub fields: &'static [&'static str],
    /// Whether they do.
    pub applies: fn(&K, &Options) -> bool,
    /// Why.
    pub reason: &'static str,
}

/// Every parameter that changes nothing; of the rows that one is in, the first that applies counts.
pub(crate) fn without_effect<K>(rows: &[ParameterRow<K>], parameters: &K, options: &Options) -> Vec<WithoutEffect> {
    let mut all: Vec<WithoutEffect> = Vec::new();
    for ParameterRow { fields, reason, .. } in rows.iter().filter(|row| (row.applies)(parameters, options)) {
        for &field in *fields {
            if !all.iter().any(|known| known.field == field) {
                all.push(WithoutEffect { field, is_all: true, reason: (*reason).into() });
            }
        }
    }
    all
}

/// A sentence for each reason, of those of `found` that `is_set` names.
pub(crate) fn told_of(mut found: Vec<WithoutEffect>, is_set: impl Fn(&str) -> bool) -> Vec<String> {
    found.retain(|without| is_set(without.field));
    told(&found)
}

/// Holds what a table says against runs, and returns what is wrong: each of the parameters that were `found` to have no
/// effect gets other values, made by `with`, and the run is to be the same as long as it is `still_without` effect.
#[cfg(test)]
pub(crate) fn check_rows<K: std::fmt::Debug>(
    found: &[WithoutEffect],
    parameters: &K,
    with: impl Fn(&K, &str, &str) -> Option<K>,
    still_without: impl Fn(&K, &str) -> bool,
    run: impl Fn(&K) -> String,
) -> Vec<String> {
    let expected = run(parameters);
    let mut wrong = Vec::new();
    for WithoutEffect { field, .. } in found {
        let others = ["0", "1", "3", "50", "400"].map(|other| (other, with(parameters, field, other)));
        let others: Vec<(&str, K)> = others.into_iter().filter_map(|(other, made)| Some((other, made?))).collect();
        assert!(!others.is_empty(), "{field} takes no other value");
        for (other, made) in others.iter().filter(|(_, made)| still_without(made, field)) {
            if run(made) != expected {
                wrong.push(format!("{field}={other} beside {parameters:?}"));
            }
        }
    }
    wrong
}
