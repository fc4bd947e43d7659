//! The sentence below a picture: a title, and a text in lines that fit.
//!
//! In: both texts, the width of the picture. Out: a [`Caption`], which says how high it is and of which shapes it
//! consists. A picture with a sentence is the figure above it, in what its size leaves.

use super::{
    label::{Label, label},
    measure::{fit, width},
    part::Tone,
    shape::DrawnShape,
};

/// The letters of a caption, as a share of the picture's width.
const SIZE: f64 = 1.0 / 64.0;
/// The smallest and the largest letters.
const SIZES: (f64, f64) = (11.0, 20.0);
/// The height of a line, in heights of its letters.
const LINE: f64 = 1.45;
/// What is left free around the lines, in heights of a letter.
const MARGIN: f64 = 0.8;
/// The most lines below the title: what does not fit ends with an ellipsis.
const MAX_LINES: usize = 5;

/// The sentence below a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Caption {
    lines: Vec<Label>,
    size: f64,
}

impl Caption {
    /// `title`, and `text` below it, in a picture of this width.
    pub fn of(title: &str, text: &str, picture: f64) -> Caption {
        let size = (picture * SIZE).clamp(SIZES.0, SIZES.1);
        let room = picture - 2.0 * MARGIN * size;
        let mut lines = Vec::new();
        if !title.is_empty() {
            // Bold letters are wider by about a tenth.
            lines.push(label(fit(title, 1.1 * size, false, room), size).bold());
        }
        lines.extend(broken(text, size, room).into_iter().map(|line| label(line, size).tone(Tone::Quiet)));
        Caption { lines, size }
    }

    /// How high it is; 0 where both texts are empty.
    pub fn height(&self) -> f64 {
        let lines = self.lines.len() as f64;
        if self.lines.is_empty() { 0.0 } else { (lines * LINE + 2.0 * MARGIN) * self.size }.ceil()
    }

    /// Its lines, from `top` down.
    pub fn shapes(&self, top: f64) -> Vec<DrawnShape> {
        let baseline = |line: usize| top + (MARGIN + 1.0 + line as f64 * LINE) * self.size;
        let text = |(line, words): (usize, &Label)| DrawnShape::Text {
            at: (MARGIN * self.size, baseline(line)),
            words: words.clone(),
        };
        self.lines.iter().enumerate().map(text).collect()
    }
}

/// `text` in lines at most `room` wide, broken at spaces; a word that is wider is cut.
fn broken(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        if let Some(last) = lines.last_mut()
            && width(last, size, false) + width(" ", size, false) + width(word, size, false) <= room
        {
            last.push(' ');
            last.push_str(word);
        } else if lines.len() < MAX_LINES {
            lines.push(fit(word, size, false, room));
        } else {
            let rest = [lines.pop().unwrap_or_default().as_str(), word, "…"].join(" ");
            lines.push(fit(&rest, size, false, room));
            break;
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(caption: &Caption) -> Vec<&str> {
        caption.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn every_line_fits_and_says_all_of_it_unless_it_is_too_long() {
        let said = "The newest version of user:2 goes down to the output; what it hides is dropped there.";
        let caption = Caption::of("Kept", said, 320.0);
        assert_eq!(texts(&caption)[0], "Kept");
        assert_eq!(texts(&caption)[1..].join(" "), said);
        let is_within = |line: &&str| width(line, caption.size, false) <= 320.0;
        assert!(texts(&caption).iter().all(is_within), "{:?}", texts(&caption));
        assert!(caption.height() > 3.0 * caption.size);

        let long = Caption::of("", &"word ".repeat(1000), 320.0);
        assert_eq!(long.lines.len(), MAX_LINES);
        assert!(texts(&long)[MAX_LINES - 1].ends_with('…'));
        assert_eq!(Caption::of("", "", 320.0).height(), 0.0);
    }
}
