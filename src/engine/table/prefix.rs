//! Prefixes of keys: the length of a common prefix, for prefix compression, and the first eight bytes as a number, for
//! the index.

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

/// The first eight bytes as a number that compares as they do; what is missing counts as zero.
#[inline]
pub fn head(bytes: &[u8]) -> u64 {
    match bytes.first_chunk() {
        Some(chunk) => u64::from_be_bytes(*chunk),
        None => {
            let mut padded = [0; 8];
            padded[..bytes.len()].copy_from_slice(bytes);
            u64::from_be_bytes(padded)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn heads_compare_as_the_bytes_do_unless_they_are_equal() {
        let keys = [&b""[..], b"\0", b"\0\xff", b"a", b"a\0", b"abcdefgh", b"abcdefghi", b"abcdefgi", b"\xff\xff"];
        for pair in keys.windows(2) {
            assert!(head(pair[0]) <= head(pair[1]), "{pair:?}");
        }
        assert!(head(b"abcdefgh") < head(b"abcdefgi"));
    }
}
