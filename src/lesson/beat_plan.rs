//! Where the items of a beat stand among its lines, and what their texts tell of.
//!
//! Windows are counted in lines: those above, and those up to the end.

use super::{
    beats::{Beat, BeatItem},
    block::{BlockKind, FigureBlock, LessonBlock, Role},
    script::ScriptText,
};

/// Lines of a beat: those from `above` up to `end` are the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineWindow {
    pub above: usize,
    pub end: usize,
}

/// What the values of a text are computed over.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Told<'a> {
    /// Lines of the beat.
    Lines(LineWindow),
    /// The figure above the text, all of it.
    Figure(&'a FigureBlock),
}

impl From<LineWindow> for Told<'_> {
    fn from(window: LineWindow) -> Self {
        Told::Lines(window)
    }
}

/// Where the items of a beat stand among its lines.
#[derive(Clone, Debug)]
pub(super) struct BeatPlan<'a> {
    /// The lines, in the order in which they run.
    pub lines: Vec<&'a ScriptText>,
    /// For each item, what its texts tell of: the lines above it, or a figure that stands behind these.
    pub texts: Vec<Told<'a>>,
    /// For each item, its own lines: those that it runs, or the window of a prediction.
    pub windows: Vec<LineWindow>,
    /// For each item, the policy card above it.
    pub cards: Vec<Option<&'a str>>,
}

impl<'a> BeatPlan<'a> {
    pub fn of(beat: &'a Beat) -> BeatPlan<'a> {
        let mut plan = BeatPlan { lines: Vec::new(), texts: Vec::new(), windows: Vec::new(), cards: Vec::new() };
        let mut card = None;
        let mut figure = None;
        // Lines before the first that is shown.
        let mut silent = None;
        let mut shared: Option<LineWindow> = None;
        for (at, item) in beat.items.iter().enumerate() {
            let here = plan.lines.len();
            let shown_from = silent.unwrap_or(here);
            let mut text = LineWindow { above: shown_from, end: here };
            let mut window = LineWindow { above: here, end: here };
            if let BeatItem::Block(block) = item {
                plan.lines.extend(Beat::lines_of(block));
                window.end = plan.lines.len();
                match &block.kind {
                    BlockKind::Figure(content) => figure = Some(&**content),
                    BlockKind::Policy(content) => (card, shared) = (Some(content.text()), Some(window)),
                    BlockKind::Lines(lines) => {
                        shared = None;
                        if lines.role != Role::Silent {
                            silent.get_or_insert(here);
                        }
                    }
                    BlockKind::Predict(prediction) => {
                        if prediction.run.is_none() {
                            window = shared.unwrap_or(window);
                            // It is asked before the window that it shares.
                            text = LineWindow { above: silent.unwrap_or(window.above), end: window.above };
                        }
                        shared = Some(window);
                        silent.get_or_insert(window.above);
                    }
                    _ => {}
                }
            } else if let Some(window) = shared.filter(|_| shares_further(&beat.items[at + 1..])) {
                text = LineWindow { above: silent.unwrap_or(window.above), end: window.above };
            }
            // Where nothing was shown, the window is empty.
            text.above = text.above.min(text.end);
            plan.texts.push(figure.map_or(Told::Lines(text), Told::Figure));
            if let BeatItem::Block(block) = item
                && matches!(block.kind, BlockKind::Lines(_) | BlockKind::Predict(_) | BlockKind::Compare(_))
            {
                figure = None;
            }
            plan.windows.push(window);
            plan.cards.push(card);
        }
        plan
    }
}

/// Whether a prediction follows that shares the window of the one before.
fn shares_further(items: &[BeatItem]) -> bool {
    let next = items.iter().find_map(|item| match item {
        BeatItem::Block(block) => match &block.kind {
            BlockKind::Note(_) | BlockKind::Show(_) => None,
            kind => Some(matches!(kind, BlockKind::Predict(prediction) if prediction.run.is_none())),
        },
        BeatItem::Text(_) => None,
    });
    next.unwrap_or(false)
}

/// The block of a beat with this number, and the number of its item.
pub(super) fn block_of(beat: &Beat, block: usize) -> Option<(usize, &LessonBlock)> {
    let blocks = beat.items.iter().enumerate().filter_map(|(at, item)| match item {
        BeatItem::Block(block) => Some((at, &**block)),
        BeatItem::Text(_) => None,
    });
    blocks.into_iter().nth(block)
}
