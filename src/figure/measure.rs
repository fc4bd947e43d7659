//! How wide a text is, without a font: the same answer everywhere.
//!
//! Widths are those of DejaVu Sans and DejaVu Sans Mono, rounded up by class of letter. Other sans serifs that browsers
//! fall back to are narrower, so what fits here fits there.

/// The width of a letter of a monospaced text, as a share of its height.
const MONO: f64 = 0.603;

/// The width of a letter, as a share of its height.
fn letter(c: char, mono: bool) -> f64 {
    match c {
        _ if mono => MONO,
        'i' | 'j' | 'l' | '.' | ',' | ':' | '\'' | '|' | '!' => 0.33,
        ' ' | 'f' | 't' | 'r' | '(' | ')' | '/' | '-' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '…' | '→' => 1.0,
        'A'..='Z' | 'Ä' | 'Ö' | 'Ü' => 0.75,
        'ä' | 'ö' | 'ü' | 'ß' | '„' | '“' => 0.64,
        _ if c.is_ascii() => 0.64,
        _ => 1.0,
    }
}

/// The width of `text` in letters `size` high.
pub fn width(text: &str, size: f64, mono: bool) -> f64 {
    text.chars().map(|c| letter(c, mono)).sum::<f64>() * size
}

/// `text`, cut so that it is at most `room` wide, with an ellipsis where it is cut: by whole words, if one fits;
/// nothing if not even two letters fit. Costs what is shown, however long the text is.
pub fn fit(text: &str, size: f64, mono: bool, room: f64) -> String {
    let ellipsis = letter('…', mono) * size;
    // The end of what fits beside an ellipsis, and the letters up to there.
    let (mut used, mut end, mut letters) = (0.0, 0, 0);
    for (at, c) in text.char_indices() {
        used += letter(c, mono) * size;
        if used > room {
            let is_within = !text[end..].starts_with(' ');
            let words = text[..end].rsplit_once(' ').map(|(words, _)| words).filter(|_| is_within);
            // A sign before the first word, such as that of a command, is none.
            let cut = words.filter(|words| words.contains(char::is_alphanumeric)).unwrap_or(&text[..end]).trim_end();
            return if letters >= 2 { format!("{cut}…") } else { String::new() };
        }
        if used + ellipsis <= room {
            (end, letters) = (at + c.len_utf8(), letters + 1);
        }
    }
    text.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_cut_says_so_and_fits() {
        assert_eq!(fit("user:1", 10.0, true, 37.0), "user:1");
        assert_eq!(fit("user:1", 10.0, true, 31.0), "user…");
        assert_eq!(fit("user:1", 10.0, true, 12.0), "");
        assert_eq!(fit("put key value", 10.0, true, 66.0), "put key…", "no part of a word");
        assert_eq!(fit("put key value", 10.0, true, 42.0), "put…");
        assert_eq!(fit("› put key value", 10.0, true, 25.0), "› p…", "unless none fits");
        let long = "v".repeat(30_000_000);
        assert_eq!(fit(&long, 10.0, true, 31.0), "vvvv…", "however long it is");
        assert!(width(&fit("a long text that is cut", 13.0, false, 80.0), 13.0, false) <= 80.0);
    }
}
