//! The month in which a card ends.

use super::ValueError;
use super::inline::number;
use core::fmt;

/// A card's last month (卡有效期), as two digits of year and two of month.
///
/// The century is not in the data; a card is good through the last day of the month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Expiry {
    year: u8,
    month: u8,
}

impl Expiry {
    /// Reads four digits, `YYMM`.
    ///
    /// **Errors:** another length, a character that is not a digit, or a month outside 01 to 12.
    pub fn parse(yymm: &str) -> Result<Self, ValueError> {
        super::inline::Inline::<4>::digits("expiry", 4, yymm)?;
        let part = |at: core::ops::Range<usize>| yymm.get(at).and_then(number).unwrap_or_default();
        let [year, month] = [part(0..2), part(2..4)].map(|n| u8::try_from(n).unwrap_or_default());
        match month {
            1..=12 => Ok(Self { year, month }),
            _ => Err(ValueError::Range {
                what: "expiry",
                allowed: "YYMM with a month of 01 to 12",
            }),
        }
    }

    /// The year without its century.
    #[must_use]
    pub fn year(&self) -> u8 {
        self.year
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(&self) -> u8 {
        self.month
    }
}

impl fmt::Display for Expiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}{:02}", self.year, self.month)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn year_comes_first() {
        let expiry = Expiry::parse("3012").unwrap();
        assert_eq!(
            (expiry.year(), expiry.month(), expiry.to_string()),
            (30, 12, "3012".into())
        );
        assert!(Expiry::parse("1230").is_err());
        assert!(Expiry::parse("3000").is_err());
    }
}
