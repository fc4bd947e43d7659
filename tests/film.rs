//! `lsmscope film`, from the outside: its frames are the pictures that `lsmscope picture` draws of the same moments.

#![cfg(not(target_arch = "wasm32"))]

use std::{fs, path::Path};

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg,
};

#[path = "streams/command.rs"]
mod command;

use command::{command, run};

const SCRIPT: &str = "put user:1 Alice\nput user:3 Carol\nput user:2 Bob\nput user:5 Erin\nput user:2 Bert\nflush\n";
const SIZE: [&str; 2] = ["--size", "480x270"];

fn lsmscope(arguments: &[&[&str]]) -> (Option<i32>, Vec<u8>, String) {
    let output = run(command(&arguments.concat()), SCRIPT);
    (output.status.code(), output.stdout, String::from_utf8(output.stderr).unwrap())
}

fn film(arguments: &[&str]) -> String {
    let (status, _, told) = lsmscope(&[&["film", "-"], &SIZE, arguments]);
    assert_eq!(status, Some(0), "{told}");
    told
}

fn picture(arguments: &[&str]) -> Vec<u8> {
    let (status, bytes, told) = lsmscope(&[&["picture", "-"], &SIZE, arguments]);
    assert_eq!(status, Some(0), "{told}");
    bytes
}

/// A PNG of the moment after an event.
fn drawn(directory: &Path, event: &str) -> Pixmap {
    let file = directory.join("moment.png");
    picture(&["--at", event, "--out", file.to_str().unwrap()]);
    Pixmap::load_png(&file).unwrap()
}

fn rgb(pixels: &Pixmap) -> Vec<[u8; 3]> {
    pixels.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect()
}

/// The numbers that `--list` gives the events of the flush.
fn flush_range() -> (usize, usize) {
    let listed = String::from_utf8(picture(&["--list"])).unwrap();
    let number = |kind: &str| {
        let line = listed.lines().find(|line| line.contains(&format!("\"type\":\"{kind}\""))).unwrap();
        line.split_once(' ').unwrap().0.parse::<usize>().unwrap()
    };
    (number("flush_began"), number("flush_ended"))
}

/// Whole pictures of a GIF, laid over each other, with the hundredths of a second of each.
fn decoded(path: &Path) -> Vec<(Vec<[u8; 3]>, u16)> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::RGBA);
    let mut decoder = options.read_info(fs::File::open(path).unwrap()).unwrap();
    assert_eq!((decoder.width(), decoder.height()), (480, 270));
    let mut canvas = vec![[0; 3]; 480 * 270];
    let mut frames = Vec::new();
    while let Some(frame) = decoder.read_next_frame().unwrap() {
        assert_eq!((frame.width, frame.height), (480, 270));
        for (pixel, rgba) in canvas.iter_mut().zip(frame.buffer.chunks_exact(4)) {
            if rgba[3] != 0 {
                pixel.copy_from_slice(&rgba[..3]);
            }
        }
        frames.push((canvas.clone(), frame.delay));
    }
    frames
}

#[test]
fn the_frames_of_a_directory_are_the_pictures_of_their_moments() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("frames");
    let (from, to) = flush_range();
    let range = ["--from", "flush_began", "--to", "flush_ended", "--fps", "4"];
    film(&[&range[..], &["--out", out.to_str().unwrap()]].concat());
    let list = fs::read_to_string(out.join("frames.ffconcat")).unwrap();
    let names: Vec<&str> = list.lines().filter_map(|line| line.strip_prefix("file ")).collect();
    assert_eq!(names[names.len() - 2], names[names.len() - 1], "the last is named twice");
    let seconds = |line: &str| line.strip_prefix("duration ").map(|n| n.parse::<f64>().unwrap());
    let times: Vec<f64> = list.lines().filter_map(seconds).collect();
    assert_eq!(times.len(), names.len() - 1);
    assert!(times.iter().all(|time| (time * 4.0).fract() == 0.0 && *time > 0.0), "{times:?}");
    assert!(names.len() > to - from, "each event has a frame, those that move have several");

    let first = Pixmap::load_png(out.join("0001.png")).unwrap();
    assert!(first == drawn(home.path(), "flush_began"), "the first frame is the moment before");
    let last = Pixmap::load_png(out.join(names[names.len() - 1])).unwrap();
    assert!(last == drawn(home.path(), "flush_ended"), "the last frame is the end");
    assert!(first != last);

    let vectors = home.path().join("vectors");
    film(&[&range[..], &["--frames", "svg", "--out", vectors.to_str().unwrap()]].concat());
    let svg = fs::read_to_string(vectors.join("0001.svg")).unwrap();
    assert_eq!(svg.into_bytes(), picture(&["--at", "flush_began", "--out", "-"]));
}

/// A frame falls onto the tape and its entry into the memtable, in so few steps that a frame too early or too late is
/// another picture.
#[test]
fn a_gif_shows_the_painters_pictures_for_as_long_as_events_take() {
    let home = tempfile::tempdir().unwrap();
    let out = home.path().join("put.gif");
    let range = ["--from", "op_began", "--to", "memtable_inserted", "--fps", "4", "--speed", "2"];
    let told = film(&[&range[..], &["--out", out.to_str().unwrap()]].concat());
    let frames = decoded(&out);
    assert!(told.contains(&format!("{} frames", frames.len())), "{told}");
    for (frame, event) in [(frames.first(), "op_began"), (frames.last(), "memtable_inserted")] {
        let (found, expected) = (&frame.unwrap().0, rgb(&drawn(home.path(), event)));
        let far = |(a, b): &(&[u8; 3], &[u8; 3])| a.iter().zip(*b).any(|(a, b)| a.abs_diff(*b) > 24);
        let others = found.iter().zip(&expected).filter(|(a, b)| a != b).count();
        assert!(found.iter().zip(&expected).filter(far).count() < expected.len() / 2000, "shades are near: {event}");
        assert!(others < expected.len() / 20, "all but shades at edges are exact, not {others}");
    }
    assert!(frames.iter().all(|(_, delay)| delay % 25 == 0 && *delay > 0), "of a quarter of a second each");
}

/// By another set-up of the same rasterizer: without our fonts, the shapes alone.
#[test]
fn an_svg_is_drawn_by_a_rasterizer_as_the_png_is() {
    let home = tempfile::tempdir().unwrap();
    let png = drawn(home.path(), "flush_ended");
    let svg = String::from_utf8(picture(&["--at", "flush_ended", "--out", "-"])).unwrap();
    let tree = usvg::Tree::from_str(&svg, &usvg::Options::default()).unwrap();
    let mut pixels = Pixmap::new(480, 270).unwrap();
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    let same = rgb(&pixels).iter().zip(&rgb(&png)).filter(|(a, b)| a == b).count();
    // Letters cover about a tenth of it.
    assert!(same > 480 * 270 * 4 / 5, "{same}");
}

#[test]
fn a_caption_is_text_below_the_figure() {
    let with = picture(&["--at", "flush_ended", "--caption", "a < b & \"c\"", "--out", "-"]);
    let with = String::from_utf8(with).unwrap();
    assert!(with.contains(">a &lt; b &amp; &quot;c&quot;</text>"));
    assert!(with.contains("height=\"270\""), "the picture is as large as it was asked for");
}

#[test]
fn a_film_that_can_not_be_made_says_why() {
    for (arguments, expected) in [
        (&["--out", "film.mp4"][..], "a file that ends with .gif, or a directory"),
        (&["--from", "flush_ended", "--to", "flush_began", "--out", "x.gif"], "an event after number "),
        (&["--speed", "0.1", "--fps", "60", "--out", "x.gif"], "a film has at most 6000 frames"),
    ] {
        let (status, _, told) = lsmscope(&[&["film", "-"], arguments]);
        assert_eq!(status, Some(2), "{arguments:?}");
        assert!(told.contains(expected), "{arguments:?}: {told}");
    }
}
