//! What could repair a finding, before anybody has tried it.

use super::{Edit, Fix, FixKind};
use crate::bytes::{Span, to_hex};
use crate::codec::fault::{Fault, Finding, SaidBy};
use crate::codec::tree::{Dissection, NodeKind};
use crate::frame::{FramePart, Framing};
use crate::spec::{Coding, Dialect, PrefixCoding};

/// More than a MAC and a checksum is no leftover: the reader has lost its place.
const MOST_DROPPED: usize = 16;

/// The change that would make a finding go away, if its kind has one.
pub(super) fn propose(tree: &Dissection<'_>, framing: &Framing, finding: &Finding) -> Option<Fix> {
    let de = || finding.path.strip_prefix("DE")?.parse::<u8>().ok();
    match &finding.fault {
        Fault::LengthHeader { declared, present } if declared < present && behind(tree) > 0 => {
            let count = behind(tree);
            let end = tree.frame().len();
            (count <= MOST_DROPPED).then(|| Fix {
                kind: FixKind::DropTrailing { count },
                edits: vec![cut(Span::bytes(end - count..end))],
            })
        }
        Fault::LengthHeader { present, .. } => length_header(framing, finding, *present),
        Fault::LengthHeaderUnreadable { .. } => {
            let after = tree
                .frame()
                .len()
                .saturating_sub(finding.span.byte_range().end);
            length_header(framing, finding, after)
        }
        Fault::Trailing { count } if *count <= MOST_DROPPED => Some(Fix {
            kind: FixKind::DropTrailing { count: *count },
            edits: vec![cut(finding.span)],
        }),
        Fault::PadNibble { expected, .. } => Some(Fix {
            kind: FixKind::Pad { to: *expected },
            edits: vec![Edit {
                bits: finding.span,
                hex: format!("{expected:X}"),
            }],
        }),
        Fault::FieldForbidden { .. } => {
            let node = tree.node(tree.field(de()?)?)?;
            Some(Fix {
                kind: FixKind::Remove { de: de()? },
                edits: vec![bit(tree, de()?, false)?, cut(node.span)],
            })
        }
        Fault::LengthBeyondData {
            have,
            said_by: SaidBy::Prefix { at, unit, .. },
            ..
        } => prefix(tree.dialect(), de()?, (*at, *have, unit), &finding.path),
        Fault::TruncatedField { have: 0, .. } => Some(Fix {
            kind: FixKind::Unannounce { de: de()? },
            edits: vec![bit(tree, de()?, false)?],
        }),
        Fault::BitmapBeyondDialect { blocks: 1 } => Some(Fix {
            kind: FixKind::Unannounce { de: 1 },
            edits: vec![bit(tree, 1, false)?],
        }),
        _ => None,
    }
}

/// Bit 2 set and bit 1 cleared.
pub(super) fn swapped(tree: &Dissection<'_>) -> Option<Fix> {
    let first = bit(tree, 1, false)?;
    let digit = u8::from_str_radix(&first.hex, 16).ok()?;
    let character = first.bits.len() == 8;
    let bits = first.bits;
    let hex = match character {
        true => {
            let value = crate::bytes::hex_value(digit)? | 4;
            format!(
                "{:02X}",
                char::from_digit(u32::from(value), 16)?.to_ascii_uppercase() as u32
            )
        }
        false => format!("{:X}", digit | 4),
    };
    Some(Fix {
        kind: FixKind::SwapBits,
        edits: vec![Edit { bits, hex }],
    })
}

/// Bytes behind those that the length header counts.
fn behind(tree: &Dissection<'_>) -> usize {
    tree.frame().len().saturating_sub(tree.body.end)
}

fn cut(bits: Span) -> Edit {
    Edit {
        bits,
        hex: String::new(),
    }
}

fn length_header(framing: &Framing, finding: &Finding, present: usize) -> Option<Fix> {
    let length = framing.parts.iter().find_map(|part| match part {
        FramePart::Length(length) => Some(*length),
        _ => None,
    })?;
    let mut header = Vec::new();
    length.write(present, &mut header)?;
    Some(Fix {
        kind: FixKind::LengthHeader { to: present },
        edits: vec![Edit {
            bits: finding.span,
            hex: to_hex(&header),
        }],
    })
}

/// A prefix that says how many units `have` bytes are.
fn prefix(
    dialect: &Dialect,
    de: u8,
    (at, have, unit): (usize, usize, &str),
    path: &str,
) -> Option<Fix> {
    // Card numbers and tracks have lengths of their own; a short one was cut.
    if matches!(de, 2 | 34..=36 | 45) {
        return None;
    }
    let wire = &dialect.field(de)?.wire;
    let prefix = wire.prefix?;
    let packed = wire.data_len(2).0 == 1 && unit != "bytes";
    let units = u32::try_from(if packed { have * 2 } else { have }).ok()?;
    let number = units + u32::from(prefix.adds);
    let len = prefix.len_bytes();
    let digits = |zone: u8| -> Vec<u8> {
        let text = format!("{number:0len$}");
        text.bytes().map(|digit| digit - b'0' + zone).collect()
    };
    let bytes = match prefix.coding {
        PrefixCoding::Ascii => digits(b'0'),
        PrefixCoding::Ebcdic => digits(0xF0),
        PrefixCoding::Bcd => {
            let text = format!("{number:0width$}", width = len * 2);
            hex::decode(text).ok()?
        }
        PrefixCoding::Binary => number.to_be_bytes().get(4 - len.min(4)..)?.to_vec(),
        PrefixCoding::HexAscii => format!("{number:0len$X}").into_bytes(),
        PrefixCoding::Ber => return None,
    };
    (bytes.len() == len).then(|| Fix {
        kind: FixKind::Prefix {
            path: path.to_owned(),
            to: number,
        },
        edits: vec![Edit {
            bits: Span::bytes(at..at + len),
            hex: to_hex(&bytes),
        }],
    })
}

/// The nibble, or the character, of the bitmap with one bit set or cleared.
fn bit(tree: &Dissection<'_>, de: u8, on: bool) -> Option<Edit> {
    let is_bitmap = |id| tree.node(id).filter(|node| node.kind == NodeKind::Bitmap);
    let node = tree.children(tree.root()).find_map(is_bitmap)?;
    let span = tree.bitmap_bit(de)?;
    let weight = 8 >> ((u32::from(de) - 1) % 4);
    let change = |nibble: u8| {
        if on {
            nibble | weight
        } else {
            nibble & !weight
        }
    };
    let byte = *tree.frame().get(span.start as usize / 8)?;
    if node.coding == Coding::Raw {
        let start = span.start / 4 * 4;
        let nibble = if start.is_multiple_of(8) {
            byte >> 4
        } else {
            byte & 15
        };
        return Some(Edit {
            bits: Span::bits(start, start + 4),
            hex: format!("{:X}", change(nibble)),
        });
    }
    let set = match node.coding {
        Coding::HexChars(set) | Coding::Chars(set) => set,
        _ => return None,
    };
    let digit = crate::bytes::hex_value(set.decode_byte(byte) as u32 as u8)?;
    let mut written = Vec::new();
    set.encode_into(&format!("{:X}", change(digit)), &mut written)
        .ok()?;
    Some(Edit {
        bits: span,
        hex: to_hex(&written),
    })
}
