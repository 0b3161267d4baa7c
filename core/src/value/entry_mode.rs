//! How a card was read and whether a PIN could be, or was, entered: DE22 of three digits.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A point-of-service entry mode (服务点输入方式码), DE22 of ISO 8583:1987.
///
/// **Shape:** two digits of reading, one of PIN; dialects of four digits add one on either side,
/// which is for them to take off.
///
/// **Source:** public tables and UnionPay practice.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EntryMode(Inline<3>);

/// How the card's data came into the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ReadMode {
    /// 00: not said.
    Unspecified,
    /// 01: typed in.
    Manual,
    /// 02, 90: the stripe.
    MagneticStripe,
    /// 03: a bar code or QR code.
    QrCode,
    /// 04: optical characters.
    Optical,
    /// 05, 95: the chip's contacts.
    Chip,
    /// 07, 98: contactless chip.
    Contactless,
    /// 10: a credential on file.
    OnFile,
    /// 79, 80: the stripe of a card whose chip could not be read.
    Fallback,
    /// 81: typed into an electronic-commerce page.
    Ecommerce,
    /// 91: contactless, with the data of a stripe.
    ContactlessStripe,
    /// 92: telephone or reservation (UnionPay).
    Telephone,
    /// 96: the chip of a telephone (UnionPay).
    MobileChip,
    /// Any other pair.
    Other,
}

/// What the last digit says about the PIN.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PinCapability {
    /// 0: not said.
    Unspecified,
    /// 1: the terminal takes a PIN; for UnionPay: a PIN is in the message.
    Yes,
    /// 2: the terminal takes none; for UnionPay: no PIN is in the message.
    No,
    /// Any other digit.
    Other,
}

impl EntryMode {
    /// Reads three digits.
    ///
    /// **Errors:** another length, or a character that is not a digit.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        Inline::digits("entry mode", 3, digits).map(Self)
    }

    /// The three digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// How the card was read.
    #[must_use]
    pub fn read(&self) -> ReadMode {
        match self.as_str().get(..2).unwrap_or_default() {
            "00" => ReadMode::Unspecified,
            "01" => ReadMode::Manual,
            "02" | "90" => ReadMode::MagneticStripe,
            "03" => ReadMode::QrCode,
            "04" => ReadMode::Optical,
            "05" | "95" => ReadMode::Chip,
            "07" | "98" => ReadMode::Contactless,
            "10" => ReadMode::OnFile,
            "79" | "80" => ReadMode::Fallback,
            "81" => ReadMode::Ecommerce,
            "91" => ReadMode::ContactlessStripe,
            "92" => ReadMode::Telephone,
            "96" => ReadMode::MobileChip,
            _ => ReadMode::Other,
        }
    }

    /// What the last digit says about the PIN.
    #[must_use]
    pub fn pin(&self) -> PinCapability {
        match self.as_str().get(2..).unwrap_or_default() {
            "0" => PinCapability::Unspecified,
            "1" => PinCapability::Yes,
            "2" => PinCapability::No,
            _ => PinCapability::Other,
        }
    }
}

impl fmt::Display for EntryMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for EntryMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EntryMode({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_and_pin() {
        let mode = EntryMode::parse("051").unwrap();
        assert_eq!(
            (mode.read(), mode.pin()),
            (ReadMode::Chip, PinCapability::Yes)
        );
        let mode = EntryMode::parse("802").unwrap();
        assert_eq!(
            (mode.read(), mode.pin()),
            (ReadMode::Fallback, PinCapability::No)
        );
        assert_eq!(
            EntryMode::parse("659").map(|m| (m.read(), m.pin())),
            Ok((ReadMode::Other, PinCapability::Other))
        );
        assert!(EntryMode::parse("05").is_err());
    }
}
