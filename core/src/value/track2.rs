//! Track 2 of the magnetic stripe, or its equivalent from the chip.

use super::{Expiry, Pan, ServiceCode, ValueError};
use core::fmt;

/// Track 2 (二磁道): card number, separator, expiry, service code, issuer's data.
///
/// **Shape:** at most 37 characters.
///
/// ```text
///  6216261000000000018 D 3012 220 0000012345
///  PAN (≤ 19)          │ YYMM svc discretionary, the rest
///                      └ D in BCD, = in ASCII
/// ```
///
/// `Display` and `Debug` show the masked card number and hide expiry, code and issuer's data
/// behind `*`, since those are what a copied stripe needs.
///
/// **Source:** ISO/IEC 7813 (clause not read).
#[derive(Clone, PartialEq, Eq)]
pub struct Track2 {
    text: String,
    pan: Pan,
    separator: char,
}

impl Track2 {
    /// Reads a track with `D`, `d` or `=` as its separator; start and end sentinels are taken off.
    ///
    /// **Errors:** no separator, a card number that is none, more than 37 characters, or another
    /// character behind the separator than a digit.
    pub fn parse(track: &str) -> Result<Self, ValueError> {
        let text = track.trim_start_matches(';').trim_end_matches('?');
        let found = text.chars().count();
        if found > 37 {
            return Err(ValueError::Length {
                what: "track 2",
                min: 10,
                max: 37,
                found,
            });
        }
        let at = text.find(['D', 'd', '=']).ok_or(ValueError::Missing {
            what: "track 2",
            part: "separator (D or =)",
        })?;
        let (head, tail) = text.split_at(at);
        let pan = Pan::parse(head)?;
        let mut rest = tail.chars();
        let separator = rest.next().unwrap_or('=');
        if let Some((index, found)) = rest.enumerate().find(|(_, c)| !c.is_ascii_digit()) {
            let index = at + 1 + index;
            return Err(ValueError::Character {
                what: "track 2",
                allowed: "0-9",
                index,
                found,
            });
        }
        Ok(Self {
            text: text.to_owned(),
            pan,
            separator,
        })
    }

    /// The card number.
    #[must_use]
    pub fn pan(&self) -> Pan {
        self.pan
    }

    /// The separator as it came: `D`, `d` or `=`.
    #[must_use]
    pub fn separator(&self) -> char {
        self.separator
    }

    /// The expiry, when four digits with a possible month follow the separator.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        Expiry::parse(self.behind().get(..4)?).ok()
    }

    /// The service code, when it is long enough to have one.
    #[must_use]
    pub fn service_code(&self) -> Option<ServiceCode> {
        ServiceCode::parse(self.behind().get(4..7)?).ok()
    }

    /// The issuer's own digits behind the service code, in the clear.
    #[must_use]
    pub fn reveal_discretionary(&self) -> &str {
        self.behind().get(7..).unwrap_or_default()
    }

    /// The whole track in the clear, without sentinels.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    /// What stands behind the separator.
    fn behind(&self) -> &str {
        self.text
            .get(self.pan.reveal().len() + 1..)
            .unwrap_or_default()
    }
}

impl fmt::Display for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}{}{}",
            self.pan,
            self.separator,
            "*".repeat(self.behind().len())
        )
    }
}

impl fmt::Debug for Track2 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track2({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_every_part_of_a_bcd_and_an_ascii_track() {
        for (text, separator) in [
            ("6226180000008999D21122200097565100000", 'D'),
            (";6226180000008999=21122200097565100000?", '='),
        ] {
            let track = Track2::parse(text).unwrap();
            assert_eq!(track.separator(), separator);
            assert_eq!(track.pan().reveal(), "6226180000008999");
            assert_eq!(
                track.expiry().map(|e| (e.year(), e.month())),
                Some((21, 12))
            );
            assert_eq!(
                track.service_code().map(|c| c.to_string()).as_deref(),
                Some("220")
            );
            assert!(track.service_code().is_some_and(|c| c.has_chip()));
            assert_eq!(track.reveal_discretionary(), "0097565100000");
            assert_eq!(
                track.to_string(),
                format!("622618******8999{separator}{}", "*".repeat(20))
            );
        }
    }

    #[test]
    fn a_short_track_has_fewer_parts() {
        let track = Track2::parse("9999901234567D30").unwrap();
        assert_eq!((track.expiry(), track.service_code()), (None, None));
        assert_eq!(track.reveal_discretionary(), "");
    }

    #[test]
    fn refusals_name_the_reason() {
        let missing = Track2::parse("6226180000008999").unwrap_err();
        assert_eq!(missing.to_string(), "track 2: no separator (D or =)");
        let letter = Track2::parse("6226180000008999D21X2").unwrap_err();
        assert_eq!(
            letter.to_string(),
            "track 2: 'X' at position 20 is not one of 0-9"
        );
        assert!(Track2::parse(&"1".repeat(38)).is_err());
    }
}
