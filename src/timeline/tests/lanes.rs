//! Running jobs, as lanes and as steps: on the record of a real engine.

use std::rc::Rc;

use crate::{
    options::preset,
    session::Session,
    storage::{block_on, memory::Memory},
    timeline::{
        Recorder, Timeline,
        lanes::{JobSpan, LaneKind, Lanes},
        steps::{How, Mark},
    },
    trace::Event,
};

/// What `lines` leave on record.
fn recorded(lines: &[&str]) -> Recorder {
    let options = preset("teaching").unwrap();
    let recorder = Recorder::new(Timeline::new(&Rc::new(options.clone())));
    let mut session = block_on(Session::open(Memory::new(), options, recorder.clone())).unwrap();
    for line in lines {
        let outcome = block_on(session.run(line));
        assert!(outcome.ok, "{line}: {:?}", outcome.error);
    }
    recorder
}

const SCHEDULED: &str = "options job_mode=scheduled device=hdd max_background_flushes=2 max_write_buffer_number=6 \
                         table_build_mb_per_s=0.001";

#[test]
fn a_lane_goes_from_the_beginning_of_a_job_to_its_installation() {
    let recorder = recorded(&[SCHEDULED, "fill 12 seed 3", "flush", "wait 10s", "fill 4 seed 3"]);
    let timeline = recorder.timeline().borrow();
    let lanes = timeline.lanes();
    let over: Vec<&JobSpan> = lanes.jobs.iter().filter(|span| span.ended.is_some()).collect();
    assert!(over.len() > 3 && over.iter().any(|span| span.kind == LaneKind::Compaction), "{over:?}");
    for span in &over {
        assert!(span.installed && span.ended >= Some(span.planned.min(span.ended.unwrap())), "{span:?}");
        assert!(matches!(
            timeline.event(span.event).unwrap().event,
            Event::FlushBegan { .. } | Event::CompactionPicked { .. }
        ));
    }
    let flush = over.iter().find(|span| span.kind == LaneKind::Flush).unwrap();
    assert!(flush.began < flush.ended.unwrap() && flush.written > 0 && flush.from_level.is_none(), "{flush:?}");
    let at_the_same_time = |a: &&JobSpan| over.iter().any(|b| b.job > a.job && Some(b.began) < a.ended);
    assert!(over.iter().any(at_the_same_time), "two flushes run at once");
    let running: Vec<&JobSpan> = lanes.jobs.iter().filter(|span| span.ended.is_none()).collect();
    assert!(matches!(running[..], [JobSpan { kind: LaneKind::Flush, installed: false, .. }]), "{running:?}");
    let view = timeline.tip().running_jobs();
    assert_eq!(view, [running[0].job]);
}

#[test]
fn a_job_is_in_the_first_row_that_is_free_and_only_those_around_a_moment_are_asked_for() {
    let recorder = recorded(&[SCHEDULED, "fill 400 seed 3", "flush", "wait 100s"]);
    let timeline = recorder.timeline().borrow();
    let lanes = timeline.lanes();
    let spans = |lanes: &Lanes| lanes.jobs.clone();
    for (n, a) in lanes.jobs.iter().enumerate() {
        let same = |b: &&JobSpan| (b.kind == LaneKind::Flush) == (a.kind == LaneKind::Flush) && b.row == a.row;
        assert!(lanes.jobs[n + 1..].iter().filter(same).all(|b| Some(b.began) >= a.ended), "{a:?}");
        assert!(a.row < if a.kind == LaneKind::Flush { lanes.flush_rows } else { lanes.other_rows });
    }
    assert!(lanes.jobs.len() > 70 && lanes.flush_rows == 2, "{} jobs, {} rows", lanes.jobs.len(), lanes.flush_rows);
    let middle = lanes.jobs[50].began;
    let around = lanes.around(middle, 5);
    assert!((10..30).contains(&around.jobs.len()) && around.jobs.contains(&lanes.jobs[50]), "{around:?}");
    assert_eq!((around.now, around.flush_rows), (lanes.now, lanes.flush_rows));
    assert_eq!(spans(&lanes.around(0, usize::MAX / 2))[..], lanes.jobs[..256.min(lanes.jobs.len())]);
    let inline = recorded(&["fill 40 seed 3"]);
    assert_eq!(inline.timeline().borrow().lanes().around(0, 5).jobs, [], "nothing that has taken time");
}

#[test]
fn a_stall_is_a_lane_of_its_own_and_a_power_cut_ends_them_all() {
    let options = format!("{SCHEDULED} max_background_flushes=1");
    let recorder = recorded(&[&options, "fill 40 seed 3", "crash"]);
    let timeline = recorder.timeline().borrow();
    let lanes = timeline.lanes();
    assert!(lanes.stalls.iter().any(|span| span.stopped && span.to.is_some_and(|to| to > span.from)), "{lanes:?}");
    assert!(lanes.stalls.iter().all(|span| span.to.is_some()));
    assert!(lanes.jobs.iter().all(|span| span.ended.is_some()));
    assert!(lanes.jobs.iter().any(|span| !span.installed), "running jobs are undone");
}

#[test]
fn a_step_over_a_running_job_stops_between_its_execution_and_its_installation() {
    let recorder = recorded(&[SCHEDULED, "fill 4 seed 3", "get k", "wait 10s"]);
    let timeline = recorder.timeline().borrow();
    let flush: &Mark = timeline.steps().marks().iter().find(|mark| mark.executed.is_some()).unwrap();
    let (executed, installing, end) = (flush.executed.unwrap(), flush.installing.unwrap(), flush.end.unwrap());
    assert!(flush.begin < executed && executed + 1 < installing && installing < end, "{flush:?}");
    assert_eq!(timeline.step(flush.begin, How::Over, false), executed + 1);
    assert_eq!(timeline.step(executed + 1, How::Over, true), flush.begin);
    assert_eq!(timeline.step(installing, How::Over, false), end + 1);
    assert_eq!(timeline.step(installing + 1, How::Out, false), end + 1);
    assert_eq!(timeline.step(flush.begin + 1, How::Job, false), executed + 1);
    assert_eq!(timeline.step(executed + 1, How::Job, false), installing + 1);
    let job = |index: usize| timeline.event(index).unwrap().job;
    assert!((flush.begin..=executed).chain(installing..=end).all(|index| job(index) == flush.job));
    assert!((executed + 1..installing).all(|index| job(index).is_none()), "what happens beside it is not the job's");
}
