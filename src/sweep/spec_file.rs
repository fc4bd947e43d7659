//! The SPEC of a sweep: a text in TOML.
//!
//! ```toml
//! preset = "ten-hours"            # of `lsmscope sim`: a workload, with options
//! options = "teaching"            # a set of options instead of RocksDB's defaults; may be left out
//! history = "path/of/database"    # or, instead of both: the writes of a recorded history, and its options
//! family = "default"              # which column family of it
//! draws = 5                       # of how many draws of keys a row is the median
//!
//! [set]                           # what all runs share, as `--set` of `lsmscope sim`
//! duration_seconds = "2h"
//!
//! [vary]                          # what differs, in this order: a list, or a range
//! compaction_style = ["leveled", "universal"]
//! max_bytes_for_level_multiplier = { from = 4, to = 16, step = 4 }
//! write_buffer_size = { from = "16MB", to = "256MB", count = 5, scale = "log" }
//!
//! [sample]                        # random runs, as many as `runs`; left out: every combination
//! runs = 200
//! seed = 1
//! ```
//!
//! In: the text. Out: a [`SweepPlan`]. Errors: the first line that is wrong, and what was expected there.

use std::{borrow::Cow, fmt, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    axis::{AxisValues, ColumnType, RangeScale, SweepAxis, SweepRange},
    history::{HistorySource, HistoryWanted, SweepHistory},
    plan::{MAX_RUNS, SweepDraw, SweepPlan, SweepSettings, SweepSource},
};
use crate::{
    error::excerpt,
    options::{self, Options, Problem, Unit, Value, nearest},
    plural::grouped,
    sim::{self, Spec, spec::preset},
    what_if::Speed,
};

/// Of how many draws of keys a row of a history is the median, where the SPEC does not say.
const DRAWS: u64 = 5;

/// No row is of more draws.
const MAX_DRAWS: u64 = 1000;

/// No axis has more values.
const MAX_VALUES: u64 = 10_000;

/// What is wrong with a SPEC, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecProblem {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, and what was expected.
    pub message: String,
}

impl fmt::Display for SpecProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.message)
    }
}

impl std::error::Error for SpecProblem {}

type Result<T> = std::result::Result<T, SpecProblem>;
type Entry<'a> = (&'a str, Range<usize>, &'a Spanned<DeValue<'a>>);

/// Opens the history that a SPEC names; says why it cannot.
pub type OpenHistory<'a> = dyn FnMut(&HistoryWanted) -> std::result::Result<SweepHistory, String> + 'a;

/// Reads a SPEC of a workload.
///
/// # Errors
/// See above; or it names a history.
///
/// ```
/// let problem = lsmscope::sweep::spec_file::read_workload("[vary]\nnum_levels = [5, 600]").unwrap_err();
/// assert_eq!(problem.to_string(), "line 2: num_levels = 600: expected 2 to 12");
/// ```
pub fn read_workload(text: &str) -> Result<SweepPlan> {
    read(text, &mut |_| Err("no history can be opened here".into()))
}

/// Reads a SPEC. `open` is asked for the history that it names, if it does.
///
/// # Errors
/// See above; what `open` says is told at the line of the history.
pub fn read(text: &str, open: &mut OpenHistory) -> Result<SweepPlan> {
    let reader = Reader { text };
    let table = DeTable::parse(text).map_err(|error| SpecProblem {
        line: reader.line(error.span().map_or(0, |span| span.start)),
        message: excerpt_of_line(error.message()),
    })?;
    reader.plan(table.get_ref(), open)
}

/// A parser's message, which may quote the text.
fn excerpt_of_line(message: &str) -> String {
    message.lines().next().unwrap_or_default().chars().take(200).collect()
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn line(&self, at: usize) -> usize {
        self.text.as_bytes()[..at.min(self.text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
    }

    fn problem(&self, span: &Range<usize>, message: impl Into<String>) -> SpecProblem {
        SpecProblem { line: self.line(span.start), message: message.into() }
    }

    fn plan(&self, table: &DeTable, open: &mut OpenHistory) -> Result<SweepPlan> {
        let top = entries(table);
        self.only(&top, &["preset", "options", "history", "family", "draws", "set", "vary", "sample"])?;
        let history = self.history(&top, open)?;
        let mut settings = match &history {
            Some((history, _)) => SweepSettings { options: history.options.clone(), workload: None },
            None => self.base(&top)?,
        };
        let set = self.table(&top, "set")?;
        for (name, key, value) in &set {
            let text = self.scalar(name, value)?;
            settings.set(name, &text).map_err(|problem| self.problem(key, problem.to_string()))?;
        }
        let sample = top.iter().find(|(name, ..)| *name == "sample").map(|entry| self.sample(entry)).transpose()?;
        let vary = self.table(&top, "vary")?;
        if let Some((name, key, _)) = vary.iter().find(|(name, ..)| set.iter().any(|(other, ..)| other == name)) {
            return Err(self.problem(key, format!("{name} is in [set] as well: leave it out of one of them")));
        }
        let axes = vary.iter().map(|entry| self.axis(entry, &settings)).collect::<Result<Vec<_>>>()?;
        if axes.is_empty() {
            let at = top.iter().find(|(name, ..)| *name == "vary").map_or(0..0, |(_, key, _)| key.clone());
            return Err(self.problem(&at, "nothing varies: name an option with its values in [vary]"));
        }
        // Where the seeds and numbers of a table are stored.
        if settings.workload.as_ref().is_some_and(|workload| i64::try_from(workload.seed).is_err()) {
            let at = set.iter().find(|(name, ..)| *name == "seed").map_or(0..0, |(_, key, _)| key.clone());
            return Err(self.problem(&at, format!("seed: expected 0 to {}", i64::MAX)));
        }
        let (draw, runs) = match sample {
            Some((runs, seed)) => (SweepDraw::Sample { seed }, runs),
            None => (SweepDraw::Grid, self.combinations(&axes, &vary)?),
        };
        let source = history.map_or(SweepSource::Workload, |(history, draws)| {
            let changes: Vec<String> = set.iter().chain(&vary).map(|(name, ..)| format!("{name}=")).collect();
            let speed = Speed::of(changes.iter().map(String::as_str));
            SweepSource::History(Box::new(HistorySource { history, draws, speed }))
        });
        Ok(SweepPlan::new(source, settings, axes, draw, runs))
    }

    /// The history that is named, and how many draws a row has; none if it is a workload.
    fn history(&self, top: &[Entry], open: &mut OpenHistory) -> Result<Option<(SweepHistory, u64)>> {
        let entry = |name: &str| top.iter().find(|(known, ..)| *known == name);
        let Some((_, key, value)) = entry("history") else {
            return match entry("family").or_else(|| entry("draws")) {
                Some((name, key, _)) => Err(self.problem(key, format!("{name} is of a history, and none is named"))),
                None => Ok(None),
            };
        };
        if let Some((name, key, _)) = entry("preset").or_else(|| entry("options")) {
            let message = format!("{name}: a history has its own writes and options: leave it out, or the history");
            return Err(self.problem(key, message));
        }
        let path = self.scalar("history", value)?.into_owned();
        let family = entry("family").map(|(name, _, value)| self.scalar(name, value)).transpose()?;
        let family = family.map_or_else(|| "default".to_string(), Cow::into_owned);
        let draws = self.whole(top, "draws", 1..=MAX_DRAWS)?.unwrap_or(DRAWS);
        let opened = open(&HistoryWanted { path, family }).map_err(|why| self.problem(key, why))?;
        Ok(Some((opened, draws)))
    }

    /// The settings of `preset` and `options`, as `lsmscope sim` makes them of its flags.
    fn base(&self, top: &[Entry]) -> Result<SweepSettings> {
        let text = |name: &str| {
            let entry = top.iter().find(|(known, ..)| *known == name);
            entry.map(|(name, key, value)| Ok((key.clone(), self.scalar(name, value)?.into_owned()))).transpose()
        };
        let name = text("preset")?;
        let chosen = match &name {
            Some((key, name)) => preset(name).map_err(|problem| self.problem(key, problem.to_string()))?,
            None => &sim::spec::PRESETS[0],
        };
        let (mut options, workload) = chosen.make();
        if let Some((key, name)) = text("options")? {
            let of_set = |options: Options| -> std::result::Result<Options, Problem> {
                let mut options = Options { job_mode: sim::options().job_mode, ..options };
                chosen.options.iter().try_for_each(|(name, value)| options.set(name, value)).map(|()| options)
            };
            options = options::preset(&name).and_then(of_set).map_err(|p| self.problem(&key, p.to_string()))?;
        }
        Ok(SweepSettings { options, workload: Some(workload) })
    }

    /// The entries of the table `name`; none if it is left out.
    fn table<'t>(&self, top: &[Entry<'t>], name: &str) -> Result<Vec<Entry<'t>>> {
        match top.iter().find(|(known, ..)| *known == name) {
            None => Ok(Vec::new()),
            Some((_, key, value)) => match value.get_ref() {
                DeValue::Table(table) => Ok(entries(table)),
                _ => Err(self.problem(key, format!("{name}: expected a table: [{name}], and a line for each option"))),
            },
        }
    }

    /// No other names than `known`.
    fn only(&self, entries: &[Entry], known: &[&str]) -> Result<()> {
        let Some((name, key, _)) = entries.iter().find(|(name, ..)| !known.contains(name)) else { return Ok(()) };
        let is_option = SweepSettings::describe(name).is_some();
        let what = match (is_option, nearest(name, known)) {
            (true, _) => "it belongs into [set] or [vary]".to_string(),
            (false, Some(near)) => format!("the nearest name here is {near}"),
            (false, None) => format!("expected {}", known.join(", ")),
        };
        Err(self.problem(key, format!("{}: {what}", excerpt(name))))
    }

    /// How many runs, and the seed.
    fn sample(&self, (_, key, value): &Entry) -> Result<(u64, u64)> {
        let DeValue::Table(table) = value.get_ref() else {
            return Err(self.problem(key, "sample: expected a table: [sample], and a line runs = 200"));
        };
        let entries = entries(table);
        self.only(&entries, &["runs", "seed"])?;
        let runs = self.whole(&entries, "runs", 1..=MAX_RUNS)?;
        let runs = runs.ok_or_else(|| self.problem(key, "[sample] needs a line runs = N: how many runs there are"))?;
        Ok((runs, self.whole(&entries, "seed", 0..=i64::MAX as u64)?.unwrap_or(1)))
    }

    /// A whole number of a table; none if it is left out.
    fn whole(&self, entries: &[Entry], name: &str, range: std::ops::RangeInclusive<u64>) -> Result<Option<u64>> {
        let Some((_, key, value)) = entries.iter().find(|(known, ..)| *known == name) else { return Ok(None) };
        let text = self.scalar(name, value)?;
        let number = u64::parse(&text, Unit::Count, &range);
        number
            .map(Some)
            .map_err(|expected| self.problem(key, format!("{name} = {}: expected {expected}", excerpt(&text))))
    }

    /// A value as text, as `--set` takes it.
    fn scalar<'v>(&self, name: &str, value: &'v Spanned<DeValue>) -> Result<Cow<'v, str>> {
        match value.get_ref() {
            DeValue::String(text) => Ok(Cow::Borrowed(text)),
            DeValue::Integer(number) if number.radix() == 10 => Ok(Cow::Borrowed(number.as_str())),
            DeValue::Integer(number) => {
                let number = i128::from_str_radix(number.as_str(), number.radix());
                Ok(Cow::Owned(number.map_or_else(|error| error.to_string(), |number| number.to_string())))
            }
            DeValue::Float(number) => Ok(Cow::Borrowed(number.as_str())),
            DeValue::Boolean(value) => Ok(Cow::Borrowed(if *value { "true" } else { "false" })),
            DeValue::Datetime(_) | DeValue::Array(_) | DeValue::Table(_) => Err(self.problem(
                &value.span(),
                format!("{}: expected one value: a number, a text, true or false", excerpt(name)),
            )),
        }
    }

    /// An option with its values.
    fn axis(&self, (name, key, value): &Entry, settings: &SweepSettings) -> Result<SweepAxis> {
        let column = column_of(name);
        let values = match value.get_ref() {
            DeValue::Array(items) => {
                let mut values: Vec<String> = Vec::new();
                for item in items.iter() {
                    let text = self.value(name, item, settings)?;
                    if values.contains(&text) {
                        return Err(self.problem(&item.span(), format!("{name} has the value {text} twice")));
                    }
                    self.storable(column, name, &text, &item.span())?;
                    values.push(text);
                }
                AxisValues::Listed(values)
            }
            DeValue::Table(table) => self.range(name, key, &entries(table), settings, column)?,
            // Of one value there is no choice, but an unknown name comes first.
            _ => AxisValues::Listed(vec![self.value(name, value, settings)?]),
        };
        match &values {
            AxisValues::Listed(list) if list.is_empty() => {
                Err(self.problem(key, format!("{}: expected at least one value", excerpt(name))))
            }
            AxisValues::Listed(list) if list.len() as u64 > MAX_VALUES => {
                Err(self.problem(key, format!("{name} has more than {} values", grouped(MAX_VALUES))))
            }
            _ => Ok(SweepAxis { name: name.to_string(), column, values }),
        }
    }

    /// A value of the option `name`, as the option writes it.
    fn value(&self, name: &str, value: &Spanned<DeValue>, settings: &SweepSettings) -> Result<String> {
        let mut scratch = settings.clone();
        let text = self.scalar(name, value)?;
        scratch.set(name, &text).map_err(|problem| self.problem(&value.span(), problem.to_string()))?;
        Ok(scratch.get(name).unwrap_or_default())
    }

    /// Whole numbers are stored in 64 bits with a sign.
    fn storable(&self, column: ColumnType, name: &str, text: &str, span: &Range<usize>) -> Result<()> {
        match column == ColumnType::Whole && text.parse::<i64>().is_err() {
            true => Err(self.problem(span, format!("{name} = {text}: expected at most {}", i64::MAX))),
            false => Ok(()),
        }
    }

    /// The numbers of a range: a list of them, or any.
    fn range(
        &self,
        name: &str,
        key: &Range<usize>,
        entries: &[Entry],
        settings: &SweepSettings,
        column: ColumnType,
    ) -> Result<AxisValues> {
        let Some(about) = SweepSettings::describe(name) else {
            let unknown = settings.clone().set(name, "").err().map_or_else(String::new, |problem| problem.to_string());
            return Err(self.problem(key, unknown));
        };
        if !matches!(column, ColumnType::Whole | ColumnType::Number) {
            return Err(self.problem(key, format!("{name} has no range: expected a list of values")));
        }
        self.only(entries, &["from", "to", "step", "count", "scale"])?;
        let entry = |name: &str| entries.iter().find(|(known, ..)| *known == name);
        let end = |which: &str| {
            let (_, key, value) =
                entry(which).ok_or_else(|| self.problem(key, format!("{name}: a range needs from and to")))?;
            let text = self.value(name, value, settings)?;
            self.storable(column, name, &text, key)?;
            text.parse::<f64>().map_err(|_| self.problem(key, format!("{name}: {which} is no number")))
        };
        let (from, to) = (end("from")?, end("to")?);
        if from >= to {
            return Err(self.problem(key, format!("{name}: expected to = more than from")));
        }
        let scale = match entry("scale") {
            None => RangeScale::Linear,
            Some((_, key, value)) => match &*self.scalar("scale", value)? {
                "linear" => RangeScale::Linear,
                "log" if from > 0.0 => RangeScale::Log,
                "log" => return Err(self.problem(key, format!("{name}: with scale = \"log\", from is more than 0"))),
                other => return Err(self.problem(key, format!("scale = {}: expected linear or log", excerpt(other)))),
            },
        };
        let range = SweepRange { from, to, scale, is_whole: column == ColumnType::Whole };
        let count = self.whole(entries, "count", 2..=MAX_VALUES)?;
        match (count, entry("step")) {
            (Some(_), Some((_, key, _))) => Err(self.problem(key, format!("{name}: expected count or step, not both"))),
            (Some(count), None) => Ok(AxisValues::Listed(range.divided(count))),
            (None, Some((_, key, value))) => {
                let step = step(&self.scalar("step", value)?, about.unit, range.is_whole);
                let most = (to - from) / MAX_VALUES as f64;
                match step {
                    Some(_) if scale == RangeScale::Log => {
                        Err(self.problem(key, format!("{name}: with scale = \"log\", give count instead of step")))
                    }
                    Some(step) if step > most => Ok(AxisValues::Listed(range.stepped(step))),
                    Some(_) => Err(self.problem(key, format!("{name} has more than {} values", grouped(MAX_VALUES)))),
                    None => Err(self.problem(key, format!("{name}: expected step = a number above 0"))),
                }
            }
            (None, None) => Ok(AxisValues::Any(range)),
        }
    }

    /// How many combinations a grid has.
    fn combinations(&self, axes: &[SweepAxis], vary: &[Entry]) -> Result<u64> {
        let mut runs = 1u64;
        for (axis, (name, key, _)) in axes.iter().zip(vary) {
            let count = axis.count().ok_or_else(|| {
                let what =
                    "every combination is run, and a range has no end of values: give count or step, or [sample]";
                self.problem(key, format!("{name}: {what}"))
            })?;
            runs = runs.checked_mul(count).filter(|runs| *runs <= MAX_RUNS).ok_or_else(|| {
                let what = format!("with it, there are more than {} combinations", grouped(MAX_RUNS));
                self.problem(key, format!("{name}: {what}: give fewer values, or [sample]"))
            })?;
        }
        Ok(runs)
    }
}

/// The entries of a table in the order of the text.
fn entries<'a>(table: &'a DeTable) -> Vec<Entry<'a>> {
    let mut entries: Vec<Entry> = table.iter().map(|(key, value)| (&**key.get_ref(), key.span(), value)).collect();
    entries.sort_by_key(|(_, span, _)| span.start);
    entries
}

/// A step of a range, with a suffix that suits its unit; none if it is no number above 0.
fn step(text: &str, unit: Unit, is_whole: bool) -> Option<f64> {
    let step = match is_whole {
        true => u64::parse(text, unit, &(0..=u64::MAX)).ok()? as f64,
        false => f64::parse(text, unit, &(0.0..=f64::MAX)).ok()?,
    };
    (step > 0.0).then_some(step)
}

/// How the values of an option are stored; as text if there is no such option.
fn column_of(name: &str) -> ColumnType {
    let Some(about) = SweepSettings::describe(name) else { return ColumnType::Text };
    if about.unit == Unit::Switch {
        return ColumnType::Switch;
    }
    if about.min.is_none() {
        return ColumnType::Text;
    }
    // Which of these is in its range does not matter: an option of whole numbers takes neither.
    let mut scratch = SweepSettings { options: Options::default(), workload: Some(Spec::default()) };
    let takes_fractions = ["0.5", "1.5"].iter().any(|number| scratch.set(name, number).is_ok());
    if takes_fractions { ColumnType::Number } else { ColumnType::Whole }
}

#[cfg(test)]
mod tests;
