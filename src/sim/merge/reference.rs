//! The model of a byteless merge straight from its formulas ([`merge`](super)): tests hold the fast one against it.
//!
//! In: tables, newest first, their density profiles, and where to cut. Out: the output tables and their profiles. It
//! lists every entry and asks the cutter about each; it keeps nothing from one merge to the next, and looks at every
//! table for every question. Only the curve of [`KeyModel`], the cells and the constants of the model are shared.

use std::{collections::BTreeMap, rc::Rc};

use super::{
    KeyModel, TableFormat,
    input_runs::MAX_GAP_STEPS,
    merged_entries::ALIKE,
    sweep::{SLACK, WIDEST, log2},
    table_format::SHARING_ENTRIES,
};
use crate::{
    entry::SeqNo,
    policy::Cutter,
    random::Random,
    version::{TableId, TableMeta, Times},
};

/// By table: the end of each segment but the last, and its entries.
pub(super) type Profiles = BTreeMap<TableId, Vec<(u64, u64)>>;

/// Entries that lie evenly in `from..end`.
#[derive(Clone, Copy, Debug)]
struct Segment {
    from: u64,
    end: u64,
    entries: u64,
    tombstone_share: f64,
}

impl Segment {
    fn width(&self) -> f64 {
        (self.end - self.from) as f64
    }
}

/// One merged entry.
#[derive(Clone, Copy, Debug)]
struct Entry {
    at: u64,
    /// The expected tombstones before it.
    tombstones_before: f64,
    /// Its stretch: where that begins, and how far apart its entries lie.
    stretch: (u64, f64),
}

/// What is the same for every merge of a tree.
pub(super) struct Reference<'a> {
    pub model: &'a KeyModel,
    pub format: &'a TableFormat,
}

impl Reference<'_> {
    /// The outputs, numbered from `next` on, and their profiles. Those of `profiles` are the inputs'. Without a cutter,
    /// there is one output.
    pub fn merge(
        &self,
        tables: &[Rc<TableMeta>],
        profiles: &Profiles,
        keeps: impl Fn(u64, u64) -> bool,
        cutter: Option<Cutter<&[Rc<TableMeta>]>>,
        next: TableId,
    ) -> (Vec<TableMeta>, Profiles) {
        let runs = runs(tables, profiles);
        let (entries, tombstones, nearer) = self.entries(&runs, keeps);
        let mut outputs = Vec::new();
        let mut written = Profiles::new();
        if entries.is_empty() {
            return (outputs, written);
        }
        let (entry_bytes, block_entries, block_bytes) = self.sizes(tables, entries.len(), tombstones, nearer);
        let closed_blocks = |count: u64| (count - 1) / block_entries * block_bytes;
        let mut begins = vec![0];
        if let Some(mut cutter) = cutter {
            for (n, entry) in entries.iter().enumerate() {
                let size = (n > 0).then(|| closed_blocks((n - begins[begins.len() - 1]) as u64));
                if cutter.cuts_before(&entry.at.to_be_bytes(), size) && n > 0 {
                    begins.push(n);
                }
            }
        }
        let times = Times::of(tables.iter().map(|table| &**table));
        let seqs = tables
            .iter()
            .fold((SeqNo::MAX, 0), |(from, to), table| (table.smallest_seq.min(from), table.largest_seq.max(to)));
        let bytes_before = |n: usize| (n as f64 * entry_bytes) as u64;
        let tombstones_before =
            |n: usize| (entries.get(n).map_or(tombstones, |entry| entry.tombstones_before) + SLACK) as u64;
        for (id, (which, first)) in (next..).zip(begins.iter().enumerate()) {
            let end = begins.get(which + 1).copied().unwrap_or(entries.len());
            let here = &entries[*first..end];
            let (smallest, largest) = (here[0].at, here[here.len() - 1].at);
            let (from, to) = match here.len() < entries.len() {
                true => drawn_seqs(tables, smallest, largest, &mut Random::new(id)).unwrap_or(seqs),
                false => seqs,
            };
            let (from, to) = (from.max(seqs.0), to.min(seqs.1));
            let deleted = (tombstones_before(end) - tombstones_before(*first)).min(here.len() as u64);
            outputs.push(TableMeta {
                id,
                bytes: self.format.table_bytes + bytes_before(end) - bytes_before(*first),
                entries: here.len() as u64,
                tombstones: deleted,
                smallest: self.model.cells().begin(smallest).to_be_bytes()[..].into(),
                largest: self.model.cells().end(largest).to_be_bytes()[..].into(),
                smallest_seq: from,
                largest_seq: to,
                oldest_time: times.oldest,
                newest_time: times.newest,
                tombstone_seqs: (deleted > 0).then_some((from, to)),
                ..TableMeta::default()
            });
            let profile = profile(here);
            if !profile.is_empty() {
                written.insert(id, profile);
            }
        }
        (outputs, written)
    }

    /// Every entry that is left; the expected tombstones among them; the bits by which neighbours are nearer to each
    /// other than in their tables, on average.
    fn entries(&self, runs: &[Vec<Segment>], keeps: impl Fn(u64, u64) -> bool) -> (Vec<Entry>, f64, f64) {
        let (mut entries, mut deleted, mut nearer, mut carry) = (Vec::<Entry>::new(), 0.0, 0.0, 0.0);
        // Of the last stretch: where its entries begin in the list, and the tombstones before it.
        let (mut begin, mut deleted_before) = (0, 0.0);
        let spread = |entries: &mut [Entry], before: f64, after: f64| {
            let count = entries.len() as f64;
            for (i, entry) in entries.iter_mut().enumerate() {
                entry.tombstones_before = before + (after - before) * (i as f64 / count);
            }
        };
        let bounds = bounds(runs);
        for pair in bounds.windows(2) {
            let (from, end) = (pair[0], pair[1]);
            let width = (end - from) as f64;
            let (mut left, mut tombstones, mut bits) = (0.0, 0.0, 0.0);
            let mut union = DistinctKeys::new(self.model, width);
            for run in runs {
                let Some(segment) = run.iter().find(|segment| segment.from <= from && from < segment.end) else {
                    continue;
                };
                let entries = segment.entries as f64 * width / segment.width();
                let added = union.add(entries);
                left += added;
                tombstones += added * segment.tombstone_share;
                bits += added * log2(segment.width() / segment.entries as f64);
            }
            if tombstones > 0.0 && !keeps(from, end - 1) {
                bits *= 1.0 - tombstones / left;
                left -= tombstones;
                tombstones = 0.0;
            }
            let room = self.model.cells().within(width);
            let count = (left + carry + SLACK).min(room).floor();
            carry = (left + carry - count).min(1.0);
            if count > 0.0 {
                spread(&mut entries[begin..], deleted_before, deleted);
                (begin, deleted_before) = (entries.len(), deleted);
                let step = width / count;
                bits -= count * log2(step);
                let at = |i: u64| from + ((i as f64 + 0.5) * step) as u64;
                let entry = |i: u64| Entry { at: at(i), tombstones_before: 0.0, stretch: (from, step) };
                entries.extend((0..count as u64).map(entry));
            }
            deleted += tombstones;
            nearer += bits;
        }
        spread(&mut entries[begin..], deleted_before, deleted);
        let count = entries.len();
        if let [.., last] = &mut entries[..] {
            last.at = bounds[bounds.len() - 1] - 1;
        }
        if let [first, ..] = &mut entries[..] {
            first.at = bounds[0];
        }
        (entries, deleted, nearer / count.max(1) as f64)
    }

    /// The bytes of an entry; the entries of a data block, and its bytes.
    fn sizes(&self, tables: &[Rc<TableMeta>], entries: usize, tombstones: f64, nearer: f64) -> (f64, u64, u64) {
        let TableFormat { table_bytes, tombstone_bytes, key_byte_bits, block_size, data_share } = *self.format;
        let sum = |of: fn(&TableMeta) -> u64| tables.iter().map(|table| of(table)).sum::<u64>();
        let deleted = sum(|table| table.tombstones);
        let bytes: u64 = tables.iter().map(|table| table.bytes.saturating_sub(table_bytes)).sum();
        let puts = (sum(|table| table.entries) - deleted).max(1) as f64;
        let put_bytes = (bytes as f64 - deleted as f64 * tombstone_bytes).max(0.0) / puts;
        let entries = entries as f64;
        let saved = if key_byte_bits > 0.0 { nearer / key_byte_bits * SHARING_ENTRIES } else { 0.0 };
        let average = ((entries - tombstones) * put_bytes + tombstones * tombstone_bytes) / entries;
        let entry_bytes = (average - saved).max(1.0);
        let in_data = (entry_bytes * data_share).max(1.0);
        let block_entries = (block_size as f64 / in_data).max(1.0).floor();
        (entry_bytes, block_entries as u64, (block_entries * in_data) as u64)
    }
}

/// The tables as runs of segments: one behind the other is the same run.
fn runs(tables: &[Rc<TableMeta>], profiles: &Profiles) -> Vec<Vec<Segment>> {
    let mut runs: Vec<Vec<Segment>> = Vec::new();
    let begin = |table: &TableMeta| table.smallest.beginning();
    for (at, table) in tables.iter().enumerate() {
        let from = begin(table);
        let is_behind = |run: &Vec<Segment>| run.last().is_some_and(|segment| segment.end <= from);
        if !runs.last().is_some_and(is_behind) {
            runs.push(Vec::new());
        }
        let tombstone_share = table.tombstones as f64 / table.entries as f64;
        let segment = |from: u64, end: u64, entries: u64| Segment { from, end, entries, tombstone_share };
        let run = runs.last_mut().expect("one was pushed");
        let (mut from, mut left) = (from, table.entries);
        for (end, entries) in profiles.get(&table.id).into_iter().flatten() {
            run.push(segment(from, *end, *entries));
            (from, left) = (*end, left - entries);
        }
        let mut last = segment(from, table.largest.beginning().saturating_add(1), left);
        // A narrow gap before the next table belongs to this one.
        if let Some(next) = tables.get(at + 1).map(|next| begin(next)).filter(|next| *next > last.end) {
            let step = last.width() / left as f64;
            if (next - last.end) as f64 <= MAX_GAP_STEPS * step {
                last.end = next;
            }
        }
        run.push(last);
    }
    runs
}

/// Where intervals begin and end: at every end of a segment, and so that none is wider than [`WIDEST`].
fn bounds(runs: &[Vec<Segment>]) -> Vec<u64> {
    let mut ends: Vec<u64> = runs.iter().flatten().flat_map(|segment| [segment.from, segment.end]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut bounds: Vec<u64> = Vec::new();
    for end in ends {
        while let Some(last) = bounds.last().filter(|last| end - **last > WIDEST) {
            bounds.push(last + WIDEST);
        }
        bounds.push(end);
    }
    bounds
}

/// The distinct keys of some tables together, in one interval.
struct DistinctKeys<'a> {
    model: &'a KeyModel,
    /// The keys that there are in it.
    keys: f64,
    /// The entries of each table.
    tables: Vec<f64>,
    distinct: f64,
}

impl DistinctKeys<'_> {
    fn new(model: &KeyModel, width: f64) -> DistinctKeys<'_> {
        DistinctKeys { model, keys: model.keys_in(width), tables: Vec::new(), distinct: 0.0 }
    }

    /// Adds a table: how many of its keys the others have not.
    fn add(&mut self, entries: f64) -> f64 {
        if self.model.is_unique() {
            return entries;
        }
        self.tables.push(entries);
        let shares = self.tables.iter().map(|entries| (entries / self.keys).min(1.0));
        let share = match self.model.curve() {
            None => 1.0 - shares.map(|share| 1.0 - share).product::<f64>(),
            Some(curve) => curve.share(shares.map(|share| curve.draws(share)).sum()),
        };
        let before = self.distinct;
        self.distinct = (self.keys * share).clamp(before.max(entries), before + entries);
        self.distinct - before
    }
}

/// The sequence numbers of the oldest and the newest entry in `from..=to`. None if no table lies there.
fn drawn_seqs(tables: &[Rc<TableMeta>], from: u64, to: u64, random: &mut Random) -> Option<(SeqNo, SeqNo)> {
    let (from, end) = (from as f64, to as f64 + 1.0);
    // The expected one, and the end of its table that it is counted from.
    let (mut oldest, mut newest) = ((f64::INFINITY, 0.0), (f64::NEG_INFINITY, 0.0));
    for table in tables {
        let (first, behind) = (table.smallest.beginning() as f64, table.largest.beginning() as f64 + 1.0);
        if behind <= from || first >= end {
            continue;
        }
        let entries = table.entries as f64 * (behind.min(end) - first.max(from)) / (behind - first);
        let (s, t) = (table.smallest_seq as f64, table.largest_seq as f64);
        let apart = (t - s) / entries;
        if s + apart < oldest.0 {
            oldest = (s + apart, s);
        }
        if t - apart > newest.0 {
            newest = (t - apart, t);
        }
    }
    if oldest.0 == f64::INFINITY {
        return None;
    }
    let draw = random.draw();
    let up_to_twice =
        |(expected, seq): (f64, f64), bits: u64| seq + (expected - seq) * 2.0 * (bits as f64 / 2f64.powi(32));
    let (a, b) = (up_to_twice(oldest, draw >> 32), up_to_twice(newest, draw % (1 << 32)));
    Some((a.min(b).max(0.0) as SeqNo, a.max(b) as SeqNo))
}

/// The segments of a table of these entries, without the last one.
fn profile(entries: &[Entry]) -> Vec<(u64, u64)> {
    let mut closed = Vec::new();
    let (mut count, mut width) = (0u64, 0.0);
    for stretch in entries.chunk_by(|a, b| a.stretch.0 == b.stretch.0) {
        let (from, step) = stretch[0].stretch;
        if count > 0 {
            // Products, as in the merge: a ratio rounds a tie the other way.
            let even = count as f64 * step;
            let alike = width < even * ALIKE && even < width * ALIKE;
            if !alike && closed.len() < 3 {
                closed.push((from, count));
                (count, width) = (0, 0.0);
            }
        }
        count += stretch.len() as u64;
        width += stretch.len() as f64 * step;
    }
    closed
}
