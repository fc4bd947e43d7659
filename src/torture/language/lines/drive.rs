//! Random parameters of `drive`: those of a workload of a few dozen operations, or values beyond the limits.
//!
//! In: a seeded [`Random`]. Out: the words after `drive`.

use super::super::ends;
use crate::{
    random::Random,
    script::{Command, parse},
    workload::{self, Workload},
};

/// The maximum number of operations, of loaded keys and of samples of a workload that runs.
const MAX_OPERATIONS_OF_RUN: f64 = 100.0;

/// A workload of more operations is refused, and costs no time.
const REFUSED: f64 = 30e6;

pub(super) fn draw(random: &mut Random) -> String {
    let knobs = Workload::describe();
    let mut words = Vec::new();
    if random.one_in(2) {
        words.push(["1s", "500ms", "0.25s", "2s", "0s", "9d", "1e3s"][random.below(7) as usize].to_string());
    }
    if random.one_in(3) {
        let presets = workload::PRESETS;
        words.push(format!("preset={}", presets[random.below(presets.len() as u64) as usize].name));
    }
    for _ in 0..random.below(5) {
        let knob = &knobs[random.below(knobs.len() as u64) as usize];
        words.push(format!("{}={}", knob.name, ends::draw(random, knob, 8)));
    }
    bounded(random, words)
}

/// `words`, extended until the workload is small, or refused.
fn bounded(random: &mut Random, mut words: Vec<String>) -> String {
    let more = [
        format!("write_rate={}", 1 + random.below(60)),
        format!("read_rate={}", random.below(30)),
        format!("delete_rate={}", random.below(10)),
        format!("read_modify_write_rate={}", random.below(10)),
        "sample_ms=500".into(),
        "clients=2 think_micros=100000".into(),
        "value_size_bytes=10 value_size_max_bytes=0".into(),
        "duration_seconds=1".into(),
        "load=false".into(),
        "range_span=20".into(),
        "spike_percent=100".into(),
    ];
    for more in more {
        if is_small(&words) {
            break;
        }
        words.push(more);
    }
    if is_small(&words) { words.join(" ") } else { "1s write_rate=20 key_space_size=50".into() }
}

fn is_small(words: &[String]) -> bool {
    let line = format!("drive {}", words.join(" "));
    let Ok(Command::Drive { changes, .. }) = parse(&line) else { return true };
    let mut workload = (workload::PRESETS[0].make)();
    for change in changes.iter().filter(|change| change.name == "preset") {
        let Ok(preset) = workload::preset(&change.value) else { return true };
        workload = preset;
    }
    for change in changes.iter().filter(|change| change.name != "preset") {
        if workload.set(&change.name, &change.value).is_err() {
            return true;
        }
    }
    let operations = workload.expected_operations() + workload.clients as f64;
    let loaded = if workload.load { workload.key_space_size } else { 0 };
    let samples = workload.duration_seconds * 1e3 / workload.sample_ms as f64;
    let bytes = workload.value_size_bytes.max(workload.value_size_max_bytes) as f64 * operations;
    let scanned = workload.range_span as f64 * operations;
    let is_small =
        operations <= MAX_OPERATIONS_OF_RUN && loaded <= 100 && samples <= 200.0 && bytes <= 1e5 && scanned <= 1e9;
    !workload.validate().is_empty() || workload.expected_operations() > REFUSED || is_small
}
