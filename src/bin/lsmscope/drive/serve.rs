//! `--metrics-addr`: what Prometheus scrapes. Read-only; answers come between two slices of the run.

use std::{io, time::Duration};

use lsmscope::{
    Error,
    drive::{Progress, Run, prometheus},
};
use tiny_http::{Header, Method, Request, Response, Server};

/// Answers requests, when asked to.
pub struct Metrics(Server);

impl Metrics {
    /// Listens at `address`, such as `127.0.0.1:9464`.
    ///
    /// # Errors
    /// Nobody can listen there.
    pub fn listen(address: &str) -> Result<Metrics, Error> {
        let server = Server::http(address)
            .map_err(|e| Error::invalid(format!("--metrics-addr {address}: cannot listen there: {e}")))?;
        // The port may have been left to the system.
        eprintln!("metrics at http://{}/metrics", server.server_addr());
        Ok(Metrics(server))
    }

    /// Answers whoever has asked since the last time, and waits up to `wait` for one more.
    ///
    /// # Errors
    /// The socket failed.
    pub fn answer(&self, run: &Run, progress: &Progress, wait: Duration) -> io::Result<()> {
        let mut next = self.0.recv_timeout(wait)?;
        while let Some(request) = next {
            // Whoever has gone away does not want it.
            let _ = respond(request, run, progress);
            next = self.0.try_recv()?;
        }
        Ok(())
    }
}

fn respond(request: Request, run: &Run, progress: &Progress) -> io::Result<()> {
    let is_read = matches!(request.method(), Method::Get | Method::Head);
    let path = request.url().split('?').next().unwrap_or_default().to_string();
    match (is_read, path.as_str()) {
        (false, _) => request.respond(Response::from_string("This is read-only: use GET.\n").with_status_code(405)),
        (true, "/metrics") => {
            let header = Header::from_bytes("Content-Type", prometheus::CONTENT_TYPE);
            let response = Response::from_string(prometheus::text(run, progress));
            request.respond(header.into_iter().fold(response, Response::with_header))
        }
        (true, "/") => request.respond(Response::from_string("lsmscope drive: see /metrics\n")),
        (true, _) => request.respond(Response::from_string("There is only /metrics.\n").with_status_code(404)),
    }
}
