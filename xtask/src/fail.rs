//! Why a task stopped, in words for the person who ran it.

use std::fmt;
use std::path::{Path, PathBuf};

/// Why a task stopped.
#[derive(Debug)]
pub enum Fail {
    /// The command line was not understood; holds the usage text.
    Usage(&'static str),
    /// A file could not be read, written or removed.
    File {
        path: PathBuf,
        error: std::io::Error,
    },
    /// A program could not be started.
    Start {
        program: String,
        error: std::io::Error,
    },
    /// A program ran and said no.
    Said { program: String, code: Option<i32> },
    /// wasm-bindgen refused the module.
    Bindgen(String),
    /// A program could not be cut in two.
    Split(String),
    /// Something is missing and cannot be installed from here; the text says what to run.
    Missing(String),
    /// A budget or a step was not met; the table above says which.
    NotMet(String),
}

impl Fail {
    /// A file error at `path`.
    pub fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Fail + use<> {
        let path = path.to_path_buf();
        move |error| Fail::File { path, error }
    }
}

impl fmt::Display for Fail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fail::Usage(text) => f.write_str(text),
            Fail::File { path, error } => write!(f, "{}: {error}", path.display()),
            Fail::Start { program, error } => write!(f, "cannot start {program}: {error}"),
            Fail::Said {
                program,
                code: Some(code),
            } => write!(f, "{program} ended with {code}"),
            Fail::Said {
                program,
                code: None,
            } => write!(f, "{program} was stopped by a signal"),
            Fail::Bindgen(why) => write!(f, "wasm-bindgen: {why}"),
            Fail::Split(why) => write!(f, "cutting a program in two: {why}"),
            Fail::Missing(what) => write!(f, "missing: {what}"),
            Fail::NotMet(what) => f.write_str(what),
        }
    }
}
