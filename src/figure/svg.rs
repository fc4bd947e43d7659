//! A picture as SVG text.
//!
//! In: shapes, the size, a [`Theme`], a title. Out: one SVG document that any viewer shows; each part is a group whose
//! `id` is the part's.

use std::fmt::Write;

use super::{
    Picture,
    label::Anchor,
    part::{Area, Tone},
    shape::DrawnShape,
    theme::Theme,
};

/// What is between two pictures of a sheet.
const GAP: f64 = 4.0;

/// One picture as a document.
pub fn document(shapes: &[DrawnShape], picture: &Picture, theme: &Theme, title: &str) -> String {
    sheet(&[shapes.to_vec()], picture, theme, title, 1)
}

/// Several pictures of one size as a document, `columns` of them side by side: a contact sheet.
pub fn sheet(frames: &[Vec<DrawnShape>], picture: &Picture, theme: &Theme, title: &str, columns: usize) -> String {
    let gap = if frames.len() > 1 { GAP } else { 0.0 };
    let columns = columns.clamp(1, frames.len().max(1));
    let rows = frames.len().div_ceil(columns);
    let place = |at: usize| (at as f64 * (picture.width + gap), at as f64 * (picture.height + gap));
    let (width, height) = (place(columns).0 - gap, place(rows).1 - gap);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         viewBox=\"0 0 {width} {height}\" role=\"img\">\n<title>{}</title>\n",
        escaped(title)
    );
    if gap > 0.0 {
        let line = colour(theme, Tone::Line);
        let _ = writeln!(out, "<rect width=\"{width}\" height=\"{height}\" fill=\"{line}\"/>");
    }
    for (at, shapes) in frames.iter().enumerate() {
        let (x, y) = (place(at % columns).0, place(at / columns).1);
        let _ = writeln!(out, "<svg x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\">", picture.width, picture.height);
        let ground = colour(theme, Tone::Ground);
        let _ = writeln!(out, "<rect width=\"{}\" height=\"{}\" fill=\"{ground}\"/>", picture.width, picture.height);
        // Identities are unique in a document.
        let prefix = if frames.len() > 1 { format!("{at}:") } else { String::new() };
        for shape in shapes {
            write_shape(&mut out, shape, theme, &prefix);
        }
        out.push_str("</svg>\n");
    }
    out.push_str("</svg>\n");
    out
}

fn write_shape(out: &mut String, shape: &DrawnShape, theme: &Theme, prefix: &str) {
    // Writing to a string does not fail.
    let _ = match shape {
        DrawnShape::Group { id, alpha, turn, area } => {
            let _ = write!(out, "<g id=\"{prefix}{}\"", escaped(&id.to_string()));
            if *alpha < 1.0 {
                let _ = write!(out, " opacity=\"{}\"", number(*alpha));
            }
            if *turn != 0.0 {
                let (x, y) = area.middle();
                let _ = write!(out, " transform=\"rotate({} {} {})\"", number(*turn), number(x), number(y));
            }
            writeln!(out, ">")
        }
        DrawnShape::End => writeln!(out, "</g>"),
        DrawnShape::Rectangle { area: Area { x, y, w, h }, radius, fill, border, dashed } => writeln!(
            out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"{}\"{}/>",
            number(*x),
            number(*y),
            number(w.max(0.0)),
            number(h.max(0.0)),
            number(*radius),
            paint(*fill, *border, *dashed, theme)
        ),
        DrawnShape::Line { from, to, tone, width, dashed } => writeln!(
            out,
            "<line x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\" stroke=\"{}\" stroke-width=\"{width}\"{}/>",
            number(from.0),
            number(from.1),
            number(to.0),
            number(to.1),
            colour(theme, *tone),
            if *dashed { " stroke-dasharray=\"5 4\"" } else { "" }
        ),
        DrawnShape::Path { points, fill, border } => {
            let mut path = String::new();
            for (at, (x, y)) in points.iter().enumerate() {
                let _ = write!(path, "{}{} {}", if at == 0 { "M" } else { "L" }, number(*x), number(*y));
            }
            writeln!(out, "<path d=\"{path}Z\"{}/>", paint(*fill, *border, false, theme))
        }
        DrawnShape::Text { at, words } => {
            let anchor = match words.anchor {
                Anchor::Start => "start",
                Anchor::Middle => "middle",
                Anchor::End => "end",
            };
            let family =
                if words.mono { "DejaVu Sans Mono, ui-monospace, monospace" } else { "DejaVu Sans, sans-serif" };
            writeln!(
                out,
                "<text x=\"{}\" y=\"{}\" font-size=\"{}\" font-family=\"{family}\" text-anchor=\"{anchor}\" \
                 fill=\"{}\"{}{}>{}</text>",
                number(at.0),
                number(at.1),
                number(words.size),
                colour(theme, words.tone),
                if words.bold { " font-weight=\"bold\"" } else { "" },
                if words.struck { " text-decoration=\"line-through\"" } else { "" },
                escaped(&words.text)
            )
        }
    };
}

fn paint(fill: Option<Tone>, border: Option<Tone>, dashed: bool, theme: &Theme) -> String {
    let fill = fill.map_or("none".into(), |tone| colour(theme, tone));
    let border = border.map(|tone| format!(" stroke=\"{}\" stroke-width=\"1.5\"", colour(theme, tone)));
    let dashes = if dashed { " stroke-dasharray=\"4 3\"" } else { "" };
    format!(" fill=\"{fill}\"{}{dashes}", border.unwrap_or_default())
}

fn colour(theme: &Theme, tone: Tone) -> String {
    format!("#{:06x}", theme.colour(tone))
}

/// To a hundredth: shorter, and the same everywhere.
fn number(n: f64) -> String {
    let text = format!("{n:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".into() } else { text.into() }
}

/// As text of XML. Control characters, which XML has none of, are left out.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}
