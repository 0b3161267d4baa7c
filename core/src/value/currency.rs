//! Currencies by number and by letters, with the decimals of their minor unit.

use super::ValueError;
use super::inline::{Inline, number};
use super::table::Table;
use crate::data::text_file;
use core::fmt;

/// A currency by its ISO 4217 number (货币代码); numbers nobody has assigned are kept.
///
/// **Source:** ISO 4217, list in `core/specs/currencies.tsv`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(u16);

/// Number, letters, decimals, name, Chinese name.
pub(crate) const CURRENCIES: Table = Table::new(text_file!("specs/currencies.tsv"));

impl Currency {
    /// Chinese yuan, 156.
    pub const CNY: Self = Self(156);

    /// Reads three digits (`156`) or the three letters of an assigned currency (`CNY`).
    ///
    /// **Errors:** another length, another character, or letters that are not assigned.
    pub fn parse(code: &str) -> Result<Self, ValueError> {
        let what = "currency";
        Inline::<3>::parse(what, "0-9, A-Z", 3, code, |b| b.is_ascii_alphanumeric())?;
        if let Some(numeric) = number(code).and_then(|n| u16::try_from(n).ok()) {
            return Ok(Self(numeric));
        }
        let row = CURRENCIES
            .rows()
            .find(|row| row.column(1).eq_ignore_ascii_case(code));
        row.and_then(|row| row.key().parse().ok())
            .map(Self)
            .ok_or(ValueError::Range {
                what,
                allowed: "a number or letters of ISO 4217",
            })
    }

    /// The currency with this number, when it is at most 999.
    #[must_use]
    pub const fn from_numeric(numeric: u16) -> Option<Self> {
        if numeric <= 999 {
            Some(Self(numeric))
        } else {
            None
        }
    }

    /// The number, `156` for yuan.
    #[must_use]
    pub const fn numeric(self) -> u16 {
        self.0
    }

    /// The three letters, when the number is assigned.
    #[must_use]
    pub fn alpha(self) -> Option<&'static str> {
        Some(self.row()?.column(1))
    }

    /// The number of decimals of the minor unit; 2 when the number is not assigned.
    #[must_use]
    pub fn exponent(self) -> u8 {
        if self == Self::CNY {
            return 2;
        }
        self.row()
            .and_then(|row| row.column(2).parse().ok())
            .unwrap_or(2)
    }

    /// The English and the Chinese name, when the number is assigned.
    #[must_use]
    pub fn names(self) -> Option<(&'static str, &'static str)> {
        self.row().map(|row| (row.column(3), row.column(4)))
    }

    /// Whether ISO 4217 assigns the number.
    #[must_use]
    pub fn is_known(self) -> bool {
        self.row().is_some()
    }

    /// Every assigned currency, by number.
    pub fn all() -> impl Iterator<Item = Self> {
        CURRENCIES
            .rows()
            .filter_map(|row| row.key().parse().ok().map(Self))
    }

    fn row(self) -> Option<super::table::Row> {
        CURRENCIES.find(&format!("{:03}", self.0))
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.alpha() {
            Some(alpha) => f.write_str(alpha),
            None => write!(f, "{:03}", self.0),
        }
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Currency({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_complete_in_both_languages() {
        crate::value::table::assert_sorted(CURRENCIES, 5);
        for currency in Currency::all() {
            let (en, zh) = currency.names().unwrap();
            assert!(!en.is_empty() && !zh.is_empty(), "{currency}");
            assert_eq!(Currency::parse(&currency.to_string()), Ok(currency));
            assert!(currency.exponent() <= 4);
        }
        assert!(Currency::all().count() > 170);
    }

    #[test]
    fn numbers_and_letters() {
        assert_eq!(Currency::parse("156"), Ok(Currency::CNY));
        assert_eq!(Currency::parse("cny"), Ok(Currency::CNY));
        assert_eq!(
            Currency::parse("007").map(|c| c.to_string()).as_deref(),
            Ok("007")
        );
        assert!(Currency::parse("ZZZ").is_err() && Currency::parse("15").is_err());
        assert_eq!(Currency::from_numeric(1000), None);
    }
}
