//! Keys, sequence numbers, kinds, and the order of entries.
//!
//! Every write gets a [`SeqNo`]; an *entry* is `(key, sequence number, kind, value)`. Entries are ordered by key
//! ascending, then by sequence number **descending**, so that a search for a key meets its newest version first
//! (as in LevelDB's internal keys). A delete is an entry too: a *tombstone*.
//!
//! Keys and values are arbitrary bytes. For people they are shown by [`text`]: printable ASCII and valid UTF-8 as
//! themselves, everything else as `\xNN`, with `\\` for the backslash; [`crate::script`] reads the same form back.

use std::{
    cmp::Ordering,
    fmt,
    hash::{Hash, Hasher},
    io,
    ops::Deref,
    rc::Rc,
};

use borsh::{BorshDeserialize, BorshSerialize};
use serde::{Serialize, Serializer};

/// The number of a write; 1 is the first, each write takes the next. Kept below 2^53 so that JavaScript can hold it.
pub type SeqNo = u64;

/// The largest sequence number: reading at it sees everything.
pub const MAX_SEQ: SeqNo = (1 << 53) - 1;

/// The longest key, in bytes.
pub const MAX_KEY_LEN: usize = 64 * 1024 - 1;

/// The longest value, in bytes.
pub const MAX_VALUE_LEN: usize = 16 * 1024 * 1024;

/// What an entry says about its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, BorshSerialize, BorshDeserialize)]
#[borsh(use_discriminant = true)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "snake_case")]
#[repr(u8)]
pub enum EntryKind {
    /// A tombstone: the key is deleted from this sequence number on.
    Delete = 0,
    /// The key has this value from this sequence number on.
    Put = 1,
}

impl EntryKind {
    /// Reads the byte that the formats store; `None` for a byte that no version of the format wrote.
    pub fn from_byte(byte: u8) -> Option<EntryKind> {
        match byte {
            0 => Some(EntryKind::Delete),
            1 => Some(EntryKind::Put),
            _ => None,
        }
    }
}

/// One entry, borrowed from wherever it lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryRef<'a> {
    /// The user's key.
    pub key: &'a [u8],
    /// When it was written.
    pub seq: SeqNo,
    /// Put or delete.
    pub kind: EntryKind,
    /// The value; empty for a delete.
    pub value: &'a [u8],
}

impl EntryRef<'_> {
    /// The one order: key ascending, sequence number descending.
    pub fn order(&self, other: &EntryRef<'_>) -> Ordering {
        order((self.key, self.seq), (other.key, other.seq))
    }
}

/// The one order of `(key, sequence number)` pairs: key ascending, sequence number descending.
#[inline]
pub fn order(a: (&[u8], SeqNo), b: (&[u8], SeqNo)) -> Ordering {
    a.0.cmp(b.0).then_with(|| b.1.cmp(&a.1))
}

/// `a` before `b`, as by their bytes; quick where they differ early, as the keys of a simulator do.
#[inline]
pub fn is_before(a: &[u8], b: &[u8]) -> bool {
    if let (Some(x), Some(y)) = (a.first_chunk::<8>(), b.first_chunk::<8>()) {
        let (x, y) = (u64::from_be_bytes(*x), u64::from_be_bytes(*y));
        if x != y {
            return x < y;
        }
    }
    a < b
}

/// The first eight bytes of a key as a number; keys in order have these in order.
#[inline]
pub fn beginning(key: &[u8]) -> u64 {
    match key.first_chunk::<8>() {
        Some(bytes) => u64::from_be_bytes(*bytes),
        None => {
            let mut bytes = [0; 8];
            bytes[..key.len()].copy_from_slice(key);
            u64::from_be_bytes(bytes)
        }
    }
}

/// Bytes up to this length are kept in place: most keys. So many that a [`Bytes`] is no larger than it is anyway.
const SHORT: usize = 22;

/// Shared immutable bytes (a key, or a value) that serialize as their [`text`]. Short ones lie in place: a simulator,
/// which compares the keys of a million tables, need not look for them elsewhere.
#[derive(Clone)]
pub struct Bytes(Place);

#[derive(Clone)]
enum Place {
    Here { len: u8, bytes: [u8; SHORT] },
    There(Rc<[u8]>),
}

impl Bytes {
    /// The [`beginning`], which needs no look at the length where they lie in place.
    #[inline]
    pub fn beginning(&self) -> u64 {
        match &self.0 {
            // Behind the last one lie zeros.
            Place::Here { bytes: [a, b, c, d, e, f, g, h, ..], .. } => {
                u64::from_be_bytes([*a, *b, *c, *d, *e, *f, *g, *h])
            }
            Place::There(bytes) => beginning(bytes),
        }
    }

    /// [`is_before`], quicker.
    #[inline(always)]
    pub fn is_before(&self, other: &Bytes) -> bool {
        let (a, b) = (self.beginning(), other.beginning());
        if a != b { a < b } else { self.is_before_by_all(other) }
    }

    #[cold]
    fn is_before_by_all(&self, other: &Bytes) -> bool {
        **self < **other
    }

    /// At most `limit` bytes of `bytes`, with `…` appended where something was cut: for events and labels, never for
    /// data.
    pub fn preview(bytes: &[u8], limit: usize) -> Bytes {
        if bytes.len() <= limit {
            return bytes.into();
        }
        let mut cut = limit;
        // Do not cut a UTF-8 character in two where it can be helped.
        while cut > limit.saturating_sub(3) && (bytes[cut] & 0xC0) == 0x80 {
            cut -= 1;
        }
        [&bytes[..cut], "…".as_bytes()].concat().as_slice().into()
    }
}

impl BorshSerialize for Bytes {
    fn serialize<W: io::Write>(&self, writer: &mut W) -> io::Result<()> {
        BorshSerialize::serialize(&**self, writer)
    }
}

impl BorshDeserialize for Bytes {
    fn deserialize_reader<R: io::Read>(reader: &mut R) -> io::Result<Bytes> {
        Vec::<u8>::deserialize_reader(reader).map(|bytes| Bytes::from(&*bytes))
    }
}

impl From<&[u8]> for Bytes {
    fn from(bytes: &[u8]) -> Bytes {
        if bytes.len() > SHORT {
            return Bytes(Place::There(bytes.into()));
        }
        let mut short = [0; SHORT];
        short[..bytes.len()].copy_from_slice(bytes);
        Bytes(Place::Here { len: bytes.len() as u8, bytes: short })
    }
}

impl Default for Bytes {
    fn default() -> Bytes {
        Bytes::from(&[][..])
    }
}

impl From<&str> for Bytes {
    fn from(text: &str) -> Bytes {
        text.as_bytes().into()
    }
}

impl Deref for Bytes {
    type Target = [u8];
    #[inline]
    fn deref(&self) -> &[u8] {
        match &self.0 {
            Place::Here { len, bytes } => &bytes[..usize::from(*len)],
            Place::There(bytes) => bytes,
        }
    }
}

impl PartialEq for Bytes {
    fn eq(&self, other: &Bytes) -> bool {
        **self == **other
    }
}

impl Eq for Bytes {}

impl PartialOrd for Bytes {
    fn partial_cmp(&self, other: &Bytes) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bytes {
    #[inline]
    fn cmp(&self, other: &Bytes) -> Ordering {
        // Where they differ early, as the keys of a simulator do, that is seen early.
        self.beginning().cmp(&other.beginning()).then_with(|| (**self).cmp(&**other))
    }
}

impl Hash for Bytes {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self))
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&text(self))
    }
}

impl Serialize for Bytes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&text(self))
    }
}

/// Bytes as people read them: see the module's docs. Lossless: the command language reads it back.
pub fn text(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\\' => out.push_str("\\\\"),
                c if c.is_control() => {
                    let mut buffer = [0; 4];
                    c.encode_utf8(&mut buffer).bytes().for_each(|b| push_hex(&mut out, b));
                }
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|&b| push_hex(&mut out, b));
    }
    out
}

fn push_hex(out: &mut String, byte: u8) {
    use fmt::Write;
    write!(out, "\\x{byte:02x}").expect("writing to a string cannot fail");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newest_version_of_a_key_comes_first() {
        let mut entries = [(&b"b"[..], 1), (&b"a"[..], 1), (&b"a"[..], 9), (&b""[..], 3)];
        entries.sort_by(|a, b| order(*a, *b));
        assert_eq!(entries, [(&b""[..], 3), (&b"a"[..], 9), (&b"a"[..], 1), (&b"b"[..], 1)]);
    }

    #[test]
    fn the_quick_comparison_is_that_of_bytes() {
        let keys: [&[u8]; 8] = [b"", b"a", b"abcdefg", b"abcdefgh", b"abcdefgh\0", b"abcdefghi", b"abcdefgi", b"\xff"];
        for (a, b) in keys.iter().flat_map(|a| keys.iter().map(move |b| (a, b))) {
            assert_eq!(is_before(a, b), a < b, "{a:?} {b:?}");
        }
    }

    #[test]
    fn bytes_are_what_they_were_made_of_whatever_their_length() {
        let all: Vec<Vec<u8>> = (0..60).map(|len| (0..len).map(|i| (i * 7 % 5) as u8).collect()).collect();
        for a in &all {
            assert_eq!(*Bytes::from(&a[..]), a[..]);
            for b in &all {
                assert_eq!(Bytes::from(&a[..]).cmp(&Bytes::from(&b[..])), a.cmp(b));
            }
        }
        assert_eq!(size_of::<Bytes>(), 24);
    }

    #[test]
    fn text_escapes_what_cannot_be_read() {
        assert_eq!(text("naïve\\".as_bytes()), "naïve\\\\");
        assert_eq!(text(b"a\x00\xff\n"), "a\\x00\\xff\\x0a");
    }

    #[test]
    fn previews_never_split_a_character() {
        assert_eq!(Bytes::preview("aé".as_bytes(), 2).to_string(), "a…");
        assert_eq!(Bytes::preview(b"abc", 3).to_string(), "abc");
    }
}
