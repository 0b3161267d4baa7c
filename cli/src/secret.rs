//! Secrets on the command line: from a file, from standard input, from an open descriptor, and
//! as a literal only where the person says that it is test data.

use crate::fail::Fail;
use std::fs;
use std::io::{self, Read as _};
use zeroize::Zeroizing;

/// Where a secret comes from, as it was written: `@FILE`, `-`, `fd:N`, or the secret itself.
#[derive(Clone)]
pub struct Source(String);

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

/// Why a secret could not be read.
#[derive(Debug)]
pub enum SecretError {
    /// It was written out on the command line.
    Literal,
    /// The file or descriptor could not be read.
    Io(io::Error),
}

impl std::fmt::Display for SecretError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Literal => f.write_str(
                "a secret is given as @FILE, - or fd:N; a literal needs --test-data, because \
                 shell history keeps it",
            ),
            Self::Io(error) => write!(f, "the secret could not be read: {error}"),
        }
    }
}

impl Source {
    /// Whether it is read from standard input.
    pub fn is_stdin(&self) -> bool {
        self.0 == "-"
    }

    /// Reads the secret that an option names.
    pub fn named(&self, flag: &str, test_data: bool) -> Result<Zeroizing<String>, Fail> {
        self.read(test_data).map_err(|error| match error {
            SecretError::Literal => Fail::Usage(format!("--{flag}: {error}")),
            SecretError::Io(error) => Fail::Io(format!("--{flag} {}", self.0), error),
        })
    }

    /// Reads the secret, without the white space around it.
    ///
    /// # Errors
    /// [`SecretError::Literal`] for a literal unless `test_data`; [`SecretError::Io`].
    pub fn read(&self, test_data: bool) -> Result<Zeroizing<String>, SecretError> {
        let text = match self.0.as_str() {
            "-" => {
                let mut text = Zeroizing::new(String::new());
                io::stdin()
                    .read_to_string(&mut text)
                    .map_err(SecretError::Io)?;
                text
            }
            path if path.starts_with('@') => from_file(&path[1..])?,
            path if path.starts_with("fd:") => from_file(&format!("/dev/fd/{}", &path[3..]))?,
            literal if test_data => Zeroizing::new(literal.to_owned()),
            _ => return Err(SecretError::Literal),
        };
        Ok(Zeroizing::new(text.trim().to_owned()))
    }
}

fn from_file(path: &str) -> Result<Zeroizing<String>, SecretError> {
    fs::read_to_string(path)
        .map(Zeroizing::new)
        .map_err(SecretError::Io)
}
