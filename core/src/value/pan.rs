//! The card number, masked wherever it is shown.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A primary account number (卡号): 8 to 19 digits, the last one usually a Luhn check digit.
///
/// `Display` and `Debug` are masked: the first six and the last four digits, and fewer of the
/// first six when the number is so short that less than four would be hidden.
///
/// A wrong check digit is not refused, since messages carry such numbers; see [`Pan::luhn_ok`].
///
/// **Source:** ISO/IEC 7812 (clause not read); at most BIN and last four shown: PCI DSS 3.4.1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pan(Inline<19>);

impl Pan {
    /// Reads 8 to 19 digits.
    ///
    /// **Errors:** a length outside 8 to 19, or a character that is not an ASCII digit.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        Inline::digits("card number", 8, digits).map(Self)
    }

    /// All the digits in the clear. Every use is a decision to show a card number.
    #[must_use]
    pub fn reveal(&self) -> &str {
        self.0.as_str()
    }

    /// The first six digits, which name the issuer.
    #[must_use]
    pub fn bin(&self) -> &str {
        self.reveal().get(..6).unwrap_or_default()
    }

    /// The last four digits.
    #[must_use]
    pub fn last_four(&self) -> &str {
        let digits = self.reveal();
        digits
            .get(digits.len().saturating_sub(4)..)
            .unwrap_or_default()
    }

    /// The masked number with an ellipsis in place of the hidden digits: `621626…0018`.
    #[must_use]
    pub fn short(&self) -> String {
        let digits = self.reveal();
        format!(
            "{}…{}",
            digits.get(..shown_first(digits.len())).unwrap_or_default(),
            self.last_four()
        )
    }

    /// Whether the last digit is the Luhn check digit of the others.
    #[must_use]
    pub fn luhn_ok(&self) -> bool {
        luhn_sum(self.reveal(), false).is_multiple_of(10)
    }

    /// The digit that would make the number right in place of its last one.
    #[must_use]
    pub fn check_digit(&self) -> u8 {
        let digits = self.reveal();
        let payload = digits
            .get(..digits.len().saturating_sub(1))
            .unwrap_or_default();
        u8::try_from((10 - luhn_sum(payload, true) % 10) % 10).unwrap_or_default()
    }

    /// Replaces the hidden digits of a run of digits by `*`, keeping the length.
    ///
    /// For text that looks like a card number but may not be one, such as a broken track.
    #[must_use]
    pub fn mask(digits: &str) -> String {
        let count = digits.chars().count();
        let hidden = shown_first(count)..count.saturating_sub(4).max(shown_first(count));
        let star = |(i, c)| if hidden.contains(&i) { '*' } else { c };
        digits.chars().enumerate().map(star).collect()
    }
}

impl fmt::Display for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Self::mask(self.reveal()))
    }
}

impl fmt::Debug for Pan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Pan({self})")
    }
}

/// How many leading digits may be shown so that at least four stay hidden.
fn shown_first(count: usize) -> usize {
    count.saturating_sub(8).min(6)
}

/// The Luhn sum, doubling every second digit from the right; the last one too when `last_doubled`.
fn luhn_sum(digits: &str, last_doubled: bool) -> u32 {
    let mut doubled = last_doubled;
    let mut sum = 0;
    for byte in digits.bytes().rev() {
        let digit = u32::from(byte.wrapping_sub(b'0'));
        sum += match (doubled, digit) {
            (false, _) => digit,
            (true, 0..=4) => digit * 2,
            (true, _) => digit * 2 - 9,
        };
        doubled = !doubled;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn luhn_of_published_test_cards() {
        for (digits, ok) in [
            ("4111111111111111", true),
            ("378282246310005", true),
            ("9999901234567", false),
        ] {
            let pan = Pan::parse(digits).unwrap();
            assert_eq!(pan.luhn_ok(), ok);
            assert_eq!(
                pan.check_digit() == digits.as_bytes()[digits.len() - 1] - b'0',
                ok
            );
        }
    }

    #[test]
    fn refuses_what_is_not_digits() {
        for bad in [
            "4111 1111 1111 1111",
            "1234567",
            "99999999999999999999",
            "４１１１１１１１１１１１１１１１",
        ] {
            assert!(Pan::parse(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn every_form_shown_hides_at_least_four_digits(digits in "[0-9]{8,19}") {
            let pan = Pan::parse(&digits).unwrap();
            for shown in [pan.to_string(), pan.short(), format!("{pan:?}"), Pan::mask(&digits)] {
                let clear = shown.bytes().filter(u8::is_ascii_digit).count();
                prop_assert!(clear <= 10 && clear + 4 <= digits.len(), "{shown}");
                prop_assert!(!shown.contains(&digits));
            }
            prop_assert_eq!(pan.to_string().len(), digits.len());
        }
    }
}
