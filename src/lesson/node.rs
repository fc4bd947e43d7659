//! The tree of a text: a closed set of nodes, and never HTML.
//!
//! In: the reader ([`markdown`](super::markdown)) makes it. Out: [`Node`]s, which a page turns into elements of its
//! own, a command into plain text. A [`RichText`] has values in it, which are computed for a variant and a moment.

use serde::Serialize;

use super::expression::Expression;

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Node {
    /// A paragraph.
    Paragraph {
        /// What is in it.
        children: Vec<Node>,
    },
    /// A heading inside of a beat.
    Heading {
        /// What is in it.
        children: Vec<Node>,
    },
    /// A list.
    List {
        /// The first number; none of a list without numbers.
        start: Option<u64>,
        /// Its items.
        items: Vec<Vec<Node>>,
    },
    /// A table.
    Table {
        /// The cells of its head.
        head: Vec<Vec<Node>>,
        /// The cells of its rows.
        rows: Vec<Vec<Vec<Node>>>,
    },
    /// A quotation.
    Quote {
        /// What is in it.
        children: Vec<Node>,
    },
    /// Code in lines of its own.
    CodeBlock {
        /// What it is written in; may be empty.
        language: String,
        /// The code.
        text: String,
    },
    /// Emphasis.
    Emphasis {
        /// What is in it.
        children: Vec<Node>,
    },
    /// Strong emphasis.
    Strong {
        /// What is in it.
        children: Vec<Node>,
    },
    /// Code in a line: texts and values.
    Code {
        /// What is in it.
        children: Vec<Node>,
    },
    /// A link.
    Link {
        /// An address of `https:`, `http:` or `mailto:`, `#…`, or the id of a lesson.
        to: String,
        /// What is in it.
        children: Vec<Node>,
    },
    /// A new line.
    LineBreak {},
    /// Letters.
    Text {
        /// They.
        text: String,
    },
    /// A value that was computed.
    Value {
        /// Which of the text's expressions.
        #[serde(skip)]
        slot: usize,
        /// A number, a word, a truth value or a list; null if it could not be computed.
        #[cfg_attr(target_arch = "wasm32", tsify(type = "LessonValue"))]
        value: serde_json::Value,
        /// The value in English.
        text: String,
    },
}

/// A text with values in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RichText {
    /// Its parts; values are not filled in.
    pub(super) nodes: Vec<Node>,
    /// The expressions of its values.
    pub(super) values: Vec<Expression>,
}

impl RichText {
    /// The parts, with these values and their texts.
    pub(super) fn filled(&self, values: &[(serde_json::Value, String)]) -> Vec<Node> {
        let mut nodes = self.nodes.clone();
        each_mut(&mut nodes, &mut |node| {
            if let Node::Value { slot, value, text } = node {
                (*value, *text) = values.get(*slot).cloned().unwrap_or_default();
            }
        });
        nodes
    }

    /// Puts `other` behind it.
    pub(super) fn append(&mut self, other: RichText) {
        let RichText { mut nodes, values } = other;
        let offset = self.values.len();
        each_mut(&mut nodes, &mut |node| {
            if let Node::Value { slot, .. } = node {
                *slot += offset;
            }
        });
        self.nodes.extend(nodes);
        self.values.extend(values);
    }

    /// Its number of words; a value counts as one.
    pub(super) fn words(&self) -> usize {
        let values = vec![(serde_json::Value::Null, "0".into()); self.values.len()];
        plain(&self.filled(&values)).split_whitespace().count()
    }
}

/// Calls `what` for each node, those in others too.
fn each_mut(nodes: &mut [Node], what: &mut impl FnMut(&mut Node)) {
    for node in nodes {
        what(node);
        match node {
            Node::Paragraph { children }
            | Node::Heading { children }
            | Node::Quote { children }
            | Node::Emphasis { children }
            | Node::Strong { children }
            | Node::Code { children }
            | Node::Link { children, .. } => each_mut(children, what),
            Node::List { items, .. } => items.iter_mut().for_each(|item| each_mut(item, what)),
            Node::Table { head, rows } => {
                let cells = head.iter_mut().chain(rows.iter_mut().flatten());
                cells.for_each(|cell| each_mut(cell, what));
            }
            Node::CodeBlock { .. } | Node::LineBreak {} | Node::Text { .. } | Node::Value { .. } => {}
        }
    }
}

/// Calls `what` for each node, those in others too.
pub(super) fn each(nodes: &[Node], what: &mut impl FnMut(&Node)) {
    let mut nodes = nodes.to_vec();
    each_mut(&mut nodes, &mut |node| what(node));
}

/// `nodes` as plain text: a paragraph a line, code in backticks.
pub fn plain(nodes: &[Node]) -> String {
    let mut out = String::new();
    write(nodes, &mut out);
    out.trim_end().to_string()
}

fn write(nodes: &[Node], out: &mut String) {
    for node in nodes {
        match node {
            Node::Paragraph { children } | Node::Heading { children } => {
                write(children, out);
                out.push('\n');
            }
            Node::Quote { children } => {
                out.push_str("> ");
                write(children, out);
            }
            Node::Emphasis { children } | Node::Strong { children } | Node::Link { children, .. } => {
                write(children, out);
            }
            Node::Code { children } => {
                out.push('`');
                write(children, out);
                out.push('`');
            }
            Node::List { start, items } => {
                for (nth, item) in items.iter().enumerate() {
                    out.push_str(&start.map_or("- ".into(), |start| format!("{}. ", start + nth as u64)));
                    write(item, out);
                    end_line(out);
                }
            }
            Node::Table { head, rows } => {
                for row in std::iter::once(head).chain(rows) {
                    let cells: Vec<String> = row.iter().map(|cell| plain(cell)).collect();
                    out.push_str(&cells.join(" | "));
                    out.push('\n');
                }
            }
            Node::CodeBlock { text, .. } => {
                text.lines().for_each(|line| out.push_str(&format!("    {line}\n")));
            }
            Node::LineBreak {} => out.push('\n'),
            Node::Text { text } | Node::Value { text, .. } => out.push_str(text),
        }
    }
}

fn end_line(out: &mut String) {
    if !out.ends_with('\n') {
        out.push('\n');
    }
}
