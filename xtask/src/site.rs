//! Builds the page as a static site in dist/.
//!
//! trunk compiles the crate, generates the JavaScript bindings and copies the files, as Trunk.toml and index.html say.
//! The optimised build also runs wasm-opt, and removes the files for developers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::{
    npm,
    step::{self, command_with, root},
    tools,
};

/// The wasm that trunk builds, the input of wasm-opt.
const WASM: &str = "dist/lsmscope_bg.wasm";

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

/// The folder of the built site.
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// Installs the tools of a build.
pub fn ensure_tools() -> Result<()> {
    npm::ensure()?;
    tools::ensure_for_page()
}

/// Builds the page for `serve` and the tests.
pub fn build() -> Result<()> {
    ensure_tools()?;
    step::run(
        "building the page into dist/",
        &mut command_with("trunk", &["--log=warn", "build"]),
        "read the compiler's or trunk's message above; Trunk.toml and index.html say what is built from what",
    )
}

/// Builds the page for publishing and measuring.
pub fn build_optimised() -> Result<()> {
    build()?;
    let mut optimise = command_with("node", &[WASM_OPT, WASM, "-o", WASM, "-Oz"]);
    optimise.args(WASM_FEATURES);
    step::run(
        "optimising the wasm",
        &mut optimise,
        "if wasm-opt names a feature that must be enabled, a newer compiler emits it: add it to WASM_FEATURES in \
         xtask/src/site.rs",
    )?;
    let mut minify = command_with("node", &["xtask/src/minify.mjs"]);
    minify.arg(dist());
    step::run("minifying the libraries", &mut minify, "read esbuild's message above")?;
    drop_developer_files(&dist()).context("removing developers' files from dist/")
}

/// Builds the engine for programs in the browser (feature `db`), optimised for speed instead of size, for the bench.
/// Returns the folder with `lsmscope.js` and `lsmscope_bg.wasm`.
pub fn build_engine() -> Result<PathBuf> {
    build_wasm("bench-engine", &["--release", "--features", "db"], "release", "-O3")
}

/// Builds the engine as in the page, optimised for size, for the simulator's bench.
pub fn build_page_engine() -> Result<PathBuf> {
    build_wasm("page-engine", &["--profile", "web"], "web", "-Oz")
}

/// Builds the library for the browser with cargo's `arguments`, and its bindings, into the target's folder `name`.
fn build_wasm(name: &str, arguments: &[&str], profile: &str, level: &str) -> Result<PathBuf> {
    ensure_tools()?;
    let mut cargo = command_with("cargo", &["build", "--lib", "--target", "wasm32-unknown-unknown"]);
    cargo.arg("--no-default-features").args(arguments);
    step::run("building the engine for the browser", &mut cargo, "read the compiler's message above")?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let out = target.join(name);
    let mut bind = command_with("wasm-bindgen", &["--target", "web", "--out-dir"]);
    bind.arg(&out).arg(target.join("wasm32-unknown-unknown").join(profile).join("lsmscope.wasm"));
    step::run(
        "making its glue",
        &mut bind,
        "the versions of wasm-bindgen in Cargo.lock and on this machine must agree",
    )?;
    let wasm = out.join("lsmscope_bg.wasm");
    let mut optimise = command_with("node", &[WASM_OPT]);
    optimise.arg(&wasm).arg("-o").arg(&wasm).arg(level).args(WASM_FEATURES);
    step::run("optimising it", &mut optimise, "read the message of wasm-opt above")?;
    Ok(out)
}

/// Removes tests and type declarations, which trunk copies with the page's sources, and which the page never loads.
fn drop_developer_files(dir: &Path) -> Result<()> {
    for path in files(dir)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.ends_with(".test.js") || name.ends_with(".d.ts") {
            fs::remove_file(&path).with_context(|| format!("removing {}", path.display()))?;
        }
    }
    Ok(())
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
