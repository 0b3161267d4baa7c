//! A static server for the tests that remembers every request it saw. It serves a file's brotli
//! form where the browser takes it and `dist/` has it, as any host of static files would.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

/// A running site. It stops with the process.
pub struct Site {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Serves a folder on a free port of localhost.
    ///
    /// # Panics
    /// When no port can be bound.
    #[must_use]
    pub fn serve(folder: PathBuf) -> Site {
        let listener = TcpListener::bind("127.0.0.1:0").expect("localhost has a free port");
        let address = listener.local_addr().expect("it is bound").to_string();
        let seen = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (folder, log) = (folder.clone(), Arc::clone(&log));
                std::thread::spawn(move || answer(stream, &folder, &log));
            }
        });
        Site { address, seen }
    }

    /// The address of a file of the site.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}/{path}", self.address)
    }

    /// Every request so far, as `METHOD TARGET`.
    ///
    /// # Panics
    /// When a serving thread panicked.
    #[must_use]
    pub fn requests(&self) -> Vec<String> {
        self.seen
            .lock()
            .expect("no thread panics while it holds the log")
            .clone()
    }
}

/// Answers one request and closes, so that nothing is left open between tests.
fn answer(mut stream: TcpStream, folder: &std::path::Path, log: &Mutex<Vec<String>>) {
    let mut lines = BufReader::new(&stream).lines().map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    log.lock()
        .expect("no thread panics while it holds the log")
        .push(format!("{method} {target}"));
    let name = match target.split(['?', '#']).next().unwrap_or("") {
        "/" => "index.html",
        path => path.trim_start_matches('/'),
    };
    let kind = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript",
        Some("css") => "text/css",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        _ => "application/octet-stream",
    };
    let packed = takes_brotli(&head)
        .then(|| std::fs::read(folder.join(format!("{name}.br"))).ok())
        .flatten();
    let coding = packed.as_ref().map_or("", |_| "Content-Encoding: br\r\n");
    let file = packed.or_else(|| std::fs::read(folder.join(name)).ok());
    let (status, body) = match file {
        Some(body) if !name.contains("..") => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\n{coding}Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    // The browser may have gone away; that is its right.
    let _ = stream
        .write_all(head.as_bytes())
        .and_then(|()| stream.write_all(&body));
}

/// Whether a request says that its sender can unpack brotli.
fn takes_brotli(head: &[String]) -> bool {
    head.iter().any(|line| {
        let (name, value) = line.split_once(':').unwrap_or_default();
        let mut codings = value.split(',').map(str::trim);
        name.eq_ignore_ascii_case("accept-encoding") && codings.any(|coding| coding == "br")
    })
}
