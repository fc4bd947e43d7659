//! `cargo xtask serve`: serves the page on this machine; rebuilds and reloads it when a source file changes.

use std::net::{Ipv4Addr, TcpListener};

use anyhow::{Result, bail};

use crate::{
    site,
    step::{self, command},
};

/// The first port to try; if it is taken, the next free one is used.
const FIRST_PORT: u16 = 8080;

#[derive(clap::Args)]
pub struct Args {
    /// The port to serve on [default: the first free one from 8080]
    #[arg(long)]
    port: Option<u16>,
    /// Open the page in the browser
    #[arg(long)]
    open: bool,
}

pub fn run(args: &Args) -> Result<()> {
    let port = match args.port {
        Some(port) if !free(port) => {
            bail!("port {port} is taken\n  remedy:  stop what listens there, or leave --port out to get a free one")
        }
        Some(port) => port,
        None => match (FIRST_PORT..FIRST_PORT + 100).find(|port| free(*port)) {
            Some(port) => port,
            None => bail!("no free port from {FIRST_PORT} on\n  remedy:  choose one with --port"),
        },
    };
    site::build()?;
    let mut serve = command("node");
    serve.arg("xtask/src/serve.mjs").arg(site::built()).arg(port.to_string());
    if args.open {
        serve.arg("--open");
    }
    step::run("serving the page", &mut serve, "read node's message above")
}

fn free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}
