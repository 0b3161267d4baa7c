//! What an operation is given and what it gives back, as JSON.

use crate::crypto::cipher::Algorithm;
use crate::crypto::error::CryptoError;
use serde_json::{Map, Value};
use std::fmt;
use zeroize::Zeroizing;

/// Why an operation has no outputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CalcError {
    /// The operation refuses its inputs.
    Crypto(CryptoError),
    /// There is no operation of this name.
    UnknownOp,
    /// An input the operation needs is not there.
    Missing {
        /// Its name.
        input: &'static str,
    },
    /// An input is of another kind than the operation takes.
    Malformed {
        /// Its name.
        input: &'static str,
        /// What it has to be.
        expected: &'static str,
    },
}

impl CalcError {
    /// The stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Crypto(error) => error.code(),
            Self::UnknownOp => "UNKNOWN_OP",
            Self::Missing { .. } => "INPUT_MISSING",
            Self::Malformed { .. } => "INPUT_MALFORMED",
        }
    }
}

impl From<CryptoError> for CalcError {
    fn from(error: CryptoError) -> Self {
        Self::Crypto(error)
    }
}

impl fmt::Display for CalcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Crypto(error) => error.fmt(f),
            Self::UnknownOp => f.write_str("no operation of this name"),
            Self::Missing { input } => write!(f, "input {input} is missing"),
            Self::Malformed { input, expected } => write!(f, "input {input} is not {expected}"),
        }
    }
}

impl std::error::Error for CalcError {}

/// The inputs of an operation by name.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    map: &'a Map<String, Value>,
}

impl<'a> Given<'a> {
    /// Reads from a JSON object.
    pub fn new(map: &'a Map<String, Value>) -> Self {
        Self { map }
    }

    fn find(&self, input: &'static str) -> Option<&'a Value> {
        self.map.get(input).filter(|value| !value.is_null())
    }

    /// Whether an input is there.
    pub fn has(&self, input: &'static str) -> bool {
        self.find(input).is_some()
    }

    /// A text.
    pub fn text(&self, input: &'static str) -> Result<&'a str, CalcError> {
        self.maybe_text(input)?.ok_or(CalcError::Missing { input })
    }

    /// A text that may be absent.
    pub fn maybe_text(&self, input: &'static str) -> Result<Option<&'a str>, CalcError> {
        let refuse = CalcError::Malformed {
            input,
            expected: "a text",
        };
        self.find(input)
            .map(|value| value.as_str().ok_or(refuse))
            .transpose()
    }

    /// Octets in hexadecimal.
    pub fn hex(&self, input: &'static str) -> Result<Zeroizing<Vec<u8>>, CalcError> {
        self.maybe_hex(input)?.ok_or(CalcError::Missing { input })
    }

    /// Octets in hexadecimal that may be absent.
    pub fn maybe_hex(&self, input: &'static str) -> Result<Option<Zeroizing<Vec<u8>>>, CalcError> {
        let Some(text) = self.maybe_text(input)? else {
            return Ok(None);
        };
        let expected = "an even number of hexadecimal digits";
        let octets = hex::decode(text).map_err(|_| CalcError::Malformed { input, expected })?;
        Ok(Some(Zeroizing::new(octets)))
    }

    /// Hexadecimal digits one by one, for filling; an unreadable one is none a format takes.
    pub fn nibbles(&self, input: &'static str) -> Result<Vec<u8>, CalcError> {
        let text = self.maybe_text(input)?.unwrap_or("");
        let digit = |c: char| c.to_digit(16).map(|value| value as u8);
        text.chars()
            .map(digit)
            .collect::<Option<_>>()
            .ok_or(CryptoError::Fill.into())
    }

    /// A whole number, as a number or as digits.
    pub fn number(&self, input: &'static str) -> Result<i64, CalcError> {
        self.maybe_number(input)?
            .ok_or(CalcError::Missing { input })
    }

    /// A whole number that may be absent.
    pub fn maybe_number(&self, input: &'static str) -> Result<Option<i64>, CalcError> {
        let refuse = CalcError::Malformed {
            input,
            expected: "a whole number",
        };
        let read = |value: &Value| match value {
            Value::String(text) => text.parse().ok(),
            other => other.as_i64(),
        };
        self.find(input)
            .map(|value| read(value).ok_or(refuse))
            .transpose()
    }

    /// Whether a switch is on; absent is off.
    pub fn switch(&self, input: &'static str) -> Result<bool, CalcError> {
        let refuse = CalcError::Malformed {
            input,
            expected: "true or false",
        };
        self.find(input)
            .map_or(Ok(false), |value| value.as_bool().ok_or(refuse))
    }

    /// An object of inputs inside the inputs.
    pub fn object(&self, input: &'static str) -> Result<&'a Map<String, Value>, CalcError> {
        let found = self.find(input).ok_or(CalcError::Missing { input })?;
        found.as_object().ok_or(CalcError::Malformed {
            input,
            expected: "an object",
        })
    }

    /// A list of octet strings.
    pub fn hex_list(&self, input: &'static str) -> Result<Vec<Vec<u8>>, CalcError> {
        let refuse = || CalcError::Malformed {
            input,
            expected: "a list of hexadecimal texts",
        };
        let list = self.find(input).ok_or(CalcError::Missing { input })?;
        let list = list.as_array().ok_or_else(refuse)?;
        let read = |value: &Value| value.as_str().and_then(|text| hex::decode(text).ok());
        list.iter()
            .map(|value| read(value).ok_or_else(refuse))
            .collect()
    }

    /// A cipher by name, with a default when absent.
    pub fn cipher(
        &self,
        input: &'static str,
        otherwise: Algorithm,
    ) -> Result<Algorithm, CalcError> {
        let expected = "DES, TDES, AES or SM4";
        self.maybe_text(input)?.map_or(Ok(otherwise), |name| {
            Algorithm::named(name).ok_or(CalcError::Malformed { input, expected })
        })
    }

    /// A choice by name.
    pub fn choice<T>(
        &self,
        input: &'static str,
        expected: &'static str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, CalcError> {
        read(self.text(input)?).ok_or(CalcError::Malformed { input, expected })
    }
}

/// The outputs of an operation by name, in order.
#[derive(Default)]
pub struct Outputs {
    map: Map<String, Value>,
}

impl Outputs {
    /// No outputs yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds octets as upper-case hexadecimal.
    pub fn hex(self, name: &str, bytes: &[u8]) -> Self {
        self.value(name, hex::encode_upper(bytes))
    }

    /// Adds a text.
    pub fn text(self, name: &str, text: &str) -> Self {
        self.value(name, text)
    }

    /// Adds any JSON value.
    pub fn value(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.map.insert(name.to_owned(), value.into());
        self
    }

    /// The outputs as a JSON object.
    pub fn into_map(self) -> Map<String, Value> {
        self.map
    }
}
