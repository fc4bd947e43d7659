//! The charts as a PNG: the SVG, drawn with a font of our own, so that every machine makes the same picture.

use lsmscope::{Error, ErrorKind};
use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg,
};

/// Pixels for each unit of the SVG: sharp on a projector.
const SCALE: f32 = 1.5;

/// `svg`, drawn.
///
/// # Errors
/// It is no SVG, or too large a picture.
pub fn of(svg: &str) -> Result<Vec<u8>, Error> {
    let mut options = usvg::Options { font_family: "DejaVu Sans".into(), ..usvg::Options::default() };
    let fonts = options.fontdb_mut();
    fonts.load_font_data(dejavu::sans::regular().to_vec());
    fonts.load_font_data(dejavu::sans::bold().to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let failed = |what: &str| Error::new(ErrorKind::Unsupported, format!("cannot draw the charts as PNG: {what}"));
    let tree = usvg::Tree::from_str(svg, &options).map_err(|e| failed(&e.to_string()))?;
    let size = tree.size();
    let (width, height) = ((size.width() * SCALE) as u32, (size.height() * SCALE) as u32);
    let mut picture = Pixmap::new(width, height).ok_or_else(|| failed("too large"))?;
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut picture.as_mut());
    picture.encode_png().map_err(|e| failed(&e.to_string()))
}
