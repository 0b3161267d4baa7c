//! The parts in front of a message, their names, and how a frame is split into them.

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

/// How a length header is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum LengthCoding {
    /// Two bytes, most significant first.
    Be2,
    /// Two bytes, least significant first.
    Le2,
    /// Four bytes, most significant first.
    Be4,
    /// Two bytes of packed decimal digits.
    Bcd2,
    /// Four ASCII digits.
    Ascii4,
}

/// A length header.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Length {
    /// How it is written.
    pub coding: LengthCoding,
    /// Whether it counts itself.
    pub inclusive: bool,
}

/// One part of what stands in front of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FramePart {
    /// A length of everything behind it.
    Length(Length),
    /// A TPDU: id, destination, source; five bytes.
    Tpdu,
    /// The UnionPay POS header: six bytes of packed digits.
    Header6,
    /// The BASE I header: its first byte is its length, 22 as a rule.
    Base1,
    /// `ISO` and nine digits, as BASE24 writes.
    IsoText,
    /// Bytes that mean nothing to poslab.
    Fixed(u16),
}

/// All parts in front of a message, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Framing {
    /// The parts.
    pub parts: Vec<FramePart>,
}

/// A part as found in a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Which part.
    pub part: FramePart,
    /// Its bytes.
    pub range: Range<usize>,
    /// The number of bytes that a length header says follow it; `None` when it is unreadable.
    pub declared: Option<usize>,
}

/// A frame, split.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The parts in front that are there in full.
    pub pieces: Vec<Piece>,
    /// The message, as far as the length header and the bytes allow.
    pub body: Range<usize>,
    /// The part that the frame is too short for.
    pub cut_in: Option<FramePart>,
}

impl Length {
    /// Bytes it takes.
    #[must_use]
    pub const fn len_bytes(self) -> usize {
        match self.coding {
            LengthCoding::Be2 | LengthCoding::Le2 | LengthCoding::Bcd2 => 2,
            LengthCoding::Be4 | LengthCoding::Ascii4 => 4,
        }
    }

    /// The number of bytes that follow, as the header says; `None` when it is no number or counts
    /// less than itself.
    #[must_use]
    pub fn read(self, bytes: &[u8]) -> Option<usize> {
        let number = match (self.coding, bytes) {
            (LengthCoding::Be2, [a, b]) => usize::from(u16::from_be_bytes([*a, *b])),
            (LengthCoding::Le2, [a, b]) => usize::from(u16::from_le_bytes([*a, *b])),
            (LengthCoding::Be4, [a, b, c, d]) => {
                usize::try_from(u32::from_be_bytes([*a, *b, *c, *d])).ok()?
            }
            (LengthCoding::Bcd2, [a, b]) => decimal([a >> 4, a & 15, b >> 4, b & 15])?,
            (LengthCoding::Ascii4, [a, b, c, d]) => {
                decimal([*a, *b, *c, *d].map(|digit| digit.wrapping_sub(b'0')))?
            }
            _ => return None,
        };
        if self.inclusive {
            number.checked_sub(self.len_bytes())
        } else {
            Some(number)
        }
    }

    /// Appends the header for `following` bytes; `None` when it cannot write the number.
    pub fn write(self, following: usize, out: &mut Vec<u8>) -> Option<()> {
        let number = following + if self.inclusive { self.len_bytes() } else { 0 };
        match self.coding {
            LengthCoding::Be2 => out.extend(u16::try_from(number).ok()?.to_be_bytes()),
            LengthCoding::Le2 => out.extend(u16::try_from(number).ok()?.to_le_bytes()),
            LengthCoding::Be4 => out.extend(u32::try_from(number).ok()?.to_be_bytes()),
            LengthCoding::Bcd2 => {
                let [a, b, c, d] = four_digits(number)?;
                out.extend([a << 4 | b, c << 4 | d]);
            }
            LengthCoding::Ascii4 => out.extend(four_digits(number)?.map(|digit| digit + b'0')),
        }
        Some(())
    }
}

fn decimal(digits: [u8; 4]) -> Option<usize> {
    digits.iter().try_fold(0, |sum, digit| {
        (*digit <= 9).then_some(sum * 10 + usize::from(*digit))
    })
}

fn four_digits(number: usize) -> Option<[u8; 4]> {
    let number = u16::try_from(number).ok().filter(|n| *n <= 9999)?;
    Some([1000, 100, 10, 1].map(|unit| u8::try_from(number / unit % 10).unwrap_or(0)))
}

impl FramePart {
    /// Bytes it takes at the start of `bytes`; `None` when they are not all there.
    #[must_use]
    pub fn len_in(self, bytes: &[u8]) -> Option<usize> {
        let len = match self {
            Self::Length(length) => length.len_bytes(),
            Self::Tpdu => 5,
            Self::Header6 => 6,
            Self::Base1 => usize::from(*bytes.first()?).max(1),
            Self::IsoText => 12,
            Self::Fixed(len) => usize::from(len),
        };
        (len <= bytes.len()).then_some(len)
    }
}

impl Framing {
    /// No frame: the message stands alone.
    #[must_use]
    pub const fn none() -> Self {
        Self { parts: Vec::new() }
    }

    /// Splits a frame. Never fails: what is missing is said in the result.
    #[must_use]
    pub fn split(&self, frame: &[u8]) -> Split {
        let mut pieces = Vec::with_capacity(self.parts.len());
        let (mut at, mut end, mut cut_in) = (0, frame.len(), None);
        for part in &self.parts {
            let rest = frame.get(at..end).unwrap_or_default();
            let Some(len) = part.len_in(rest) else {
                cut_in = Some(*part);
                break;
            };
            let range = at..at + len;
            let declared = match part {
                FramePart::Length(length) => length.read(rest.get(..len).unwrap_or_default()),
                _ => None,
            };
            at += len;
            if let Some(declared) = declared {
                end = end.min(at.saturating_add(declared));
            }
            pieces.push(Piece {
                part: *part,
                range,
                declared,
            });
        }
        Split {
            pieces,
            body: at..end.max(at),
            cut_in,
        }
    }

    /// Puts `body` into this frame; `header` gives the bytes of each part that is no length.
    ///
    /// **Errors**: the part that has no bytes, bytes of the wrong length, or cannot write the
    /// length.
    pub fn wrap(
        &self,
        body: &[u8],
        header: &mut dyn FnMut(FramePart) -> Option<Vec<u8>>,
    ) -> Result<Vec<u8>, FramePart> {
        let mut out = body.to_vec();
        for part in self.parts.iter().rev() {
            let mut front = Vec::with_capacity(out.len() + 8);
            match part {
                FramePart::Length(length) => length.write(out.len(), &mut front).ok_or(*part)?,
                other => {
                    let bytes = header(*other).ok_or(*part)?;
                    if other.len_in(&bytes) != Some(bytes.len()) {
                        return Err(*part);
                    }
                    front.extend(bytes);
                }
            }
            front.extend_from_slice(&out);
            out = front;
        }
        Ok(out)
    }
}

impl fmt::Display for FramePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(length) => {
                let name = match length.coding {
                    LengthCoding::Be2 => "len2be",
                    LengthCoding::Le2 => "len2le",
                    LengthCoding::Be4 => "len4be",
                    LengthCoding::Bcd2 => "len2bcd",
                    LengthCoding::Ascii4 => "len4ascii",
                };
                write!(
                    f,
                    "{name}{}",
                    if length.inclusive { "-inclusive" } else { "" }
                )
            }
            Self::Tpdu => f.write_str("tpdu"),
            Self::Header6 => f.write_str("header6"),
            Self::Base1 => f.write_str("base1"),
            Self::IsoText => f.write_str("iso12"),
            Self::Fixed(len) => write!(f, "fixed{len}"),
        }
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.parts.is_empty() {
            return f.write_str("none");
        }
        self.parts
            .iter()
            .enumerate()
            .try_for_each(|(index, part)| write!(f, "{}{part}", if index == 0 { "" } else { "+" }))
    }
}

/// A word that names no part of a frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownPart(pub String);

impl fmt::Display for UnknownPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let known = "len2be, len2le, len4be, len2bcd, len4ascii (each also -inclusive), tpdu, \
                     header6, base1, iso12, fixedN or none";
        write!(f, "found \"{}\", expected {known}", self.0)
    }
}

impl std::error::Error for UnknownPart {}

impl FromStr for FramePart {
    type Err = UnknownPart;

    fn from_str(word: &str) -> Result<Self, UnknownPart> {
        let (name, inclusive) = match word.strip_suffix("-inclusive") {
            Some(name) => (name, true),
            None => (word, false),
        };
        let length = |coding| Ok(Self::Length(Length { coding, inclusive }));
        match name {
            "len2be" => length(LengthCoding::Be2),
            "len2le" => length(LengthCoding::Le2),
            "len4be" => length(LengthCoding::Be4),
            "len2bcd" => length(LengthCoding::Bcd2),
            "len4ascii" => length(LengthCoding::Ascii4),
            "tpdu" => Ok(Self::Tpdu),
            "header6" => Ok(Self::Header6),
            "base1" => Ok(Self::Base1),
            "iso12" => Ok(Self::IsoText),
            _ => match name.strip_prefix("fixed").and_then(|n| n.parse().ok()) {
                Some(len) if len > 0 => Ok(Self::Fixed(len)),
                _ => Err(UnknownPart(word.to_owned())),
            },
        }
    }
}

impl FromStr for Framing {
    type Err = UnknownPart;

    fn from_str(words: &str) -> Result<Self, UnknownPart> {
        if words.trim() == "none" {
            return Ok(Self::none());
        }
        let parts = words
            .split('+')
            .map(|word| word.trim().parse())
            .collect::<Result<_, _>>()?;
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framing(words: &str) -> Framing {
        words.parse().expect("the test's own words")
    }

    #[test]
    fn names_go_both_ways() {
        for words in [
            "none",
            "len2be+tpdu+header6",
            "len4ascii-inclusive+iso12",
            "base1",
            "fixed9",
        ] {
            assert_eq!(framing(words).to_string(), words);
        }
        assert!("len3".parse::<Framing>().is_err());
    }

    #[test]
    fn a_unionpay_frame_splits_and_wraps_back() {
        let frame = hex::decode("000D6000030000603100310001080000").expect("hex");
        let unionpay = framing("len2be+tpdu+header6");
        let split = unionpay.split(&frame);
        assert_eq!(split.pieces.len(), 3);
        assert_eq!(split.body, 13..15);
        let mut parts = split
            .pieces
            .iter()
            .map(|p| frame[p.range.clone()].to_vec())
            .skip(1)
            .rev();
        let back = unionpay
            .wrap(&frame[13..15], &mut |_| parts.next())
            .expect("fits");
        assert_eq!(back[..15], frame[..15]);
    }

    #[test]
    fn a_short_frame_says_where_it_was_cut() {
        let split = framing("len2be+tpdu").split(&[0, 9, 0x60]);
        assert_eq!(split.cut_in, Some(FramePart::Tpdu));
        assert_eq!(split.body, 2..3);
        assert_eq!(split.pieces[0].declared, Some(9));
    }

    #[test]
    fn lengths_read_in_every_coding() {
        let read = |word: &str, bytes: &[u8]| match word.parse() {
            Ok(FramePart::Length(length)) => length.read(bytes),
            _ => panic!("a length word"),
        };
        assert_eq!(read("len2be", &[1, 2]), Some(258));
        assert_eq!(read("len2le", &[1, 2]), Some(513));
        assert_eq!(read("len2bcd", &[0x01, 0x16]), Some(116));
        assert_eq!(read("len2bcd", &[0x01, 0x1A]), None);
        assert_eq!(read("len4ascii-inclusive", b"0067"), Some(63));
        assert_eq!(read("len4ascii-inclusive", b"0001"), None);
    }
}
