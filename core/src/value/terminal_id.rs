//! The name of a terminal at its acquirer.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A terminal id (终端号), DE41: eight characters, padded with spaces.
///
/// `Display` leaves the padding out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TerminalId(Inline<8>);

impl TerminalId {
    /// Reads the characters, spaces included, as they stand in the field.
    ///
    /// **Errors:** another length, or a character that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Inline::parse("terminal id", "printable ASCII", 8, text, |b| {
            (b' '..0x7F).contains(&b)
        })
        .map(Self)
    }

    /// The characters as they stand in the field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

impl fmt::Display for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().trim_end())
    }
}

impl fmt::Debug for TerminalId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TerminalId({self})")
    }
}
