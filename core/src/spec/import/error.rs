//! What an import could not do, with the line of the file.

use super::super::error::SpecError;
use std::fmt;

/// A file that cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportError {
    /// An own dialect with an error.
    Dialect {
        /// The line of the entry, as far as it can be found.
        line: usize,
        /// The error.
        error: SpecError,
    },
    /// A field entry that makes no sense.
    Entry {
        /// The line.
        line: usize,
        /// The entry.
        entry: String,
        /// What stands there.
        found: String,
        /// What may stand there.
        allowed: &'static str,
    },
    /// Neither JSON nor a Python literal.
    NotJson {
        /// The line.
        line: usize,
        /// The parser's words.
        what: String,
    },
    /// Not XML.
    NotXml {
        /// The line.
        line: usize,
        /// The parser's words.
        what: String,
    },
    /// None of the known formats.
    UnknownFormat {
        /// How the file begins.
        found: String,
    },
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Dialect { line, error } => write!(f, "line {line}: {error}"),
            Self::Entry {
                line,
                entry,
                found,
                allowed,
            } => {
                write!(f, "line {line}: {entry}: found {found}, expected {allowed}")
            }
            Self::NotJson { line, what } => write!(f, "line {line}: not JSON: {what}"),
            Self::NotXml { line, what } => write!(f, "line {line}: not XML: {what}"),
            Self::UnknownFormat { found } => {
                write!(
                    f,
                    "no known specification format: the file begins with \"{found}\"; expected jPOS \
                     or j8583 XML, moov JSON or YAML, a pyiso8583 dict, a table of notations, or a \
                     poslab dialect"
                )
            }
        }
    }
}

impl std::error::Error for ImportError {}

/// Something that was assumed or left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The line of the file.
    pub line: usize,
    /// The entry, such as `55` or `127.25`.
    pub entry: String,
    /// What it is about.
    pub code: WarningCode,
    /// The words of the file in question.
    pub found: String,
}

/// What a warning is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WarningCode {
    /// Something was assumed that the file does not say.
    Assumed,
    /// A number was limited to what can be.
    Clamped,
    /// Two entries of the file disagree; the first one stands.
    Conflict,
    /// An element that is not understood was left out.
    Ignored,
    /// The inner structure is not understood: the field stays opaque bytes.
    Opaque,
}

impl WarningCode {
    /// The stable slug.
    #[must_use]
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Assumed => "assumed",
            Self::Clamped => "clamped",
            Self::Conflict => "conflict",
            Self::Ignored => "ignored",
            Self::Opaque => "opaque",
        }
    }

    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Assumed => ("assumed", "按惯例假定"),
            Self::Clamped => (
                "limited to what its prefix can write",
                "已限制为长度前缀能表示的最大值",
            ),
            Self::Conflict => (
                "disagrees with an earlier entry, which stands",
                "与前面的条目冲突，以前者为准",
            ),
            Self::Ignored => ("left out, not understood", "无法理解，已忽略"),
            Self::Opaque => ("kept as opaque bytes", "保留为不解析的字节"),
        }
    }
}

impl Warning {
    /// The warning in English.
    #[must_use]
    pub fn text(&self) -> String {
        format!(
            "line {}: {}: {} ({})",
            self.line,
            self.entry,
            self.code.words().0,
            self.found
        )
    }

    /// The warning in Chinese.
    #[must_use]
    pub fn text_zh(&self) -> String {
        format!(
            "第 {} 行：{}：{}（{}）",
            self.line,
            self.entry,
            self.code.words().1,
            self.found
        )
    }
}

/// Collects warnings.
#[derive(Debug, Default)]
pub(super) struct Report {
    pub warnings: Vec<Warning>,
}

impl Report {
    pub fn warn(&mut self, line: usize, entry: &str, code: WarningCode, found: impl Into<String>) {
        let warning = Warning {
            line,
            entry: entry.to_owned(),
            code,
            found: found.into(),
        };
        if !self.warnings.contains(&warning) {
            self.warnings.push(warning);
        }
    }
}
