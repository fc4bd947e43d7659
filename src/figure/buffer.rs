//! A picture as one flat buffer of numbers, for the page: shapes cross to JavaScript in one copy.
//!
//! In: shapes. Out: records of numbers, one behind the other; the first number of each says its kind. Texts and the
//! identities of parts are numbers too: places in a table of strings that only grows while one figure is shown.
//!
//! ```text
//! 0 group      identity  alpha  turn  x  y        up to the matching end; turned about x, y
//! 1 end
//! 2 rectangle  x  y  width  height  radius  fill  border  dashed
//! 3 line       x  y  x  y  tone  width  dashed
//! 4 path       points  fill  border  x  y  x  y …
//! 5 text       x  y  size  tone  anchor  style  string
//! ```
//!
//! A tone is the number of a [`Tone`], -1 for none. An anchor is 0 for the start, 1 for the middle, 2 for the end. A
//! style is the sum of 1 for monospaced, 2 for bold, 4 for struck. `www/figure/canvas.js` draws it.

use std::collections::BTreeMap;

use super::{
    label::Anchor,
    part::{Area, Tone},
    shape::DrawnShape,
};

/// The strings of the buffers so far.
#[derive(Clone, Debug, Default)]
pub struct Strings {
    places: BTreeMap<String, u32>,
    /// Those that were not taken yet, in the order of their places.
    fresh: Vec<String>,
}

impl Strings {
    fn place(&mut self, string: &str) -> f32 {
        if let Some(place) = self.places.get(string) {
            return *place as f32;
        }
        let place = self.places.len() as u32;
        self.places.insert(string.into(), place);
        self.fresh.push(string.into());
        place as f32
    }

    /// Takes those that are new since the last call: they go on where the earlier ones ended.
    pub fn take(&mut self) -> Vec<String> {
        std::mem::take(&mut self.fresh)
    }
}

/// Appends `shapes` to `out`.
pub fn write(shapes: &[DrawnShape], strings: &mut Strings, out: &mut Vec<f32>) {
    let tone = |tone: &Option<Tone>| tone.map_or(-1.0, |tone| tone as u8 as f32);
    for shape in shapes {
        match shape {
            DrawnShape::Group { id, alpha, turn, area } => {
                let (x, y) = area.middle();
                out.extend([0.0, strings.place(&id.to_string()), *alpha as f32, *turn as f32, x as f32, y as f32]);
            }
            DrawnShape::End => out.push(1.0),
            DrawnShape::Rectangle { area: Area { x, y, w, h }, radius, fill, border, dashed } => {
                let numbers = [*x, *y, w.max(0.0), h.max(0.0), *radius].map(|n| n as f32);
                out.push(2.0);
                out.extend(numbers);
                out.extend([tone(fill), tone(border), f32::from(u8::from(*dashed))]);
            }
            DrawnShape::Line { from, to, tone, width, dashed } => {
                out.push(3.0);
                out.extend([from.0, from.1, to.0, to.1].map(|n| n as f32));
                out.extend([f32::from(*tone as u8), *width as f32, f32::from(u8::from(*dashed))]);
            }
            DrawnShape::Path { points, fill, border } => {
                out.extend([4.0, points.len() as f32, tone(fill), tone(border)]);
                out.extend(points.iter().flat_map(|(x, y)| [*x as f32, *y as f32]));
            }
            DrawnShape::Text { at, words } => {
                let anchor = match words.anchor {
                    Anchor::Start => 0.0,
                    Anchor::Middle => 1.0,
                    Anchor::End => 2.0,
                };
                let style = u8::from(words.mono) + 2 * u8::from(words.bold) + 4 * u8::from(words.struck);
                let numbers = [at.0 as f32, at.1 as f32, words.size as f32, f32::from(words.tone as u8), anchor];
                out.push(5.0);
                out.extend(numbers);
                out.extend([f32::from(style), strings.place(&words.text)]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::figure::{
        label::label,
        part::{Look, PartId, StagePart},
        shape::shapes,
    };

    #[test]
    fn a_part_is_a_group_of_records_whose_strings_are_written_once() {
        let mut strings = Strings::default();
        let look = Look::pill(label("maybe", 13.0).tone(Tone::Now).anchor(Anchor::Middle), Tone::Now, 20.0);
        let part = StagePart::new(PartId::Command, Area::new(1.0, 2.0, 30.0, 20.0), look).faint(0.5);
        let mut written = Vec::new();
        write(&shapes(std::slice::from_ref(&part)), &mut strings, &mut written);
        let tone = |tone: Tone| f32::from(tone as u8);
        let expected = [
            &[0.0, 0.0, 0.5, 0.0, 16.0, 12.0][..],
            &[2.0, 1.0, 2.0, 30.0, 20.0, 10.0, tone(Tone::Ground), tone(Tone::Now), 0.0],
            &[5.0, 16.0, 2.0 + 10.0 + 0.36 * 13.0, 13.0, tone(Tone::Now), 1.0, 0.0, 1.0],
            &[1.0],
        ];
        assert_eq!(written, expected.concat());
        assert_eq!(strings.take(), ["command", "maybe"]);
        let mut again = Vec::new();
        write(&shapes(std::slice::from_ref(&part)), &mut strings, &mut again);
        assert_eq!((again, strings.take()), (written, Vec::<String>::new()));
    }
}
