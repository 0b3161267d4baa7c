//! The reference by which a trade is found again.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A retrieval reference number (检索参考号), DE37: twelve characters given by the host.
///
/// Refunds and voids quote it, and statements print it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rrn(Inline<12>);

impl Rrn {
    /// Reads the characters, spaces included, as they stand in the field.
    ///
    /// **Errors:** another length, or a character that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Inline::parse("reference number", "printable ASCII", 12, text, |b| {
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

impl fmt::Display for Rrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().trim_end())
    }
}

impl fmt::Debug for Rrn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Rrn({self})")
    }
}
