//! The language in which the crate speaks to the page: see [`words`](crate::words).

use wasm_bindgen::prelude::*;

use crate::{engine, words};

/// What an event says of an error or of damage (`what`), which is recorded in English, in the reader's language.
#[wasm_bindgen]
pub fn retold(what: &str) -> String {
    engine::retold(what)
}

/// From now on, everything is said in another language. `sentences`: an English one and what it is there, in turn.
#[wasm_bindgen]
pub fn speak(sentences: Vec<String>) {
    let mut sentences = sentences.into_iter();
    words::speak(std::iter::from_fn(|| sentences.next().zip(sentences.next())).collect());
}
