//! Finds the browsers for tests and benches: Chrome or Chromium, for `wasm-bindgen-test` its chromedriver, and Firefox.
//!
//! In: the environment variables CHROME, CHROMEDRIVER and FIREFOX, `PATH`, and the usual folders. Out: the paths of
//! Chrome and its driver, in one major version; as root on Debian and its derivatives, these are installed where they
//! are missing. Firefox's path where it is present. Errors: a program is missing; the error says how to install it.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::step::{self, command_with, root, target_dir};

const REMEDY: &str = "install Chromium and its driver (Debian: `apt install chromium chromium-driver`; elsewhere: \
    https://googlechromelabs.github.io/chrome-for-testing/), or name them: CHROME=/path/to/chrome \
    CHROMEDRIVER=/path/to/chromedriver";

const NAMES: [&str; 5] = ["google-chrome", "google-chrome-stable", "chromium", "chromium-browser", "chrome"];

const ELSEWHERE: [&str; 4] = [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
    "C:\\Program Files (x86)\\Google\\Chrome\\Application\\chrome.exe",
];

const DRIVERS_ELSEWHERE: [&str; 2] = ["/usr/lib/chromium/chromedriver", "/usr/lib/chromium-browser/chromedriver"];

const FIREFOXES: [&str; 2] = ["firefox", "firefox-esr"];

const FIREFOXES_ELSEWHERE: [&str; 2] =
    ["/Applications/Firefox.app/Contents/MacOS/firefox", "C:\\Program Files\\Mozilla Firefox\\firefox.exe"];

/// A browser and its driver, of one version.
pub struct Pair {
    /// The browser.
    pub chrome: PathBuf,
    /// The chromedriver.
    pub driver: PathBuf,
}

/// The browser, which is installed if it is missing.
pub fn ensure_chrome() -> Result<PathBuf> {
    if let Some(chrome) = chromes()?.into_iter().next() {
        return Ok(chrome);
    }
    install()?;
    chromes()?.into_iter().next().with_context(|| format!("no Chrome or Chromium found\n  remedy:  {REMEDY}"))
}

/// The browser and the driver of its version, which are installed if they are missing.
pub fn ensure_pair() -> Result<Pair> {
    if let Some(pair) = pair()? {
        return Ok(pair);
    }
    install()?;
    pair()?
        .with_context(|| format!("no Chrome or Chromium with a chromedriver of its version found\n  remedy:  {REMEDY}"))
}

/// Firefox, where it is present.
pub fn firefox() -> Result<Option<PathBuf>> {
    if let Some(named) = named("FIREFOX")? {
        return Ok(Some(named));
    }
    let elsewhere = FIREFOXES_ELSEWHERE.iter().map(PathBuf::from).find(|path| path.is_file());
    Ok(FIREFOXES.iter().find_map(|name| step::find(name)).or(elsewhere))
}

/// webdriver.json with this machine's browser in it, for wasm-bindgen-test-runner.
pub fn webdriver_json(chrome: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(root().join("webdriver.json")).context("reading webdriver.json")?;
    let mut capabilities: serde_json::Value = serde_json::from_str(&text).context("webdriver.json is not JSON")?;
    capabilities["goog:chromeOptions"]["binary"] = json!(chrome);
    let path = target_dir().join("xtask-webdriver.json");
    fs::write(&path, capabilities.to_string()).with_context(|| format!("writing {}", path.display()))?;
    Ok(path)
}

fn pair() -> Result<Option<Pair>> {
    let Some(driver) = driver()? else { return Ok(None) };
    let wanted = major(&driver);
    let fits = |chrome: &PathBuf| wanted.is_some() && major(chrome) == wanted;
    Ok(chromes()?.into_iter().find(fits).map(|chrome| Pair { chrome, driver }))
}

/// The browsers on this machine, in order of preference.
fn chromes() -> Result<Vec<PathBuf>> {
    if let Some(named) = named("CHROME")? {
        return Ok(vec![named]);
    }
    let on_path = NAMES.iter().filter_map(|name| step::find(name));
    Ok(on_path.chain(ELSEWHERE.iter().map(PathBuf::from).filter(|path| path.is_file())).collect())
}

fn driver() -> Result<Option<PathBuf>> {
    if let Some(named) = named("CHROMEDRIVER")? {
        return Ok(Some(named));
    }
    let elsewhere = || DRIVERS_ELSEWHERE.iter().map(PathBuf::from).find(|path| path.is_file());
    Ok(step::find("chromedriver").or_else(elsewhere))
}

/// The program that the environment `variable` names. Errors: it does not exist.
fn named(variable: &str) -> Result<Option<PathBuf>> {
    let Some(path) = env::var_os(variable).map(PathBuf::from) else { return Ok(None) };
    if !path.is_file() {
        bail!(
            "{variable} names {}, which is no file\n  remedy:  correct its path, or unset {variable}",
            path.display()
        );
    }
    Ok(Some(path))
}

/// The major version of a program: 156 for `Chromium 156.0.8078.79 built on Debian`.
fn major(program: &Path) -> Option<u32> {
    let text = step::output(Command::new(program).arg("--version"))?;
    text.split_whitespace().find_map(|word| word.split('.').next().filter(|_| word.contains('.'))?.parse().ok())
}

/// Installs Chromium and its driver as root on Debian and its derivatives; elsewhere does nothing.
fn install() -> Result<()> {
    let root_user = step::output(&mut command_with("id", &["-u"])).is_some_and(|id| id == "0");
    if !root_user || step::find("apt-get").is_none() {
        return Ok(());
    }
    step::run("refreshing the package lists", &mut command_with("apt-get", &["update"]), REMEDY)?;
    let mut install =
        command_with("apt-get", &["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"]);
    install.env("DEBIAN_FRONTEND", "noninteractive");
    step::run("installing Chromium and its driver, once", &mut install, REMEDY)
}
