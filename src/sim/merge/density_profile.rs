//! Density profiles: in which parts of a byteless table entries lie closer together than in others.
//!
//! In: the profile of a table that is written ([`merged_entries`](super::merged_entries)). Out: the same, once, when
//! the table is merged.
//!
//! Where the level below was just compacted away, an output holds the new entries only, and is thin there. Were each
//! table evened out, dense tables and thin ones would become alike, the choice of the right one would gain less, and
//! write amplification would come out 3 % too high.
//!
//! Table numbers grow by one, so a column indexed by number holds the slot of each table's profile; slots are reused.
//! With a `BTreeMap`, `ten-hours` takes 20 % longer.

use crate::version::TableId;

/// A table has at most one segment more than this.
const MAX_STEPS: usize = 3;

/// A segment of a table: the position behind its last one, and its number of entries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DensityStep {
    pub end: u64,
    pub entries: u64,
}

/// The segments of a table in which entries do not lie evenly, without the last one, which is the rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DensityProfile {
    steps: [DensityStep; MAX_STEPS],
    len: usize,
}

impl DensityProfile {
    /// No segments.
    pub fn clear(&mut self) {
        self.len = 0;
    }

    /// Adds a segment, for which there is room.
    pub fn push(&mut self, step: DensityStep) {
        self.steps[self.len] = step;
        self.len += 1;
    }

    /// Whether there is no room for another.
    pub fn is_full(&self) -> bool {
        self.len == MAX_STEPS
    }

    /// The segments but for the last.
    pub fn steps(&self) -> &[DensityStep] {
        &self.steps[..self.len]
    }
}

/// The profiles of the tables that have one.
#[derive(Clone, Debug, Default)]
pub(super) struct DensityProfiles {
    /// For each table by its number: the slot of its profile, from 1 on; 0 if it has none.
    slots: Vec<u32>,
    profiles: Vec<DensityProfile>,
    /// Slots that are free again.
    free: Vec<u32>,
}

impl DensityProfiles {
    /// Takes the profile of a table; it is gone then.
    #[inline]
    pub fn take(&mut self, id: TableId) -> Option<&DensityProfile> {
        let slot = std::mem::take(self.slots.get_mut(id as usize)?);
        let at = slot.checked_sub(1)?;
        self.free.push(slot);
        self.profiles.get(at as usize)
    }

    /// A free profile, with no segments yet.
    #[inline]
    pub fn open(&mut self) -> &mut DensityProfile {
        let slot = match self.free.last() {
            Some(slot) => *slot,
            None => self.grow(),
        };
        let profile = &mut self.profiles[slot as usize - 1];
        profile.clear();
        profile
    }

    #[cold]
    fn grow(&mut self) -> u32 {
        self.profiles.push(DensityProfile::default());
        let slot = self.profiles.len() as u32;
        self.free.push(slot);
        slot
    }

    /// Keeps the [open](DensityProfiles::open) profile as that of a table, which has none yet.
    #[inline]
    pub fn keep(&mut self, id: TableId) {
        let at = id as usize;
        if self.slots.len() <= at {
            // To a power of two, so that a table rarely moves them.
            self.slots.resize((at + 1).next_power_of_two(), 0);
        }
        if let Some(slot) = self.free.pop() {
            self.slots[at] = slot;
        }
    }
}
