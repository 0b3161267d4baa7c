//! The check value of a key.

use super::ValueError;
use core::fmt;

/// A key check value (校验值): the first bytes of something enciphered with the key.
///
/// **Shape:** 1 to 16 bytes, most often 3 or 4; short enough to tell keys apart and to say nothing
/// about them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kcv {
    bytes: [u8; 16],
    len: u8,
}

impl Kcv {
    /// Keeps 1 to 16 bytes.
    ///
    /// **Errors:** another length.
    pub fn new(check: &[u8]) -> Result<Self, ValueError> {
        let found = check.len();
        let length = ValueError::Length {
            what: "key check value",
            min: 1,
            max: 16,
            found,
        };
        let mut bytes = [0; 16];
        let head = bytes
            .get_mut(..found)
            .filter(|head| !head.is_empty())
            .ok_or(length)?;
        head.copy_from_slice(check);
        Ok(Self {
            bytes,
            len: u8::try_from(found).unwrap_or_default(),
        })
    }

    /// Reads 2 to 32 hexadecimal digits.
    ///
    /// **Errors:** another length, an odd number, or a character that is not hexadecimal.
    pub fn parse(digits: &str) -> Result<Self, ValueError> {
        let what = "key check value";
        let allowed = "0-9, A-F";
        let not_hex = |c: &char| !c.is_ascii_hexdigit();
        if let Some((index, found)) = digits.chars().enumerate().find(|(_, c)| not_hex(c)) {
            return Err(ValueError::Character {
                what,
                allowed,
                index,
                found,
            });
        }
        let found = digits.len();
        let length = ValueError::Length {
            what,
            min: 2,
            max: 32,
            found,
        };
        Self::new(&hex::decode(digits).map_err(|_| length)?).map_err(|_| length)
    }

    /// The bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..usize::from(self.len)).unwrap_or_default()
    }

    /// Whether both say the same as far as the shorter one goes, which must be two bytes or more.
    #[must_use]
    pub fn agrees_with(&self, other: &Self) -> bool {
        let count = self.len.min(other.len);
        let head = |kcv: &Self| kcv.bytes.get(..usize::from(count)).map(<[u8]>::to_vec);
        count >= 2 && head(self) == head(other)
    }
}

impl fmt::Display for Kcv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02X}"))
    }
}

impl fmt::Debug for Kcv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Kcv({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_there_and_back_and_agreement_of_lengths() {
        let four = Kcv::parse("08d7b4fb").unwrap();
        assert_eq!(four.to_string(), "08D7B4FB");
        assert!(four.agrees_with(&Kcv::parse("08D7B4").unwrap()));
        assert!(!four.agrees_with(&Kcv::parse("08D7B5").unwrap()));
        assert!(!four.agrees_with(&Kcv::parse("08").unwrap()));
        for bad in ["", "08D", "XY", &"00".repeat(17)] {
            assert!(Kcv::parse(bad).is_err(), "{bad}");
        }
    }
}
