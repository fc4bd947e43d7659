//! The values of `--ops`, `--at` and `--keep`, which reproduce a failure, as text.
//!
//! In: a [`Keep`], or a list. Out: its text, and a [`Keep`] from a text. Errors: the forms that are valid.

use crate::{error::excerpt, storage::fault::Keep};

/// `keep` as text: `nothing`, `all`, `torn:SEED` or `bytes:N`.
pub fn keep_text(keep: Keep) -> String {
    match keep {
        Keep::Nothing => "nothing".to_string(),
        Keep::Everything => "all".to_string(),
        Keep::Torn(seed) => format!("torn:{seed}"),
        Keep::Bytes(bytes) => format!("bytes:{bytes}"),
    }
}

/// Parses the text that [`keep_text`] writes.
///
/// # Errors
/// The text has another form; the error names the valid forms.
pub fn parse_keep(text: &str) -> Result<Keep, String> {
    let expected = || format!("{} is no way to cut: write nothing, all, torn:SEED or bytes:N", excerpt(text));
    let number = |digits: &str| digits.parse().map_err(|_| expected());
    match text.split_once(':') {
        None if text == "nothing" => Ok(Keep::Nothing),
        None if text == "all" => Ok(Keep::Everything),
        Some(("torn", seed)) => Ok(Keep::Torn(number(seed)?)),
        Some(("bytes", bytes)) => Ok(Keep::Bytes(number(bytes)?)),
        _ => Err(expected()),
    }
}

/// `items`, separated by commas, or `none`.
pub(super) fn list<T>(items: &[T], text: impl Fn(&T) -> String) -> String {
    if items.is_empty() {
        return "none".to_string();
    }
    items.iter().map(text).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_cut_keeps_reads_back() {
        for keep in [Keep::Nothing, Keep::Everything, Keep::Torn(u64::MAX), Keep::Bytes(7)] {
            assert_eq!(parse_keep(&keep_text(keep)), Ok(keep));
        }
        assert!(parse_keep("some").unwrap_err().contains("torn:SEED"));
        assert!(parse_keep("torn:x").is_err());
    }
}
