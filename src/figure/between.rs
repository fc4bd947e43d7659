//! From one picture to the next: the parts at any moment of an event.
//!
//! In: the parts before and after an event, in the order of their identities; the event's [`Motion`]; its progress,
//! from 0 to 1. Out: the parts at that moment: at 0 those before, at 1 those after. A part in both is on the straight
//! way from one place to the other. What comes from elsewhere lies on top while it is on its way.

use std::cmp::Ordering;

use super::{
    motion::{Entrance, Exit, Motion},
    part::{Area, BoxLook, LaneId, Look, PartId, StagePart, Tone},
};

/// When what leaves is gone, and when what is new begins to come.
const LEAVES: f64 = 0.6;
const COMES: f64 = 0.4;

/// By how many degrees a part turns that falls.
const MAX_TURN: f64 = 8.0;

/// Slow at both ends (`3t² − 2t³`).
pub fn eased(t: f64) -> f64 {
    let t = t.clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The moment `progress` between two pictures.
pub fn moment(before: &[StagePart], after: &[StagePart], motion: &Motion, progress: f64) -> Vec<StagePart> {
    if progress <= 0.0 || progress >= 1.0 {
        return if progress <= 0.0 { before.to_vec() } else { after.to_vec() };
    }
    let mut parts = Vec::with_capacity(before.len().max(after.len()) + 1);
    let mut travelling = Vec::new();
    let (mut old, mut new) = (before.iter().peekable(), after.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(old), Some(new)) => old.id.cmp(&new.id),
        };
        match order {
            Ordering::Less => parts.extend(old.next().map(|part| leaving(part, motion.exit(&part.id), progress))),
            Ordering::Greater => {
                let Some(part) = new.next() else { break };
                match source(before, &motion.entrance(&part.id)) {
                    Some(from) => travelling.push(on_its_way(part, from, progress)),
                    None => parts.push(appearing(part, progress)),
                }
            }
            Ordering::Equal => {
                parts.extend(old.next().zip(new.next()).map(|(old, new)| staying(old, new, progress)));
            }
        }
    }
    // What is on its way lies on top of all that rests.
    parts.extend(travelling);
    parts.extend(row(before, motion, progress));
    parts
}

fn mix(a: f64, b: f64, t: f64) -> f64 {
    a + (b - a) * t
}

fn mixed(a: Area, b: Area, t: f64) -> Area {
    Area::new(mix(a.x, b.x, t), mix(a.y, b.y, t), mix(a.w, b.w, t), mix(a.h, b.h, t))
}

/// A part that is in both pictures slides. What it says changes half way. A pill that says something else, or says it
/// elsewhere, goes here and comes there: on its way it would cross what lies between, in a size that fits neither text.
fn staying(old: &StagePart, new: &StagePart, progress: f64) -> StagePart {
    let t = eased(progress);
    let is_pill = matches!(old.id, PartId::FrontName(_) | PartId::Probe(_));
    if is_pill && (old.look != new.look || (old.area.y - new.area.y).abs() > 0.5 * old.area.h) {
        let shown = if progress < 0.5 { old } else { new };
        return StagePart { alpha: shown.alpha * (2.0 * t - 1.0).abs(), ..shown.clone() };
    }
    StagePart {
        id: new.id.clone(),
        area: mixed(old.area, new.area, t),
        look: if progress < 0.5 { old.look.clone() } else { new.look.clone() },
        alpha: mix(old.alpha, new.alpha, t),
        turn: mix(old.turn, new.turn, t),
    }
}

/// Where a new part comes from: the upper left corner of its own size there.
fn source(before: &[StagePart], entrance: &Entrance) -> Option<Start> {
    match entrance {
        Entrance::Fade => None,
        Entrance::FromCommand => {
            let command = find(before, &PartId::Command)?.area;
            let right = find(before, &PartId::Lane(LaneId::Wal)).map_or(f64::INFINITY, |lane| lane.area.right());
            Some(Start::Behind(command, right))
        }
        Entrance::From(id) => find(before, id).map(|part| Start::Middle(part.area)),
        Entrance::FromFrame => last_frame(before).map(|part| Start::Middle(part.area)),
    }
}

/// The place that a part comes from.
enum Start {
    /// The middle of this area.
    Middle(Area),
    /// Behind the end of this text, which it does not cover; no further than this.
    Behind(Area, f64),
}

/// A part on its way from where it comes from, at its own size.
fn on_its_way(part: &StagePart, start: Start, progress: f64) -> StagePart {
    let Area { w, h, .. } = part.area;
    let t = eased(progress);
    let area = match start {
        Start::Middle(source) => {
            let (x, y) = source.middle();
            let left = if w < source.w { source.x } else { x - w / 2.0 };
            mixed(Area::new(left, y - h / 2.0, w, h), part.area, t)
        }
        // Forwards it goes along the command's line first and falls then, so that it does not cross what lies below;
        // backwards it falls first, so that it does not cross the command.
        Start::Behind(text, end) => {
            let gap = 0.3 * h;
            let (left, y) = match text.right() + gap + w <= end {
                true => (text.right() + gap, text.middle().1 - h / 2.0),
                false => (end - w, text.bottom() - gap),
            };
            let (first, then) = (eased(progress / 0.6), eased((progress - 0.4) / 0.6));
            let (along, down) = if part.area.x >= left { (first, then) } else { (then, first) };
            Area::new(mix(left, part.area.x, along), mix(y, part.area.y, down), w, h)
        }
    };
    StagePart { area, alpha: part.alpha * (progress * 5.0).min(1.0), ..part.clone() }
}

fn appearing(part: &StagePart, progress: f64) -> StagePart {
    let t = eased((progress - COMES) / (1.0 - COMES));
    StagePart { alpha: part.alpha * t, ..part.clone() }
}

fn leaving(part: &StagePart, exit: Exit, progress: f64) -> StagePart {
    let part = part.clone();
    match exit {
        Exit::Fade => StagePart { alpha: part.alpha * (1.0 - eased(progress / LEAVES)), ..part },
        Exit::Fall => falling(part, eased(progress)),
        // Struck for a third of the time, so that one sees what is struck.
        Exit::Struck => {
            // A log that is not needed any more is no loss.
            let (tone, ground) = match part.id {
                PartId::Frame(..) => (Tone::Quiet, Tone::Lane),
                _ => (Tone::Dead, Tone::DeadGround),
            };
            let look = struck(part.look.clone(), tone, ground);
            falling(StagePart { look, ..part }, eased((progress - 0.35) / 0.65))
        }
    }
}

fn falling(part: StagePart, t: f64) -> StagePart {
    let area = Area { x: part.area.x + 0.15 * part.area.w * t, y: part.area.y + 1.2 * part.area.h * t, ..part.area };
    // A wide part turns less: its ends would sweep over half the picture.
    let turn = MAX_TURN * (6.0 * part.area.h / part.area.w.max(1.0)).min(1.0);
    StagePart { area, turn: part.turn + turn * t, alpha: part.alpha * (1.0 - t), ..part }
}

fn struck(look: Look, tone: Tone, ground: Tone) -> Look {
    match look {
        Look::Box(look) => Look::Box(BoxLook {
            fill: Some(ground),
            border: Some(tone),
            dashed: false,
            words: look.words.map(|words| words.tone(tone).struck(true)),
            ..look
        }),
        look => look,
    }
}

/// The row of a scan on its way out.
fn row(before: &[StagePart], motion: &Motion, progress: f64) -> Option<StagePart> {
    let Motion::Row(source) = motion else { return None };
    let PartId::Entry(_, _, seq) = source else { return None };
    let part = find(before, source)?;
    let bottom = before.iter().find(|part| matches!(part.id, PartId::KeyName(_)))?.area;
    let to = Area { y: bottom.y - part.area.h, ..part.area };
    let alpha = part.alpha * (1.0 - eased((progress - 0.7) / 0.3));
    let area = mixed(part.area, to, eased(progress));
    Some(StagePart { id: PartId::ScanRow(seq.0), area, alpha, ..part.clone() })
}

/// The frame that was written or read last: the one at the read head, or at the end of the tape.
fn last_frame(parts: &[StagePart]) -> Option<&StagePart> {
    let head = find(parts, &PartId::ReadHead(LaneId::Wal)).map_or(f64::INFINITY, |head| head.area.x);
    let is_before = |part: &&StagePart| matches!(part.id, PartId::Frame(..)) && part.area.x < head;
    parts.iter().filter(is_before).max_by(|a, b| a.area.x.total_cmp(&b.area.x))
}

fn find<'a>(parts: &'a [StagePart], id: &PartId) -> Option<&'a StagePart> {
    parts.binary_search_by(|part| part.id.cmp(id)).ok().map(|at| &parts[at])
}
