//! What a painter reads of a scene, beside the [view](super::view): the parts themselves, not trimmed to what fits.

use std::rc::Rc;

use super::{Scene, job::SceneJob, memtable::SceneMemtable, read::Read, shape::Shape, view};
use crate::{
    entry::SeqNo,
    options::Options,
    policy::{Running, RunningCompaction},
    runtime::clock::Nanos,
    storage::FileId,
    version::Version,
};

impl Scene {
    /// A tree at rest, of which nothing else is known, and the compactions that run on it.
    pub fn of_tree(options: &Rc<Options>, tree: &Version, running: &Running, now: Nanos) -> Scene {
        let begun = running.compactions.iter().zip(1..);
        let job =
            |(running, job): (&RunningCompaction, u64)| SceneJob::compaction(job, &Rc::new(running.compaction.clone()));
        let shape = Rc::new(Shape::new(tree.clone()));
        Scene { open: true, shape, jobs: begun.map(job).collect(), now, ..Scene::new(options) }
    }

    /// Whether there is power.
    pub(crate) fn has_power(&self) -> bool {
        self.power
    }

    /// The tree.
    pub(crate) fn version(&self) -> &Version {
        &self.shape.version
    }

    /// The active memtable.
    pub(crate) fn active(&self) -> &SceneMemtable {
        &self.active
    }

    /// The sealed ones, oldest first.
    pub(crate) fn sealed(&self) -> &[SceneMemtable] {
        &self.immutables
    }

    /// How many bits of a file were flipped on the disk, and are wrong.
    pub(crate) fn flipped_bits(&self, file: FileId) -> usize {
        self.flips.iter().filter(|(flipped, ..)| *flipped == file).count()
    }

    /// The live snapshots, oldest first: the number of each, and the last sequence number that it sees.
    pub(crate) fn snapshots(&self) -> &[(u64, SeqNo)] {
        &self.snapshots
    }

    /// The running jobs, in the order in which they began.
    pub(crate) fn running(&self) -> &[SceneJob] {
        &self.jobs
    }

    /// The running get or scan, or the last one.
    pub(crate) fn running_read(&self) -> Option<&Read> {
        self.read.as_ref()
    }

    /// The running operation, or the last one.
    pub(crate) fn running_operation(&self) -> Option<&view::OperationView> {
        self.operation.as_deref()
    }
}
