//! Workloads for the page: the presets and parameters, and how a run is watched and ended.
//!
//! The page writes a `drive` line and runs it as any other command ([`Sandbox::run`]). While it runs, the listener of
//! [`Sandbox::on_drive`] is called with the progress, some hundred operations apart; it answers whether the run goes
//! on, at once or with a promise, which is also how it lets the browser draw meanwhile. Afterwards its samples can be
//! taken away as a CSV.

use std::{cell::RefCell, future::Future, pin::Pin, rc::Rc};

use js_sys::{Function, Promise};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::{JsCast, prelude::*};
use wasm_bindgen_futures::JsFuture;

use super::{
    sandbox::Sandbox,
    sim::pairs,
    value::{thrown, to_js},
};
use crate::{
    drive::{DriveProgress, DriveRun, Watch, csv},
    options::{Description, Knob, Problem},
    words::said,
    workload::{PRESETS, Workload},
};

/// A ready-made workload.
#[derive(Debug, Serialize, Tsify)]
pub struct WorkloadPreset {
    /// What `preset=` takes.
    pub name: &'static str,
    /// Why one would choose it.
    pub about: String,
    /// Parameters that are not the default's, as text.
    #[tsify(type = "[string, string][]")]
    pub values: Vec<Knob>,
}

/// What there is to choose from.
#[derive(Debug, Serialize, Tsify)]
pub struct WorkloadCatalog {
    /// Every parameter.
    pub knobs: Vec<Description>,
    /// Ready-made ones; the first is what `drive` takes if none is named.
    pub presets: Vec<WorkloadPreset>,
}

/// What there is to choose from.
#[wasm_bindgen(unchecked_return_type = "WorkloadCatalog")]
pub fn workload_catalog() -> JsValue {
    let preset = |preset: &crate::workload::NamedWorkload| WorkloadPreset {
        name: preset.name,
        about: said(preset.about, &[]),
        values: (preset.make)().changed(),
    };
    to_js(&WorkloadCatalog { knobs: Workload::describe(), presets: PRESETS.iter().map(preset).collect() })
}

/// Everything that is wrong with changes to the default parameters; nothing if they can be run.
#[wasm_bindgen(unchecked_return_type = "Problem[]")]
pub fn check_workload(
    #[wasm_bindgen(unchecked_param_type = "[string, string][]")] changes: JsValue,
) -> Result<JsValue, JsValue> {
    let mut workload = Workload::default();
    let wrong: Vec<Problem> =
        pairs(changes)?.iter().filter_map(|(name, value)| workload.set(name, value).err()).collect();
    Ok(to_js(&wrong.into_iter().chain(workload.validate()).collect::<Vec<_>>()))
}

/// The callback for the runs of one sandbox: none at first.
#[derive(Clone, Debug, Default)]
pub struct Listener(Rc<RefCell<Option<Function>>>);

impl Listener {
    /// For the session: asks the page between slices.
    pub fn watch(&self) -> Box<Watch> {
        let listener = self.clone();
        Box::new(move |_, progress| listener.ask(progress))
    }

    fn ask(&self, progress: &DriveProgress) -> Pin<Box<dyn Future<Output = bool>>> {
        let asked = self.0.borrow().as_ref().map(|listener| listener.call1(&JsValue::NULL, &to_js(progress)));
        Box::pin(async move {
            match asked {
                None => true,
                Some(Ok(answer)) => match answer.dyn_into::<Promise>() {
                    Ok(promise) => JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy()),
                    Err(answer) => answer.is_truthy(),
                },
                // A listener that fails can not end the run any more, so it is ended.
                Some(Err(_)) => false,
            }
        })
    }
}

#[wasm_bindgen]
impl Sandbox {
    /// Sets the callback that receives a workload's progress and answers whether it goes on.
    pub fn on_drive(
        &self,
        #[wasm_bindgen(
            unchecked_param_type = "(progress: { done: number, millis: number, operations: number }) => boolean | \
                                    Promise<boolean>"
        )]
        listener: Function,
    ) {
        *self.listener().0.borrow_mut() = Some(listener);
    }

    /// Whether a workload was run.
    pub fn has_run(&self) -> bool {
        self.driven.get()
    }

    /// The samples of the last workload as CSV, with the columns that `lsmscope drive --out-csv` writes; undefined if
    /// none was run.
    pub async fn run_csv(&self) -> Result<Option<String>, JsValue> {
        let turns = self.session.clone();
        let session = turns.take().await.map_err(|error| thrown(&error))?;
        let table = |run: &DriveRun| {
            let levels = run.samples.first().map_or(session.options().levels(), |sample| sample.level_tables.len());
            csv::table(&run.samples, levels)
        };
        let text = session.last_run().map(table);
        turns.give_back(session);
        Ok(text)
    }
}
