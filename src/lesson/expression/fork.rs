//! Forks: what stands between the braces of `fork{…}`.

use std::ops::Range;

use super::{Wrong, names};
use crate::{
    lesson::{
        script::{self, ScriptText},
        source::Located,
    },
    options::PRESETS,
    words::{said, say},
};

/// A run of the beat under other options, or with other lines as its window.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::lesson) struct ForkLines {
    /// The preset, and changes to the options of the beat.
    pub changes: Vec<(String, String)>,
    /// The lines of the window; none for those of the beat.
    pub lines: Option<Vec<ScriptText>>,
}

/// Reads what stands at `place` of `source`.
pub(super) fn read(source: &Located, place: Range<usize>, variables: &[String]) -> Result<ForkLines, Wrong> {
    let mut parts = script::separated(&source.text()[place.clone()], '|').into_iter();
    let first = parts.next().unwrap_or(0..0);
    let inside = |range: Range<usize>| place.start + range.start..place.start + range.end;
    let mut changes = Vec::new();
    let settings = inside(first);
    let mut at = settings.start;
    for word in source.text()[settings].split([',', ' ', '\n']) {
        let here = at..at + word.len();
        at = here.end + 1;
        if word.is_empty() {
            continue;
        }
        let Some((name, value)) = word.split_once('=') else {
            let remedy = say!("Write {a}, or {b} for other lines.", a = "fork{block_size=64}", b = "fork{ | put a 1 }");
            return Err(Wrong::new(here, say!("{word} is no option=value", word), remedy));
        };
        if name == "preset" {
            if !PRESETS.iter().any(|preset| preset.name == value) && !value.contains("{{") {
                let known: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
                return Err(Wrong::new(
                    here,
                    say!("there is no preset {value}", value),
                    names::did_you_mean(value, &known),
                ));
            }
        } else if let Some(remedy) = names::unknown_option(name) {
            return Err(Wrong::new(here, say!("there is no option {name}", name), remedy));
        }
        changes.push((name.to_string(), value.to_string()));
    }
    let lines: Vec<ScriptText> = parts
        .map(|part| {
            let place = inside(part);
            let line = ScriptText::new(source.slice(place.clone()).trim(), variables);
            line.map_err(|(_, message)| Wrong::new(place, message, said(script::VARIABLES_REMEDY, &[])))
        })
        .collect::<Result<_, _>>()?;
    let has_lines = source.text()[place].contains('|');
    Ok(ForkLines { changes, lines: has_lines.then_some(lines) })
}
