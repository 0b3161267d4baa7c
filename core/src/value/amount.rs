//! Money: a whole number of minor units and the currency they are in.

use super::inline::number;
use super::{Currency, ValueError};
use core::fmt;

/// An amount of money (金额).
///
/// **Units:** minor units of its currency (fen, cents; whole yen). Never a floating number.
///
/// `Display` gives the currency's letters and the decimal form: `CNY 123.45`, `JPY 500`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Amount {
    /// The number of minor units; negative only where a sign says so, as in a balance.
    pub minor: i64,
    /// The currency, which says how many decimals the minor units are.
    pub currency: Currency,
}

impl Amount {
    /// An amount of so many minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads the digits of an amount field, such as the twelve of DE4.
    ///
    /// **Errors:** no digits, more than 18, or a character that is not a digit.
    pub fn parse(digits: &str, currency: Currency) -> Result<Self, ValueError> {
        super::inline::Inline::<18>::digits("amount", 1, digits)?;
        let minor = number(digits).and_then(|n| i64::try_from(n).ok());
        let minor = minor.ok_or(ValueError::Range {
            what: "amount",
            allowed: "at most 18 digits",
        })?;
        Ok(Self { minor, currency })
    }

    /// The decimal form without the currency: `123.45`, `-0.05`, `500`.
    #[must_use]
    pub fn decimal(&self) -> String {
        let sign = if self.minor < 0 { "-" } else { "" };
        let places = usize::from(self.currency.exponent());
        let digits = format!("{:0>width$}", self.minor.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        if places == 0 {
            format!("{sign}{whole}")
        } else {
            format!("{sign}{whole}.{fraction}")
        }
    }

    /// The twelve digits of DE4, when the amount is not negative and fits.
    #[must_use]
    pub fn field(&self) -> Option<String> {
        (0..1_000_000_000_000)
            .contains(&self.minor)
            .then(|| format!("{:012}", self.minor))
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.decimal())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_follow_the_currency() {
        for (minor, numeric, text) in [
            (12_345, 156, "CNY 123.45"),
            (5, 156, "CNY 0.05"),
            (-5, 156, "CNY -0.05"),
            (500, 392, "JPY 500"),
            (1_234, 414, "KWD 1.234"),
            (0, 840, "USD 0.00"),
            (7, 7, "007 0.07"),
        ] {
            assert_eq!(
                Amount::new(minor, Currency::from_numeric(numeric).unwrap()).to_string(),
                text
            );
        }
    }

    #[test]
    fn field_digits_there_and_back() {
        let amount = Amount::parse("000000012345", Currency::CNY).unwrap();
        assert_eq!(
            (amount.minor, amount.field().as_deref()),
            (12_345, Some("000000012345"))
        );
        assert_eq!(Amount::new(-1, Currency::CNY).field(), None);
        assert_eq!(Amount::new(1_000_000_000_000, Currency::CNY).field(), None);
        assert!(Amount::parse("12.5", Currency::CNY).is_err());
        assert!(Amount::parse("9999999999999999999", Currency::CNY).is_err());
    }
}
