//! The name of a merchant at its acquirer.

use super::ValueError;
use super::inline::Inline;
use core::fmt;

/// A merchant id (商户号), DE42: fifteen characters, padded with spaces.
///
/// In the mainland: acquirer 3, area 4, merchant category 4, serial 4. `Display` leaves the
/// padding out.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MerchantId(Inline<15>);

impl MerchantId {
    /// Reads the characters, spaces included, as they stand in the field.
    ///
    /// **Errors:** another length, or a character that the field cannot hold.
    pub fn parse(text: &str) -> Result<Self, ValueError> {
        Inline::parse("merchant id", "printable ASCII", 15, text, |b| {
            (b' '..0x7F).contains(&b)
        })
        .map(Self)
    }

    /// The characters as they stand in the field.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    /// The merchant category code at its mainland place, when all fifteen are digits.
    #[must_use]
    pub fn mcc(&self) -> Option<&str> {
        let text = self.as_str();
        if text.bytes().all(|b| b.is_ascii_digit()) {
            text.get(7..11)
        } else {
            None
        }
    }
}

impl fmt::Display for MerchantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str().trim_end())
    }
}

impl fmt::Debug for MerchantId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MerchantId({self})")
    }
}
