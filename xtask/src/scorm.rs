//! `cargo xtask scorm`: makes a package for a learning platform.
//!
//! In: a lesson, a script or a link, and a title. Out: a SCORM 1.2 package, one zip. The arguments are checked before
//! the build, which takes minutes; `xtask/src/scorm.mjs` reads them and writes the package. Errors: what is wrong with
//! them, by file and line, with a remedy.

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
    /// The lesson that a learner does: the name of one of the course, such as `write`, or a file that ends in `.md`
    #[arg(long, value_name = "NAME | FILE.md", conflicts_with_all = ["script", "link"])]
    lesson: Option<String>,
    /// The script that a learner plays: a file of commands, one a line. Without a lesson, this and --link, the first
    /// tour
    #[arg(long, value_name = "FILE", conflicts_with = "link")]
    script: Option<PathBuf>,
    /// The moment that a learner begins at, between quotes: a link of *Share*, or the `src` of *Embed*, whose `mode`,
    /// `controls`, `from`, `to`, `readonly` and `theme` hold as well
    #[arg(long)]
    link: Option<String>,
    /// The language of the page, `en` or `de`. Default: English
    #[arg(long)]
    lang: Option<String>,
    /// What the activity is called. Default: the lesson's title, the script's name
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
fn package(Args { lesson, script, link, lang, title, out }: &Args) -> Result<Command> {
    let mut package = command_with("node", &["xtask/src/scorm.mjs"]);
    let place = |path: &Path| {
        std::path::absolute(path).with_context(|| format!("--out, --script or --lesson {}", path.display()))
    };
    package.arg("--out").arg(place(out)?);
    if let Some(script) = script {
        package.arg("--script").arg(place(script)?);
    }
    if let Some(lesson) = lesson {
        let file = Path::new(lesson);
        // Without an ending it is a name.
        let named = if file.extension().is_some() { place(file)? } else { file.to_path_buf() };
        package.arg("--lesson").arg(named);
    }
    // With a sign of equality, what begins with a dash is no option.
    let texts = [("link", link), ("lang", lang), ("title", title)];
    package.args(texts.iter().filter_map(|(name, text)| Some(format!("--{name}={}", text.as_ref()?))));
    Ok(package)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The words of the command, without the first three: the script and where to.
    fn words(lesson: Option<&str>, script: Option<PathBuf>, title: Option<&str>) -> Vec<String> {
        let [lesson, title] = [lesson, title].map(|text| text.map(str::to_owned));
        let args = Args { lesson, script, link: None, lang: None, title, out: "a/b.zip".into() };
        let package = package(&args).unwrap();
        let words: Vec<_> = package.get_args().map(|word| word.to_str().unwrap().to_owned()).collect();
        assert_eq!(words[..3], ["xtask/src/scorm.mjs", "--out", &here("a/b.zip")]);
        words[3..].to_vec()
    }

    fn here(name: &str) -> String {
        std::env::current_dir().unwrap().join(name).to_str().unwrap().to_owned()
    }

    #[test]
    fn paths_are_absolute_and_texts_are_no_options() {
        assert_eq!(
            words(None, Some("talk.lsm".into()), Some("-- a title")),
            ["--script", &here("talk.lsm"), "--title=-- a title"]
        );
    }

    #[test]
    fn a_lesson_is_a_name_or_a_file() {
        assert_eq!(words(Some("write"), None, None), ["--lesson", "write"]);
        assert_eq!(words(Some("own/lesson.md"), None, None), ["--lesson", &here("own/lesson.md")]);
    }
}
