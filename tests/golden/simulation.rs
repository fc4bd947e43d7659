//! One simulation of every kind of key and overlap, as a number that is the same natively and in a browser.

use lsmscope::sim::{Simulation, spec::preset};

/// What [`hash`] gives. A commit that changes it says why.
pub const EXPECTED: u64 = 14_094_466_718_003_887_737;

/// A hash of the samples and jobs of some runs.
pub fn hash() -> u64 {
    let runs = [
        ("rocksdb", "key_dist=unique"),
        ("overload", "key_dist=zipf"),
        ("bursts", "key_dist=uniform"),
        ("disk", "overlap=exponential"),
        ("universal", "overlap=geometric"),
        ("cloud-volume", "overlap=uniform"),
    ];
    runs.iter().fold(0, |hash, (name, change)| mix(hash, &run(name, change)))
}

fn run(name: &str, change: &str) -> String {
    let (options, mut spec) = preset(name).expect("there is one").make();
    for (name, value) in [change.split_once('=').expect("a pair"), ("duration_seconds", "400"), ("samples", "20")] {
        spec.set(name, value).expect("it fits");
    }
    let mut simulation = Simulation::new(options, spec).expect("it fits");
    while !simulation.run(1000).done {}
    simulation.samples().csv() + &simulation.jobs_csv()
}

fn mix(hash: u64, text: &str) -> u64 {
    // FNV-1a.
    text.bytes()
        .fold(hash ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
