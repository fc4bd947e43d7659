//! Every word of a lesson's file, with one line of explanation: what an editor completes.
//!
//! In: nothing. Out: a [`Vocabulary`], from the tables that the reader itself reads with; which blocks take options and
//! lines is said here. Errors: none; a word without its line, or a line without its word, fails a test below.

use serde::Serialize;

use super::{
    block::{
        CHALLENGE_ATTRIBUTES, CHALLENGE_KEYS, COMPARE_KEYS, CONTROLS, FIGURE_ATTRIBUTES, PREDICTION_ATTRIBUTES,
        PREDICTION_KEYS, PREDICTION_KINDS, ROLES, SHOW_KEYS,
    },
    expression::{
        CALLABLE,
        names::{EVENT_FIELDS, FORMULA_NAMES, INNER_FIELDS, NAMES, PICKED_NAMES, STATE_NAMES},
    },
    fence::BLOCKS,
    header,
};
use crate::{
    options::{Description, PRESETS, Preset},
    policy::describe_options,
    script::{COMMANDS, CommandHelp},
    words::serialize_said,
};

mod events;
mod lines;

pub use events::EVENT_ABOUT;
use lines::line;

/// A word, and what it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct LessonWord {
    /// The word.
    pub name: &'static str,
    /// How it is written with what belongs to it; empty where it stands alone.
    pub usage: &'static str,
    /// Its meaning, in a line, in the reader's language.
    #[serde(serialize_with = "serialize_said")]
    pub about: &'static str,
}

/// A kind of block.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct BlockWords {
    /// Its first word.
    #[serde(flatten)]
    pub word: LessonWord,
    /// The words that may stand behind it.
    pub kinds: Vec<LessonWord>,
    /// Its attributes.
    pub attributes: Vec<LessonWord>,
    /// Its keys.
    pub keys: Vec<LessonWord>,
    /// Whether options and a preset are attributes as well.
    pub takes_options: bool,
    /// Whether its content is lines of commands.
    pub takes_lines: bool,
}

/// A kind of event.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct EventWords {
    /// Its name.
    #[serde(flatten)]
    pub word: LessonWord,
    /// Its fields.
    pub fields: &'static [&'static str],
    /// Those of them that have fields themselves.
    pub inner: Vec<InnerWords>,
}

/// A field of an event that has fields.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct InnerWords {
    /// Its name.
    pub name: &'static str,
    /// Its fields.
    pub fields: &'static [&'static str],
}

/// All words.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
pub struct Vocabulary {
    /// Keys of the front matter.
    pub front: Vec<LessonWord>,
    /// Blocks.
    pub blocks: Vec<BlockWords>,
    /// What expressions begin with, beside calls.
    pub names: Vec<LessonWord>,
    /// What expressions call.
    pub functions: Vec<LessonWord>,
    /// Events, and their fields.
    pub events: Vec<EventWords>,
    /// The names of `report`, `begin` and `at(…)`.
    pub state: Vec<LessonWord>,
    /// The names of `expected` and `compared`.
    pub formulas: Vec<LessonWord>,
    /// The names of `picked`.
    pub picked: Vec<LessonWord>,
    /// Options.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Description[]"))]
    pub options: Vec<Description>,
    /// Presets.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "Preset[]"))]
    pub presets: &'static [Preset],
    /// Commands.
    #[cfg_attr(target_arch = "wasm32", tsify(type = "CommandHelp[]"))]
    pub commands: &'static [CommandHelp],
}

/// The words of a table; `of` tells apart what stands in several.
fn words(of: &'static str, names: &[&'static str]) -> Vec<LessonWord> {
    names.iter().map(|name| word(of, name)).collect()
}

fn word(of: &'static str, name: &'static str) -> LessonWord {
    let (usage, about) = line(of, name).unwrap_or_default();
    LessonWord { name, usage, about }
}

fn block(name: &'static str) -> BlockWords {
    let (kinds, attributes, keys) = match name {
        "lsm" => (words("lsm", &ROLES), Vec::new(), Vec::new()),
        "predict" => {
            let keys = words("predict", &PREDICTION_KEYS);
            (words("kind", &PREDICTION_KINDS), words("predict", &PREDICTION_ATTRIBUTES), keys)
        }
        "compare" => (Vec::new(), words("all", &["id"]), words("compare", &COMPARE_KEYS)),
        "figure" => (Vec::new(), words("figure", &FIGURE_ATTRIBUTES), Vec::new()),
        "policy" => (Vec::new(), words("all", &["id"]), Vec::new()),
        "challenge" => (Vec::new(), words("challenge", &CHALLENGE_ATTRIBUTES), words("challenge", &CHALLENGE_KEYS)),
        "show" => (words("show", &CONTROLS), Vec::new(), words("show", &SHOW_KEYS)),
        _ => (Vec::new(), Vec::new(), Vec::new()),
    };
    BlockWords {
        word: word("block", name),
        kinds,
        attributes,
        keys,
        takes_options: ["lsm", "figure", "fork"].contains(&name),
        takes_lines: ["lsm", "figure"].contains(&name),
    }
}

/// All words of the language.
pub fn vocabulary() -> Vocabulary {
    let event = |(name, fields): &(&'static str, &'static [&'static str])| EventWords {
        word: LessonWord {
            name,
            usage: "",
            about: EVENT_ABOUT.iter().find(|(kind, _)| kind == name).map_or("", |(_, about)| about),
        },
        fields,
        inner: INNER_FIELDS
            .iter()
            .filter(|(kind, ..)| kind == name)
            .map(|(_, name, fields)| InnerWords { name, fields })
            .collect(),
    };
    Vocabulary {
        front: words("front", &header::KEYS),
        blocks: BLOCKS.into_iter().map(block).collect(),
        names: words("name", NAMES),
        functions: words("call", &CALLABLE),
        events: EVENT_FIELDS.iter().map(event).collect(),
        state: words("state", STATE_NAMES),
        formulas: words("formula", FORMULA_NAMES),
        picked: words("picked", PICKED_NAMES),
        options: describe_options(),
        presets: PRESETS,
        commands: COMMANDS,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lesson::expression::names::RESERVED;

    #[test]
    fn every_word_has_its_line() {
        let all = vocabulary();
        let of_block = |block: &BlockWords| {
            let more = [&block.kinds, &block.attributes, &block.keys].into_iter().flatten().copied();
            std::iter::once(block.word).chain(more).collect::<Vec<_>>()
        };
        let names = all.names.iter().chain(&all.state).chain(&all.formulas).chain(&all.picked);
        let words = all.front.iter().chain(names).chain(&all.functions).copied();
        let words = words.chain(all.blocks.iter().flat_map(of_block)).chain(all.events.iter().map(|event| event.word));
        let bare: Vec<&str> = words.filter(|word| word.about.is_empty()).map(|word| word.name).collect();
        assert_eq!(bare, [] as [&str; 0]);
    }

    #[test]
    fn no_variable_can_have_the_name_of_something_else() {
        assert!(NAMES.iter().all(|name| RESERVED.contains(name)));
    }

    #[test]
    fn every_line_has_its_word() {
        let known = |of: &str, name: &str| {
            let blocks = vocabulary().blocks;
            let has = |words: &[LessonWord]| words.iter().any(|word| word.name == name);
            let of_block = |block: &BlockWords| has(&block.kinds) || has(&block.attributes) || has(&block.keys);
            match of {
                "front" => header::KEYS.contains(&name),
                "block" => BLOCKS.contains(&name),
                "name" => NAMES.contains(&name),
                "state" => STATE_NAMES.contains(&name),
                "formula" => FORMULA_NAMES.contains(&name),
                "picked" => PICKED_NAMES.contains(&name),
                "call" => CALLABLE.contains(&name),
                "all" => blocks.iter().any(of_block),
                "kind" => PREDICTION_KINDS.contains(&name),
                of => blocks.iter().filter(|block| block.word.name == of).any(of_block),
            }
        };
        let stale: Vec<_> = lines::LINES.iter().filter(|(of, name, ..)| !known(of, name)).collect();
        assert!(stale.is_empty(), "{stale:?}");
    }
}
