//! A film as a GIF: one table of 255 colours for all of it, and of each frame what is other than in the one before.
//!
//! In: frames of pixels, of which some were seen before to choose the colours. Out: the bytes of the file. The colours
//! of the theme are exact; of the shades at the edges of letters, the most frequent ones are, and the rest are the
//! nearest of these.

use std::{borrow::Cow, collections::BTreeMap};

use gif::{DisposalMethod, Encoder, Frame, Repeat};
use lsmscope::{
    Error, ErrorKind,
    figure::{part::TONES, theme::Theme},
};
use resvg::tiny_skia::Pixmap;

type Rgb = [u8; 3];

/// The index that stands for a pixel that stays.
const STAYS: u8 = 255;

/// The colours of a film.
pub struct Colours {
    table: Vec<Rgb>,
    /// The nearest of the table, of those that were looked for.
    nearest: BTreeMap<Rgb, u8>,
}

impl Colours {
    /// Those of the theme, and the most frequent ones of `samples`.
    pub fn of(theme: &Theme, samples: &[Pixmap]) -> Colours {
        let mut table: Vec<Rgb> = (0..TONES).map(|tone| rgb_of(theme.number(tone))).collect();
        let mut counts: BTreeMap<Rgb, usize> = BTreeMap::new();
        for pixel in samples.iter().flat_map(|sample| sample.pixels()) {
            *counts.entry([pixel.red(), pixel.green(), pixel.blue()]).or_default() += 1;
        }
        table.iter().for_each(|colour| _ = counts.remove(colour));
        let mut others: Vec<(Rgb, usize)> = counts.into_iter().collect();
        // Stable: of equally frequent colours, the order is that of their numbers.
        others.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        table.extend(others.into_iter().map(|(colour, _)| colour).take(usize::from(STAYS) - table.len()));
        let nearest = table.iter().enumerate().rev().map(|(index, colour)| (*colour, index as u8)).collect();
        Colours { table, nearest }
    }

    fn index(&mut self, colour: Rgb) -> u8 {
        if let Some(index) = self.nearest.get(&colour) {
            return *index;
        }
        let distance =
            |other: &Rgb| -> u32 { colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum() };
        let found = self.table.iter().enumerate().min_by_key(|(_, other)| distance(other));
        let index = found.map_or(0, |(index, _)| index as u8);
        self.nearest.insert(colour, index);
        index
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.table.concat();
        bytes.resize(3 * 256, 0);
        bytes
    }
}

fn rgb_of(colour: u32) -> Rgb {
    let [_, red, green, blue] = colour.to_be_bytes();
    [red, green, blue]
}

/// A GIF that is being written.
pub struct Animation {
    encoder: Encoder<Vec<u8>>,
    colours: Colours,
    size: (u16, u16),
    /// The indices of the last frame.
    before: Vec<u8>,
}

impl Animation {
    /// One that loops for ever.
    ///
    /// # Errors
    /// It is too large for a GIF.
    pub fn new(colours: Colours, width: u32, height: u32) -> Result<Animation, Error> {
        let side = |side: u32| u16::try_from(side).map_err(|_| failed("a side is longer than 65,535 pixels"));
        let size = (side(width)?, side(height)?);
        let mut encoder = Encoder::new(Vec::new(), size.0, size.1, &colours.bytes()).map_err(failed)?;
        encoder.set_repeat(Repeat::Infinite).map_err(failed)?;
        Ok(Animation { encoder, colours, size, before: Vec::new() })
    }

    /// Adds a frame that is shown for `seconds`.
    ///
    /// # Errors
    /// It cannot be written.
    pub fn add(&mut self, pixels: &Pixmap, seconds: f64) -> Result<(), Error> {
        let rgb = |pixel: &resvg::tiny_skia::PremultipliedColorU8| [pixel.red(), pixel.green(), pixel.blue()];
        let indices: Vec<u8> = pixels.pixels().iter().map(|pixel| self.colours.index(rgb(pixel))).collect();
        let buffer: Vec<u8> = match self.before.is_empty() {
            true => indices.clone(),
            false => indices.iter().zip(&self.before).map(|(now, old)| if now == old { STAYS } else { *now }).collect(),
        };
        let frame = Frame {
            width: self.size.0,
            height: self.size.1,
            delay: (seconds * 100.0).round().clamp(2.0, f64::from(u16::MAX)) as u16,
            dispose: DisposalMethod::Keep,
            transparent: Some(STAYS),
            buffer: Cow::Owned(buffer),
            ..Frame::default()
        };
        self.before = indices;
        self.encoder.write_frame(&frame).map_err(failed)
    }

    /// The bytes of the file.
    ///
    /// # Errors
    /// Its end cannot be written.
    pub fn finish(self) -> Result<Vec<u8>, Error> {
        self.encoder.into_inner().map_err(failed)
    }
}

fn failed(what: impl std::fmt::Display) -> Error {
    Error::new(ErrorKind::Unsupported, format!("cannot make a GIF: {what}"))
}
