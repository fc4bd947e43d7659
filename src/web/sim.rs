//! The simulator for the page.
//!
//! ```js
//! const { presets, knobs, options } = simulation_catalog();      // everything that can be chosen
//! // Throws an LsmError:
//! const s = new Simulation("rocksdb", [["write_mb_per_s", "40"]], [["max_background_jobs", "4"]]);
//! const { at, end, events, done } = s.run(2000);                   // a slice; times are virtual nanoseconds
//! s.samples(from)      // { count, columns: { at, written_mb_per_s, … }, tables: [L0, L1, …], bytes: [L0, …] },
//!                      // from that sample on
//! s.jobs(from)         // { next, spans: SimulatedJob[] } that have ended, from that number on; pass `next` next time
//! s.running()          // SimulatedJob[] that run, with `ends` as planned now
//! s.stalls(from)       // { next, spans: SimulatedStall[] }; the last one may still be open: ask again from `next`
//! s.levels()           // each level: count, bytes, score, formula, target_bytes
//! s.columns(level)     // { ids, x0, x1, bytes, marks }, in the level's order; x from 0 to 1 on the key axis,
//!                      // mark 1: input of a job
//! s.tables(level, [places])  // the same tables in full
//! s.expected()         // amplification as formulas expect it: quantity, counted, value, formula
//! s.estimate()         // write amplification of a tree of this shape, estimated: value, formula
//! s.summary()          // Summary, with sentences; s.text() is what the command prints
//! s.free()
//! ```
//!
//! Columns are `Float64Array`s (marks a `Uint8Array`). All parameters are texts, as typed; a wrong one throws an
//! `LsmError` with its `field`. Nothing here takes longer than its slice: `run` as many events as fit into a frame.

use std::rc::Rc;

use js_sys::{Array, Object};
use serde::{Deserialize, Serialize};
use tsify::Tsify;
use wasm_bindgen::prelude::*;

use super::{
    figure::{JsFigure, level_amounts},
    value::{floats, object, thrown, thrown_problem, to_js},
};
use crate::{
    figure::{
        Figure, Known, Picture,
        key_scale::{WHOLE, Window},
    },
    options::{Description, Options, Problem},
    policy::{LevelScore, estimate::write_estimate, expected::expected},
    scene::Scene,
    sim::{
        self, SimProgress, Spec,
        merge::key_position,
        recent_spans::{SimulatedJob, SimulatedStall},
        spec::{PRESETS, SimPreset, preset},
    },
    words::said,
};

#[wasm_bindgen(typescript_custom_section)]
const COLUMNS: &str = r#"
/** Samples by column; each column has one number for each moment of `at` (seconds). */
export interface SimulationSamples {
  count: number;
  columns: Record<string, Float64Array> & { at: Float64Array };
  /** For each level, its tables. */
  tables: Float64Array[];
  /** For each level, its bytes. */
  bytes: Float64Array[];
}
"#;

/// What there is to choose from.
#[derive(Debug, Serialize, Tsify)]
pub struct SimulationCatalog {
    /// Ready-made simulations.
    pub presets: &'static [SimPreset],
    /// The parameters of a simulation.
    pub knobs: Vec<Description>,
    /// The columns of samples that are not by level: name, and what it is.
    pub columns: Vec<(&'static str, String)>,
    /// The engine's options with which every simulation begins, where they are not the default's.
    pub options: Vec<(String, String)>,
}

/// Jobs from some number on.
#[derive(Debug, Serialize, Tsify)]
pub struct JobSpans {
    /// The number from which to ask the next time.
    pub next: u64,
    /// Those that are still kept.
    pub spans: Vec<SimulatedJob>,
}

/// A job that is running.
#[derive(Debug, Serialize, Tsify)]
pub struct RunningJob {
    /// So far.
    #[serde(flatten)]
    pub span: SimulatedJob,
    /// When it ends if nothing else begins, in nanoseconds.
    pub ends: u64,
}

/// Stalls from some number on.
#[derive(Debug, Serialize, Tsify)]
pub struct StallSpans {
    /// The number from which to ask the next time: of the one that still lasts, if there is one.
    pub next: u64,
    /// Those that are still kept.
    pub spans: Vec<SimulatedStall>,
}

/// One level as it is now.
#[derive(Debug, Serialize, Tsify)]
pub struct SimulatedLevel {
    /// The level.
    pub level: usize,
    /// Its tables.
    pub count: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Its score, with its parts.
    pub score: LevelScore,
}

#[derive(Deserialize)]
struct Pairs(Vec<(String, String)>);

/// `[name, value]` pairs of texts; none where there is nothing.
pub(super) fn pairs(value: JsValue) -> Result<Vec<(String, String)>, JsValue> {
    if value.is_undefined() || value.is_null() {
        return Ok(Vec::new());
    }
    let read: Pairs = serde_wasm_bindgen::from_value(value)
        .map_err(|error| super::value::invalid(format!("expected [name, value] pairs of texts: {error}")))?;
    Ok(read.0)
}

/// What there is to choose from.
#[wasm_bindgen(unchecked_return_type = "SimulationCatalog")]
pub fn simulation_catalog() -> JsValue {
    to_js(&SimulationCatalog {
        presets: PRESETS,
        knobs: Spec::describe(),
        columns: sim::sample_columns::SampleColumns::default()
            .columns()
            .into_iter()
            .map(|(name, about, _)| (name, said(about, &[])))
            .collect(),
        options: sim::options().changed(),
    })
}

/// Everything that is wrong with changes to the default parameters; nothing if they can be run.
#[wasm_bindgen(unchecked_return_type = "Problem[]")]
pub fn check_simulation(
    #[wasm_bindgen(unchecked_param_type = "[string, string][]")] spec: JsValue,
) -> Result<JsValue, JsValue> {
    let mut changed = Spec::default();
    let wrong: Vec<Problem> = pairs(spec)?.iter().filter_map(|(name, value)| changed.set(name, value).err()).collect();
    Ok(to_js(&wrong.into_iter().chain(changed.validate()).collect::<Vec<_>>()))
}

fn configured(
    name: &str,
    spec_pairs: &[(String, String)],
    option_pairs: &[(String, String)],
) -> Result<(Options, Spec), Problem> {
    let (mut options, mut spec) = preset(name)?.make();
    spec_pairs.iter().try_for_each(|(name, value)| spec.set(name, value))?;
    option_pairs.iter().try_for_each(|(name, value)| options.set(name, value))?;
    let problem = spec.validate().into_iter().chain(options.validate()).next();
    problem.map_or(Ok((options, spec)), Err)
}

/// A simulation.
#[wasm_bindgen(js_name = Simulation)]
pub struct JsSimulation(sim::Simulation);

#[wasm_bindgen(js_class = Simulation)]
impl JsSimulation {
    /// A preset, with parameters and options changed. Throws an `LsmError`.
    #[wasm_bindgen(constructor)]
    pub fn new(
        preset: &str,
        #[wasm_bindgen(unchecked_param_type = "[string, string][]")] spec: JsValue,
        #[wasm_bindgen(unchecked_param_type = "[string, string][]")] options: JsValue,
    ) -> Result<JsSimulation, JsValue> {
        let (options, spec) = configured(preset, &pairs(spec)?, &pairs(options)?).map_err(thrown_problem)?;
        sim::Simulation::new(options, spec).map(JsSimulation).map_err(|error| thrown(&error))
    }

    /// Goes on for at most `max_events` events.
    #[wasm_bindgen(unchecked_return_type = "SimProgress")]
    pub fn run(&mut self, max_events: u32) -> JsValue {
        let progress: SimProgress = self.0.run(u64::from(max_events));
        to_js(&progress)
    }

    /// The samples from number `from` on.
    #[wasm_bindgen(unchecked_return_type = "SimulationSamples")]
    pub fn samples(&self, from: u32) -> Object {
        let samples = self.0.samples();
        let from = (from as usize).min(samples.at.len());
        let columns = object(samples.columns().into_iter().map(|(name, _, values)| (name, floats(&values[from..]))));
        let levels = |levels: &[Vec<f64>]| -> JsValue {
            levels.iter().map(|level| floats(&level[from..])).collect::<Array>().into()
        };
        object([
            ("count", JsValue::from(samples.at.len())),
            ("columns", columns.into()),
            ("tables", levels(&samples.tables)),
            ("bytes", levels(&samples.bytes)),
        ])
    }

    /// Jobs that have ended, from number `from` on.
    #[wasm_bindgen(unchecked_return_type = "JobSpans")]
    pub fn jobs(&self, from: f64) -> JsValue {
        let all = self.0.job_spans();
        to_js(&JobSpans { next: all.count(), spans: all.since(from as u64).copied().collect() })
    }

    /// Jobs that are running.
    #[wasm_bindgen(unchecked_return_type = "RunningJob[]")]
    pub fn running(&self) -> JsValue {
        let runtime = self.0.runtime();
        let job =
            |span: SimulatedJob| RunningJob { ends: runtime.planned_end(span.job).unwrap_or(runtime.now()), span };
        to_js(&self.0.running_spans().map(job).collect::<Vec<_>>())
    }

    /// Stalls from number `from` on.
    #[wasm_bindgen(unchecked_return_type = "StallSpans")]
    pub fn stalls(&self, from: f64) -> JsValue {
        let all = self.0.stall_spans();
        let spans: Vec<SimulatedStall> = all.since(from as u64).copied().collect();
        let open = all.since(all.count().saturating_sub(1)).any(|span| span.ended.is_none());
        to_js(&StallSpans { next: all.count() - u64::from(open), spans })
    }

    /// Every level as it is now.
    #[wasm_bindgen(unchecked_return_type = "SimulatedLevel[]")]
    pub fn levels(&self) -> JsValue {
        let version = self.0.version();
        let level = |score: LevelScore| SimulatedLevel {
            level: score.level,
            count: version.levels[score.level].len(),
            bytes: version.level_bytes(score.level),
            score,
        };
        to_js(&self.0.scores().into_iter().map(level).collect::<Vec<_>>())
    }

    /// The tree as a picture of this size that looks at the key axis from `from` to `to`.
    pub fn figure(&self, width: f64, height: f64, from: f64, to: f64) -> JsFigure {
        let picture = tree_picture(&self.0, width, height, Window { from, to });
        JsFigure::of(Figure::of_tree(scene(&self.0), key_position, &picture))
    }

    /// What each level had at some moment, as a picture in the same lanes: tables, bytes, and its bytes as a share of
    /// the most that it ever had; less than 0 where it never had any.
    pub fn figure_of_amounts(
        &self,
        tables: &[f64],
        bytes: &[f64],
        shares: &[f64],
        width: f64,
        height: f64,
    ) -> JsFigure {
        let amounts = level_amounts(tables, bytes, shares);
        JsFigure::of(Figure::of_amounts(scene(&self.0), &amounts, &tree_picture(&self.0, width, height, WHOLE)))
    }

    /// What formulas expect of a tree like this one: to be shown beside what came of it.
    #[wasm_bindgen(unchecked_return_type = "Expected[]")]
    pub fn expected(&self) -> JsValue {
        to_js(&expected(self.0.options(), self.0.version()))
    }

    /// What a tree of this shape should have cost to write; undefined where nothing can be said.
    #[wasm_bindgen(unchecked_return_type = "WriteEstimate | undefined")]
    pub fn estimate(&self) -> JsValue {
        to_js(&write_estimate(self.0.options(), self.0.version()))
    }

    /// What came of it so far.
    #[wasm_bindgen(unchecked_return_type = "Summary")]
    pub fn summary(&self) -> JsValue {
        to_js(&self.0.summary())
    }

    /// The same as text.
    pub fn text(&self) -> String {
        self.0.summary().to_string()
    }

    /// The samples as CSV.
    pub fn csv(&self) -> String {
        self.0.samples().csv()
    }
}

/// The tree as a scene at rest.
fn scene(simulation: &sim::Simulation) -> Scene {
    let options = Rc::new(simulation.options().clone());
    Scene::of_tree(&options, simulation.version(), simulation.running(), simulation.runtime().now())
}

/// Levels that once had a table stay, so that nothing jumps.
fn tree_picture(simulation: &sim::Simulation, width: f64, height: f64, window: Window) -> Picture {
    let ever_used = |column: &Vec<f64>| column.iter().any(|tables| *tables > 0.0);
    let levels = simulation.samples().tables.iter().rposition(ever_used).map_or(0, |level| level + 1);
    Picture { width, height, window, levels, tree_only: true, known: Known::Whole }
}
