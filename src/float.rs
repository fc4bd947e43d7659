//! Integers as floats.

/// A number below 2^63, such as a count or bytes of tables, as a float. Processors have an instruction for signed
/// numbers only.
#[inline]
pub(crate) fn float(number: u64) -> f64 {
    number as i64 as f64
}

/// Serializes a number that may be past 2^53, which JavaScript can not tell exactly.
pub(crate) fn as_float<S: serde::Serializer>(n: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(*n as f64)
}
