//! Track 3 of the magnetic stripe, which mainland cards used for the issuer's own data.

use super::{Pan, ValueError};
use core::fmt;

/// Track 3 (三磁道): format code, card number, separator, the issuer's data.
///
/// **Shape:** at most 107 characters; `99` + card number + separator + the rest. Only the card
/// number is read, because the remainder differs from issuer to issuer.
///
/// **Source:** ISO/IEC 4909 (clause not read).
#[derive(Clone, PartialEq, Eq)]
pub struct Track3 {
    text: String,
}

impl Track3 {
    /// Reads digits and separators (`D`, `d`, `=`); sentinels are taken off.
    ///
    /// **Errors:** no characters, more than 107, or others than digits and separators.
    pub fn parse(track: &str) -> Result<Self, ValueError> {
        let text = track.trim_start_matches([';', '+']).trim_end_matches('?');
        let allow = |c: char| c.is_ascii_digit() || matches!(c, 'D' | 'd' | '=');
        if let Some((index, found)) = text.chars().enumerate().find(|(_, c)| !allow(*c)) {
            let allowed = "0-9, D and =";
            return Err(ValueError::Character {
                what: "track 3",
                allowed,
                index,
                found,
            });
        }
        match text.len() {
            1..=107 => Ok(Self {
                text: text.to_owned(),
            }),
            found => Err(ValueError::Length {
                what: "track 3",
                min: 1,
                max: 107,
                found,
            }),
        }
    }

    /// The card number, when the track begins with a two-digit format code, a number and a
    /// separator.
    #[must_use]
    pub fn pan(&self) -> Option<Pan> {
        let at = self.text.find(['D', 'd', '='])?;
        Pan::parse(self.text.get(2..at)?).ok()
    }

    /// The whole track in the clear, without sentinels.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Track3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.pan() {
            Some(pan) => {
                let shown = 2 + pan.reveal().len();
                let code = self.text.get(..2).unwrap_or_default();
                write!(
                    f,
                    "{code}{pan}{}",
                    "*".repeat(self.text.len().saturating_sub(shown))
                )
            }
            None => f.write_str(&"*".repeat(self.text.len())),
        }
    }
}

impl fmt::Debug for Track3 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track3({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_no_more_than_a_masked_card_number() {
        let track = Track3::parse("996226180000008999=1561560000000000000").unwrap();
        assert_eq!(
            track.pan().map(|p| p.last_four().to_owned()).as_deref(),
            Some("8999")
        );
        assert_eq!(track.to_string(), "99622618******8999********************");
        assert_eq!(Track3::parse("123").unwrap().to_string(), "***");
        assert!(Track3::parse("12X").is_err() && Track3::parse("").is_err());
    }
}
