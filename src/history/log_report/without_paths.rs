//! The text of an error without the paths in it.
//!
//! In: a message of a database, or of its operating system. Out: the same, in which `…` stands for each path, with
//! the name of the database's file behind it if it ends in one: `…/000012.sst`. A message does not say where a path
//! ends, so more is left out where that is not sure. A path reaches to
//!
//! - the name of a file of the database: `/srv/my data/db/000012.sst`;
//! - else, if it tells where it begins (`/srv/my data`, `C:\my data`, `\\host\share`, `s3://bucket/db`), to a colon and
//!   a blank, a comma, a semicolon, a quote, a bracket, or the end of the message;
//! - else (`data/db`) to the end of the word, or one of these before it. Of `my data/db`, `my` stays.

/// What a path is replaced by.
const LEFT_OUT: char = '…';

/// What neither a word nor a path goes beyond.
fn is_delimiter(c: char) -> bool {
    matches!(c, '"' | '\'' | '`' | ',' | ';' | '=' | '(' | ')' | '[' | ']' | '{' | '}' | '<' | '>' | '|')
        || c.is_control()
}

fn is_separator(c: char) -> bool {
    matches!(c, '/' | '\\')
}

/// The longest message that is read, in bytes: no more than its beginning is kept anyway.
const MAX_MESSAGE: usize = 8 << 10;

/// A message in which each path is only the name of its file, if that is one of the database's.
pub(super) fn without_paths(message: &str) -> String {
    let end = (0..=MAX_MESSAGE.min(message.len())).rev().find(|end| message.is_char_boundary(*end));
    let mut rest = &message[..end.unwrap_or(0)];
    let mut told = String::with_capacity(rest.len());
    while !rest.is_empty() {
        let delimiters = rest.find(|c: char| !is_delimiter(c) && !c.is_whitespace()).unwrap_or(rest.len());
        told.push_str(&rest[..delimiters]);
        rest = &rest[delimiters..];
        let word = &rest[..rest.find(|c: char| is_delimiter(c) || c.is_whitespace()).unwrap_or(rest.len())];
        if !word.contains(is_separator) || matches!(word, "I/O" | "I/O:" | "/") {
            told.push_str(word);
            rest = &rest[word.len()..];
            continue;
        }
        let begins = word.starts_with(is_separator) || word.contains(":/") || word.contains(":\\");
        let (name, length) = end_of(rest, if begins { None } else { Some(word.len()) });
        told.push(LEFT_OUT);
        if !name.is_empty() {
            told.push('/');
            told.push_str(name);
        }
        rest = &rest[length..];
    }
    told
}

/// The name of the database's file in which the path at the beginning of `text` ends, empty if there is none, and how
/// long the path is. It is at most as long as `word`, if that is given.
fn end_of(text: &str, word: Option<usize>) -> (&str, usize) {
    for (at, c) in text.char_indices() {
        let behind = &text[at + c.len_utf8()..];
        if word.is_some_and(|word| at >= word) || is_delimiter(c) || (c == ':' && is_end(behind)) {
            return ("", at);
        }
        if is_separator(c)
            && let Some(name) = file_name(behind)
        {
            return (name, at + c.len_utf8() + name.len());
        }
    }
    ("", text.len())
}

/// Whether a colon with `behind` behind it ends a path.
fn is_end(behind: &str) -> bool {
    behind.chars().next().is_none_or(char::is_whitespace)
}

/// The name of a file of a database that `text` begins with: `000012.sst`, `MANIFEST-000004`, `CURRENT`.
fn file_name(text: &str) -> Option<&str> {
    const KINDS: [&str; 6] = [".sst", ".ldb", ".log", ".blob", ".dbtmp", ".trash"];
    const BEFORE_NUMBER: [&str; 2] = ["MANIFEST-", "OPTIONS-"];
    const ALONE: [&str; 4] = ["CURRENT", "IDENTITY", "LOCK", "LOG"];
    let digits = |text: &str| text.bytes().take(20).take_while(u8::is_ascii_digit).count();
    let number = digits(text);
    let length = if number > 0 {
        number + KINDS.iter().find(|kind| text[number..].starts_with(**kind))?.len()
    } else if let Some(before) = BEFORE_NUMBER.iter().find(|before| text.starts_with(**before)) {
        before.len() + Some(digits(&text[before.len()..])).filter(|number| *number > 0)?
    } else {
        ALONE.iter().find(|name| text.starts_with(**name))?.len()
    };
    // `000012.sst.alice` is none, and the end of a sentence ends one.
    let behind = text[length..].strip_prefix('.').unwrap_or(&text[length..]);
    let goes_on = |c: char| c.is_alphanumeric() || is_separator(c) || matches!(c, '_' | '-');
    (!behind.starts_with(goes_on)).then(|| &text[..length])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_left_out_wherever_it_ends() {
        for (message, told) in [
            (
                "While appending to file: /srv/db/000012.sst: No space left",
                "While appending to file: …/000012.sst: No space left",
            ),
            ("in /srv/my data/db/000012.sst offset 5 size 6", "in …/000012.sst offset 5 size 6"),
            ("open /home/alice: Permission denied", "open …: Permission denied"),
            ("open /home/alice/my data", "open …"),
            ("dir=/a/alice,file=/b/bob;c", "dir=…,file=…;c"),
            ("rename /a/alice/000001.dbtmp to /a/alice/CURRENT: x", "rename …/000001.dbtmp to …/CURRENT: x"),
            ("lock \"/home/alice/my db/LOCK\" held", "lock \"…/LOCK\" held"),
            ("lock '/home/alice/my db' held", "lock '…' held"),
            (r"C:\Users\alice b\db/MANIFEST-000004: x", "…/MANIFEST-000004: x"),
            (r"\\alice\share\my db: x", "…: x"),
            ("s3://alice/my db/x: 404", "…: 404"),
            ("data/alice/000005.log: full", "…/000005.log: full"),
            ("file:/home/alice/my db: x", "…: x"),
            ("/000005.log: full", "…/000005.log: full"),
            ("/home/alice/000012.sst.alice/x", "…"),
            ("/home/alice/000012.sst/bob/CURRENTLY: x", "…: x"),
            ("/home/ålice/ƀ: x", "…: x"),
            ("I/O error: 12 of 13, a=b", "I/O error: 12 of 13, a=b"),
            ("IO error: No space left on device", "IO error: No space left on device"),
            ("3 / 5", "3 / 5"),
            ("", ""),
        ] {
            assert_eq!(without_paths(message), told, "{message}");
            assert!(!without_paths(message).contains("lice"), "{message}");
        }
    }

    /// A message may be a megabyte, and all of it the beginnings of paths.
    #[test]
    fn no_more_is_read_than_can_be_kept() {
        for piece in ["/", "/a ", "/1.sst ", "a/b ", "/1.sst/", "/1.sst:", "C:\\", "=/", "é"] {
            let message = piece.repeat((1 << 20) / piece.len());
            assert!(without_paths(&message).len() <= 2 * MAX_MESSAGE, "{piece}");
        }
    }
}
