//! Parameters of a workload that have no effect, given its others; [`effect`](super::effect) does the same for options.
//!
//! In: rows, each with parameters, when they change nothing, and why. Out: those that change nothing now, and sentences
//! for those that were set.

use super::{WithoutEffect, first_of_each};
use crate::{
    options::{Compression, Options},
    words::{said, to_say},
};

/// Parameters that lose their effect for one reason.
pub(crate) struct ParameterRow<K: 'static> {
    pub fields: &'static [&'static str],
    /// Whether they do.
    pub applies: fn(&K, &Options) -> bool,
    /// Why: a text that [`said`] says.
    pub reason: &'static str,
}

/// The parameters of bursts, while there are none.
pub(crate) const fn bursts<K>(applies: fn(&K, &Options) -> bool) -> ParameterRow<K> {
    ParameterRow {
        fields: &["burst_on_seconds", "burst_off_seconds", "burst_off_percent"],
        applies,
        reason: to_say!("there are no bursts unless both burst_on_seconds and burst_off_seconds are more than 0"),
    }
}

/// The parameters of spikes, while there are none.
pub(crate) const fn spikes<K>(applies: fn(&K, &Options) -> bool) -> ParameterRow<K> {
    ParameterRow {
        fields: &["spike_every_seconds", "spike_seconds", "spike_percent"],
        applies,
        reason: to_say!("there are no spikes unless both spike_every_seconds and spike_seconds are more than 0"),
    }
}

/// How far values compress, while nothing compresses them.
pub(crate) const fn compression<K>() -> ParameterRow<K> {
    ParameterRow {
        fields: &["compression_ratio"],
        applies: |_, options| options.compression == Compression::None,
        reason: to_say!("compression is none"),
    }
}

/// Every parameter that changes nothing; of the rows that one is in, the first that applies counts.
pub(crate) fn without_effect<K>(rows: &[ParameterRow<K>], parameters: &K, options: &Options) -> Vec<WithoutEffect> {
    let applying = rows.iter().filter(|row| (row.applies)(parameters, options));
    let found = applying.flat_map(|ParameterRow { fields, reason, .. }| {
        fields.iter().map(|field| WithoutEffect { field, is_all: true, reason: said(reason, &[]) })
    });
    first_of_each(found.collect())
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
