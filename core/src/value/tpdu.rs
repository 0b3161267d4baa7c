//! The five bytes of address in front of a message.

use super::ValueError;
use core::fmt;

/// A transport header (TPDU, 传输协议数据单元): kind, destination, source.
///
/// ```text
///  60   0003   0000
///  kind dest.  source
/// ```
///
/// The destination is the NII by which a NAC finds the front end; an answer swaps the addresses.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tpdu([u8; 5]);

impl Tpdu {
    /// Takes the five bytes as they came.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 5]) -> Self {
        Self(bytes)
    }

    /// Reads ten hexadecimal digits.
    ///
    /// **Errors:** another length, or a character that is not hexadecimal.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        let found = digits.chars().count();
        let length = ValueError::Length {
            what: "TPDU",
            min: 10,
            max: 10,
            found,
        };
        let bytes = hex::decode(digits).map_err(|_| length)?;
        bytes.try_into().map(Self).map_err(|_| length)
    }

    /// The five bytes.
    #[must_use]
    pub const fn bytes(self) -> [u8; 5] {
        self.0
    }

    /// The kind: `60` for a message, `68` where a NAC marks one that it could not deliver.
    #[must_use]
    pub const fn kind(self) -> u8 {
        let [kind, ..] = self.0;
        kind
    }

    /// The two bytes of the destination.
    #[must_use]
    pub const fn destination(self) -> [u8; 2] {
        let [_, a, b, _, _] = self.0;
        [a, b]
    }

    /// The two bytes of the source.
    #[must_use]
    pub const fn source(self) -> [u8; 2] {
        let [_, _, _, a, b] = self.0;
        [a, b]
    }

    /// The header of the answer: destination and source change places.
    #[must_use]
    pub const fn swapped(self) -> Self {
        let [kind, a, b, c, d] = self.0;
        Self([kind, c, d, a, b])
    }

    /// The same header with another source, as a NAC writes it for its own port.
    #[must_use]
    pub const fn with_source(self, source: [u8; 2]) -> Self {
        let [kind, a, b, ..] = self.0;
        let [c, d] = source;
        Self([kind, a, b, c, d])
    }
}

impl fmt::Display for Tpdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Tpdu {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Tpdu({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_answer_swaps_the_addresses() {
        let tpdu = Tpdu::parse("6000030000").unwrap();
        assert_eq!(
            (tpdu.kind(), tpdu.destination(), tpdu.source()),
            (0x60, [0, 3], [0, 0])
        );
        assert_eq!(tpdu.swapped().to_string(), "6000000003");
        assert_eq!(
            tpdu.with_source([0x12, 0x34]).swapped().destination(),
            [0x12, 0x34]
        );
        assert!(Tpdu::parse("600003000").is_err() && Tpdu::parse("60000300000").is_err());
    }
}
