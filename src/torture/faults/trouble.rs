//! One storage fault, drawn so that it occurs in a given script.
//!
//! In: a seeded [`Random`], and the calls of the script without a fault. Out: a [`Trouble`].

use crate::{
    ErrorKind,
    random::Random,
    storage::fault::{Call, Controls, PlannedFailure},
    torture::recording_disk::CallKind,
};

/// A storage fault.
#[derive(Clone, Copy, Debug)]
pub(super) enum Trouble {
    /// A call fails.
    Fails(PlannedFailure),
    /// The disk is full after this number of further bytes.
    Room(u64),
}

impl Trouble {
    /// Draws a fault that occurs in a run with these calls.
    pub fn draw(random: &mut Random, calls: &[CallKind]) -> Trouble {
        if random.one_in(6) {
            return Trouble::Room(random.below(6000));
        }
        let mut kinds: Vec<_> = calls.to_vec();
        kinds.sort_unstable();
        kinds.dedup();
        // Every kind of call is equally likely, however rare its calls are.
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

    /// Whether the failing call is a read.
    pub fn fails_reads(self) -> bool {
        matches!(self, Trouble::Fails(PlannedFailure { call: Call::Read, .. }))
    }
}
