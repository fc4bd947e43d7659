//! Runs of workloads, told to the page while they go on.

use js_sys::{Function, Promise};
use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::value::to_js;
use crate::drive::{Mark, Progress, Run, Sample, Watch};

/// What is new since the last time.
#[derive(Clone, Debug, Serialize, Tsify)]
pub struct DriveNews {
    /// How far the run is.
    pub progress: Progress,
    /// Whether it has just begun: what was told before belongs to another.
    pub fresh: bool,
    /// Samples that were taken since.
    pub samples: Vec<Sample>,
    /// Jobs and stalls that ended since.
    pub marks: Vec<Mark>,
}

/// Calls `listener` with the [`DriveNews`] between the slices of each run. A promise that it returns is waited for, which is
/// how a page stays responsive; `false`, or a promise of it, ends the run, and so does an error.
pub fn watch(listener: Function) -> Box<Watch> {
    let mut told = (0, 0, 0);
    Box::new(move |run: &Run, progress: &Progress| {
        let fresh = told.0 == 0 || progress.operations < told.0;
        if fresh {
            told = (0, 0, 0);
        }
        let news = DriveNews {
            progress: *progress,
            fresh,
            samples: run.samples[told.1..].to_vec(),
            marks: run.marks[told.2..].to_vec(),
        };
        told = (progress.operations, run.samples.len(), run.marks.len());
        let answer = listener.call1(&JsValue::UNDEFINED, &to_js(&news));
        Box::pin(async move { goes_on(answer).await })
    })
}

async fn goes_on(answer: Result<JsValue, JsValue>) -> bool {
    let answer = match answer.map(JsCast::dyn_into::<Promise>) {
        Ok(Ok(promise)) => JsFuture::from(promise).await,
        Ok(Err(value)) => Ok(value),
        Err(error) => Err(error),
    };
    answer.is_ok_and(|value| value != JsValue::FALSE)
}
