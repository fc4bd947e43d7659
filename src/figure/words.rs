//! Numbers as a figure writes them.

use super::part::{Anchor, Tone, Words};

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
    format!("{} {}", number.strip_suffix(".0").unwrap_or(&number), UNITS[unit])
}

/// A text in ink, at the left.
pub fn words(text: impl Into<String>, size: f64) -> Words {
    let text = text.into();
    Words { text, size, tone: Tone::Ink, anchor: Anchor::Start, mono: false, bold: false, struck: false }
}

impl Words {
    /// In another colour.
    pub fn tone(self, tone: Tone) -> Words {
        Words { tone, ..self }
    }

    /// At another place.
    pub fn anchor(self, anchor: Anchor) -> Words {
        Words { anchor, ..self }
    }

    /// Monospaced.
    pub fn mono(self) -> Words {
        Words { mono: true, ..self }
    }

    /// Bold.
    pub fn bold(self) -> Words {
        Words { bold: true, ..self }
    }

    /// Struck through, if it is.
    pub fn struck(self, struck: bool) -> Words {
        Words { struck, ..self }
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
