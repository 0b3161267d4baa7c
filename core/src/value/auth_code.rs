//! The issuer's mark of approval.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// An authorisation code (授权码), DE38: six characters.
///
/// It is empty (spaces) in some answers; that is kept as it came.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AuthCode(Inline<6>);

impl AuthCode {
    /// Reads the characters, spaces included, as they stand in the field.
    ///
    /// **Errors:** another length, or a character that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Inline::parse("authorisation code", "printable ASCII", 6, text, |b| {
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

impl fmt::Display for AuthCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().trim_end())
    }
}

impl fmt::Debug for AuthCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "AuthCode({self})")
    }
}
