//! Splits an expression into tokens.

use std::ops::Range;

use super::Wrong;
use crate::words::say;

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Token {
    Number(f64),
    Text(String),
    Word(String),
    /// `==`, `<`, `(`, …
    Sign(&'static str),
    /// What stands between the braces of a fork.
    Braces(Range<usize>),
}

/// A token and its place.
pub(super) type Placed = (Token, Range<usize>);

/// Two characters first.
const SIGNS: [&str; 19] =
    ["==", "!=", "<=", ">=", "&&", "||", "<", ">", "=", "+", "-", "*", "/", "(", ")", "[", "]", ",", ":"];

/// The tokens of `text`.
pub(super) fn tokens(text: &str) -> Result<Vec<Placed>, Wrong> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at..];
        let start = at;
        let token = match c {
            c if c.is_whitespace() => {
                at += c.len_utf8();
                continue;
            }
            // A comment, up to the end of its line.
            '#' => {
                at += rest.find('\n').unwrap_or(rest.len());
                continue;
            }
            '"' => {
                let (value, length) = quoted(rest).ok_or_else(|| {
                    Wrong::new(
                        start..text.len(),
                        say!("a quote is never closed"),
                        say!("Add a \" where the text ends."),
                    )
                })?;
                at += length;
                Token::Text(value)
            }
            '{' => {
                let length = braces(rest).ok_or_else(|| {
                    Wrong::new(start..text.len(), say!("a brace is never closed"), say!("Add a } where the fork ends."))
                })?;
                at += length;
                Token::Braces(start + 1..at - 1)
            }
            c if c.is_ascii_digit() || (c == '.' && starts_fraction(rest) && !follows_value(&found)) => {
                let length = number_length(rest);
                at += length;
                Token::Number(text[start..at].parse().map_err(|_| {
                    Wrong::new(
                        start..at,
                        say!("this is no number"),
                        say!("Write digits, and a point for a fraction: 0.5."),
                    )
                })?)
            }
            c if c.is_alphabetic() || c == '_' => {
                at += rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
                Token::Word(text[start..at].to_string())
            }
            '.' => {
                at += 1;
                Token::Sign(".")
            }
            _ => match SIGNS.iter().find(|sign| rest.starts_with(**sign)) {
                Some(sign) => {
                    at += sign.len();
                    Token::Sign(sign)
                }
                None => {
                    let remedy = say!("Put texts, and keys with other characters than letters, in quotes.");
                    return Err(Wrong::new(
                        start..start + c.len_utf8(),
                        say!("{word} means nothing here", word = format!("{c:?}")),
                        remedy,
                    ));
                }
            },
        };
        found.push((token, start..at));
    }
    Ok(found)
}

/// Whether the text begins with a point and a digit.
fn starts_fraction(text: &str) -> bool {
    text[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// Whether a point is that of a field: something stands before it, without a space.
fn follows_value(found: &[Placed]) -> bool {
    matches!(found.last(), Some((Token::Word(_) | Token::Sign(")" | "]") | Token::Braces(_), _)))
}

fn number_length(text: &str) -> usize {
    let digits = |text: &str| text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let whole = digits(text);
    match text[whole..].strip_prefix('.') {
        Some(fraction) if digits(fraction) > 0 => whole + 1 + digits(fraction),
        _ => whole,
    }
}

/// A text in quotes at the beginning of `text`: what it says, and its length.
fn quoted(text: &str) -> Option<(String, usize)> {
    let mut value = String::new();
    let mut chars = text.char_indices().skip(1);
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((value, at + 1)),
            '\\' => value.push(chars.next()?.1),
            '\n' => return None,
            c => value.push(c),
        }
    }
    None
}

/// The length of what is in braces at the beginning of `text`, quotes and braces inside of it apart.
fn braces(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, c) in text.char_indices() {
        match c {
            _ if quote == Some(c) => quote = None,
            _ if quote.is_some() => {}
            '"' => quote = Some(c),
            '{' => depth += 1,
            '}' if depth == 1 => return Some(at + 1),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}
