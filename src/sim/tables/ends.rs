//! Where the outputs of a byteless merge end.
//!
//! In: a [`Cutter`], the merged entries, how large they are. Out: for each output, the entry that begins the next one.
//!
//! An output ends at a boundary of a grandparent or when it is full, so only the entries that come first behind one of
//! these are asked about. And where a grandparent is not skipped whole, an output below a certain size does not end at
//! a boundary either: it walks past these unasked. That leaves nothing out, and a test asks about every entry.

use crate::{
    indexed::{MAX_CROSSED, Positions},
    policy::Cutter,
    sim::stream::{Nth, Pieces},
};

/// How large the outputs of one merge get.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sizes {
    /// For each entry, all included but `table_bytes`.
    pub entry_bytes: f64,
    /// Entries in a data block, and the bytes that it adds to a file when it is closed.
    pub block_entries: u64,
    pub block_bytes: u64,
}

impl Sizes {
    /// What a file of so many entries counts when it is asked whether to cut it: the blocks that were closed, the last
    /// of them when the entry behind it was added.
    pub fn flushed(&self, entries: u64) -> u64 {
        entries.saturating_sub(1) / self.block_entries * self.block_bytes
    }

    /// The fewest entries of a file that counts `bytes`.
    fn entries_at(&self, bytes: u64) -> u64 {
        bytes.div_ceil(self.block_bytes).saturating_mul(self.block_entries).saturating_add(1)
    }
}

/// The ends of the outputs of one merge, from left to right.
pub(super) struct Ends<'a> {
    cutter: &'a mut Cutter<Positions>,
    entries: &'a Pieces,
    sizes: Sizes,
    /// An output of so many entries ends, whatever comes.
    full: u64,
    /// The entries from which on one ends at the next boundary that has crossed none, one, two, … or more; no more than
    /// there are.
    large: [u64; MAX_CROSSED + 1],
    /// Whether there are no boundaries.
    by_size: bool,
    /// Whether smaller ones walk past boundaries unasked.
    walks: bool,
    /// The last entry that was asked about, or walked to.
    asked: Nth,
}

/// How a walk past boundaries has ended.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Walked {
    /// At an entry up to which the output is too small to end, but for another reason.
    Small,
    /// At one behind which it is large enough for whatever it crosses.
    Large,
    /// At the last one.
    All,
    /// Before an entry at which the output may have to end all the same.
    Stopped,
}

impl<'a> Ends<'a> {
    /// Those of `entries`, of which there are some.
    pub fn new(cutter: &'a mut Cutter<Positions>, entries: &'a Pieces, sizes: Sizes) -> Ends<'a> {
        let full = sizes.entries_at(cutter.full_at());
        let by_size = cutter.is_by_size();
        let walks = cutter.waits_for_size();
        cutter.cuts_before(&entries.first().at, None);
        let large = match by_size {
            true => [0; _],
            false => std::array::from_fn(|crossed| sizes.entries_at(cutter.large_from(crossed)).min(entries.len())),
        };
        Ends { cutter, entries, sizes, full, large, by_size, walks, asked: entries.first() }
    }

    /// The entry that begins the next output, where this one begins with entry `begun`; none if this one is the last.
    #[inline(never)]
    pub fn next(&mut self, begun: u64) -> Option<Nth> {
        if self.by_size { self.at_full(begun) } else { self.at_boundary(begun) }
    }

    /// The same, where there are no boundaries.
    fn at_full(&mut self, begun: u64) -> Option<Nth> {
        let n = begun.saturating_add(self.full);
        if n >= self.entries.len() {
            return None;
        }
        self.asked = self.entries.nth(n, self.asked.piece);
        Some(self.asked)
    }

    fn at_boundary(&mut self, begun: u64) -> Option<Nth> {
        let mut walks = self.walks;
        loop {
            let mut is_large = false;
            if walks {
                let walked = self.walk(begun);
                if walked == Walked::All {
                    return None;
                }
                (walks, is_large) = (walked != Walked::Stopped, walked == Walked::Large);
            }
            // The next entry at which the answer may be yes.
            let at_boundary =
                self.cutter.next_boundary().and_then(|from| self.entries.first_at(from, self.asked.piece));
            let at_full = begun.saturating_add(self.full).max(self.asked.n + 1);
            let (next, ends) = match at_boundary {
                Some(nth) if nth.n <= at_full => (nth, is_large),
                _ if at_full < self.entries.len() => (self.entries.nth(at_full, self.asked.piece), true),
                _ => return None,
            };
            self.asked = next;
            if ends {
                self.cutter.cut_before(next.at);
                return Some(next);
            }
            if self.cutter.cuts_before(&next.at, Some(self.sizes.flushed(next.n - begun))) {
                return Some(next);
            }
        }
    }

    /// Walks past the entries before which the output is too small to end: how many entries are large enough depends on
    /// the boundaries that it has crossed.
    #[inline(never)]
    fn walk(&mut self, begun: u64) -> Walked {
        let mut ahead = self.cutter.ahead(self.entries.widest());
        let (mut crossed, mut here) = (ahead.crossed().min(MAX_CROSSED), self.asked);
        let walked = loop {
            let end = begun + self.large[crossed];
            let all = end >= self.entries.len();
            if all && ahead.is_quiet() {
                break Walked::All;
            }
            let n = if all { self.entries.len() } else { end } - 1;
            if n <= here.n {
                break Walked::Small;
            }
            let to = self.entries.nth(n, here.piece);
            if crossed < MAX_CROSSED && !all && ahead.is_far(to.at) {
                // It need not be known what lies in between, if the next walk gets there.
                (crossed, here) = (MAX_CROSSED, to);
                continue;
            }
            if !ahead.walks_to(to.at) {
                break Walked::Stopped;
            }
            (here, self.asked) = (to, to);
            if crossed == MAX_CROSSED {
                break Walked::Large;
            }
            // It has crossed boundaries, and has to be larger, if that can be.
            crossed = ahead.crossed().min(MAX_CROSSED);
        };
        let passed = ahead.passed();
        self.cutter.passes(passed);
        walked
    }
}
