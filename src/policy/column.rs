//! One number for each table of a level, in the level's order, of which the smallest is found at once.
//!
//! In: what an edit replaces. Out: the smallest number and its place, the first of several; then the next one; in a
//! column that is in order, the place of a number. The numbers lie in blocks, each of which knows its smallest, so that
//! neither an edit nor a question takes long on a level of thousands:
//!
//! ```text
//! numbers   7 3 5 9 | 4 8 6 | 3 9 9 8        an edit of the second block leaves the others as they are
//! smallest  3       | 4     | 3              the smallest of all is the first 3
//! ```

use std::ops::Range;

/// A block of twice as many numbers is split.
const BLOCK: usize = 64;

/// The column.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    blocks: Vec<Block>,
    len: usize,
}

/// Some neighbours; never empty.
#[derive(Clone, Debug)]
struct Block {
    numbers: Vec<u64>,
    /// The smallest, and its place in the block: the first of several.
    least: (u64, usize),
}

impl Block {
    fn of(numbers: Vec<u64>) -> Block {
        let mut block = Block { numbers, least: (0, 0) };
        block.find_least();
        block
    }

    fn find_least(&mut self) {
        let least = self.numbers.iter().copied().min().unwrap_or(u64::MAX);
        self.least = (least, self.numbers.iter().position(|n| *n == least).unwrap_or(0));
    }

    /// Puts `with` in the place of `range`.
    fn replace(&mut self, range: Range<usize>, with: &[u64]) {
        let (at, new_end) = (self.least.1, range.start + with.len());
        let (len, new_len) = (self.numbers.len(), self.numbers.len() - range.len() + with.len());
        // The same as a `splice`, which takes several times as long for so few.
        self.numbers.resize(len.max(new_len), 0);
        self.numbers.copy_within(range.end..len, new_end);
        self.numbers.truncate(new_len);
        self.numbers[range.start..new_end].copy_from_slice(with);
        let moved = match at {
            at if at < range.start => at,
            at if at >= range.end => at + new_end - range.end,
            _ => return self.find_least(),
        };
        let new = (range.start..).zip(with).map(|(at, n)| (*n, at)).min();
        self.least = new.into_iter().fold((self.least.0, moved), |least, new| least.min(new));
    }
}

impl Column {
    /// Of `numbers`.
    pub fn of(numbers: Vec<u64>) -> Column {
        Column { len: numbers.len(), blocks: numbers.chunks(BLOCK).map(|part| Block::of(part.to_vec())).collect() }
    }

    /// How many numbers of a column in order are smaller than `number`; and numbers between which all have that rank: larger than
    /// the first, not larger than the second.
    pub fn rank(&self, number: u64) -> (usize, (u64, u64)) {
        let mut rank = 0;
        let mut blocks = self.blocks.iter().peekable();
        while let Some(Block { numbers, .. }) = blocks.next() {
            let behind = blocks.peek().map_or(u64::MAX, |next| next.least.0);
            if behind >= number {
                let at = numbers.partition_point(|n| *n < number);
                let before = at.checked_sub(1).map_or(number.saturating_sub(1), |before| numbers[before]);
                return (rank + at, (before, numbers.get(at).copied().unwrap_or(behind)));
            }
            rank += numbers.len();
        }
        (rank, (number.saturating_sub(1), number))
    }

    /// How many numbers there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// All of them, in order.
    pub fn iter(&self) -> impl Iterator<Item = u64> {
        self.blocks.iter().flat_map(|block| block.numbers.iter().copied())
    }

    /// Puts `with` in the place of `range`.
    pub fn splice(&mut self, range: Range<usize>, with: &[u64]) {
        self.len = self.len - range.len() + with.len();
        let (mut at, mut start) = (0, range.start);
        while at + 1 < self.blocks.len() && start > self.blocks[at].numbers.len() {
            start -= self.blocks[at].numbers.len();
            at += 1;
        }
        let Some(block) = self.blocks.get_mut(at) else {
            self.blocks.push(Block::of(with.to_vec()));
            return self.tidy(at);
        };
        let here = (start + range.len()).min(block.numbers.len());
        let mut beyond = start + range.len() - here;
        block.replace(start..here, with);
        // What is replaced may go on in the blocks behind it.
        while beyond > 0 {
            let next = &mut self.blocks[at + 1];
            let many = beyond.min(next.numbers.len());
            next.replace(0..many, &[]);
            beyond -= many;
            if next.numbers.is_empty() {
                self.blocks.remove(at + 1);
            }
        }
        self.tidy(at);
    }

    /// Splits the block at `at` if it is too long, and drops it if it is empty.
    fn tidy(&mut self, at: usize) {
        match self.blocks[at].numbers.len() {
            0 => {
                self.blocks.remove(at);
            }
            len if len >= 2 * BLOCK => {
                let parts = Column::of(std::mem::take(&mut self.blocks[at].numbers)).blocks;
                self.blocks.splice(at..=at, parts);
            }
            _ => {}
        }
    }

    /// The smallest number with its place.
    pub fn least(&self) -> Option<(u64, usize)> {
        let mut begin = 0;
        let mut least: Option<(u64, usize)> = None;
        for Block { numbers, least: (number, at) } in &self.blocks {
            if least.is_none_or(|(least, _)| *number < least) {
                least = Some((*number, begin + at));
            }
            begin += numbers.len();
        }
        least
    }

    /// The smallest one behind `last`, which was the smallest until now: at a later place, or larger.
    pub fn least_after(&self, last: (u64, usize)) -> Option<(u64, usize)> {
        self.iter().zip(0..).filter(|next| *next > last).min()
    }
}

impl PartialEq for Column {
    fn eq(&self, other: &Column) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Column {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    #[test]
    fn it_knows_its_numbers_and_the_smallest_whatever_is_replaced() {
        let mut random = Random::new(3);
        let (mut column, mut plain) = (Column::default(), Vec::new());
        let (mut most, mut split) = (0, 0);
        for round in 0..5000 {
            // It grows for a while, then it shrinks.
            let (out, into) = if round % 1000 < 700 { (8, 11) } else { (40, 12) };
            let start = random.below(plain.len() as u64 + 1) as usize;
            let end = plain.len().min(start + random.below(out) as usize);
            let with: Vec<u64> = (0..random.below(into)).map(|_| random.below(1000)).collect();
            column.splice(start..end, &with);
            plain.splice(start..end, with);
            assert!(column.iter().eq(plain.iter().copied()), "round {round}");
            assert_eq!(column.len(), plain.len());
            let mut in_order: Vec<(u64, usize)> = plain.iter().copied().zip(0..).collect();
            in_order.sort_unstable();
            assert_eq!(column.least(), in_order.first().copied());
            assert!(in_order.windows(2).take(3).all(|pair| column.least_after(pair[0]) == Some(pair[1])));
            most = most.max(plain.len());
            split = split.max(column.blocks.len());
            assert!(column.blocks.iter().all(|block| !block.numbers.is_empty() && block.numbers.len() < 2 * BLOCK));
        }
        // In order, each number is found.
        plain.sort_unstable();
        let column = Column::of(plain.clone());
        for number in 0..1001 {
            let (rank, (after, up_to)) = column.rank(number);
            for same in [number, after + 1, up_to.min(1001)].into_iter().filter(|same| *same > after) {
                assert_eq!(rank, plain.partition_point(|n| *n < same), "{number}");
            }
        }
        assert_eq!(Column::default().rank(7).0, 0);
        assert!(most > 500 && split > 5 && column.least_after((u64::MAX, 0)).is_none(), "{most} {split}");
    }
}
