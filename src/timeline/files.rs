//! The bytes of files as they were written, deleted files included, for the inspector.
//!
//! Files only ever grow, so the content of a file at a position of the timeline is a prefix of it. When the budget is
//! spent, the files that were removed longest ago are dropped first, then the oldest live ones, which can be read from
//! the storage.

use std::collections::{BTreeMap, VecDeque};

use crate::storage::FileId;

#[derive(Debug, Default)]
struct Image {
    /// The offset of the first kept byte in the file: past 0 if the beginning was never reported, or was dropped.
    offset: u64,
    bytes: Vec<u8>,
}

/// Bytes of files.
#[derive(Debug)]
pub struct Files {
    /// By number, then by name: the first is the oldest.
    images: BTreeMap<(u64, FileId), Image>,
    /// Removed files, the longest gone first.
    removed: VecDeque<FileId>,
    total: usize,
    budget: usize,
}

impl Files {
    /// No files, and room for `budget` bytes.
    pub fn new(budget: usize) -> Files {
        Files { images: BTreeMap::new(), removed: VecDeque::new(), total: 0, budget }
    }

    /// How many bytes are kept.
    pub fn total(&self) -> usize {
        self.total
    }

    /// `file` holds `bytes` at `offset` now, and nothing after them.
    pub fn write(&mut self, file: FileId, offset: u64, bytes: &[u8]) {
        // A file that would push out all others, itself included, is not worth beginning.
        if bytes.len() > self.budget {
            self.drop_image(file);
            self.removed.retain(|removed| *removed != file);
            return;
        }
        let image = self.images.entry(by_age(file)).or_insert_with(|| Image { offset, bytes: Vec::new() });
        self.total -= image.bytes.len();
        match offset.checked_sub(image.offset).map(|at| at as usize) {
            Some(at) if at <= image.bytes.len() => image.bytes.truncate(at),
            // Written before what is known, or after a gap: only these bytes are known now.
            _ => *image = Image { offset, bytes: Vec::new() },
        }
        image.bytes.extend_from_slice(bytes);
        self.total += image.bytes.len();
        self.keep_within_budget();
    }

    /// `file` was deleted.
    pub fn removed(&mut self, file: FileId) {
        if self.images.contains_key(&by_age(file)) {
            self.removed.push_back(file);
        }
    }

    /// The first `len` bytes of `file`, if all of them are kept.
    pub fn get(&self, file: FileId, len: u64) -> Option<&[u8]> {
        let image = self.images.get(&by_age(file)).filter(|image| image.offset == 0)?;
        image.bytes.get(..usize::try_from(len).ok()?)
    }

    /// All that is kept of `file`, if its beginning is.
    pub fn whole(&self, file: FileId) -> Option<&[u8]> {
        self.images.get(&by_age(file)).filter(|image| image.offset == 0).map(|image| &*image.bytes)
    }

    fn keep_within_budget(&mut self) {
        while self.total > self.budget {
            let oldest = self.removed.pop_front().or_else(|| self.images.keys().next().map(|(_, file)| *file));
            let Some(file) = oldest else { return };
            self.drop_image(file);
        }
    }

    fn drop_image(&mut self, file: FileId) {
        if let Some(image) = self.images.remove(&by_age(file)) {
            self.total -= image.bytes.len();
        }
    }
}

fn by_age(file: FileId) -> (u64, FileId) {
    (file.number, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_given_as_long_as_it_was() {
        let mut files = Files::new(100);
        let log = FileId::wal(1);
        files.write(log, 0, b"abc");
        files.write(log, 3, b"def");
        assert_eq!(files.get(log, 3), Some(&b"abc"[..]));
        assert_eq!(files.get(log, 6), Some(&b"abcdef"[..]));
        assert_eq!(files.get(log, 7), None);
        assert_eq!(files.get(FileId::wal(2), 0), None);
    }

    #[test]
    fn a_file_whose_beginning_is_not_known_is_not_given() {
        let mut files = Files::new(100);
        files.write(FileId::manifest(1), 10, b"abc");
        assert_eq!(files.get(FileId::manifest(1), 2), None);
        assert_eq!(files.whole(FileId::manifest(1)), None);
    }

    #[test]
    fn what_was_torn_off_is_written_over() {
        let mut files = Files::new(100);
        let log = FileId::wal(1);
        files.write(log, 0, b"abcdef");
        files.write(log, 4, b"x");
        assert_eq!((files.whole(log), files.total()), (Some(&b"abcdx"[..]), 5));
    }

    #[test]
    fn the_longest_removed_go_first_and_then_the_oldest_live() {
        let mut files = Files::new(10);
        let [a, b, c, d] = [1, 2, 3, 4].map(FileId::table);
        for file in [a, b, c] {
            files.write(file, 0, b"123");
        }
        files.removed(b);
        files.removed(a);
        files.write(d, 0, b"123");
        assert_eq!([a, b, c, d].map(|f| files.whole(f).is_some()), [true, false, true, true]);
        files.write(d, 3, b"456");
        assert_eq!([a, b, c, d].map(|f| files.whole(f).is_some()), [false, false, true, true]);
        files.write(d, 6, b"7890");
        assert_eq!([c, d].map(|f| files.whole(f).is_some()), [false, true]);
        files.write(d, 10, b"one too many");
        assert_eq!((files.whole(d), files.total()), (None, 0));
    }
}
