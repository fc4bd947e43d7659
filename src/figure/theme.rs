//! The colours of a figure, light and dark.
//!
//! Contrast with the ground is at least 4.5 for text and 3 for borders (WCAG 2.2, 1.4.3 and 1.4.11); a test counts it.

use super::part::{TONES, Tone};

/// A colour for each tone, as `0xRRGGBB`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme([u32; TONES]);

/// Dark on light.
pub const LIGHT: Theme = Theme([
    0xfbfaf6, 0x1d2233, 0x5f6474, 0xf1efe9, 0x8d8878, 0x0f766e, 0xdff3ef, 0x4f46c8, 0xe8e6fb, 0xb3261e, 0xfbe4e2,
    0x8a5307, 0xfdf3d8, 0xc03d14,
]);

/// Light on dark.
pub const DARK: Theme = Theme([
    0x12151c, 0xe9ebf2, 0x9fa6b9, 0x1a1f29, 0x6a7388, 0x5fd0c0, 0x143a36, 0xa6a0ff, 0x25234a, 0xff8f86, 0x44201d,
    0xf0c060, 0x3a2f12, 0xff9160,
]);

impl Theme {
    /// The theme of that name: `light` or `dark`.
    pub fn parse(name: &str) -> Option<Theme> {
        match name {
            "light" => Some(LIGHT),
            "dark" => Some(DARK),
            _ => None,
        }
    }

    /// The colour of the tone of this number, as `0xRRGGBB`.
    pub fn number(&self, tone: usize) -> u32 {
        self.0[tone]
    }

    /// The colour of a tone, as `0xRRGGBB`.
    pub fn colour(&self, tone: Tone) -> u32 {
        self.0[tone as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Relative luminance and contrast by WCAG 2.2.
    fn contrast(a: u32, b: u32) -> f64 {
        let channel = |value: u32| {
            let c = f64::from(value & 0xff) / 255.0;
            if c <= 0.04045 { c / 12.92 } else { libm::pow((c + 0.055) / 1.055, 2.4) }
        };
        let luminance = |rgb: u32| 0.2126 * channel(rgb >> 16) + 0.7152 * channel(rgb >> 8) + 0.0722 * channel(rgb);
        let (a, b) = (luminance(a) + 0.05, luminance(b) + 0.05);
        if a > b { a / b } else { b / a }
    }

    #[test]
    fn text_and_borders_stand_out_from_what_they_lie_on() {
        for theme in [LIGHT, DARK] {
            let against = |tone, ground| contrast(theme.colour(tone), theme.colour(ground));
            for ground in [Tone::Ground, Tone::Lane, Tone::MemoryGround, Tone::TableGround, Tone::LogGround] {
                for text in [Tone::Ink, Tone::Quiet] {
                    assert!(against(text, ground) >= 4.5, "{text:?} on {ground:?}: {}", against(text, ground));
                }
            }
            for text in [Tone::Dead, Tone::Now, Tone::Memory, Tone::Table, Tone::Log] {
                assert!(against(text, Tone::Lane) >= 4.5, "{text:?}: {}", against(text, Tone::Lane));
            }
            assert!(against(Tone::Line, Tone::Lane) >= 3.0, "{}", against(Tone::Line, Tone::Lane));
        }
    }
}
