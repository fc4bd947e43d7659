//! With [`Known::Past`], a picture shows nothing of what is ahead.

use std::rc::Rc;

use lsmscope::{
    figure::{Figure, Known, Picture},
    options::preset,
    timeline::Timeline,
};
use proptest::prelude::*;

use super::{SIZES, line, picture, record};

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() })]

    /// The picture at a position is that of a timeline which ends there.
    #[test]
    fn nothing_that_is_ahead_changes_the_picture(
        lines in proptest::collection::vec(line(), 1..40),
        base in prop_oneof![Just("600"), Just("2000")],
        size in 0..SIZES.len(),
        stops in proptest::collection::vec(0.0f64..1.0, 6),
    ) {
        let mut options = preset("teaching").unwrap();
        options.set("max_bytes_for_level_base", base).unwrap();
        options.set("target_file_size_base", "300").unwrap();
        let whole = record(options.clone(), &lines);
        let whole = &mut *whole.borrow_mut();
        let picture = Picture { levels: 0, known: Known::Past, ..picture(SIZES[size]) };
        let mut past = Timeline::new(&Rc::new(options));
        let mut stops: Vec<usize> = stops.iter().map(|share| (share * whole.len() as f64) as usize).collect();
        stops.sort_unstable();
        for stop in stops {
            for at in past.len()..stop {
                past.push(whole.event(at).unwrap().event.clone());
            }
            let (seen, alone) = (Figure::at(whole, stop, &picture), Figure::at(&mut past, stop, &picture));
            for progress in [0.0, 0.4, 1.0] {
                prop_assert_eq!(seen.parts(progress), alone.parts(progress), "position {}", stop);
            }
        }
    }
}
