//! The grammar of jPOS class names: family, length digits, kind.
//!
//! `IFB_LLHECHAR` reads: binary family, a length of one binary byte (`LLH`), EBCDIC characters.
//! The facts stand in jPOS's documentation; the reading of the names is our own.

use super::super::wire::{
    Class, Coding, Counts, Fill, Pad, Prefix, PrefixCoding, Side, Size, Wire,
};
use super::carrier::{ASCII, EBCDIC, prefix, wire};
use crate::bytes::Charset;

const HEX_ASCII: Coding = Coding::HexChars(Charset::Ascii);
const HEX_EBCDIC: Coding = Coding::HexChars(Charset::Ebcdic1047);

/// What a class stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leaf {
    /// A value.
    Value(Wire),
    /// A bitmap in this coding.
    Bitmap(Coding),
    /// A value with its tag in front or behind the length.
    Tagged(Tagged),
    /// Nothing on the wire.
    Nothing,
    /// Not understood.
    Unknown,
}

/// A tagged value of a private sub-field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tagged {
    pub tag_coding: Coding,
    pub tag_len: u8,
    pub length: Prefix,
    pub length_first: bool,
    pub data: Coding,
}

/// Reads a class name; `size` and `pad` are the attributes beside it.
pub(super) fn leaf(class: &str, size: u32, pad: bool) -> Leaf {
    let name = class.trim().rsplit('.').next().unwrap_or_default();
    let Some((family, kind)) = name.split_once('_') else {
        return Leaf::Unknown;
    };
    match family {
        "IF" => bare(kind, size),
        "IFA" | "IVA" => ascii(kind, size),
        "IFB" => binary(kind, size, pad),
        "IFE" => ebcdic(kind, size),
        "IFAE" => variable(kind, size, PrefixCoding::Ascii, EBCDIC),
        "IFEA" => variable(kind, size, PrefixCoding::Ebcdic, ASCII),
        "IFEB" => variable(kind, size, PrefixCoding::Ebcdic, Coding::Bcd),
        // The transaction category code: a letter, or nothing.
        "IFMC" if kind == "TCC" => Leaf::Value(wire(Class::Text, ASCII, size, None)),
        "IFEMC" if kind == "TCC" => Leaf::Value(wire(Class::Text, EBCDIC, size, None)),
        "IFEP" | "IFEPE" | "IFELPE" | "IFMC" | "IFEMC" | "IFIPM" | "IFTA" | "IFTB" => {
            private(family, kind)
        }
        "Base1" if kind == "BITMAP126" => Leaf::Bitmap(Coding::Raw),
        _ => Leaf::Unknown,
    }
}

fn bare(kind: &str, size: u32) -> Leaf {
    match kind {
        "CHAR" => Leaf::Value(wire(Class::Text, ASCII, size, None)),
        "ECHAR" => Leaf::Value(wire(Class::Text, EBCDIC, size, None)),
        "NOP" | "UNUSED" => Leaf::Nothing,
        _ => Leaf::Unknown,
    }
}

fn ascii(kind: &str, size: u32) -> Leaf {
    match kind {
        "NUMERIC" | "AMOUNT2003" => Leaf::Value(wire(Class::N, ASCII, size, None)),
        "AMOUNT" => Leaf::Value(wire(Class::Xn, ASCII, size, None)),
        "BINARY" => Leaf::Value(wire(Class::B, HEX_ASCII, size, None)),
        "BITMAP" | "BITMAPStandalone" => Leaf::Bitmap(HEX_ASCII),
        "CHAR" => Leaf::Value(wire(Class::Text, ASCII, size, None)),
        _ if kind.starts_with("TT") => tagged_ascii(kind),
        _ => variable(kind, size, PrefixCoding::Ascii, ASCII),
    }
}

fn ebcdic(kind: &str, size: u32) -> Leaf {
    match kind {
        "NUMERIC" => Leaf::Value(wire(Class::N, EBCDIC, size, None)),
        "AMOUNT" => Leaf::Value(wire(Class::Xn, EBCDIC, size, None)),
        "BINARY" => Leaf::Value(wire(Class::B, HEX_EBCDIC, size, None)),
        "BITMAP" => Leaf::Bitmap(HEX_EBCDIC),
        "CHAR" => Leaf::Value(wire(Class::Text, EBCDIC, size, None)),
        "SIGNED_NUMERIC" => Leaf::Value(wire(Class::N, Coding::Zoned, size, None)),
        _ => variable(kind, size, PrefixCoding::Ebcdic, EBCDIC),
    }
}

fn binary(kind: &str, size: u32, pad: bool) -> Leaf {
    let packed = |class, nibble| {
        let pad = Pad {
            side: if pad { Side::Left } else { Side::Right },
            nibble,
        };
        Leaf::Value(Wire {
            pad,
            ..wire(class, Coding::Bcd, size, None)
        })
    };
    match kind {
        "NUMERIC" | "AMOUNT2003" => packed(Class::Hex, 0),
        "FNUMERIC" | "HEX" => packed(Class::Hex, if pad { 0 } else { 0xF }),
        "AMOUNT" => Leaf::Value(wire(Class::Xn, Coding::SignBcd, size, None)),
        "BINARY" => Leaf::Value(wire(Class::B, Coding::Raw, size, None)),
        "BITMAP" => Leaf::Bitmap(Coding::Raw),
        _ => match variable(kind, size, PrefixCoding::Bcd, ASCII) {
            Leaf::Value(found) if found.coding == Coding::Bcd => {
                let nibble = if kind.starts_with('F') && !pad {
                    0xF
                } else {
                    0
                };
                let side = if pad { Side::Left } else { Side::Right };
                Leaf::Value(Wire {
                    pad: Pad { side, nibble },
                    ..found
                })
            }
            other => other,
        },
    }
}

/// `[F]L..L[H]KIND`.
fn variable(kind: &str, size: u32, length: PrefixCoding, text: Coding) -> Leaf {
    let (filled, kind) = match kind.strip_prefix("FL") {
        Some(_) => (true, kind.strip_prefix('F').unwrap_or(kind)),
        None => (false, kind),
    };
    let digits = kind.bytes().take_while(|b| *b == b'L').count();
    let Ok(width) = u8::try_from(digits) else {
        return Leaf::Unknown;
    };
    let rest = kind.get(digits..).unwrap_or_default();
    if width == 0 || width > 6 {
        return Leaf::Unknown;
    }
    // `HEX` is a kind of its own; before any other kind an `H` makes the length binary.
    let (length, rest) = match rest.strip_prefix('H').filter(|_| rest != "HEX") {
        Some(rest) => (
            prefix(PrefixCoding::Binary, width.saturating_sub(1).max(1)),
            rest,
        ),
        None => (prefix(length, width), rest),
    };
    let numeric = if length_is_binary_family(length, text) {
        Coding::Bcd
    } else {
        text
    };
    let Some((class, coding)) = content(rest, text, numeric) else {
        return Leaf::Unknown;
    };
    let mut found = wire(class, coding, size, Some(length));
    found.size = Size::Var { min: 0, max: size };
    match rest {
        "HEX" => {
            found.counts = Counts::HexDigits;
            found.size = Size::Var {
                min: 0,
                max: size.saturating_mul(2),
            };
        }
        "FBINARY" => found.filled = true,
        // The length of packed digits behind an EBCDIC length counts bytes.
        "NUM" if text == Coding::Bcd => {
            found.counts = Counts::Bytes;
            found.size = Size::Var {
                min: 0,
                max: size.div_ceil(2),
            };
        }
        _ => {}
    }
    if filled && found.coding.is_text() {
        found.filled = true;
        found.fill = Some(Fill {
            side: Side::Right,
            with: ' ',
        });
    }
    Leaf::Value(found)
}

fn length_is_binary_family(length: Prefix, text: Coding) -> bool {
    matches!(length.coding, PrefixCoding::Bcd | PrefixCoding::Binary) || text == Coding::Bcd
}

fn content(kind: &str, text: Coding, numeric: Coding) -> Option<(Class, Coding)> {
    Some(match kind {
        "CHAR" if text == Coding::Bcd => return None,
        "CHAR" => (Class::Text, text),
        "ECHAR" => (Class::Text, EBCDIC),
        "NUM" if numeric == Coding::Bcd => (Class::Hex, Coding::Bcd),
        "NUM" => (Class::Text, numeric),
        "BNUM" => (Class::Hex, Coding::Bcd),
        "BINARY" | "FBINARY" | "HEX" => (Class::B, Coding::Raw),
        "ABINARY" => (Class::B, HEX_ASCII),
        "EBINARY" => (Class::B, HEX_EBCDIC),
        _ => return None,
    })
}

/// `TTLLCHAR`, `TTTLLLCHAR`: a tag of as many characters, then an ASCII length.
fn tagged_ascii(kind: &str) -> Leaf {
    let tag = kind.bytes().take_while(|b| *b == b'T').count();
    let rest = kind.get(tag..).unwrap_or_default();
    let digits = rest.bytes().take_while(|b| *b == b'L').count();
    let (Ok(tag_len), Ok(width @ 1..)) = (u8::try_from(tag), u8::try_from(digits)) else {
        return Leaf::Unknown;
    };
    let data = if rest.ends_with("BINARY") {
        Coding::Raw
    } else {
        ASCII
    };
    let length = prefix(PrefixCoding::Ascii, width);
    Leaf::Tagged(Tagged {
        tag_coding: ASCII,
        tag_len,
        length,
        length_first: false,
        data,
    })
}

/// Private sub-elements of the schemes: which part comes first, and how each is written.
///
/// `IFEP_LLCHAR` is all ASCII, but its longer relatives write length and tag in EBCDIC around data
/// as it is; `IFEMC` has its tag in ASCII and the rest in EBCDIC.
fn private(family: &str, kind: &str) -> Leaf {
    let digits = kind.bytes().take_while(|b| *b == b'L').count();
    let Ok(width @ 1..) = u8::try_from(digits) else {
        return Leaf::Unknown;
    };
    let (tag_coding, coding, text) = match family {
        "IFEP" if width > 2 => (EBCDIC, PrefixCoding::Ebcdic, ASCII),
        "IFEPE" | "IFELPE" => (EBCDIC, PrefixCoding::Ebcdic, EBCDIC),
        "IFEMC" => (ASCII, PrefixCoding::Ebcdic, EBCDIC),
        "IFTB" => (ASCII, PrefixCoding::Bcd, ASCII),
        _ => (ASCII, PrefixCoding::Ascii, ASCII),
    };
    let length_first = matches!(family, "IFEP" | "IFELPE");
    let tag_len = if family == "IFIPM" { 4 } else { 2 };
    let length = Prefix {
        coding,
        width,
        adds: if length_first { tag_len } else { 0 },
    };
    let data = if kind.ends_with("BINARY") {
        Coding::Raw
    } else {
        text
    };
    Leaf::Tagged(Tagged {
        tag_coding,
        tag_len,
        length,
        length_first,
        data,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(class: &str, size: u32) -> Wire {
        match leaf(class, size, false) {
            Leaf::Value(wire) => wire,
            other => panic!("{class}: {other:?}"),
        }
    }

    #[test]
    fn lengths_are_read_from_the_run_of_l() {
        let length = |class: &str| value(class, 50).prefix.unwrap();
        assert_eq!(
            length("org.jpos.iso.IFA_LLLCHAR"),
            prefix(PrefixCoding::Ascii, 3)
        );
        assert_eq!(length("IFB_LLLBINARY "), prefix(PrefixCoding::Bcd, 3));
        assert_eq!(length("IFB_LLHCHAR"), prefix(PrefixCoding::Binary, 1));
        assert_eq!(length("IFB_LLLHECHAR"), prefix(PrefixCoding::Binary, 2));
        assert_eq!(length("IFA_LLLLLLBINARY"), prefix(PrefixCoding::Ascii, 6));
        assert_eq!(length("IFEA_LLCHAR"), prefix(PrefixCoding::Ebcdic, 2));
    }

    #[test]
    fn kinds_say_what_the_length_counts() {
        assert_eq!(value("IFB_LLNUM", 19).counts, Counts::Digits);
        assert_eq!(value("IFB_LLHEX", 10).counts, Counts::HexDigits);
        assert_eq!(value("IFB_LLHEX", 10).size.max(), 20);
        assert_eq!(value("IFEB_LLNUM", 19).counts, Counts::Bytes);
        assert_eq!(value("IFA_LLABINARY", 10).coding, HEX_ASCII);
        assert_eq!(value("IFB_FNUMERIC", 5).pad.nibble, 0xF);
        assert!(value("IFB_LLHFBINARY", 10).filled);
        assert!(value("IFA_FLLCHAR", 10).filled);
    }

    #[test]
    fn tagged_classes_know_their_tag_and_what_the_length_holds() {
        let tagged = |class: &str| match leaf(class, 0, false) {
            Leaf::Tagged(tagged) => tagged,
            other => panic!("{class}: {other:?}"),
        };
        let euro = tagged("IFEP_LLLCHAR");
        assert!(euro.length_first && euro.length.adds == 2 && euro.length.width == 3);
        assert_eq!((euro.tag_coding, euro.data), (EBCDIC, ASCII));
        assert!(!tagged("IFEPE_LLCHAR").length_first);
        assert_eq!(tagged("IFTB_LLBINARY").length, prefix(PrefixCoding::Bcd, 2));
        assert_eq!(tagged("IFIPM_LLLCHAR").tag_len, 4);
        assert_eq!(tagged("IFA_TTTLLLCHAR").tag_len, 3);
        assert_eq!(leaf("com.example.Strange", 4, false), Leaf::Unknown);
        assert_eq!(leaf("IF_NOP", 0, false), Leaf::Nothing);
    }
}
