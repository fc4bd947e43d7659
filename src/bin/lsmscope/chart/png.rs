//! A picture as a PNG: the SVG, drawn with a font of our own, so that every machine makes the same picture.

use lsmscope::{Error, ErrorKind};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg,
};

/// Pixels for each unit of a chart: sharp on a projector.
pub const CHART_SCALE: f32 = 1.5;

/// `svg`, drawn with `scale` pixels for each of its units.
///
/// # Errors
/// It is no SVG, or too large a picture.
pub fn of(svg: &str, scale: f32) -> Result<Vec<u8>, Error> {
    encoded(&Rasterizer::new().pixels(svg, scale)?)
}

/// The bytes of a PNG.
///
/// # Errors
/// It is too large.
pub fn encoded(pixels: &Pixmap) -> Result<Vec<u8>, Error> {
    pixels.encode_png().map_err(|e| failed(&e.to_string()))
}

/// Draws SVGs with a font of our own, which is loaded once.
pub struct Rasterizer(usvg::Options<'static>);

impl Rasterizer {
    /// With the font.
    pub fn new() -> Rasterizer {
        let mut options = usvg::Options { font_family: "DejaVu Sans".into(), ..usvg::Options::default() };
        let fonts = options.fontdb_mut();
        fonts.load_font_data(dejavu::sans::regular().to_vec());
        fonts.load_font_data(dejavu::sans::bold().to_vec());
        fonts.load_font_data(dejavu::sans_mono::regular().to_vec());
        fonts.set_sans_serif_family("DejaVu Sans");
        fonts.set_monospace_family("DejaVu Sans Mono");
        Rasterizer(options)
    }

    /// The pixels of `svg`, `scale` for each of its units.
    ///
    /// # Errors
    /// It is no SVG, or too large a picture.
    pub fn pixels(&self, svg: &str, scale: f32) -> Result<Pixmap, Error> {
        let tree = usvg::Tree::from_str(svg, &self.0).map_err(|e| failed(&e.to_string()))?;
        let size = tree.size();
        let (width, height) = ((size.width() * scale) as u32, (size.height() * scale) as u32);
        let mut picture = Pixmap::new(width, height).ok_or_else(|| failed("too large"))?;
        resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
        Ok(picture)
    }
}

fn failed(what: &str) -> Error {
    Error::new(ErrorKind::Unsupported, format!("cannot draw the picture as PNG: {what}"))
}
