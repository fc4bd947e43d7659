//! stub
use super::*;
/// stub
#[derive(Clone, Copy, Debug)]
pub struct Leveled;
impl Policy for Leveled {
    fn pick(&self, _: &Version, _: &Options, _: &Running) -> Option<Compaction> {
        None
    }
    fn pick_manual(&self, _: &Version, _: &Options, _: &Running, _: Option<usize>) -> Option<Compaction> {
        None
    }
    fn scores(&self, _: &Version, _: &Options, _: &Running) -> Vec<LevelScore> {
        Vec::new()
    }
}
