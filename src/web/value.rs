//! Our data as JavaScript values, and back.
//!
//! One serializer for everything: structs and maps are plain objects, an absent `Option` is `undefined` (as the
//! generated types say), numbers are numbers. Those that name something (files, tables, writes) stay below 2^53, which
//! the reader of a file checks; an amount, or a sum of amounts, of a damaged or hostile file may be larger, and is
//! rounded. An error is a JavaScript `Error` with what a caller can act upon: `kind`, `message`,
//! `remedy`; for an option, `field`, `value` and `expected`; for damage, `file`, `offset`.

use js_sys::{Float64Array, Object, Reflect, Uint8Array};
use serde::Serialize;
use wasm_bindgen::prelude::*;

use crate::{
    engine::retold,
    error::{Error, ErrorKind},
    options::Problem,
    timeline::find::bytes_of_text,
    words::say,
};

#[wasm_bindgen(typescript_custom_section)]
const ALIASES: &str = r#"
/** Bytes as people read them: printable text as itself, everything else as `\xNN`, a backslash as `\\`. */
export type Bytes = string;
/** A file's name. */
export type FileId = string;
/** The number of a write. */
export type SeqNo = number;
/** A table's number. */
export type TableId = number;
/** Nanoseconds of virtual time. */
export type Nanos = number;
/** A knob's name and its value, both as text. */
export type Knob = [string, string];

/** What every call throws, or rejects with. */
export interface LsmError extends Error {
  kind: ErrorKind;
  /** What a person can do. */
  remedy: string;
  /** For an option: its name, what was given, and what would fit. */
  field?: string;
  value?: string;
  expected?: string;
  /** For damage: where. */
  file?: FileId;
  offset?: number;
}
"#;

/// `value` for JavaScript.
pub fn to_js(value: &impl Serialize) -> JsValue {
    let serializer = || serde_wasm_bindgen::Serializer::new().serialize_maps_as_objects(true);
    let value = value.serialize(&serializer()).or_else(|_| {
        let exact = serializer().serialize_large_number_types_as_bigints(true);
        value.serialize(&exact).map(rounded)
    });
    value.expect("our data has no key that is no string")
}

/// `value` with the nearest number for each `BigInt` in it.
fn rounded(value: JsValue) -> JsValue {
    if value.is_bigint() {
        let number = u64::try_from(value.clone()).map(|number| number as f64);
        return number.or_else(|value| i64::try_from(value).map(|number| number as f64)).unwrap_or(f64::NAN).into();
    }
    // Bytes have none.
    if let Some(object) = value.dyn_ref::<Object>().filter(|_| !value.is_instance_of::<Uint8Array>()) {
        for name in Object::keys(object) {
            // What has the name has a value, and takes another one.
            let _ = Reflect::get(object, &name).and_then(|part| Reflect::set(object, &name, &rounded(part)));
        }
    }
    value
}

/// `error` for JavaScript.
pub fn thrown(error: &Error) -> JsValue {
    thrown_with(error, &error.kind.remedy())
}

/// `error` for JavaScript, with a remedy of its own.
pub fn thrown_with(error: &Error, remedy: &str) -> JsValue {
    let js = js_sys::Error::new(&retold(&error.message));
    set(&js, "kind", to_js(&error.kind));
    set(&js, "remedy", remedy.into());
    if let Some(file) = error.file {
        set(&js, "file", file.to_string().into());
    }
    if let Some(offset) = error.offset {
        set(&js, "offset", (offset as f64).into());
    }
    js.into()
}

/// An option's problem for JavaScript.
pub fn thrown_problem(problem: Problem) -> JsValue {
    let Problem { field, value, expected } = problem.clone();
    let js = thrown(&problem.into());
    for (name, text) in [("field", field), ("value", value), ("expected", expected)] {
        set(&js, name, text.into());
    }
    js
}

/// An error of the caller's.
pub fn invalid(message: impl Into<String>) -> JsValue {
    thrown(&Error::new(ErrorKind::InvalidInput, message))
}

/// Numbers as a `Float64Array`.
pub fn floats(values: &[f64]) -> JsValue {
    Float64Array::from(values).into()
}

/// An object with these properties.
pub fn object(properties: impl IntoIterator<Item = (&'static str, JsValue)>) -> Object {
    let object = Object::new();
    for (name, value) in properties {
        // A fresh object takes any property.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object
}

fn set(object: &JsValue, name: &str, value: JsValue) {
    // A fresh object takes any property.
    let _ = Reflect::set(object, &name.into(), &value);
}

/// The bytes of a string (as UTF-8) or of a `Uint8Array`.
pub fn bytes(value: &JsValue) -> Result<Vec<u8>, JsValue> {
    if let Some(text) = value.as_string() {
        return Ok(text.into_bytes());
    }
    match value.dyn_ref::<Uint8Array>() {
        Some(bytes) => Ok(bytes.to_vec()),
        None => Err(invalid("expected a string or a Uint8Array")),
    }
}

/// The bytes of a key as it is shown.
pub fn shown_key(text: &str) -> Result<Vec<u8>, JsValue> {
    let wrong = || invalid(say!("{text} is not a key: expected \\\\ for a backslash and \\xNN for other bytes", text));
    bytes_of_text(text).map(|key| key.to_vec()).ok_or_else(wrong)
}

/// A position from JavaScript: what is no number, or below 0, is 0.
pub fn position(number: f64) -> usize {
    number as usize
}

/// The place in `line` that JavaScript counts as `units` UTF-16 code units, in bytes.
pub fn from_utf16(line: &str, units: usize) -> usize {
    let mut left = units;
    for (at, c) in line.char_indices() {
        if left < c.len_utf16() {
            return at;
        }
        left -= c.len_utf16();
    }
    line.len()
}

/// The place at byte `at` of `line`, in UTF-16 code units.
pub fn to_utf16(line: &str, at: usize) -> usize {
    line.char_indices().take_while(|(start, _)| *start < at).map(|(_, c)| c.len_utf16()).sum()
}
