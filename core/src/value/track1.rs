//! Track 1 of the magnetic stripe, the one with the holder's name.

use super::{Expiry, Pan, ServiceCode, ValueError};
use core::fmt;

/// Track 1 (一磁道), format B: card number, holder's name, expiry, service code, issuer's data.
///
/// **Shape:** `B PAN ^ NAME ^ YYMM svc discretionary`, at most 79 characters with sentinels.
///
/// `Display` and `Debug` show the masked card number alone.
///
/// **Source:** ISO/IEC 7813 (clause not read).
#[derive(Clone, PartialEq, Eq)]
pub struct Track1 {
    text: String,
    pan: Pan,
}

impl Track1 {
    /// Reads a format B track; start and end sentinels are taken off.
    ///
    /// **Errors:** no format code `B`, no `^`, a card number that is none, or too many characters.
    pub fn parse(track: &str) -> Result<Self, ValueError> {
        let found = track.chars().count();
        if found > 79 {
            return Err(ValueError::Length {
                what: "track 1",
                min: 12,
                max: 79,
                found,
            });
        }
        let text = track.trim_start_matches('%').trim_end_matches('?');
        let missing = |part| ValueError::Missing {
            what: "track 1",
            part,
        };
        let inner = text.strip_prefix('B').ok_or(missing("format code B"))?;
        let (digits, _) = inner.split_once('^').ok_or(missing("separator (^)"))?;
        let pan = Pan::parse(&digits.replace(' ', ""))?;
        Ok(Self {
            text: text.to_owned(),
            pan,
        })
    }

    /// The card number.
    #[must_use]
    pub fn pan(&self) -> Pan {
        self.pan
    }

    /// The holder's name as embossed, in the clear.
    #[must_use]
    pub fn reveal_name(&self) -> &str {
        self.part(1).trim_end()
    }

    /// The expiry, when four digits with a possible month follow the name.
    #[must_use]
    pub fn expiry(&self) -> Option<Expiry> {
        Expiry::parse(self.part(2).get(..4)?).ok()
    }

    /// The service code, when the track is long enough to have one.
    #[must_use]
    pub fn service_code(&self) -> Option<ServiceCode> {
        ServiceCode::parse(self.part(2).get(4..7)?).ok()
    }

    /// The whole track in the clear, without sentinels.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.text
    }

    fn part(&self, index: usize) -> &str {
        self.text.split('^').nth(index).unwrap_or_default()
    }
}

impl fmt::Display for Track1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "B{}^{}",
            self.pan,
            "*".repeat(self.text.split_once('^').map_or(0, |p| p.1.len()))
        )
    }
}

impl fmt::Debug for Track1 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Track1({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_format_b_and_hides_the_name() {
        let track = Track1::parse("%B4111111111111111^LOVELACE/ADA ^30122010000000000?").unwrap();
        assert_eq!(track.reveal_name(), "LOVELACE/ADA");
        assert_eq!(
            track.expiry().map(|e| e.to_string()).as_deref(),
            Some("3012")
        );
        assert_eq!(
            track.service_code().map(|c| c.to_string()).as_deref(),
            Some("201")
        );
        assert!(!format!("{track} {track:?}").contains("ADA"));
        assert!(Track1::parse("A4111111111111111^X^3012201").is_err());
    }
}
