//! Builds the page as a static site.
//!
//! Three builds of one crate: the engine (`lsmscope.js`); the player (`lsmscope_player.js`), which is a quarter of its
//! size and shows recorded events until the engine has arrived; and lessons (`lsmscope_lesson.js`), fetched when one is
//! opened. For `serve` and the tests, build/ has the page's modules as they are in the repository, each a file. What is
//! published is [bundled](bundle) from that.

use std::{
    fs,
    path::{Path, PathBuf},
    thread,
};

use anyhow::{Context, Result};

use crate::{
    course, languages, npm,
    step::{self, command_with, root, target_dir},
    tools,
};

/// wasm-opt, from npm.
const WASM_OPT: &str = "node_modules/binaryen/bin/wasm-opt";

/// The wasm features that Rust's wasm32 target may emit; every browser of the last years supports them.
const WASM_FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-sign-ext",
];

/// What the site has beside the page's own modules: from where in the repository, to which folder of the site.
const FILES: [(&str, &str); 20] = [
    ("index.html", ""),
    ("embed/anywidget.js", ""),
    ("embed/lsm-scope.js", ""),
    ("embed/reveal-plugin.js", ""),
    ("site/favicon.ico", ""),
    ("site/favicon.svg", ""),
    ("site/apple-touch-icon.png", ""),
    ("site/preview.png", ""),
    ("site/manifest.webmanifest", ""),
    ("site/icon-192.png", ""),
    ("site/icon-512.png", ""),
    ("site/icon-maskable-192.png", ""),
    ("site/icon-maskable-512.png", ""),
    ("tests/golden/tour.recording", ""),
    ("node_modules/htm/preact/standalone.module.js", "vendor"),
    ("node_modules/htm/dist/htm.module.js", "vendor"),
    ("node_modules/gifenc/dist/gifenc.esm.js", "vendor"),
    ("node_modules/mediabunny/dist/bundles/mediabunny.min.mjs", "vendor"),
    ("node_modules/uplot/dist/uPlot.esm.js", "vendor"),
    ("node_modules/uplot/dist/uPlot.min.css", "vendor"),
];

/// A build of the crate for the browser.
struct Wasm {
    /// The name of its files.
    name: &'static str,
    /// Cargo's arguments.
    cargo: &'static [&'static str],
    /// Cargo's profile.
    profile: &'static str,
    /// What wasm-opt does for it.
    level: &'static str,
}

/// All of it but lessons, for the page.
const ENGINE: Wasm =
    Wasm { name: "lsmscope", cargo: &["--profile", "web", "--features", "engine"], profile: "web", level: "-Oz" };

/// What arrives first: see `src/web.rs`.
const PLAYER: Wasm = Wasm { name: "lsmscope_player", cargo: &["--profile", "player"], profile: "player", level: "-Oz" };

/// Lessons, with what runs them.
const LESSON: Wasm = Wasm {
    name: "lsmscope_lesson",
    cargo: &["--profile", "player", "--features", "lesson"],
    profile: "player",
    level: "-Oz",
};

/// The builds that the page is made of.
const BUILDS: [&Wasm; 3] = [&ENGINE, &PLAYER, &LESSON];

/// The engine for programs in the browser (feature `db`), for speed instead of size.
const PROGRAM: Wasm =
    Wasm { name: "lsmscope", cargo: &["--release", "--features", "db"], profile: "release", level: "-O3" };

/// The folder of the site as `serve` and the tests have it.
pub fn built() -> PathBuf {
    root().join("build")
}

/// The folder of the site as it is published.
pub fn published() -> PathBuf {
    root().join("dist")
}

/// Installs the tools of a build.
pub fn ensure_tools() -> Result<()> {
    npm::ensure()?;
    tools::ensure_for_page()
}

/// Builds the page for `serve` and the tests, in build/.
pub fn build() -> Result<()> {
    ensure_tools()?;
    let site = built();
    fs::create_dir_all(&site).with_context(|| format!("making {}", site.display()))?;
    // Two at once: what each takes longest for, its link-time optimisation, has one thread. Cargo has a lock for each
    // profile.
    thread::scope(|scope| {
        let engine = scope.spawn(|| compile(&ENGINE, &site));
        let others = [&PLAYER, &LESSON].into_iter().try_for_each(|wasm| compile(wasm, &site));
        engine.join().expect("a build does not panic").and(others)
    })?;
    gather()
}

/// Copies everything that is not compiled into the site.
pub fn gather() -> Result<()> {
    let site = built();
    let modules = site.join("www");
    if modules.exists() {
        fs::remove_dir_all(&modules).with_context(|| format!("emptying {}", modules.display()))?;
    }
    for path in files(&root().join("www"))? {
        let place = path.strip_prefix(root()).expect("it was found there");
        copy(&path, &site.join(place))?;
    }
    course::write(&modules.join("lessons"))?;
    languages::write(&modules.join("languages"))?;
    for (from, folder) in FILES {
        let from = root().join(from);
        copy(&from, &site.join(folder).join(from.file_name().expect("a file has a name")))?;
    }
    let mut editor = command_with("node", &["xtask/src/codemirror.mjs"]);
    editor.arg(site.join("vendor/codemirror"));
    step::run("bundling the editor's library", &mut editor, "read esbuild's message above")?;
    // The page of an embed is the same, one folder further down; what is published starts later (bundle.mjs).
    let index = fs::read_to_string(site.join("index.html")).context("reading index.html")?;
    let embed = index.replace("<html ", "<html data-frame ").replace("\"./", "\"../");
    fs::create_dir_all(site.join("embed")).context("making the embed's folder")?;
    fs::write(site.join("embed/index.html"), embed).context("writing the embed's page")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let folder = to.parent().expect("it is below the site");
    fs::create_dir_all(folder).with_context(|| format!("making {}", folder.display()))?;
    fs::copy(from, to).with_context(|| format!("copying {}", from.display())).map(|_| ())
}

/// Builds the site for publishing into `out`, [bundled](bundle), with smaller wasm.
pub fn build_published(out: &Path) -> Result<()> {
    build()?;
    for wasm in BUILDS {
        optimise(&built().join(format!("{}_bg.wasm", wasm.name)), wasm)?;
    }
    bundle(out)
}

/// Bundles what [`build`] has built into `out`: one file of the page's modules with chunks for what is loaded later,
/// and names that change with what is in a file, so that a browser may keep it for good.
pub fn bundle(out: &Path) -> Result<()> {
    let mut bundle = command_with("node", &["xtask/src/bundle.mjs"]);
    bundle.arg(built()).arg(out);
    step::run("bundling the site", &mut bundle, "read Rollup's or esbuild's message above")
}

/// Builds the engine for programs in the browser, for the bench. Returns the folder with `lsmscope.js` and
/// `lsmscope_bg.wasm`.
pub fn build_engine() -> Result<PathBuf> {
    build_for_bench("bench-engine", &PROGRAM)
}

/// Builds the engine as in the page, for the benches.
pub fn build_page_engine() -> Result<PathBuf> {
    build_for_bench("page-engine", &ENGINE)
}

fn build_for_bench(folder: &str, wasm: &Wasm) -> Result<PathBuf> {
    ensure_tools()?;
    let out = target_dir().join(folder);
    compile(wasm, &out)?;
    optimise(&out.join(format!("{}_bg.wasm", wasm.name)), wasm)?;
    Ok(out)
}

/// Compiles `wasm` and its bindings into `out`.
fn compile(wasm: &Wasm, out: &Path) -> Result<()> {
    let mut cargo = command_with("cargo", &["build", "--lib", "--target", "wasm32-unknown-unknown"]);
    cargo.arg("--no-default-features").args(wasm.cargo);
    step::run(&format!("building {} for the browser", wasm.name), &mut cargo, "read the compiler's message above")?;
    let mut bind = command_with("wasm-bindgen", &["--target", "web", "--out-name", wasm.name, "--out-dir"]);
    let built = target_dir().join("wasm32-unknown-unknown").join(wasm.profile).join("lsmscope.wasm");
    bind.arg(out).arg(built);
    step::run(
        &format!("making the bindings of {}", wasm.name),
        &mut bind,
        "the versions of wasm-bindgen in Cargo.lock and on this machine must agree",
    )
}

fn optimise(file: &Path, wasm: &Wasm) -> Result<()> {
    let mut optimise = command_with("node", &[WASM_OPT]);
    optimise.arg(file).arg("-o").arg(file).arg(wasm.level).args(WASM_FEATURES);
    step::run(
        &format!("making {} smaller", wasm.name),
        &mut optimise,
        "if wasm-opt names a feature that must be enabled, a newer compiler emits it: add it to WASM_FEATURES in \
         xtask/src/site.rs",
    )
}

/// The files below `dir`, sorted by path.
pub fn files(dir: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir).with_context(|| format!("listing {}", dir.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            found.extend(files(&path)?);
        } else {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
