//! Frames that read back; torn, damaged and misplaced ones.

use super::*;

const FILE: FileId = FileId { kind: FileKind::Wal, number: 5 };

fn three() -> Vec<u8> {
    let mut out = Vec::new();
    for (i, payload) in [&b"one"[..], b"", b"three"].into_iter().enumerate() {
        let offset = out.len() as u64;
        put_frame(&mut out, FILE, offset, i as u64 * 10, 1, |o| o.extend_from_slice(payload));
    }
    out
}

fn read(bytes: &[u8]) -> (Vec<&[u8]>, End) {
    let mut frames = Frames::new(FILE, bytes);
    let mut payloads = Vec::new();
    loop {
        match frames.next_frame() {
            Ok(f) => payloads.push(f.payload),
            Err(end) => return (payloads, end),
        }
    }
}

#[test]
fn frames_read_back() {
    let bytes = three();
    assert_eq!(read(&bytes), (vec![&b"one"[..], b"", b"three"], End::Clean));
}

#[test]
fn a_file_cut_anywhere_loses_only_the_torn_frame() {
    let bytes = three();
    let ends = [0, HEADER + 3, 2 * HEADER + 3, 3 * HEADER + 8];
    for cut in 0..=bytes.len() {
        let (payloads, end) = read(&bytes[..cut]);
        let whole = ends.iter().filter(|e| **e <= cut).count() - 1;
        assert_eq!(payloads.len(), whole, "cut at {cut}");
        let expected = if ends.contains(&cut) { End::Clean } else { End::Torn { offset: ends[whole] as u64 } };
        assert_eq!(end, expected, "cut at {cut}");
    }
}

#[test]
fn zeros_up_to_the_end_are_told_from_a_torn_frame_and_from_damage() {
    let whole = three();
    let offset = whole.len() as u64;
    let padded = |zeros: usize, last: u8| [&whole[..], &vec![0; zeros], &[last]].concat();
    for (bytes, expected) in [
        (padded(HEADER - 2, 0), Some(End::Torn { offset })),
        (padded(HEADER - 1, 0), Some(End::Zeros { offset })),
        (padded(10_000, 0), Some(End::Zeros { offset })),
        (padded(10_000, 1), None),
    ] {
        let (payloads, end) = read(&bytes);
        assert_eq!(payloads, [&b"one"[..], b"", b"three"]);
        assert!(expected.as_ref().map_or(matches!(end, End::Damaged { .. }), |expected| end == *expected), "{end:?}");
    }
}

#[test]
fn every_flipped_bit_is_damage_and_never_a_torn_tail() {
    let bytes = three();
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert!(matches!(read(&damaged).1, End::Damaged { .. }), "bit {bit}");
    }
}

#[test]
fn a_frame_in_the_wrong_place_is_damage() {
    let bytes = three();
    assert!(matches!(read(&bytes[HEADER + 3..]).1, End::Damaged { offset: 0, .. }));
    let mut elsewhere = Frames::new(FileId::wal(6), &bytes);
    assert!(matches!(elsewhere.next_frame(), Err(End::Damaged { .. })));
}

/// The payloads of all frames that can be read.
fn salvage(bytes: &[u8]) -> Vec<&[u8]> {
    let mut frames = Frames::new(FILE, bytes);
    let mut payloads = Vec::new();
    loop {
        match frames.next_frame() {
            Ok(frame) => payloads.push(frame.payload),
            Err(End::Damaged { offset, .. }) => {
                frames.resync();
                assert!(frames.offset() > offset, "it moves on");
            }
            Err(_) => return payloads,
        }
    }
}

#[test]
fn one_flipped_bit_costs_one_frame_and_no_other() {
    let bytes = three();
    let ends = [0, HEADER + 3, 2 * HEADER + 3, 3 * HEADER + 8];
    for bit in 0..bytes.len() * 8 {
        let mut damaged = bytes.clone();
        damaged[bit / 8] ^= 1 << (bit % 8);
        let hit = ends.iter().filter(|end| **end <= bit / 8).count() - 1;
        let mut rest = vec![&b"one"[..], b"", b"three"];
        rest.remove(hit);
        assert_eq!(salvage(&damaged), rest, "bit {bit}");
    }
}

#[test]
fn a_frame_inside_of_a_value_is_not_taken_for_one_of_the_log() {
    let mut inner = Vec::new();
    put_frame(&mut inner, FILE, 0, 1, 1, |o| o.extend_from_slice(b"not written"));
    let mut bytes = Vec::new();
    put_frame(&mut bytes, FILE, 0, 1, 1, |o| o.extend_from_slice(&inner));
    let offset = bytes.len() as u64;
    put_frame(&mut bytes, FILE, offset, 2, 1, |o| o.extend_from_slice(b"written"));
    bytes[0] ^= 1;
    assert_eq!(salvage(&bytes), [b"written"]);
}

#[test]
fn rubbish_at_the_end_hides_nothing_before_it() {
    let mut bytes = three();
    bytes.extend_from_slice(&[0xa5; 100]);
    assert_eq!(salvage(&bytes), [&b"one"[..], b"", b"three"]);
}
