//! Why a command could not do its work, and the exit code that says so to scripts.

use std::fmt;
use std::io;
use std::process::ExitCode;

/// A negative result: differences, an invalid message.
pub const NEGATIVE: u8 = 1;

/// Why a command gave up.
#[derive(Debug)]
pub enum Fail {
    /// The command line makes no sense.
    Usage(String),
    /// The input could not be decoded at all; the slug names the finding.
    Undecodable(&'static str, String),
    /// A file, a pipe, a port.
    Io(String, io::Error),
}

impl Fail {
    /// The exit code.
    pub fn code(&self) -> ExitCode {
        ExitCode::from(match self {
            Self::Usage(_) => 2,
            Self::Undecodable(..) => 3,
            Self::Io(..) => 4,
        })
    }

    fn slug(&self) -> &'static str {
        match self {
            Self::Usage(_) => "usage",
            Self::Undecodable(slug, _) => slug,
            Self::Io(..) => "io",
        }
    }

    /// Says why on stderr and gives the exit code. A closed pipe is no failure: who closed it has
    /// seen enough.
    pub fn report(&self, json: bool) -> ExitCode {
        if matches!(self, Self::Io(_, error) if error.kind() == io::ErrorKind::BrokenPipe) {
            return ExitCode::SUCCESS;
        }
        if json {
            let mut line = String::from("{\"code\":");
            poslab_core::view::decode::push_text(self.slug(), &mut line);
            line.push_str(",\"severity\":\"error\",\"message\":");
            poslab_core::view::decode::push_text(&self.to_string(), &mut line);
            eprintln!("{line}}}");
        } else {
            match self {
                Self::Undecodable(slug, _) => eprintln!("poslab: {self} [{slug}]"),
                _ => eprintln!("poslab: {self}"),
            }
        }
        self.code()
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(words) | Self::Undecodable(_, words) => f.write_str(words),
            Self::Io(what, error) => write!(f, "{what}: {error}"),
        }
    }
}

/// Writes to stdout.
pub fn print(text: &[u8]) -> Result<(), Fail> {
    use io::Write as _;
    let mut out = io::stdout().lock();
    out.write_all(text)
        .and_then(|()| out.flush())
        .map_err(|error| Fail::Io("stdout".into(), error))
}
