//! Lessons: their file, their language, the grader, and what hostile files can do.

#![cfg(not(target_arch = "wasm32"))]

mod bank;
mod check;
mod command;
mod course;
mod grade;
mod guide;
mod hostile;
mod names;
mod parse;
mod report;
mod shortcuts;
