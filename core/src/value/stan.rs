//! The trace number of a request.

use super::ValueError;
use super::inline::{Inline, number};
use core::fmt;

/// A system trace audit number (流水号), DE11: 0 to 999 999.
///
/// A terminal counts it up by one for each request; with terminal and batch it names the trade.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Stan(u32);

impl Stan {
    /// Makes a trace number, when it is at most 999 999.
    #[must_use]
    pub const fn new(number: u32) -> Option<Self> {
        if number <= 999_999 {
            Some(Self(number))
        } else {
            None
        }
    }

    /// Reads six digits.
    ///
    /// **Errors:** another length, or a character that is not a digit.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        Inline::<6>::digits("trace number", 6, digits)?;
        let number = number(digits)
            .and_then(|n| u32::try_from(n).ok())
            .unwrap_or_default();
        Ok(Self(number))
    }

    /// The number.
    #[must_use]
    pub const fn number(self) -> u32 {
        self.0
    }

    /// The next number; 1 follows 999 999, since 0 is not used.
    #[must_use]
    pub const fn next(self) -> Self {
        if self.0 >= 999_999 {
            Self(1)
        } else {
            Self(self.0 + 1)
        }
    }
}

impl fmt::Display for Stan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:06}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wraps_to_one() {
        assert_eq!(Stan::parse("999999").unwrap().next().to_string(), "000001");
        assert_eq!(Stan::parse("000041").unwrap().next().number(), 42);
        assert_eq!(Stan::new(1_000_000), None);
        assert!(Stan::parse("12345").is_err() && Stan::parse("12345x").is_err());
    }
}
