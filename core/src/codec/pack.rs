//! The writer: a draft becomes bytes, lengths, bitmaps and padding being its business alone.

mod parts;
mod write;

use super::draft::{Draft, Value};
use super::head::FieldSet;
use crate::bytes::{Charset, hex_digit};
use crate::spec::{BitmapSpec, Class, Coding, Dialect};
use std::borrow::Cow;
use std::fmt;

/// What cannot be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackFault {
    /// The dialect does not know the field.
    NotInDialect,
    /// The MTI is no four digits.
    Mti,
    /// A character that the coding or the class cannot write.
    Character {
        /// The character.
        found: char,
        /// The class of the value.
        class: Class,
    },
    /// Hex with an odd number of digits.
    OddHex,
    /// Too long for the dialect or its length prefix.
    TooLong {
        /// How long it is, in the unit of the dialect.
        len: u32,
        /// How long it may be.
        max: u32,
    },
    /// Shorter than its fixed size, and the dialect does not say how to fill it.
    TooShort {
        /// How long it is, in the unit of the dialect.
        len: u32,
        /// How long it must be.
        size: u32,
    },
    /// Parts were given, but the dialect says nothing of such a part.
    NoSuchPart,
}

/// A draft that has no bytes in this dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackError {
    /// The field path.
    pub path: String,
    /// Why.
    pub fault: PackFault,
}

impl fmt::Display for PackError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path)?;
        match &self.fault {
            PackFault::NotInDialect => f.write_str("the dialect has no such field"),
            PackFault::Mti => f.write_str("the message type must be four digits"),
            PackFault::Character { found, class } => {
                write!(
                    f,
                    "{found:?} cannot stand in a value of class {}",
                    class.letters()
                )
            }
            PackFault::OddHex => f.write_str("hex needs an even number of digits"),
            PackFault::TooLong { len, max } => write!(f, "{len} long, at most {max} allowed"),
            PackFault::TooShort { len, size } => write!(f, "{len} long, must be {size}"),
            PackFault::NoSuchPart => f.write_str("the dialect has no such part"),
        }
    }
}

impl std::error::Error for PackError {}

/// The bytes of a draft, MTI to last field, with nothing in front.
///
/// **Errors**: the first field that cannot be written, and why.
pub fn pack(dialect: &Dialect, draft: &Draft<'_>) -> Result<Vec<u8>, PackError> {
    let mut out = Vec::with_capacity(320);
    pack_into(dialect, draft, &mut out)?;
    Ok(out)
}

/// Appends the bytes of a draft, sparing the allocation.
///
/// **Errors**: as [`pack`]; `out` may then hold a part of the message.
pub fn pack_into(dialect: &Dialect, draft: &Draft<'_>, out: &mut Vec<u8>) -> Result<(), PackError> {
    write_mti(dialect, draft.mti(), out)?;
    let mut set = FieldSet::default();
    draft.fields().for_each(|(de, _)| set.insert(de));
    write_bitmaps(&dialect.bitmap, set, draft.bitmaps(), out);
    if let Some(holder) = dialect.bitmap.third_in_field
        && draft.fields().any(|(de, _)| de > 128)
        && !set.has(holder)
    {
        return Err(PackError {
            path: format!("DE{holder}"),
            fault: PackFault::NotInDialect,
        });
    }
    for (de, value) in draft.fields() {
        if let Value::Text(text) = value
            && write::step(dialect.step(de), text, out)
        {
            continue;
        }
        let wrong = |fault| PackError {
            path: format!("DE{de}"),
            fault,
        };
        let wire = dialect
            .wire(de)
            .ok_or_else(|| wrong(PackFault::NotInDialect))?;
        match value {
            Value::Text(text) => write::value(wire, text, out).map_err(wrong)?,
            Value::Parts(parts) => {
                let field = dialect
                    .field(de)
                    .ok_or_else(|| wrong(PackFault::NotInDialect))?;
                let lookup = |path: &str| lookup(draft, path);
                let writer = parts::Writer {
                    mti: draft.mti(),
                    lookup: &lookup,
                };
                writer.field(field, parts, &format!("DE{de}"), out)?;
            }
        }
    }
    Ok(())
}

/// A value of the draft by path, as far as it can be had without packing: a whole field, or a part
/// of a field that was given in parts.
fn lookup<'d>(draft: &'d Draft<'_>, path: &str) -> Option<Cow<'d, str>> {
    let (de, rest) = path.split_once('.').unwrap_or((path, ""));
    let mut value = draft.value(de.parse().ok()?)?;
    for step in rest.split('.').filter(|step| !step.is_empty()) {
        match value {
            Value::Parts(parts) => value = &parts.iter().find(|(key, _)| key == step)?.1,
            Value::Text(text) => return custom_60(text, de, step),
        }
    }
    match value {
        Value::Text(text) => Some(Cow::Borrowed(text)),
        Value::Parts(_) => None,
    }
}

/// The leading parts of DE60 of the POS dialects stand at fixed digits; other texts are not split.
fn custom_60<'d>(text: &'d str, de: &str, step: &str) -> Option<Cow<'d, str>> {
    let digits = match (de, step) {
        ("60", "1") => 0..2,
        ("60", "2") => 2..8,
        ("60", "3") => 8..11,
        _ => return None,
    };
    text.get(digits).map(Cow::Borrowed)
}

fn write_mti(dialect: &Dialect, mti: &str, out: &mut Vec<u8>) -> Result<(), PackError> {
    let wrong = || PackError {
        path: "MTI".to_owned(),
        fault: PackFault::Mti,
    };
    let digits = <[u8; 4]>::try_from(mti.as_bytes()).map_err(|_| wrong())?;
    if !digits.iter().all(u8::is_ascii_digit) {
        return Err(wrong());
    }
    match dialect.mti.coding {
        Coding::Chars(set) => set.encode_into(mti, out).map_err(|_| wrong())?,
        _ => {
            let [a, b, c, d] = digits.map(|digit| digit - b'0');
            out.extend([a << 4 | b, c << 4 | d]);
        }
    }
    Ok(())
}

/// Writes as many blocks as the set needs, or are kept; the third only where it follows the second.
pub(super) fn write_bitmaps(spec: &BitmapSpec, set: FieldSet, kept: u8, out: &mut Vec<u8>) {
    if spec.block_bytes == 16 {
        write_word(spec, set.word(0), 8, out);
        write_word(spec, set.word(1), 8, out);
        return;
    }
    let needed = if set.word(2) != 0 && spec.third_in_field.is_none() {
        3
    } else if set.word(1) != 0 || set.word(2) != 0 {
        2
    } else {
        1
    };
    let least = needed.max(kept).max(spec.min_blocks);
    let blocks = least.min(spec.max_blocks.max(1));
    for block in 0..blocks {
        let more = spec.continues && block + 1 < blocks;
        let word = set.word(usize::from(block)) | if more { 1 << 63 } else { 0 };
        write_word(spec, word, spec.block_bytes.min(8), out);
    }
}

fn write_word(spec: &BitmapSpec, word: u64, bytes: u8, out: &mut Vec<u8>) {
    if let (Coding::HexChars(Charset::Ascii), 8) = (spec.coding, bytes) {
        let digits: [u8; 16] = std::array::from_fn(|at| hex_digit((word >> (60 - 4 * at)) as u8));
        out.extend_from_slice(&digits);
        return;
    }
    for byte in word.to_be_bytes().into_iter().take(usize::from(bytes)) {
        match spec.coding {
            Coding::Chars(set) | Coding::HexChars(set) => {
                for nibble in [byte >> 4, byte & 15] {
                    let mut digit = [0; 4];
                    let text = char::from(hex_digit(nibble)).encode_utf8(&mut digit);
                    // Hex digits stand in every character set, so this cannot fail.
                    let _ = set.encode_into(text, out);
                }
            }
            _ => out.push(byte),
        }
    }
}
