//! The language in which the crate speaks to the page: see [`words`](crate::words).

use wasm_bindgen::prelude::*;

use crate::words;

/// From now on, everything is said in another language. `sentences`: an English one and what it is there, in turn.
#[wasm_bindgen]
pub fn speak(sentences: Vec<String>) {
    let mut sentences = sentences.into_iter();
    words::speak(std::iter::from_fn(|| sentences.next().zip(sentences.next())).collect());
}
