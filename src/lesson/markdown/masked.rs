//! A text as Markdown reads it: the inside of a value, `{{…}}`, is letters.

use std::borrow::Cow;

/// `text` with the inside of every `{{…}}` as letters, byte for byte.
pub(super) fn masked(text: &str) -> Cow<'_, str> {
    if !text.contains("{{") {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find("{{") {
        let inside = &rest[open + 2..];
        let Some(length) = value_length(inside) else {
            // Nothing is closed in the rest of the line, so no other value of it needs to be looked at.
            let line_end = rest[open..].find('\n').map_or(rest.len(), |at| open + at);
            out.push_str(&rest[..line_end]);
            rest = &rest[line_end..];
            continue;
        };
        out.push_str(&rest[..open + 2]);
        out.extend(std::iter::repeat_n('x', length));
        rest = &inside[length..];
    }
    out.push_str(rest);
    out.into()
}

/// The length of the expression at the beginning of `text`, up to its `}}`; none if that is not in the same line.
pub(super) fn value_length(text: &str) -> Option<usize> {
    text[..text.find('\n').unwrap_or(text.len())].find("}}")
}
