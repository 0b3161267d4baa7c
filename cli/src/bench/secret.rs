//! Secrets from where shell history does not keep them.

use std::fmt;
use std::fs::File;
use std::io::Read;

/// Why a value could not be had.
#[derive(Debug)]
pub enum Problem {
    /// The command line is wrong: exit 2.
    Usage(String),
    /// A file or descriptor could not be read: exit 4.
    Io(String),
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(text) | Self::Io(text) => f.write_str(text),
        }
    }
}

/// Reads a secret: `@FILE`, `-`, `fd:N`, or a literal when `literal` is allowed.
pub fn secret(flag: &str, value: &str, literal: bool) -> Result<String, Problem> {
    match indirect(value)? {
        Some(text) => Ok(text),
        None if literal => Ok(value.to_owned()),
        None => Err(Problem::Usage(format!(
            "--{flag} takes @FILE, - or fd:N; a literal needs --test-data, \
             because shell history keeps it"
        ))),
    }
}

/// Reads data: as a secret, literals always allowed, white space dropped.
pub fn data(value: &str) -> Result<String, Problem> {
    let text = indirect(value)?.unwrap_or_else(|| value.to_owned());
    Ok(text.chars().filter(|c| !c.is_whitespace()).collect())
}

/// What `@FILE`, `-` or `fd:N` hold, white space at both ends dropped.
fn indirect(value: &str) -> Result<Option<String>, Problem> {
    let path = if value == "-" {
        "/dev/stdin".to_owned()
    } else if let Some(path) = value.strip_prefix('@') {
        path.to_owned()
    } else if let Some(number) = value.strip_prefix("fd:") {
        let number: u32 = number
            .parse()
            .map_err(|_| Problem::Usage(format!("{value}: fd:N takes a number")))?;
        format!("/dev/fd/{number}")
    } else {
        return Ok(None);
    };
    let mut text = String::new();
    let read = if value == "-" {
        std::io::stdin().read_to_string(&mut text)
    } else {
        File::open(&path).and_then(|mut file| file.read_to_string(&mut text))
    };
    // The error of reading names no content, only the path.
    read.map_err(|error| Problem::Io(format!("{path}: {error}")))?;
    Ok(Some(text.trim().to_owned()))
}

/// Random hexadecimal digits from the system, each at least `lowest`.
pub fn random_digits(lowest: u8, count: usize) -> Result<String, Problem> {
    let no_source = |error| {
        Problem::Io(format!(
            "/dev/urandom: {error}; give the digits with --fill or --random"
        ))
    };
    let mut source = File::open("/dev/urandom").map_err(no_source)?;
    let mut digits = String::new();
    let mut byte = [0];
    while digits.len() < count {
        source.read_exact(&mut byte).map_err(no_source)?;
        let nibble = byte[0] & 15;
        if nibble >= lowest {
            digits.push(
                char::from_digit(nibble.into(), 16)
                    .unwrap_or('F')
                    .to_ascii_uppercase(),
            );
        }
    }
    Ok(digits)
}
