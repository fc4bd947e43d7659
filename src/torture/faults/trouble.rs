//! One fault, drawn so that a script meets it.

use crate::{
    ErrorKind,
    random::Random,
    storage::fault::{Call, Controls, PlannedFailure},
    torture::watch::CallKind,
};

/// What is done to the disk.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trouble {
    /// A call fails.
    Fails(PlannedFailure),
    /// The disk has room for this number of bytes.
    Room(u64),
}

impl Trouble {
    /// Draws one that a run with these calls meets.
    pub fn draw(random: &mut Random, calls: &[CallKind]) -> Trouble {
        if random.one_in(6) {
            return Trouble::Room(random.below(6000));
        }
        let mut kinds: Vec<_> = calls.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        // Each kind of call as often as the others, however rare it is.
        let (call, on) = kinds[random.below(kinds.len() as u64) as usize];
        let times = calls.iter().filter(|c| **c == (call, on)).count() as u64;
        let writes = matches!(call, Call::Append | Call::Create | Call::Sync | Call::SwapCurrent);
        let with = if writes && random.one_in(3) { ErrorKind::NoSpace } else { ErrorKind::Io };
        Trouble::Fails(PlannedFailure { call, on, after: random.below(times), for_good: random.one_in(2), with })
    }

    pub fn text(self) -> String {
        match self {
            Trouble::Room(bytes) => format!("there is room for {bytes} bytes"),
            Trouble::Fails(PlannedFailure { call, on, after, for_good, with }) => {
                let on = on.map(|on| format!(" of a {on:?}")).unwrap_or_default();
                let often = if for_good { "and every later one" } else { "once" };
                format!("{call:?}{on} number {} fails {often}: {with:?}", after + 1)
            }
        }
    }

    pub fn begin(self, controls: &Controls) {
        match self {
            Trouble::Fails(failure) => controls.fail(Some(failure)),
            Trouble::Room(bytes) => controls.set_room(Some(bytes)),
        }
    }

    /// Whether reads may fail.
    pub fn fails_reads(self) -> bool {
        matches!(self, Trouble::Fails(PlannedFailure { call: Call::Read, .. }))
    }
}
