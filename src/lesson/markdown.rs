//! Reads Markdown: CommonMark and tables, by pulldown-cmark, into a closed set of [`Node`]s.
//!
//! In: a text, and what its expressions may name. Out: for a body, its parts in order ([`Part`]); for a text inside of
//! a block, one [`RichText`]. Errors: raw HTML, images, links to elsewhere, and whatever else is not in the set; a
//! value that is no expression.
//!
//! A value, `{{…}}`, may hold what Markdown would take for emphasis or a link. So the reader sees its inside as
//! letters: as many bytes, which keeps places.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{
    expression::{Expression, Known},
    limits::MAX_NESTING,
    node::{Node, RichText},
    source::{Errors, Located},
};
use crate::words::say;

mod masked;

use masked::{masked, value_length};

/// A part of a body.
#[derive(Debug)]
pub(super) enum Part {
    /// A heading of the second level.
    Beat(RichText, Range<usize>),
    /// Fenced code that stands by itself: its info string and its content.
    Fence { info: Located, content: Located, place: Range<usize> },
    /// Anything else.
    Text(RichText, Range<usize>),
    /// A fence that is never closed, which is among the errors: what stands below it is not read.
    Cut,
}

/// The parts of the body of a lesson, which is `text` from `start` on.
pub(super) fn body(text: &str, start: usize, known: &Known<'_>, errors: &mut Errors<'_>) -> Vec<Part> {
    let source = Located::of(text, start..text.len());
    let masked = masked(source.text());
    let mut reader = Reader::new(&source, &masked, known, errors);
    reader.read(false);
    reader.parts
}

/// One paragraph, which stands in a block.
pub(super) fn inline(source: &Located, known: &Known<'_>, errors: &mut Errors<'_>) -> RichText {
    let masked = masked(source.text());
    let mut reader = Reader::new(source, &masked, known, errors);
    reader.read(true);
    let mut all = RichText::default();
    for part in reader.parts {
        let Part::Text(text, _) = part else { continue };
        for node in text.nodes {
            match node {
                Node::Paragraph { children } => all.nodes.extend(children),
                other => all.nodes.push(other),
            }
        }
        all.values.extend(text.values);
    }
    all
}

/// Several paragraphs, which stand in a block.
pub(super) fn blocks(source: &Located, known: &Known<'_>, errors: &mut Errors<'_>) -> RichText {
    let masked = masked(source.text());
    let mut reader = Reader::new(source, &masked, known, errors);
    reader.read(false);
    let mut all = RichText::default();
    for part in std::mem::take(&mut reader.parts) {
        match part {
            Part::Text(text, _) => all.append(text),
            Part::Beat(_, place) | Part::Fence { place, .. } => {
                let remedy = say!("Write paragraphs, lists and tables only.");
                reader.errors.add(place, say!("this cannot stand inside of a block"), remedy);
            }
            Part::Cut => {}
        }
    }
    all
}

/// What is being read, and what was read of it.
struct Frame {
    tag: Tag<'static>,
    children: Vec<Node>,
    /// Items of a list, cells of a table's row.
    groups: Vec<Vec<Node>>,
    /// Rows of a table.
    rows: Vec<Vec<Vec<Node>>>,
    place: Range<usize>,
    /// The content of fenced code.
    content: Located,
}

struct Reader<'a, 'e, 't> {
    source: &'a Located,
    masked: &'a str,
    known: &'a Known<'a>,
    errors: &'e mut Errors<'t>,
    stack: Vec<Frame>,
    /// Values of the part that is being read.
    values: Vec<Expression>,
    parts: Vec<Part>,
    /// Depth of what is passed over: an image, or what is nested too deeply.
    passed: usize,
    /// Where the last event was.
    last: Range<usize>,
}

impl<'a, 'e, 't> Reader<'a, 'e, 't> {
    fn new(
        source: &'a Located,
        masked: &'a str,
        known: &'a Known<'a>,
        errors: &'e mut Errors<'t>,
    ) -> Reader<'a, 'e, 't> {
        let (stack, values, parts) = Default::default();
        Reader { source, masked, known, errors, stack, values, parts, passed: 0, last: 0..0 }
    }

    fn read(&mut self, is_inline: bool) {
        for (event, range) in Parser::new_ext(self.masked, Options::ENABLE_TABLES).into_offset_iter() {
            self.last = range.clone();
            if matches!(self.parts.last(), Some(Part::Cut)) {
                break;
            }
            match event {
                Event::Start(_) if self.passed > 0 => self.passed += 1,
                Event::End(_) if self.passed > 0 => self.passed -= 1,
                _ if self.passed > 0 => {}
                Event::Start(tag) => self.start(tag, range, is_inline),
                Event::End(tag) => self.end(tag),
                Event::Text(text) => self.text(&text, range),
                Event::Code(text) => self.code(&text, range),
                Event::SoftBreak => self.push(Node::Text { text: " ".into() }),
                Event::HardBreak => self.push(Node::LineBreak {}),
                Event::Html(_) | Event::InlineHtml(_) => {
                    self.wrong(
                        range,
                        say!("raw HTML is not shown"),
                        say!("Leave it out; code goes between backticks: `<key>`."),
                    );
                }
                Event::Rule => {
                    self.wrong(range, say!("a rule is not shown"), say!("Begin a beat with ## and its title instead."))
                }
                _ => self.wrong(
                    range,
                    say!("this is not shown"),
                    say!("Write paragraphs, lists, tables, quotes and code."),
                ),
            }
        }
    }

    fn wrong(&mut self, range: Range<usize>, message: String, remedy: String) {
        self.errors.add(self.source.place(range), message, remedy);
    }

    /// A line such as `##Title` is a paragraph to Markdown: it is told, and read as the beat that was meant, so that
    /// what stands below is not taken for a part of the beat before.
    fn heading_without_space(&mut self, range: &Range<usize>) {
        let paragraph = self.source.slice(range.clone());
        let mut at = 0;
        for line in paragraph.text().split('\n') {
            let title = line.trim_start_matches('#').trim_end();
            let marks = line.len() - line.trim_start_matches('#').len();
            if (2..=3).contains(&marks) && !title.is_empty() && !title.starts_with(char::is_whitespace) {
                let place = paragraph.place(at..at + line.trim_end().len());
                let remedy = say!("Write a space behind the {marks}.", marks = &line[..marks]);
                self.errors.add(place.clone(), say!("a heading needs a space"), remedy);
                if marks == 2 {
                    let nodes = vec![Node::Text { text: title.into() }];
                    self.parts.push(Part::Beat(RichText { nodes, values: Vec::new() }, place));
                }
            }
            at += line.len() + 1;
        }
    }

    fn start(&mut self, tag: Tag<'_>, range: Range<usize>, is_inline: bool) {
        let depth = self.stack.len();
        if depth == 0 && !is_inline && matches!(tag, Tag::Paragraph) {
            self.heading_without_space(&range);
        }
        let wrong = match &tag {
            _ if depth == MAX_NESTING => {
                Some((say!("this is nested too deeply"), say!("Use fewer lists and quotes in others.")))
            }
            Tag::Image { .. } => Some((say!("an image is not shown"), say!("Use a figure: it is drawn from a run."))),
            Tag::HtmlBlock => {
                Some((say!("raw HTML is not shown"), say!("Leave it out; code goes between backticks: `<key>`.")))
            }
            Tag::Heading { level: HeadingLevel::H1, .. } => {
                Some((say!("the title stands in the front matter"), say!("Begin a beat with ## and its title.")))
            }
            Tag::Heading { level, .. } if !matches!(level, HeadingLevel::H2 | HeadingLevel::H3) => {
                Some((say!("headings go down to ###"), say!("Write ### or a paragraph.")))
            }
            Tag::Heading { level: HeadingLevel::H2, .. } if depth > 0 => {
                Some((say!("a beat begins at the left edge"), say!("Take the heading out of the list or the quote.")))
            }
            _ if is_inline && depth == 0 && !matches!(tag, Tag::Paragraph) => {
                Some((say!("this text is one paragraph"), say!("Put a backslash in front of its first character.")))
            }
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::BlockQuote(_)
            | Tag::CodeBlock(_)
            | Tag::List(_)
            | Tag::Item
            | Tag::Table(_)
            | Tag::TableHead
            | Tag::TableRow
            | Tag::TableCell
            | Tag::Emphasis
            | Tag::Strong => None,
            Tag::Link { dest_url, .. } if is_link(dest_url) => None,
            Tag::Link { .. } => Some((
                say!("a link goes to https:, http:, mailto:, a place of this page or a lesson"),
                say!("Write [text](https://…), [text](#…), or the id of a lesson, such as [text](deletes)."),
            )),
            _ => Some((say!("this is not shown"), say!("Write paragraphs, lists, tables, quotes and code."))),
        };
        match wrong {
            Some((message, remedy)) => {
                // A link's text is read all the same.
                self.wrong(range, message, remedy);
                self.passed = 1;
            }
            None => self.stack.push(Frame {
                tag: tag.into_static(),
                children: Vec::new(),
                groups: Vec::new(),
                rows: Vec::new(),
                place: range,
                content: Located::default(),
            }),
        }
    }

    fn end(&mut self, tag: TagEnd) {
        let Some(frame) = self.stack.pop() else { return };
        let Frame { children, groups, rows, place, content, .. } = frame;
        let node = match (frame.tag, tag) {
            (Tag::Item, _) | (Tag::TableCell, _) => {
                self.stack.last_mut().iter_mut().for_each(|parent| parent.groups.push(children.clone()));
                return;
            }
            (Tag::TableHead | Tag::TableRow, _) => {
                self.stack.last_mut().iter_mut().for_each(|parent| parent.rows.push(groups.clone()));
                return;
            }
            (Tag::Heading { level: HeadingLevel::H2, .. }, _) => {
                let values = std::mem::take(&mut self.values);
                self.parts.push(Part::Beat(RichText { nodes: children, values }, self.source.place(place)));
                return;
            }
            (Tag::CodeBlock(kind), _) => {
                if self.stack.is_empty() && self.refuse_unclosed(&place) {
                    return;
                }
                let info = match kind {
                    CodeBlockKind::Fenced(info) => self.info(&info, &place),
                    CodeBlockKind::Indented => Located::default(),
                };
                if self.stack.is_empty() {
                    self.parts.push(Part::Fence { info, content, place: self.source.place(place) });
                    return;
                }
                self.code_block(&info, &content, place)
            }
            (Tag::Paragraph, _) => Node::Paragraph { children },
            (Tag::Heading { .. }, _) => Node::Heading { children },
            (Tag::BlockQuote(_), _) => Node::Quote { children },
            (Tag::List(start), _) => Node::List { start, items: groups },
            (Tag::Table(_), _) => {
                let mut rows = rows.into_iter();
                Node::Table { head: rows.next().unwrap_or_default(), rows: rows.collect() }
            }
            (Tag::Emphasis, _) => Node::Emphasis { children },
            (Tag::Strong, _) => Node::Strong { children },
            (Tag::Link { dest_url, .. }, _) => Node::Link { to: dest_url.to_string(), children },
            _ => return,
        };
        self.push(node);
    }

    /// Whether the fence at `place` is never closed, which is told where it begins: all that it holds, and what
    /// follows, would be taken for something else.
    fn refuse_unclosed(&mut self, place: &Range<usize>) -> bool {
        let Some(open) = super::fence::unclosed(&self.source.text()[place.clone()]) else { return false };
        let at = |offset: usize| self.source.at(place.start + offset);
        let marks = open.marks;
        let remedy = match open.next.map(|next| self.errors.line_of(at(next))) {
            Some(line) => say!("Write {marks} in a line of its own where it ends, above line {line}.", marks, line),
            None => say!("Write {marks} in a line of its own where it ends.", marks),
        };
        self.errors.add(at(open.opening.start)..at(open.opening.end), say!("this fence is never closed"), remedy);
        self.parts.push(Part::Cut);
        true
    }

    /// The info string of the fence at `place`, as it stands there.
    fn info(&self, info: &str, place: &Range<usize>) -> Located {
        let line = self.source.text()[place.clone()].lines().next().unwrap_or_default();
        let start = place.start + line.bytes().take_while(|b| matches!(b, b'`' | b'~')).count();
        let end = place.start + line.len();
        // As it was read, a backslash may have been taken out: then the place alone is right.
        let located = self.source.slice(start..end).trim();
        if info.is_empty() { Located::default() } else { located }
    }

    fn code_block(&mut self, info: &Located, content: &Located, place: Range<usize>) -> Node {
        if super::fence::is_block(info.text()) {
            self.wrong(
                place,
                say!("a block cannot stand in a list or a quote"),
                say!("Let it begin at the left edge."),
            );
        }
        shown_code(info, content)
    }

    fn push(&mut self, node: Node) {
        match self.stack.last_mut() {
            Some(frame) => match (frame.children.last_mut(), node) {
                // Every bracket is a text of its own.
                (Some(Node::Text { text }), Node::Text { text: more }) => text.push_str(&more),
                (_, node) => frame.children.push(node),
            },
            None => {
                let values = std::mem::take(&mut self.values);
                let place = self.source.place(self.last.clone());
                self.parts.push(Part::Text(RichText { nodes: vec![node], values }, place));
            }
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>) {
        if let Some(frame) = self.stack.last_mut().filter(|frame| matches!(frame.tag, Tag::CodeBlock(_))) {
            let piece = self.source.slice(range);
            frame.content.push(piece.text(), piece.at(0));
            return;
        }
        self.with_values(text, range).into_iter().for_each(|node| self.push(node));
    }

    fn code(&mut self, text: &str, range: Range<usize>) {
        let children = self.with_values(text, range);
        self.push(Node::Code { children });
    }

    /// `text`, which stands at `range`, as letters and values.
    fn with_values(&mut self, text: &str, range: Range<usize>) -> Vec<Node> {
        let mut nodes = Vec::new();
        let (mut rest, mut at) = (text, range.start);
        while let Some(open) = rest.find("{{") {
            // As many stand before it in the source, where a code span has backticks, too.
            let found = self.masked[at..range.end].find("{{").map_or(at, |offset| at + offset);
            let inside = &rest[open + 2..];
            push_letters(&mut nodes, &rest[..open]);
            let Some(length) = value_length(inside) else {
                let remedy = say!("Close it with }} in the same line.");
                self.errors.add(self.source.place(found..found + 2), say!("a value is never closed"), remedy);
                return nodes;
            };
            let place = found + 2..found + 2 + length;
            at = place.end + 2;
            if let Some(expression) = Expression::parse(&self.source.slice(place), self.known, self.errors) {
                nodes.push(Node::Value {
                    slot: self.values.len(),
                    value: serde_json::Value::Null,
                    text: String::new(),
                });
                self.values.push(expression);
            }
            rest = &inside[length + 2..];
        }
        push_letters(&mut nodes, rest);
        nodes
    }
}

fn push_letters(nodes: &mut Vec<Node>, text: &str) {
    if !text.is_empty() {
        nodes.push(Node::Text { text: text.into() });
    }
}

/// Fenced code that is shown as it is.
pub(super) fn shown_code(info: &Located, content: &Located) -> Node {
    let language = info.text().split_whitespace().next().unwrap_or_default();
    Node::CodeBlock { language: language.to_string(), text: content.text().to_string() }
}

/// Whether a link may go there: an address of a page or a mail, a place of this page, or a lesson.
fn is_link(to: &str) -> bool {
    let scheme = ["https://", "http://", "mailto:"].iter().any(|scheme| to.starts_with(scheme));
    let is_plain = !to.is_empty() && !to.chars().any(|c| c.is_control() || c.is_whitespace());
    let (lesson, anchor) = to.split_once('#').unwrap_or((to, ""));
    let is_word = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_');
    is_plain && (scheme || (is_word(lesson) && is_word(anchor)))
}
