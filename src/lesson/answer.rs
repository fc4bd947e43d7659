//! A learner's answer, as a page or a hand-in holds it: JSON.
//!
//! ```json
//! {"choice": "2"}   {"choices": ["a", "b"]}   {"number": "1,024"}   {"order": ["wal_appended", "wal_synced"]}
//! {"click": ["memtable", "table 5"]}   {"scan": ["a = 1", "c = 3"]}   {"choice": "2", "why": 1}
//! ```
//!
//! In: JSON. Out: an [`LessonAnswer`]. Errors: what it should have been, in words.

use serde::Serialize;
use serde_json::Value as Json;

use super::limits::{MAX_ANSWER, MAX_LIST};
use crate::words::{said, say, to_say};

/// An answer to a prediction.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum LessonAnswer {
    /// One choice.
    Choice {
        /// Its value.
        choice: String,
        /// The reason, by its number from 0.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
    /// Several choices.
    Choices {
        /// Their values.
        choices: Vec<String>,
        /// The reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
    /// A number, as it was typed.
    Number {
        /// Digits.
        number: String,
        /// The reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
    /// Cards in an order.
    Order {
        /// Their names.
        order: Vec<String>,
        /// The reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
    /// Places.
    Click {
        /// They.
        click: Vec<String>,
        /// The reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
    /// Rows.
    Scan {
        /// `key = value` of each.
        scan: Vec<String>,
        /// The reason.
        #[serde(skip_serializing_if = "Option::is_none")]
        why: Option<usize>,
    },
}

impl LessonAnswer {
    /// Reads an answer.
    ///
    /// # Errors
    /// It has another form, or is too long.
    pub fn from_json(json: &Json) -> Result<LessonAnswer, String> {
        const FORM: &str = to_say!("an answer is a record with choice, choices, number, order, click or scan");
        let Json::Object(fields) = json else { return Err(said(FORM, &[])) };
        let why = match fields.get("why") {
            None | Some(Json::Null) => None,
            Some(why) => Some(why.as_u64().ok_or_else(|| say!("why is the number of a reason"))? as usize),
        };
        let known = ["choice", "choices", "number", "order", "click", "scan"];
        let mut named = fields.iter().filter(|(name, _)| *name != "why");
        let (Some((name, value)), None) = (named.next(), named.next()) else { return Err(said(FORM, &[])) };
        let text = |value: &Json| match value {
            Json::String(text) if text.len() <= MAX_ANSWER => Ok(text.clone()),
            Json::Number(number) => Ok(number.to_string()),
            Json::Bool(truth) => Ok(truth.to_string()),
            _ => Err(say!("{name} is a text", name)),
        };
        let texts = |value: &Json| match value {
            Json::Array(items) if items.len() <= MAX_LIST => items.iter().map(text).collect::<Result<Vec<_>, _>>(),
            _ => Err(say!("{name} is a list of texts", name)),
        };
        Ok(match name.as_str() {
            "choice" => LessonAnswer::Choice { choice: text(value)?, why },
            "choices" => LessonAnswer::Choices { choices: texts(value)?, why },
            "number" => LessonAnswer::Number { number: text(value)?, why },
            "order" => LessonAnswer::Order { order: texts(value)?, why },
            "click" => LessonAnswer::Click { click: texts(value)?, why },
            "scan" => LessonAnswer::Scan { scan: texts(value)?, why },
            other => {
                return Err(say!("an answer has no {other}; it has one of {known}", other, known = known.join(", ")));
            }
        })
    }

    /// The number of the reason.
    pub fn why(&self) -> Option<usize> {
        match self {
            LessonAnswer::Choice { why, .. }
            | LessonAnswer::Choices { why, .. }
            | LessonAnswer::Number { why, .. }
            | LessonAnswer::Order { why, .. }
            | LessonAnswer::Click { why, .. }
            | LessonAnswer::Scan { why, .. } => *why,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_read_as_it_is_written() {
        for text in [
            r#"{"choice":"2","why":1}"#,
            r#"{"choices":["a","b"]}"#,
            r#"{"number":"1,024"}"#,
            r#"{"order":["a","b"]}"#,
            r#"{"click":["memtable","table 5"]}"#,
            r#"{"scan":["a = 1"]}"#,
        ] {
            let answer = LessonAnswer::from_json(&serde_json::from_str(text).unwrap()).unwrap();
            assert_eq!(serde_json::to_string(&answer).unwrap(), text);
        }
        let number = LessonAnswer::from_json(&serde_json::json!({"number": 4})).unwrap();
        assert_eq!(number, LessonAnswer::Number { number: "4".into(), why: None });
        for wrong in [r#"{}"#, r#"[]"#, r#"{"click":"memtable"}"#, r#"{"text":"a"}"#, r#"{"choice":"a","number":"1"}"#]
        {
            assert!(LessonAnswer::from_json(&serde_json::from_str(wrong).unwrap()).is_err(), "{wrong}");
        }
    }
}
