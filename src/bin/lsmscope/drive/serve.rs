//! `--metrics-addr`: what Prometheus scrapes, over HTTP, read-only.
//!
//! In: the text of the metrics, [published](Metrics::publish) by the run whenever it has a newer one. Out: one answer
//! for each connection, which is then closed. The run never waits for a client: one thread serves all of them, without
//! blocking. What a client can take is bounded: [`MAX_CLIENTS`] connections, of which the oldest makes room for a new
//! one, [`MAX_REQUEST`] bytes each, and [`MAX_AGE`] from its first byte to its last.

use std::{
    io::{self, ErrorKind::Interrupted, ErrorKind::WouldBlock, Read, Write},
    net::{Shutdown, SocketAddr, ToSocketAddrs},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use lsmscope::{Error, drive::prometheus, error::excerpt};
use mio::{
    Events, Interest, Poll, Token,
    net::{TcpListener, TcpStream},
};

/// The most connections at a time.
const MAX_CLIENTS: usize = 32;

/// The most bytes of a request's head.
const MAX_REQUEST: usize = 8 << 10;

/// The most bytes that are read of what follows a request's head.
const MAX_DISCARDED: usize = 64 << 10;

/// How long a connection may last.
const MAX_AGE: Duration = Duration::from_secs(5);

/// How long the thread waits at most, so that a connection's age is looked at.
const TICK: Duration = Duration::from_millis(250);

/// The listener's token; a client has another.
const LISTENER: Token = Token(0);

/// The metrics as they were last published, and the thread that serves them.
pub struct Metrics {
    text: Arc<Mutex<Arc<str>>>,
    server: JoinHandle<io::Error>,
}

impl Metrics {
    /// Listens at `address`, such as `127.0.0.1:9464`.
    ///
    /// # Errors
    /// No socket can listen there.
    pub fn listen(address: &str) -> Result<Metrics, Error> {
        let failed =
            |e: io::Error| Error::invalid(format!("--metrics-addr {}: cannot listen there: {e}", excerpt(address)));
        let (server, at) = Server::bind(address).map_err(failed)?;
        let text = server.text.clone();
        // The port may have been left to the system.
        crate::streams::tell(format_args!("metrics at http://{at}/metrics"));
        #[expect(
            clippy::disallowed_methods,
            reason = "a client must not hold up the run; nothing of the run depends on it"
        )]
        let server = thread::Builder::new().name("metrics".into()).spawn(|| server.serve()).map_err(failed)?;
        Ok(Metrics { text, server })
    }

    /// From now on, `text` is what a scrape takes.
    pub fn publish(&self, text: String) {
        *self.text.lock().unwrap_or_else(PoisonError::into_inner) = text.into();
    }

    /// Waits until the socket fails: metrics are asked for after the run too.
    pub fn wait(self) -> io::Error {
        self.server.join().unwrap_or_else(|_| io::Error::other("the thread of the metrics ended"))
    }
}

/// The listener and its clients.
struct Server {
    poll: Poll,
    listener: TcpListener,
    /// In the order in which they came.
    clients: Vec<Client>,
    /// The token of the next client.
    next: usize,
    text: Arc<Mutex<Arc<str>>>,
}

impl Server {
    /// A server at the first of the addresses that `address` stands for where one can listen, and that address.
    fn bind(address: &str) -> io::Result<(Server, SocketAddr)> {
        let mut failure = io::Error::from(io::ErrorKind::AddrNotAvailable);
        for at in address.to_socket_addrs()? {
            match TcpListener::bind(at) {
                Ok(mut listener) => {
                    let poll = Poll::new()?;
                    poll.registry().register(&mut listener, LISTENER, Interest::READABLE)?;
                    let at = listener.local_addr()?;
                    let text = Arc::new(Mutex::new("".into()));
                    return Ok((Server { poll, listener, clients: Vec::new(), next: 1, text }, at));
                }
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    /// Serves until the poll fails, and returns why.
    fn serve(mut self) -> io::Error {
        let mut events = Events::with_capacity(MAX_CLIENTS);
        let mut accepts = true;
        loop {
            let wait = (!self.clients.is_empty() || !accepts).then_some(TICK);
            match self.poll.poll(&mut events, wait) {
                Err(error) if error.kind() != Interrupted => return error,
                _ => {}
            }
            accepts = self.accept();
            self.advance();
        }
    }

    /// Takes every connection that waits. False if one could not be taken: it is tried again at the next tick.
    fn accept(&mut self) -> bool {
        loop {
            match self.listener.accept() {
                Ok((stream, _)) => self.add(stream),
                Err(error) if error.kind() == WouldBlock => return true,
                // The client has gone already.
                Err(error) if matches!(error.kind(), Interrupted | io::ErrorKind::ConnectionAborted) => {}
                // No more files can be open.
                Err(_) => return false,
            }
        }
    }

    fn add(&mut self, mut stream: TcpStream) {
        if self.clients.len() >= MAX_CLIENTS {
            self.advance();
        }
        if self.clients.len() >= MAX_CLIENTS {
            self.clients.remove(0);
        }
        let token = Token(self.next);
        self.next = self.next.wrapping_add(1).max(1);
        if self.poll.registry().register(&mut stream, token, Interest::READABLE | Interest::WRITABLE).is_ok() {
            self.clients.push(Client::new(stream));
        }
    }

    /// Moves each client on as far as it goes without waiting; drops those that are done, failed or too old.
    fn advance(&mut self) {
        let text = &self.text;
        self.clients.retain_mut(|client| {
            let text = || text.lock().unwrap_or_else(PoisonError::into_inner).clone();
            !client.is_old() && client.advance(text).is_ok_and(|goes_on| goes_on)
        });
    }
}

/// One connection: a request is read, an answer written, and what else comes discarded until the client closes.
struct Client {
    stream: TcpStream,
    since: Instant,
    request: Vec<u8>,
    answer: Option<Vec<u8>>,
    written: usize,
    discarded: usize,
}

impl Client {
    #[expect(clippy::disallowed_methods, reason = "a client may not stay for ever")]
    fn new(stream: TcpStream) -> Client {
        Client { stream, since: Instant::now(), request: Vec::new(), answer: None, written: 0, discarded: 0 }
    }

    fn is_old(&self) -> bool {
        self.since.elapsed() >= MAX_AGE
    }

    /// Whether it goes on. Nothing here waits.
    fn advance(&mut self, text: impl Fn() -> Arc<str>) -> io::Result<bool> {
        match self.try_advance(text) {
            Err(error) if error.kind() == WouldBlock => Ok(true),
            result => result,
        }
    }

    fn try_advance(&mut self, text: impl Fn() -> Arc<str>) -> io::Result<bool> {
        let mut buffer = [0; 2048];
        while self.answer.is_none() {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(n) => self.request.extend_from_slice(&buffer[..n]),
                Err(error) if error.kind() == Interrupted => continue,
                Err(error) => return Err(error),
            }
            self.answer = answer(&self.request, &text);
        }
        let answer = self.answer.as_deref().unwrap_or_default();
        while self.written < answer.len() {
            match self.stream.write(&answer[self.written..]) {
                Ok(0) => return Ok(false),
                Ok(n) => self.written += n,
                Err(error) if error.kind() == Interrupted => {}
                Err(error) => return Err(error),
            }
            if self.written == answer.len() {
                self.stream.shutdown(Shutdown::Write)?;
            }
        }
        // A socket that is closed with bytes unread resets the connection, and the client may lose the answer.
        while self.discarded < MAX_DISCARDED {
            match self.stream.read(&mut buffer) {
                Ok(0) => return Ok(false),
                Ok(n) => self.discarded += n,
                Err(error) if error.kind() == Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(false)
    }
}

/// The answer to `request`; none while its head is not complete.
fn answer(request: &[u8], text: impl Fn() -> Arc<str>) -> Option<Vec<u8>> {
    let ends = |end: &[u8]| request.windows(end.len()).position(|bytes| bytes == end);
    let Some(end) = ends(b"\r\n\r\n").into_iter().chain(ends(b"\n\n")).min() else {
        let is_long = request.len() > MAX_REQUEST;
        return is_long
            .then(|| response("431 Request Header Fields Too Large", PLAIN, "The request is too long.\n", true));
    };
    let line = request[..end].split(|byte| matches!(byte, b'\r' | b'\n')).next().unwrap_or_default();
    let words: Vec<&str> = std::str::from_utf8(line).unwrap_or_default().split(' ').collect();
    let [method, target, version] = words[..] else {
        return Some(response("400 Bad Request", PLAIN, "This is no HTTP request.\n", true));
    };
    let has_body = method != "HEAD";
    let path = target.split('?').next().unwrap_or_default();
    Some(match (method, path) {
        _ if !version.starts_with("HTTP/1.") => response("400 Bad Request", PLAIN, "Only HTTP/1 is spoken.\n", true),
        ("GET" | "HEAD", "/metrics") => response("200 OK", prometheus::CONTENT_TYPE, &text(), has_body),
        ("GET" | "HEAD", "/") => response("200 OK", PLAIN, "lsmscope drive: see /metrics\n", has_body),
        ("GET" | "HEAD", _) => response("404 Not Found", PLAIN, "There is only /metrics.\n", has_body),
        _ => response("405 Method Not Allowed\r\nAllow: GET, HEAD", PLAIN, "This is read-only: use GET.\n", true),
    })
}

const PLAIN: &str = "text/plain; charset=utf-8";

fn response(status: &str, content_type: &str, body: &str, has_body: bool) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let body = if has_body { body } else { "" };
    (head + body).into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(request: &str) -> Option<String> {
        answer(request.as_bytes(), || "up 1\n".into()).map(|bytes| String::from_utf8(bytes).expect("it is text"))
    }

    #[test]
    fn only_reads_of_the_metrics_are_answered_with_them() {
        for (request, status, body) in [
            ("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n", "200 OK", "\r\n\r\nup 1\n"),
            ("GET /metrics?x=1 HTTP/1.0\n\n", "200 OK", "\r\n\r\nup 1\n"),
            ("HEAD /metrics HTTP/1.1\r\n\r\n", "200 OK", "Content-Length: 5\r\nConnection: close\r\n\r\n"),
            ("GET / HTTP/1.1\r\n\r\n", "200 OK", "see /metrics\n"),
            ("GET /other HTTP/1.1\r\n\r\n", "404", "There is only /metrics.\n"),
            ("POST /metrics HTTP/1.1\r\n\r\n", "405", "use GET.\n"),
            ("GET /metrics HTTP/2\r\n\r\n", "400", "Only HTTP/1 is spoken.\n"),
            ("hello\r\n\r\n", "400", "no HTTP request.\n"),
        ] {
            let answer = answered(request).expect("its head is complete");
            assert!(answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.ends_with(body), "{request}: {answer}");
            assert!(answer.contains("\r\nConnection: close\r\n"), "{answer}");
        }
    }

    #[test]
    fn a_head_without_an_end_is_refused_once_it_is_too_long() {
        let mut request = String::from("GET /metrics HTTP/1.1\r\n");
        while request.len() <= MAX_REQUEST {
            assert_eq!(answered(&request), None);
            request += "X-A: aaaaaaaaaaaaaaaa\r\n";
        }
        assert!(answered(&request).is_some_and(|answer| answer.starts_with("HTTP/1.1 431 ")));
    }
}
