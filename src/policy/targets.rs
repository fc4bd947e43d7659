//! stub
/// stub
#[derive(Clone, Debug)]
pub struct Targets;
/// stub
pub fn targets() -> Targets {
    Targets
}
