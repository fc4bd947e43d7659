//! How wide a text is, without a font: the same answer everywhere.
//!
//! Widths are those of DejaVu Sans and DejaVu Sans Mono, rounded up by class of letter. Other sans serifs that browsers
//! fall back to are narrower, so what fits here fits there.

/// The width of a letter of a monospaced text, as a share of its height.
const MONO: f64 = 0.603;

/// The width of `text` in letters `size` high.
pub fn width(text: &str, size: f64, mono: bool) -> f64 {
    let letter = |c: char| match c {
        _ if mono => MONO,
        'i' | 'j' | 'l' | '.' | ',' | ':' | '\'' | '|' | '!' => 0.33,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '/' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '…' | '→' => 1.0,
        'A'..='Z' => 0.75,
        _ if c.is_ascii() => 0.64,
        _ => 1.0,
    };
    text.chars().map(letter).sum::<f64>() * size
}

/// `text`, cut so that it is at most `room` wide, with an ellipsis where it is cut; nothing if not even two letters
/// fit.
pub fn fit(text: &str, size: f64, mono: bool, room: f64) -> String {
    if width(text, size, mono) <= room {
        return text.into();
    }
    let mut cut: String = text.into();
    while cut.pop().is_some() {
        let shown = format!("{}…", cut.trim_end());
        if width(&shown, size, mono) <= room {
            return if cut.chars().count() >= 2 { shown } else { String::new() };
        }
    }
    String::new()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_fits() {
        assert_eq!(fit("user:1", 10.0, true, 37.0), "user:1");
        assert_eq!(fit("user:1", 10.0, true, 31.0), "user…");
        assert_eq!(fit("user:1", 10.0, true, 12.0), "");
        assert!(width(&fit("a long text that is cut", 13.0, false, 80.0), 13.0, false) <= 80.0);
    }
}
