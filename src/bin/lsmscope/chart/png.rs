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
    let mut options = usvg::Options { font_family: "DejaVu Sans".into(), ..usvg::Options::default() };
    let fonts = options.fontdb_mut();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.load_font_data(dejavu::sans_mono::regular().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    fonts.set_monospace_family("DejaVu Sans Mono");
    let failed = |what: &str| Error::new(ErrorKind::Unsupported, format!("cannot draw the picture as PNG: {what}"));
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| failed(&e.to_string()))?;
    let size = tree.size();
    let (width, height) = ((size.width() * scale) as u32, (size.height() * scale) as u32);
    let mut picture = Pixmap::new(width, height).ok_or_else(|| failed("too large"))?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut picture.as_mut());
    picture.encode_png().map_err(|e| failed(&e.to_string()))
}
