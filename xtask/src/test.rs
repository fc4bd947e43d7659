//! `cargo xtask test`: runs every check of a change, the quickest first.
//!
//! In: the part to run. Errors: the first failed step, with a remedy.

use std::path::PathBuf;

use anyhow::{Result, bail};

use crate::{
    browser, site,
    step::{self, command, command_with, root, target_dir},
    tools,
};

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Part {
    /// All of them
    All,
    /// Formatting, lints, Rust tests and docs on this machine
    Native,
    /// Lints and tests of the wasm build, in headless Chromium
    Wasm,
    /// Formatting, lints, types and unit tests of the page's JavaScript and CSS
    Page,
    /// The built page in a real browser
    E2e,
    /// Pages of others that embed it, each built by its own tool, which is fetched first (not in `all`)
    Hosts,
}

pub fn run(part: Part) -> Result<()> {
    if part == Part::Hosts {
        return hosts();
    }
    let wanted = |each: Part| part == Part::All || part == each;
    // Missing tools are reported before a slow step begins.
    let drivable = wanted(Part::Wasm).then(browser::ensure_pair).transpose()?;
    let chrome = wanted(Part::E2e).then(browser::ensure_chrome).transpose()?;
    let with_page = wanted(Part::Page) || wanted(Part::E2e);
    if with_page {
        site::ensure_tools()?;
    }
    if wanted(Part::Page) || wanted(Part::Native) {
        check_widths()?;
    }
    if wanted(Part::Page) {
        page_sources()?;
    }
    if wanted(Part::Native) {
        native()?;
    }
    if let Some(drivable) = drivable {
        wasm(&drivable)?;
    }
    // The page's types come from the wasm build, and the browser tests need the page: one build serves both.
    if with_page {
        site::build()?;
    }
    if wanted(Part::Page) {
        page()?;
    }
    if let Some(chrome) = chrome {
        // The site as it is published has a test of its own: what is measured there needs no smaller wasm.
        site::bundle(&target_dir().join("published"))?;
        let firefox = browser::firefox()?;
        if firefox.is_none() {
            step::say("no Firefox is found: its smoke test is skipped (FIREFOX=/path/to/firefox names one)");
        }
        let mut browsers = vec![("CHROME", chrome)];
        browsers.extend(firefox.map(|path| ("FIREFOX", path)));
        node_tests("running the end-to-end tests", "tests/e2e", ".test.mjs", &browsers)?;
        node_tests("running the tests of embeds", "tests/embed", ".test.mjs", &browsers)?;
    }
    step::say("all green");
    Ok(())
}

/// The tests of hosts.
const HOSTS: &str = "tests/hosts";

/// Runs the tests of the hosts that embed the page. They bring their tools themselves, into target/hosts/; a host whose
/// tool cannot be had on this machine is skipped, and says so.
fn hosts() -> Result<()> {
    let chrome = browser::ensure_chrome()?;
    site::build()?;
    site::bundle(&target_dir().join("published"))?;
    node_tests("running the tests of hosts", HOSTS, ".test.mjs", &[("CHROME", chrome)])?;
    step::say("all hosts are green that were not skipped");
    Ok(())
}

fn native() -> Result<()> {
    step::run(
        "checking the formatting",
        &mut command_with("cargo", &["fmt", "--all", "--check"]),
        "run `cargo fmt --all`",
    )?;
    step::run(
        "linting",
        &mut command_with("cargo", &["clippy", "--workspace", "--all-targets", "--quiet", "--", "-D", "warnings"]),
        "follow clippy's advice above",
    )?;
    step::run(
        "running the native tests",
        &mut command_with("cargo", &["test", "--workspace"]),
        "read the failing test above",
    )?;
    for example in EXAMPLES {
        // As `cargo test` has built it: `cargo run` would build the crate once more, with features of its own.
        let built = target_dir().join("debug/examples").join(example);
        step::run(
            &format!("running the example {example}"),
            &mut command(&built.to_string_lossy()),
            "an example asserts what it says: read the message above",
        )?;
    }
    let mut doc = command_with("cargo", &["doc", "--no-deps", "--quiet", "--lib", "--package", "lsmscope"]);
    doc.env("RUSTDOCFLAGS", "-D warnings");
    step::run("building the docs", &mut doc, "mend the comment that rustdoc names above")?;
    check_package()
}

/// Checks that the published package compiles without the rest of the repository. `cargo package` would build every
/// dependency again for that; in the shared target directory, the check takes seconds.
fn check_package() -> Result<()> {
    const REMEDY: &str = "Cargo.toml's `exclude` leaves out a file that the crate needs, or a path leads out of it";
    let mut package = command_with("cargo", &["package", "--quiet", "--package", "lsmscope", "--no-verify"]);
    // The test command also runs before a commit, so uncommitted changes are allowed.
    package.arg("--allow-dirty");
    step::run("packaging the crate", &mut package, REMEDY)?;
    let packed = target_dir().join("package");
    let archive = std::fs::read_dir(&packed)?.filter_map(|entry| Some(entry.ok()?.path()));
    let Some(archive) = archive.filter(|path| path.extension().is_some_and(|end| end == "crate")).max() else {
        bail!("cargo package made no archive in {}", packed.display());
    };
    let unpacked = archive.with_extension("");
    if unpacked.exists() {
        std::fs::remove_dir_all(&unpacked)?;
    }
    let mut unpack = command("tar");
    unpack.arg("-xzf").arg(&archive).arg("-C").arg(&packed);
    step::run("unpacking it", &mut unpack, "is tar installed?")?;
    let mut check = command_with("cargo", &["check", "--quiet", "--all-targets", "--target-dir"]);
    check.arg(target_dir()).arg("--manifest-path").arg(unpacked.join("Cargo.toml"));
    step::run("checking it by itself", &mut check, REMEDY)
}

/// The programs of `examples/`; each asserts what it prints.
const EXAMPLES: [&str; 3] = ["first_steps", "power_cut", "custom_policy"];

/// The maximum columns of a line: the width of rustfmt and of Prettier, which enforce it neither in comments nor in
/// strings.
const MAX_COLUMNS: usize = 120;

/// The files that are written by hand, as git's patterns. Not listed: data and generated files (JSON, lock files,
/// goldens), and Markdown, whose tables and links cannot be broken. Vendored files are not in git.
const HAND_WRITTEN: [&str; 10] =
    ["*.rs", "*.js", "*.mjs", "*.toml", "*.css", "*.html", "*.sh", "*.py", "*.yml", "*.yaml"];

/// Checks that no line of a hand-written file is wider than [`MAX_COLUMNS`].
fn check_widths() -> Result<()> {
    step::say("checking the width of lines");
    let mut list = command_with("git", &["ls-files", "--"]);
    list.args(HAND_WRITTEN);
    let listed = String::from_utf8(list.output()?.stdout)?;
    if listed.is_empty() {
        bail!("git lists no files of this repository; is it a clone?");
    }
    let mut wide = Vec::new();
    for file in listed.lines() {
        let text = std::fs::read_to_string(root().join(file))?;
        let is_wide = |(_, line): &(usize, &str)| line.chars().count() > MAX_COLUMNS;
        wide.extend((1..).zip(text.lines()).filter(is_wide).map(|(number, _)| format!("  {file}:{number}")));
    }
    if wide.is_empty() { Ok(()) } else { bail!("lines of more than {MAX_COLUMNS} columns:\n{}", wide.join("\n")) }
}

/// Cargo's arguments for a browser build: without the command line, with the features for the browser.
const FOR_WASM: [&str; 5] = ["--target", "wasm32-unknown-unknown", "--no-default-features", "--features", "db,lesson"];

fn wasm(browser: &browser::Pair) -> Result<()> {
    tools::ensure_for_wasm_tests()?;
    let mut lint = command("cargo");
    lint.arg("clippy").args(FOR_WASM).args(["--lib", "--test", "web", "--quiet", "--", "-D", "warnings"]);
    step::run("linting the wasm build", &mut lint, "follow clippy's advice above")?;

    // The player leaves out what has the feature `engine`: nothing of it may be missing, or be left over.
    let mut player = command_with("cargo", &["clippy", "--lib", "--target", "wasm32-unknown-unknown", "--quiet"]);
    player.args(["--no-default-features", "--", "-D", "warnings"]);
    step::run("linting the player", &mut player, "follow clippy's advice above")?;

    let mut test = command("cargo");
    test.arg("test").args(FOR_WASM).args(["--test", "web"]);
    test.env("CHROMEDRIVER", &browser.driver);
    // The defaults (20 s for all tests, 5 s for the driver's start) are meant for a few unit tests on a quick machine.
    test.env("WASM_BINDGEN_TEST_TIMEOUT", "600").env("WASM_BINDGEN_TEST_DRIVER_TIMEOUT", "60");
    test.env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", browser::webdriver_json(&browser.chrome)?);
    step::run(
        "running the wasm tests in headless Chromium",
        &mut test,
        "read the failing test above; if the browser itself did not start, try the flags of webdriver.json by hand",
    )
}

/// The hand-written JavaScript and CSS. ESLint takes folders; stylelint takes patterns.
const SCRIPTS: [&str; 10] = [
    "www",
    "embed",
    "site",
    "tests/e2e",
    "tests/embed",
    "tests/hosts",
    "benches/browser",
    "xtask",
    "src/bin/lsmscope/report",
    "*.config.js",
];
const STYLES: [&str; 2] = ["www/**/*.css", "src/bin/lsmscope/report/*.css"];

/// The other files that Prettier formats.
const MARKUP: [&str; 3] = ["index.html", "{package,tsconfig,webdriver}.json", "examples/hosts/**/*.{html,mts}"];

/// Runs the checks of the page's sources that need no build.
fn page_sources() -> Result<()> {
    let formatted: Vec<&str> = SCRIPTS.into_iter().chain(MARKUP).collect();
    let mut format = command_with("node", &["node_modules/prettier/bin/prettier.cjs", "--check"]);
    format.args(&formatted);
    step::run(
        "checking the formatting of the page's sources",
        &mut format,
        &format!("run `npx prettier --write {}`", quoted(&formatted)),
    )?;
    let mut scripts = command_with("node", &["node_modules/eslint/bin/eslint.js", "--max-warnings=0"]);
    scripts.args(SCRIPTS);
    step::run("linting the scripts", &mut scripts, "follow ESLint's advice above; eslint.config.js has the rules")?;
    let mut styles = command_with("node", &["node_modules/stylelint/bin/stylelint.mjs", "--max-warnings=0"]);
    styles.args(STYLES);
    step::run(
        "linting the styles",
        &mut styles,
        &format!("run `npx stylelint --fix {}`, and follow the advice that remains", quoted(&STYLES)),
    )
}

/// Arguments quoted for a shell, which then expands no pattern.
fn quoted(arguments: &[&str]) -> String {
    arguments.iter().map(|each| format!("'{each}'")).collect::<Vec<_>>().join(" ")
}

fn page() -> Result<()> {
    for (whose, project) in [("page", "tsconfig.json"), ("service worker", "site/tsconfig.json")] {
        step::run(
            &format!("checking the {whose}'s types"),
            &mut command_with("node", &["node_modules/typescript/bin/tsc", "--project", project]),
            "mend what tsc names above; JSDoc comments carry the types",
        )?;
    }
    node_tests("running the page's unit tests", "www", ".test.js", &[])
}

/// Runs every test file below `dir` with node's own test runner. `browsers`: their paths, by environment variable.
fn node_tests(what: &str, dir: &str, ending: &str, browsers: &[(&str, PathBuf)]) -> Result<()> {
    let mut tests = site::files(&root().join(dir))?;
    tests.retain(|path| path.to_string_lossy().ends_with(ending));
    if tests.is_empty() {
        bail!(
            "{what}: no *{ending} below {dir}/\n  remedy:  this is no checkout of lsmscope, or its tests were moved: \
             see xtask/src/test.rs"
        );
    }
    let mut node = command_with("node", &["--test", "--test-reporter=spec"]);
    if !browsers.is_empty() {
        // Node would leave a core to itself; a page mostly waits for the browser, and a host's tool is fetched while
        // another one is compiled.
        node.arg("--test-concurrency=2");
    }
    node.args(tests.iter().map(|path| path.strip_prefix(root()).unwrap_or(path)));
    node.envs(browsers.iter().cloned()).env("PUBLISHED", target_dir().join("published"));
    step::run(what, &mut node, "read the failing test above; failed pages are pictured in target/e2e/")
}
