//! `poslab serve`: the page on localhost, from the binary itself or from a folder.

use std::borrow::Cow;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// The page in this binary, by name, each under gzip; empty without the feature `page`.
const EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/page.rs"));

/// What the page may do: run its own scripts and wasm; `connect-src` is for fetching the second
/// module, after which the page itself forbids it.
const POLICY: &str = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; \
     worker-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; \
     frame-ancestors 'none'";

/// What the worker may do: run the code it is handed, and connect to nothing.
const WORKER_POLICY: &str =
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'none'";

/// The longest request head that is read.
const MAX_HEAD_BYTES: u64 = 16 * 1024;

/// Serve the page on localhost, for this machine only.
///
/// Examples:
///
///   poslab serve
///   poslab serve --port 9000
///   poslab serve --from dist
#[derive(clap::Args)]
#[command(verbatim_doc_comment)]
pub struct Serve {
    /// The port; 0 takes a free one
    #[arg(long, default_value_t = 8583)]
    port: u16,
    /// Serve a built page from this folder instead of the one in the binary
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
}

/// Where the files come from.
enum Source {
    Binary,
    Folder(PathBuf),
}

impl Serve {
    /// Serves until stopped.
    pub fn run(self) -> ExitCode {
        let source = match self.from {
            Some(folder) if folder.join("index.html").is_file() => Source::Folder(folder),
            Some(folder) => {
                eprintln!(
                    "poslab: no page in {}; `cargo xtask dist` builds one",
                    folder.display()
                );
                return ExitCode::from(4);
            }
            None if EMBEDDED.is_empty() => {
                eprintln!(
                    "poslab: this binary was built without the page\n\
                     use a release binary, or in the source tree: cargo xtask serve"
                );
                return ExitCode::from(4);
            }
            None => Source::Binary,
        };
        match listen(self.port, source) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("poslab: port {}: {error}", self.port);
                ExitCode::from(4)
            }
        }
    }
}

/// Accepts connections, each answered in a thread of its own.
fn listen(port: u16, source: Source) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let address = listener.local_addr()?;
    let mut stdout = io::stdout();
    // Nobody may be reading; the page is served all the same.
    let _ = writeln!(stdout, "http://{address}/").and_then(|()| stdout.flush());
    eprintln!("poslab: serving on localhost only; Ctrl-C stops");
    let source = Arc::new(source);
    for stream in listener.incoming().flatten() {
        let source = Arc::clone(&source);
        std::thread::spawn(move || answer(stream, &source));
    }
    Ok(())
}

/// Answers one request; a browser that goes away early is no error.
fn answer(mut stream: TcpStream, source: &Source) {
    let timeout = Some(Duration::from_secs(10));
    if stream.set_read_timeout(timeout).is_err() {
        return;
    }
    let mut lines = BufReader::new((&stream).take(MAX_HEAD_BYTES))
        .lines()
        .map_while(Result::ok);
    let Some(first) = lines.next() else { return };
    let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
    let reply = reply(&first, &head, source);
    let _ = stream.write_all(&reply);
}

/// The whole answer to a request.
fn reply(first: &str, head: &[String], source: &Source) -> Vec<u8> {
    let mut words = first.split(' ');
    let (method, target) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    if !matches!(method, "GET" | "HEAD") {
        return whole("405 Method Not Allowed", "Allow: GET, HEAD\r\n", b"", true);
    }
    if !is_local(head) {
        return whole(
            "421 Misdirected Request",
            "",
            b"this server answers localhost only\n",
            true,
        );
    }
    let name = match target
        .split(['?', '#'])
        .next()
        .unwrap_or("")
        .trim_start_matches('/')
    {
        "" => "index.html",
        name => name,
    };
    match source.file(name) {
        Some((body, packed)) => whole("200 OK", &headers(name, packed), &body, method == "GET"),
        None => whole("404 Not Found", "", b"no such file\n", method == "GET"),
    }
}

/// True when the request names this machine: a foreign name that resolves here (DNS rebinding)
/// must not be able to read the page.
fn is_local(head: &[String]) -> bool {
    let host = head.iter().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("host").then(|| value.trim())
    });
    let name = host.and_then(|host| host.split(':').next());
    matches!(name, Some("127.0.0.1" | "localhost"))
}

impl Source {
    /// A file, and whether it stands under gzip.
    fn file(&self, name: &str) -> Option<(Cow<'static, [u8]>, bool)> {
        match self {
            Source::Binary => {
                let (_, bytes) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
                Some((Cow::Borrowed(bytes), true))
            }
            // Only plain names: the page has no folders, and nothing outside is reachable.
            Source::Folder(folder) if Path::new(name).components().count() == 1 => {
                let plain = !name.contains(['/', '\\', ':']) && name != "..";
                let bytes = std::fs::read(folder.join(name)).ok().filter(|_| plain)?;
                Some((Cow::Owned(bytes), false))
            }
            Source::Folder(_) => None,
        }
    }
}

/// The headers of a file.
fn headers(name: &str, packed: bool) -> String {
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("wasm") => "application/wasm",
        _ => "application/octet-stream",
    };
    let mut text = format!(
        "Content-Type: {kind}\r\nCache-Control: no-cache\r\nReferrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\nPermissions-Policy: serial=(self), camera=(), \
         microphone=(), geolocation=()\r\nCross-Origin-Opener-Policy: same-origin\r\n"
    );
    // The single file carries its own, stricter policy.
    let policy = match name {
        "single.html" => None,
        "worker.js" => Some(WORKER_POLICY),
        _ => Some(POLICY),
    };
    if let Some(policy) = policy {
        text += &format!("Content-Security-Policy: {policy}\r\n");
    }
    if packed {
        text += "Content-Encoding: gzip\r\n";
    }
    text
}

/// A status line, headers and a body.
fn whole(status: &str, headers: &str, body: &[u8], with_body: bool) -> Vec<u8> {
    let length = body.len();
    let head = format!(
        "HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    );
    let mut reply = head.into_bytes();
    if with_body {
        reply.extend_from_slice(body);
    }
    reply
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(first: &str, host: &str, source: &Source) -> String {
        let head = [format!("Host: {host}")];
        String::from_utf8_lossy(&reply(first, &head, source)).into_owned()
    }

    #[test]
    fn only_plain_names_of_the_folder_are_served() {
        let source = Source::Folder(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        assert!(
            text("GET /Cargo.toml HTTP/1.1", "localhost:8583", &source).starts_with("HTTP/1.1 200")
        );
        for path in ["/../Cargo.toml", "/src/main.rs", "/..", "/nothing"] {
            let answer = text(&format!("GET {path} HTTP/1.1"), "127.0.0.1", &source);
            assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        }
    }

    #[test]
    fn foreign_names_and_other_methods_are_refused() {
        let source = Source::Folder(PathBuf::from(env!("CARGO_MANIFEST_DIR")));
        assert!(text("GET / HTTP/1.1", "evil.example", &source).starts_with("HTTP/1.1 421"));
        assert!(text("POST / HTTP/1.1", "localhost", &source).starts_with("HTTP/1.1 405"));
    }

    #[test]
    fn the_policy_comes_with_every_file_but_the_one_that_brings_its_own() {
        assert!(headers("index.html", false).contains(POLICY));
        assert!(headers("worker.js", true).contains("connect-src 'none'"));
        assert!(!headers("single.html", true).contains("Content-Security-Policy"));
    }
}
