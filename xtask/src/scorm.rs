//! `cargo xtask scorm`: makes a package for a learning platform.
//!
//! In: a script or a link, and a title. Out: a SCORM 1.2 package, one zip. The arguments are checked before the build,
//! which takes minutes; `xtask/src/scorm.mjs` reads them and writes the package. Errors: what is wrong with them, by
//! file and line, with a remedy.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    npm, site,
    step::{self, command_with},
};

#[derive(clap::Args)]
pub struct Args {
    /// The script that a learner plays: a file of commands, one a line. Without this and --link, the first tour
    #[arg(long, value_name = "FILE", conflicts_with = "link")]
    script: Option<PathBuf>,
    /// The moment that a learner begins at, between quotes: a link of *Share*, or the `src` of *Embed*, whose `mode`,
    /// `controls`, `from`, `to`, `readonly` and `theme` hold as well
    #[arg(long)]
    link: Option<String>,
    /// What the activity is called. Default: the script's name
    #[arg(long)]
    title: Option<String>,
    /// Where to
    #[arg(long, value_name = "FILE.zip", default_value = "lsmscope-scorm.zip")]
    out: PathBuf,
}

pub fn run(args: &Args) -> Result<()> {
    npm::ensure()?;
    step::run("checking what goes into the package", package(args)?.arg("--check"), SAID)?;
    site::build_published(&site::published())?;
    let mut package = package(args)?;
    package.arg("--built").arg(site::built()).arg("--site").arg(site::published());
    step::run("packaging it", &mut package, SAID)?;
    step::say(&format!("{} is ready: upload it as a SCORM package (docs/embedding.md)", args.out.display()));
    Ok(())
}

/// The script's own message names the file, and has a remedy.
const SAID: &str = "as said above";

/// The command that makes the package. It runs in the repository's root, so paths are made absolute.
fn package(Args { script, link, title, out }: &Args) -> Result<Command> {
    let mut package = command_with("node", &["xtask/src/scorm.mjs"]);
    let place =
        |path: &Path| std::path::absolute(path).with_context(|| format!("--out or --script {}", path.display()));
    package.arg("--out").arg(place(out)?);
    if let Some(script) = script {
        package.arg("--script").arg(place(script)?);
    }
    // With a sign of equality, what begins with a dash is no option.
    let texts = [("link", link), ("title", title)];
    package.args(texts.iter().filter_map(|(name, text)| Some(format!("--{name}={}", text.as_ref()?))));
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_absolute_and_texts_are_no_options() {
        let args = Args {
            script: Some("talk.lsm".into()),
            link: None,
            title: Some("-- a title".to_owned()),
            out: "a/b.zip".into(),
        };
        let package = package(&args).unwrap();
        let words: Vec<_> = package.get_args().map(|word| word.to_str().unwrap().to_owned()).collect();
        let here = std::env::current_dir().unwrap();
        let path = |name: &str| here.join(name).to_str().unwrap().to_owned();
        let expected = ["xtask/src/scorm.mjs", "--out", &path("a/b.zip"), "--script", &path("talk.lsm")];
        assert_eq!(words[..5], expected);
        assert_eq!(words[5..], ["--title=-- a title"]);
    }
}
