//! Numbers as tables store them: little-endian, or as *varints*.
//!
//! A varint holds seven bits of the number a byte, the lowest first; the top bit says whether another byte follows. So
//! lengths below 128, which most are, take one byte.

/// The most bytes that a varint of 64 bits takes.
pub const MAX_VARINT: usize = 10;

/// Appends `n` as a varint.
#[inline]
pub fn put_varint(out: &mut Vec<u8>, mut n: u64) {
    while n >= 0x80 {
        out.push(n as u8 | 0x80);
        n >>= 7;
    }
    out.push(n as u8);
}

/// How many leading bytes `a` and `b` share.
#[inline]
pub fn common_prefix(a: &[u8], b: &[u8]) -> usize {
    let mut common = 0;
    for (x, y) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        let word = |bytes: &[u8]| u64::from_le_bytes(bytes.try_into().expect("a chunk of eight"));
        let difference = word(x) ^ word(y);
        if difference != 0 {
            return common + difference.trailing_zeros() as usize / 8;
        }
        common += 8;
    }
    common + a[common..].iter().zip(&b[common..]).take_while(|(x, y)| x == y).count()
}

/// Bytes that are read from the front. Every read checks that the bytes are there; `None` says that they are not.
#[derive(Clone, Debug)]
pub struct Input<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Input<'a> {
    /// Reads `bytes` from their beginning.
    pub fn new(bytes: &'a [u8]) -> Input<'a> {
        Input { bytes, at: 0 }
    }

    /// How much was read.
    pub fn at(&self) -> usize {
        self.at
    }

    /// Whether everything was read.
    pub fn is_empty(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// The next `n` bytes.
    pub fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let taken = self.bytes.get(self.at..self.at.checked_add(n)?)?;
        self.at += n;
        Some(taken)
    }

    /// One byte.
    pub fn u8(&mut self) -> Option<u8> {
        Some(self.take(1)?[0])
    }

    /// Four bytes.
    pub fn u32(&mut self) -> Option<u32> {
        Some(u32::from_le_bytes(self.take(4)?.try_into().ok()?))
    }

    /// Eight bytes.
    pub fn u64(&mut self) -> Option<u64> {
        Some(u64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// A varint; `None` also if it does not fit 64 bits.
    pub fn varint(&mut self) -> Option<u64> {
        let mut n = 0u64;
        for i in 0..MAX_VARINT {
            let byte = self.u8()?;
            let bits = u64::from(byte & 0x7F);
            // The tenth byte has room for one bit only.
            if i == MAX_VARINT - 1 && bits > 1 {
                return None;
            }
            n |= bits << (7 * i);
            if byte < 0x80 {
                return Some(n);
            }
        }
        None
    }

    /// A varint that is a length: it fits this machine's addresses.
    pub fn length(&mut self) -> Option<usize> {
        usize::try_from(self.varint()?).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn varints_read_back_at_every_length() {
        for n in (0..64).flat_map(|bit| [(1u64 << bit) - 1, 1 << bit]).chain([u64::MAX]) {
            let mut out = Vec::new();
            put_varint(&mut out, n);
            assert!(out.len() <= MAX_VARINT);
            let mut input = Input::new(&out);
            assert_eq!((input.varint(), input.is_empty()), (Some(n), true));
            assert_eq!(Input::new(&out[..out.len() - 1]).varint(), None, "cut short");
        }
    }

    #[test]
    fn a_varint_beyond_64_bits_is_refused() {
        assert_eq!(Input::new(&[0xFF; 11]).varint(), None);
        let mut bytes = [0x80; 10];
        bytes[9] = 2;
        assert_eq!(Input::new(&bytes).varint(), None);
    }

    #[test]
    fn common_prefixes_are_found_at_every_length() {
        let a: Vec<u8> = (0..40).collect();
        for common in 0..40 {
            let mut b = a.clone();
            b[common] ^= 0x80;
            assert_eq!(common_prefix(&a, &b), common);
            assert_eq!(common_prefix(&a, &a[..common]), common);
        }
        assert_eq!(common_prefix(&a, &a), 40);
    }
}
