//! Errors in the command line, and help.

use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use lsmscope::error::excerpt;

/// Prints what `wrong` says, and returns the status: 2 for a wrong command line, 0 for help, 1 for help that cannot be
/// printed.
pub fn told(mut wrong: clap::Error) -> ExitCode {
    shorten(&mut wrong);
    // "to pass '--html' as a value, use '-- --html'": no command has a value that is written like a flag.
    if wrong.kind() == ErrorKind::UnknownArgument {
        wrong.remove(ContextKind::Suggested);
    }
    let text = wrong.render();
    if wrong.use_stderr() {
        super::streams::progress(text);
        return ExitCode::from(2);
    }
    match super::streams::print(text.to_string().trim_end()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            super::tell_error(&error);
            ExitCode::FAILURE
        }
    }
}

/// Cuts what was typed as every message does that quotes it.
fn shorten(wrong: &mut clap::Error) {
    let typed = [ContextKind::InvalidSubcommand, ContextKind::InvalidArg, ContextKind::InvalidValue];
    for kind in typed.into_iter().chain([ContextKind::TrailingArg, ContextKind::PriorArg]) {
        let short = match wrong.get(kind) {
            Some(ContextValue::String(text)) => ContextValue::String(excerpt(text)),
            Some(ContextValue::Strings(texts)) => ContextValue::Strings(texts.iter().map(|t| excerpt(t)).collect()),
            _ => continue,
        };
        wrong.insert(kind, short);
    }
}
