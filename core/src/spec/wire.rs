//! How one value stands on the wire: small copyable facts that the hot paths read.

use crate::bytes::Charset;
use serde::{Deserialize, Serialize};

/// Which characters a value may hold, in the letters of the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Class {
    /// `a`: letters (and space).
    A,
    /// `an`: letters and digits (and space).
    An,
    /// `anp`: letters, digits, space.
    Anp,
    /// `ans`: any printable character.
    Ans,
    /// `as`: letters and special characters.
    As,
    /// `ascii`: any of the 128 characters of ASCII, control characters too.
    Ascii,
    /// `b`: bits; the value is upper-case hex.
    B,
    /// `h`: packed hex digits, as some dialects send where others send digits.
    Hex,
    /// `n`: digits.
    N,
    /// `ns`: digits and special characters.
    Ns,
    /// `s`: special characters.
    S,
    /// Any character at all: what an importer says when its source does not restrict the value.
    Text,
    /// `x+n`: a sign letter (C or D) and digits.
    Xn,
    /// `z`: track 2 or 3 code set: digits and separators.
    Z,
}

/// How characters become bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Coding {
    /// One byte (or more, for GBK and UTF-8) per character.
    Chars(Charset),
    /// Two hex digits a byte, written as characters of a set: eight bytes become sixteen characters.
    HexChars(Charset),
    /// Two digits a byte.
    Bcd,
    /// The bytes themselves; the value is upper-case hex.
    Raw,
    /// EBCDIC digits, the sign in the zone of the last one.
    Zoned,
    /// An ASCII sign letter followed by packed digits (`x+n` in binary dialects).
    SignBcd,
}

/// What a length, in the dialect and on the wire, counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Counts {
    /// Bytes of the value before any hex writing.
    Bytes,
    /// Digits, that is nibbles: an odd number leaves one nibble of padding.
    Digits,
    /// Hex digits of the value: twice its bytes, of text too.
    HexDigits,
}

/// How long a value may be, in the unit that [`Counts`] names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Size {
    /// Always this long; no length on the wire.
    Fixed(u32),
    /// A length prefix says.
    Var {
        /// Least length allowed.
        min: u32,
        /// Greatest length allowed.
        max: u32,
    },
    /// Whatever is left of the enclosing data.
    Rest,
}

impl Size {
    /// The greatest length.
    #[must_use]
    pub const fn max(self) -> u32 {
        match self {
            Self::Fixed(len) => len,
            Self::Var { max, .. } => max,
            Self::Rest => u32::MAX,
        }
    }
}

/// How a length is written in front of its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Prefix {
    /// Its coding.
    pub coding: PrefixCoding,
    /// Digits for the decimal codings, bytes for [`PrefixCoding::Binary`].
    pub width: u8,
    /// Added to the counted length on the wire, as when a length includes itself or a tag.
    pub adds: u8,
}

/// The coding of a length prefix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum PrefixCoding {
    /// Decimal ASCII digits.
    Ascii,
    /// Packed decimal digits, right aligned in whole bytes.
    Bcd,
    /// BER: one byte up to 127, else a count and that many bytes.
    Ber,
    /// Big-endian binary.
    Binary,
    /// Decimal EBCDIC digits.
    Ebcdic,
    /// Hex ASCII digits, two for each byte.
    HexAscii,
}

impl Prefix {
    /// Bytes that the prefix takes on the wire; BER prefixes take at least this many.
    #[must_use]
    pub const fn len_bytes(self) -> usize {
        let width = self.width as usize;
        match self.coding {
            PrefixCoding::Ascii | PrefixCoding::Ebcdic | PrefixCoding::Binary => width,
            PrefixCoding::Bcd => width.div_ceil(2),
            PrefixCoding::HexAscii => width * 2,
            PrefixCoding::Ber => 1,
        }
    }

    /// The greatest number it can write.
    #[must_use]
    pub const fn max(self) -> u32 {
        match self.coding {
            PrefixCoding::Ascii | PrefixCoding::Ebcdic | PrefixCoding::Bcd => {
                if self.width >= 9 {
                    u32::MAX
                } else {
                    10u32.pow(self.width as u32) - 1
                }
            }
            PrefixCoding::Binary | PrefixCoding::HexAscii => {
                if self.width >= 4 {
                    u32::MAX
                } else {
                    (1u32 << (8 * self.width as u32)) - 1
                }
            }
            PrefixCoding::Ber => u32::MAX,
        }
    }
}

/// A side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Side {
    /// In front.
    Left,
    /// Behind.
    Right,
}

/// Where the spare nibble of an odd number of digits stands, and what it is when written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Pad {
    /// Its side.
    pub side: Side,
    /// Its value when written; any value is read, another one is a finding.
    pub nibble: u8,
}

/// What fills a fixed text value that is given shorter than its size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fill {
    /// On which side the fill goes.
    pub side: Side,
    /// The character.
    pub with: char,
}

/// Everything that says how one value stands on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Wire {
    /// Which characters.
    pub class: Class,
    /// How they are coded.
    pub coding: Coding,
    /// How long.
    pub size: Size,
    /// What the length counts.
    pub counts: Counts,
    /// How the length is written; `None` for fixed sizes.
    pub prefix: Option<Prefix>,
    /// Where an odd nibble goes.
    pub pad: Pad,
    /// How a short fixed value is filled when written.
    pub fill: Option<Fill>,
    /// The data always takes the room of `size.max()`, whatever the prefix says.
    pub filled: bool,
}

impl Wire {
    /// Bytes that `units` of this value take on the wire, and whether a nibble of padding is
    /// among them.
    #[must_use]
    pub const fn data_len(&self, units: u32) -> (usize, bool) {
        let units = units as usize;
        match (self.coding, self.counts) {
            (Coding::Bcd, Counts::Digits | Counts::HexDigits)
            | (Coding::Raw, Counts::Digits | Counts::HexDigits) => {
                (units.div_ceil(2), units % 2 == 1)
            }
            (Coding::SignBcd, _) => (
                1 + units.saturating_sub(1).div_ceil(2),
                units.is_multiple_of(2),
            ),
            (Coding::HexChars(_), Counts::Bytes) => (units * 2, false),
            (Coding::Chars(_), Counts::HexDigits) => (units.div_ceil(2), false),
            _ => (units, false),
        }
    }
}

impl Coding {
    /// Whether the value shows as text rather than as hex or packed digits.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Chars(_) | Self::Zoned)
    }

    /// Whether two digits share a byte.
    #[must_use]
    pub const fn is_packed(self) -> bool {
        matches!(self, Self::Bcd)
    }
}

impl Class {
    /// The letters that the standard writes for it.
    #[must_use]
    pub const fn letters(self) -> &'static str {
        match self {
            Self::A => "a",
            Self::An => "an",
            Self::Anp => "anp",
            Self::Ans => "ans",
            Self::As => "as",
            Self::Ascii => "ascii",
            Self::B => "b",
            Self::Hex => "h",
            Self::N => "n",
            Self::Ns => "ns",
            Self::S => "s",
            Self::Text => "text",
            Self::Xn => "x+n",
            Self::Z => "z",
        }
    }

    /// Whether a character may stand in a value of this class.
    #[must_use]
    pub const fn allows(self, c: char) -> bool {
        match self {
            Self::Text => true,
            Self::Ascii => c.is_ascii(),
            Self::Ans => !c.is_ascii_control(),
            Self::A => c.is_ascii_alphabetic() || c == ' ',
            Self::An | Self::Anp => c.is_ascii_alphanumeric() || c == ' ',
            Self::As => !c.is_ascii_digit() && !c.is_ascii_control(),
            Self::Ns => !c.is_ascii_alphabetic() && !c.is_ascii_control(),
            Self::S => !c.is_ascii_alphanumeric() && !c.is_ascii_control(),
            Self::N => c.is_ascii_digit(),
            Self::B | Self::Hex => c.is_ascii_hexdigit(),
            Self::Xn => c.is_ascii_digit() || c == 'C' || c == 'D',
            Self::Z => c.is_ascii_hexdigit() || matches!(c, '=' | '^' | ';' | '?' | '%'),
        }
    }
}
