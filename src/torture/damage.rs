//! stub
use super::{Case, Found, Tally};
/// Runs a case.
pub(super) fn run(_case: &Case<'_>, _tally: &mut Tally) -> Result<(), Found> {
    Ok(())
}
