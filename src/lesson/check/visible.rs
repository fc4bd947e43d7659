//! Answers that can be read off before they are given.

use super::{CheckedBeat, Checker};
use crate::lesson::{
    PredictionKind,
    beat_plan::{LineWindow, Told},
    beat_run::Names,
    beats::BeatItem,
    block::Prediction,
    expression::{Expression, Term, Which},
    judged::Judged,
    node::{Node, RichText, each},
    value,
};
use crate::words::say;

impl Checker<'_> {
    /// Whether the truth of the prediction at `at` stands in the text above it, or on the stage.
    pub(super) async fn shown(
        &mut self,
        checked: &CheckedBeat<'_>,
        prediction: &Prediction,
        judged: &Judged,
        at: usize,
    ) {
        let CheckedBeat { run, plan, beat } = checked;
        let is_said = matches!(prediction.kind, PredictionKind::Number | PredictionKind::Choice);
        if !is_said {
            return;
        }
        let above = beat.items[..at].iter().zip(&plan.texts).filter_map(|(item, window)| match item {
            BeatItem::Text(text) => Some((text, *window)),
            BeatItem::Block(_) => None,
        });
        for (text, window) in above.chain([(&prediction.ask, plan.texts[at])]) {
            if self.says(checked, text, window, judged).await {
                let remedy = say!("Take the value out of the text, or ask for another one.");
                self.warn(prediction.truth.whole(), say!("a value in the text above is the answer"), remedy);
            }
        }
        let window = plan.windows[at];
        if !prediction.hide.is_empty() || window.above == window.end || !is_of_state(&prediction.truth) {
            return;
        }
        // As if nothing had run yet.
        let before = LineWindow { above: window.above, end: window.above };
        if let Ok(truth) = run.compute(&prediction.truth, before, &judged.names(None)).await
            && value::same(&truth, &judged.truth)
        {
            let remedy = say!("Mask it with hide, or ask for what the window changes.");
            self.warn(prediction.truth.whole(), say!("the answer is on the stage before the window runs"), remedy);
        }
    }

    /// Whether a value in `text` is the truth.
    async fn says(&self, checked: &CheckedBeat<'_>, text: &RichText, told: Told<'_>, judged: &Judged) -> bool {
        if text.values.is_empty() {
            return false;
        }
        let nodes = checked.run.fill(text, told, &Names::default(), &mut Vec::new()).await;
        let mut found = false;
        each(&nodes, &mut |node| {
            if let Node::Value { value, .. } = node {
                found |= value::same(value, &judged.truth);
            }
        });
        found
    }
}

/// Whether an expression looks at the state at the window's end, and at no event.
fn is_of_state(expression: &Expression) -> bool {
    let (mut state, mut events) = (false, false);
    expression.root().each(&mut |term| match term {
        Term::State(Which::Last) => state = true,
        Term::Over(..) | Term::Event(..) | Term::Before(_) | Term::Order(_) | Term::Fork(..) => events = true,
        Term::State(Which::First) => events = true,
        _ => {}
    });
    state && !events
}
