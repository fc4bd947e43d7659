//! What a painter reads of a scene, beside the [view](super::view): the parts themselves, not trimmed to what fits.

use super::{Scene, job::SceneJob, memtable::SceneMemtable, read::Read, view, wal::Wal};
use crate::{storage::FileId, version::Version};

impl Scene {
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

    /// The running jobs, in the order in which they began.
    pub(crate) fn running(&self) -> &[SceneJob] {
        &self.jobs
    }

    /// The live logs, oldest first.
    pub(crate) fn logs(&self) -> impl Iterator<Item = view::WalView> {
        self.wals.iter().map(Wal::view)
    }

    /// The running get or scan, or the last one.
    pub(crate) fn running_read(&self) -> Option<&Read> {
        self.read.as_ref()
    }

    /// The running operation, or the last one.
    pub(crate) fn running_operation(&self) -> Option<&view::OperationView> {
        self.operation.as_deref()
    }

    /// The manifest and its length.
    pub(crate) fn manifest(&self) -> Option<(FileId, u64)> {
        self.manifest
    }
}
