//! What is wrong with a dialect: which entry, which key, what stands there and what may.

use std::fmt;

/// A dialect that cannot be loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecError {
    /// The entry, such as `fields.60.parts.3`.
    pub entry: String,
    /// The key in it, or empty for the entry itself.
    pub key: String,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
}

impl SpecError {
    /// An error at a key of an entry.
    #[must_use]
    pub fn new(entry: &str, key: &str, found: impl Into<String>, allowed: &str) -> Self {
        Self {
            entry: entry.to_owned(),
            key: key.to_owned(),
            found: found.into(),
            allowed: allowed.to_owned(),
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entry = if self.entry.is_empty() {
            "dialect"
        } else {
            &self.entry
        };
        if self.key.is_empty() {
            write!(
                f,
                "{entry}: found {}, expected {}",
                self.found, self.allowed
            )
        } else {
            write!(
                f,
                "{entry}, key \"{}\": found {}, expected {}",
                self.key, self.found, self.allowed
            )
        }
    }
}

impl std::error::Error for SpecError {}
