//! A database beside two estimates of it: what `lsmscope whatif` prints, and the page shows.
//!
//! In: what was estimated. Out: a [`WhatIfComparison`]. Errors: none.

use serde::Serialize;

use super::{StalledSeconds, WhatIf, WhatIfEstimate, WhatIfOutcome};

/// What other options would have cost a database.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct WhatIfComparison {
    /// How many different keys are assumed; none if every write has a new one.
    pub distinct_keys: Option<u64>,
    /// Whether there are deletions, and the history does not show that they delete anything: the estimates are as if
    /// none ever did.
    pub deletions_meet_nothing: bool,
    /// What the database itself came to.
    pub measured: WhatIfOutcome,
    /// What is estimated for its own options.
    pub recorded: WhatIfEstimate,
    /// What is estimated for the changed ones.
    pub changed: WhatIfEstimate,
}

impl WhatIfComparison {
    /// Of two estimates; `stalled` is what the database's `LOG` counted ([`super::measured_stalls`]).
    pub fn of(
        what_if: &WhatIf,
        stalled: Option<StalledSeconds>,
        recorded: WhatIfEstimate,
        changed: WhatIfEstimate,
    ) -> WhatIfComparison {
        let measured = WhatIfOutcome { stalled, ..what_if.measured().clone() };
        WhatIfComparison {
            distinct_keys: what_if.distinct_keys(),
            deletions_meet_nothing: what_if.distinct_keys().is_none() && measured.deletion_share > 0.0,
            measured,
            recorded,
            changed,
        }
    }
}
