//! What the pages that a command writes have in common.
//!
//! In: a text. Out: the same as HTML; and the style of each page, in both themes. Errors: none.

/// Colours, type, the heading and the line below it. What a page has besides comes behind it.
pub const STYLE: &str = include_str!("html/page.css");

/// `text` as HTML, and as an attribute in quotes.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;").replace('\'', "&#39;")
}
