//! The three digits of a stripe that say where and how a card may be used.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A service code (服务代码): interchange and chip, authorisation, services and PIN.
///
/// **Source:** ISO/IEC 7813, read through public tables.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceCode(Inline<3>);

impl ServiceCode {
    /// Reads three digits.
    ///
    /// **Errors:** another length, or a character that is not a digit.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        Inline::digits("service code", 3, digits).map(Self)
    }

    /// The three digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The digits one by one, each as a character.
    #[must_use]
    pub fn digits(&self) -> [char; 3] {
        let mut chars = self.as_str().chars();
        core::array::from_fn(|_| chars.next().unwrap_or('0'))
    }

    /// Whether the first digit announces a chip (2 or 6): a swipe of such a card is a fallback.
    #[must_use]
    pub fn has_chip(&self) -> bool {
        matches!(self.digits(), ['2' | '6', ..])
    }
}

impl fmt::Display for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for ServiceCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServiceCode({self})")
    }
}
