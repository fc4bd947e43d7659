//! Texts of one line, and numbers as a figure writes them.

use super::part::Tone;
use crate::words::decimal;

/// Where the text of a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    /// At the left edge.
    Start,
    /// In the middle.
    Middle,
    /// At the right edge.
    End,
}

/// A text of one line, in the middle of its part's height.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// The height of its letters, in units of the picture.
    pub size: f64,
    /// Its colour.
    pub tone: Tone,
    /// Where it stands.
    pub anchor: Anchor,
    /// Whether all letters are as wide.
    pub mono: bool,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether a line goes through it.
    pub struck: bool,
}

/// `412 B`, `1.7 KB`, `64 MB`: powers of 1,024, two digits that count.
pub fn size(bytes: u64) -> String {
    const UNITS: [&str; 6] = ["B", "KB", "MB", "GB", "TB", "PB"];
    let (mut n, mut unit) = (bytes as f64, 0);
    while n >= 1024.0 && unit + 1 < UNITS.len() {
        n /= 1024.0;
        unit += 1;
    }
    let whole = unit == 0 || n >= 100.0 || n.fract() == 0.0;
    let number = if whole { format!("{n:.0}") } else { format!("{n:.1}") };
    format!("{} {}", decimal(number.strip_suffix(".0").unwrap_or(&number)), UNITS[unit])
}

/// A text in ink, at the left.
pub fn label(text: impl Into<String>, size: f64) -> Label {
    let text = text.into();
    Label { text, size, tone: Tone::Ink, anchor: Anchor::Start, mono: false, bold: false, struck: false }
}

impl Label {
    /// In another colour.
    pub fn tone(self, tone: Tone) -> Label {
        Label { tone, ..self }
    }

    /// At another place.
    pub fn anchor(self, anchor: Anchor) -> Label {
        Label { anchor, ..self }
    }

    /// Monospaced.
    pub fn mono(self) -> Label {
        Label { mono: true, ..self }
    }

    /// Bold.
    pub fn bold(self) -> Label {
        Label { bold: true, ..self }
    }

    /// Struck through, if it is.
    pub fn struck(self, struck: bool) -> Label {
        Label { struck, ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn sizes_have_two_digits_that_count() {
        let sizes = [412, 1024, 1741, 65_536, 1 << 26, 150_000].map(size);
        assert_eq!(sizes, ["412 B", "1 KB", "1.7 KB", "64 KB", "64 MB", "146 KB"]);
    }
}
