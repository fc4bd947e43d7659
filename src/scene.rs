//! stub
pub mod view;
/// stub
#[derive(Debug)]
pub struct Scene;
