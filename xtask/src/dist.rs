//! `cargo xtask dist`: builds the optimised site into dist/, and prints the transfer size of each file.
//!
//! In: where the site will be, if that is known. Errors: a step failed; a missed budget is only printed.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};

use crate::{
    site,
    step::{self, command},
};

/// The picture of a link's preview, as index.html names it.
const PREVIEW: &str = "content=\"./preview.png\"";

#[derive(clap::Args)]
pub struct Args {
    /// Where the site will be, such as `https://example.org/lsmscope/`: previews of its links need the whole address
    /// of their picture. The site runs at any other address as well
    #[arg(long, value_parser = web_address)]
    url: Option<String>,
}

pub fn run(args: &Args) -> Result<()> {
    site::build_published(&site::published())?;
    if let Some(url) = &args.url {
        let page = site::published().join("index.html");
        let html = fs::read_to_string(&page).with_context(|| format!("reading {}", page.display()))?;
        fs::write(&page, with_address(&html, url)?).with_context(|| format!("writing {}", page.display()))?;
    }
    weigh()?;
    step::say("dist/ is ready for any static host, in any folder: its addresses are relative");
    if args.url.is_none() {
        step::say("links to it have no picture in previews: --url says where the site will be");
    }
    Ok(())
}

/// Builds the site, and copies the page in one file to `out`.
pub fn single_file(out: &Path) -> Result<()> {
    site::build_published(&site::published())?;
    fs::copy(site::published().join("lsmscope.html"), out).with_context(|| format!("writing {}", out.display()))?;
    step::say(&format!("{} runs from a disk, in a frame, and without a network", out.display()));
    Ok(())
}

fn web_address(text: &str) -> Result<String, String> {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let plain = host.is_some_and(|host| !host.is_empty() && !host.contains(['"', '<', '>', '&', '?', '#', ' ']));
    if plain { Ok(text.to_string()) } else { Err("expected http:// or https://, a host and a path".to_string()) }
}

/// The page with the whole address of its preview's picture.
fn with_address(html: &str, url: &str) -> Result<String> {
    ensure!(html.contains(PREVIEW), "dist/index.html has no {PREVIEW} any more: see PREVIEW in xtask/src/dist.rs");
    let url = url.trim_end_matches('/');
    Ok(html.replace(PREVIEW, &format!("content=\"{url}/preview.png\"")))
}

/// Prints each file's size raw, with gzip and with brotli, and compares the total with its budget.
pub fn weigh() -> Result<()> {
    let mut weigh = command("node");
    weigh.arg("xtask/src/weigh.mjs").arg(site::published());
    step::run("weighing the site", &mut weigh, "node's zlib must have brotli: any Node.js 20 or later has")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_picture_of_a_preview_has_its_whole_address() {
        let index = fs::read_to_string(step::root().join("index.html")).unwrap();
        for url in ["https://example.org/lsmscope", "https://example.org/lsmscope/"] {
            let html = with_address(&index, &web_address(url).unwrap()).unwrap();
            assert!(html.contains("content=\"https://example.org/lsmscope/preview.png\""), "{html}");
            assert!(!html.contains(PREVIEW));
        }
        assert!(with_address("<html></html>", "https://example.org").is_err());
    }

    #[test]
    fn a_site_is_at_an_address_of_the_web() {
        for wrong in ["example.org", "https://", "https://a.b/\"x", "file:///tmp", "https://a.b/?q"] {
            assert!(web_address(wrong).is_err(), "{wrong}");
        }
    }
}
