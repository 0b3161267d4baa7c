//! moov-io/iso8583: types, encodings and prefixes by name, composites of three kinds.

use super::super::dialect::{BitmapSpec, Dialect, MtiSpec};
use super::super::field::{Field, Name};
use super::super::layout::{Layout, TagSpec, TlvSpec};
use super::super::wire::{
    Class, Coding, Counts, Fill, Pad, Prefix, PrefixCoding, Side, Size, Wire,
};
use super::carrier::{ASCII, prefix, rest, wire};
use super::error::{ImportError, Report, WarningCode};
use super::{Format, Imported, line_of};
use crate::bytes::{Charset, sort_by_number};
use serde_json::{Map, Value};

/// Composites inside composites: deeper is a mistake.
const MAX_DEPTH: usize = 8;

pub(super) fn read(
    fields: &Map<String, Value>,
    text: &str,
    name: &str,
) -> Result<Imported, ImportError> {
    let mut reader = Reader {
        text,
        report: Report::default(),
    };
    let highest = fields
        .keys()
        .filter_map(|key| key.parse::<u8>().ok())
        .max()
        .unwrap_or(64);
    let mti = match fields.get("0") {
        Some(entry) => match reader.coding("0", entry) {
            Coding::Raw => Coding::Bcd,
            coding => coding,
        },
        None => {
            reader.warn("0", WarningCode::Assumed, "MTI in ASCII");
            ASCII
        }
    };
    let bitmap = match fields.get("1") {
        Some(entry) => reader.bitmap("1", entry, highest),
        None => {
            reader.warn("1", WarningCode::Assumed, "bitmap of raw bytes");
            BitmapSpec::usual(Coding::Raw)
        }
    };
    let mut dialect = Dialect::new(name, MtiSpec { coding: mti }, bitmap);
    for (key, entry) in fields {
        match key.parse::<u8>() {
            Ok(0 | 1) => {}
            Ok(de @ 2..=192) => dialect.set_field(de, reader.field(key, entry, 0)?),
            _ => reader.warn(key, WarningCode::Ignored, "field number"),
        }
    }
    let warnings = reader.report.warnings;
    Ok(Imported::new(Format::Moov, dialect, warnings))
}

struct Reader<'t> {
    text: &'t str,
    report: Report,
}

/// What a prefix name says.
enum Length {
    Fixed,
    /// `Hex.Fixed`: the data is written as hex digits.
    FixedHex,
    Prefixed(Prefix),
}

fn text_at<'v>(entry: &'v Value, key: &str) -> &'v str {
    entry.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn number_at(entry: &Value, key: &str) -> Option<u32> {
    entry
        .get(key)
        .and_then(Value::as_u64)
        .and_then(|n| u32::try_from(n).ok())
}

impl Reader<'_> {
    fn warn(&mut self, entry: &str, code: WarningCode, found: &str) {
        let key = entry.rsplit('.').next().unwrap_or(entry);
        self.report
            .warn(line_of(self.text, key), entry, code, found);
    }

    fn wrong(&self, entry: &str, found: &str, allowed: &'static str) -> ImportError {
        let key = entry.rsplit('.').next().unwrap_or(entry);
        let line = line_of(self.text, key);
        ImportError::Entry {
            line,
            entry: entry.into(),
            found: found.into(),
            allowed,
        }
    }

    fn coding(&mut self, entry: &str, value: &Value) -> Coding {
        match text_at(value, "enc") {
            "ASCII" | "LenientASCII" => ASCII,
            "BCD" | "LBCD" | "PackedBCDHex" | "Track2BCD" => Coding::Bcd,
            "EBCDIC" => Coding::Chars(Charset::Ebcdic500),
            "EBCDIC1047" => Coding::Chars(Charset::Ebcdic1047),
            "Binary" | "None" | "ASCIIToHex" | "ASCIIHexToBytes" | "BerTLVTag" => Coding::Raw,
            "HexToASCII" | "BytesToASCIIHex" => Coding::HexChars(Charset::Ascii),
            "UTF8" | "UTF-8" => Coding::Chars(Charset::Utf8),
            "" if text_at(value, "type") == "Binary" => Coding::Raw,
            "" => ASCII,
            other => {
                self.warn(entry, WarningCode::Opaque, other);
                Coding::Raw
            }
        }
    }

    fn length(&mut self, entry: &str, value: &Value) -> Length {
        self.length_named(entry, text_at(value, "prefix"))
    }

    fn length_named(&mut self, entry: &str, name: &str) -> Length {
        let (family, width) = name.split_once('.').unwrap_or((name, "Fixed"));
        let digits = width.bytes().filter(|b| *b == b'L').count();
        let coding = match family {
            "ASCII" => PrefixCoding::Ascii,
            "BCD" => PrefixCoding::Bcd,
            "Binary" => PrefixCoding::Binary,
            "EBCDIC" | "EBCDIC1047" => PrefixCoding::Ebcdic,
            "Hex" => PrefixCoding::HexAscii,
            "BerTLV" => return Length::Prefixed(prefix(PrefixCoding::Ber, 1)),
            "None" | "" => return Length::Fixed,
            other => {
                self.warn(entry, WarningCode::Assumed, other);
                return Length::Fixed;
            }
        };
        match (width, u8::try_from(digits)) {
            ("Fixed", _) if coding == PrefixCoding::HexAscii => Length::FixedHex,
            ("Fixed", _) => Length::Fixed,
            (_, Ok(width @ 1..=6)) => Length::Prefixed(prefix(coding, width)),
            _ => {
                self.warn(entry, WarningCode::Assumed, width);
                Length::Fixed
            }
        }
    }

    /// `length` 8 is one block that may continue; 16 is the quirk of two blocks that always stand
    /// there while bit 1 says nothing.
    fn bitmap(&mut self, entry: &str, value: &Value, highest: u8) -> BitmapSpec {
        let mut coding = self.coding(entry, value);
        if matches!(self.length(entry, value), Length::FixedHex)
            || matches!(coding, Coding::Chars(_))
        {
            coding = match coding {
                Coding::Chars(charset) | Coding::HexChars(charset) => Coding::HexChars(charset),
                _ => Coding::HexChars(Charset::Ascii),
            };
        }
        let blocks = number_at(value, "length")
            .unwrap_or(8)
            .div_ceil(8)
            .clamp(1, 3);
        let blocks = u8::try_from(blocks).unwrap_or(1);
        let grows = !value
            .get("disableAutoExpand")
            .or(value.get("disableautoexpand"))
            .and_then(Value::as_bool)
            .unwrap_or(false);
        let mut spec = BitmapSpec::usual(coding);
        if blocks > 1 {
            spec.continues = false;
            spec.block_bytes = 16;
            spec.max_blocks = 1;
        } else if !grows {
            spec.continues = false;
            spec.max_blocks = 1;
        } else {
            spec.max_blocks = if highest > 128 { 3 } else { 2 };
        }
        spec
    }

    fn field(&mut self, entry: &str, value: &Value, depth: usize) -> Result<Field, ImportError> {
        if !value.is_object() {
            return Err(self.wrong(entry, &value.to_string(), "an object"));
        }
        let kind = text_at(value, "type");
        let size = number_at(value, "length").unwrap_or(0);
        let length = self.length(entry, value);
        let mut field = match kind {
            "Composite" => self.composite(entry, value, &length, size, depth)?,
            "String" | "Numeric" | "HexNumeric" | "Binary" | "Hex" | "Track1" | "Track2"
            | "Track3" | "Bitmap" | "" => Field::plain(self.leaf(entry, value, &length, size)),
            other => {
                self.warn(entry, WarningCode::Opaque, other);
                Field::plain(self.leaf(entry, value, &length, size))
            }
        };
        self.clamp(entry, &mut field.wire);
        field.name = Name {
            en: text_at(value, "description").to_owned(),
            zh: String::new(),
        };
        Ok(field)
    }

    fn leaf(&mut self, entry: &str, value: &Value, length: &Length, size: u32) -> Wire {
        let mut coding = self.coding(entry, value);
        let class = match (text_at(value, "type"), coding) {
            ("Numeric", _) => Class::N,
            ("Track2" | "Track3", _) => Class::Z,
            (_, Coding::Bcd) => Class::Hex,
            (_, Coding::Raw | Coding::HexChars(_)) => Class::B,
            // Its reader refuses what is beyond ASCII.
            (_, ASCII) => Class::Ascii,
            _ => Class::Text,
        };
        if matches!(length, Length::FixedHex) && matches!(coding, Coding::Raw) {
            coding = Coding::HexChars(Charset::Ascii);
        }
        let length = match length {
            Length::Prefixed(prefix) => Some(*prefix),
            Length::Fixed | Length::FixedHex => None,
        };
        let mut wire = wire(class, coding, size, length);
        if text_at(value, "enc") == "LBCD" {
            wire.pad = Pad {
                side: Side::Right,
                nibble: 0,
            };
        }
        let padding = value.get("padding").unwrap_or(&Value::Null);
        let with = text_at(padding, "pad").chars().next();
        if let (Some(with), None) = (with, length) {
            wire.fill = match text_at(padding, "type") {
                "Left" => Some(Fill {
                    side: Side::Left,
                    with,
                }),
                "Right" => Some(Fill {
                    side: Side::Right,
                    with,
                }),
                _ => wire.fill,
            };
        }
        wire
    }

    fn clamp(&mut self, entry: &str, wire: &mut Wire) {
        let (Some(length), Size::Var { min, max }) = (wire.prefix, wire.size) else {
            return;
        };
        if max > length.max() {
            self.warn(entry, WarningCode::Clamped, &format!("length {max}"));
            wire.size = Size::Var {
                min,
                max: length.max(),
            };
        } else if max == 0 {
            wire.size = Size::Var {
                min,
                max: length.max(),
            };
        }
    }

    fn composite(
        &mut self,
        entry: &str,
        value: &Value,
        length: &Length,
        size: u32,
        depth: usize,
    ) -> Result<Field, ImportError> {
        let empty = Map::new();
        let subfields = value
            .get("subfields")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        let mut parts = Vec::with_capacity(subfields.len());
        if depth < MAX_DEPTH {
            for (key, sub) in subfields {
                parts.push((
                    key.clone(),
                    self.field(&format!("{entry}.{key}"), sub, depth + 1)?,
                ));
            }
        } else {
            self.warn(entry, WarningCode::Opaque, "nested too deeply");
        }
        let text = parts.iter().all(|(_, part)| part.wire.coding == ASCII) && !parts.is_empty();
        let layout = if let Some(tag) = value.get("tag").filter(|tag| is_tag(tag)) {
            self.tagged(entry, tag, parts)
        } else if let Some(bitmap) = value.get("bitmap") {
            Some(self.bitmapped(entry, bitmap, parts))
        } else {
            Some(Layout::Positional {
                parts: self.numbered(entry, parts),
                repeat: None,
            })
        };
        let (class, coding) = if text && value.get("bitmap").is_none() {
            (Class::Text, ASCII)
        } else {
            (Class::B, Coding::Raw)
        };
        let outer = match length {
            Length::Prefixed(prefix) => wire(class, coding, size, Some(*prefix)),
            Length::Fixed | Length::FixedHex if size == 0 => rest(class, coding),
            Length::Fixed | Length::FixedHex => wire(class, coding, size, None),
        };
        let mut field = Field::plain(Wire {
            counts: Counts::Bytes,
            ..outer
        });
        field.layout = layout;
        Ok(field)
    }

    fn bitmapped(&mut self, entry: &str, bitmap: &Value, parts: Vec<(String, Field)>) -> Layout {
        let size = number_at(bitmap, "length").unwrap_or(8).clamp(1, 24);
        let mut spec = self.bitmap(entry, bitmap, 0);
        if size < 8 {
            spec.block_bytes = u8::try_from(size).unwrap_or(8);
        }
        if spec.max_blocks == 2
            && spec.continues
            && parts
                .iter()
                .all(|(key, _)| key.parse::<u16>().is_ok_and(|n| n <= 64))
        {
            spec.max_blocks = 1;
            spec.continues = false;
        }
        Layout::Bitmapped {
            header_bytes: 0,
            bitmap: spec,
            parts: self.numbered(entry, parts),
        }
    }

    /// Tagged values: the subfields' own prefixes give the length that stands behind the tag.
    fn tagged(&mut self, entry: &str, tag: &Value, parts: Vec<(String, Field)>) -> Option<Layout> {
        let enc = text_at(tag, "enc");
        let ber = |part: &Field| {
            part.wire
                .prefix
                .is_some_and(|p| p.coding == PrefixCoding::Ber)
        };
        if enc == "BerTLVTag" || (enc == "Binary" && parts.iter().all(|(_, p)| ber(p))) {
            return Some(Layout::BerTlv);
        }
        // The subfields stand behind their tags as they are; only unknown tags need a length.
        let length = match text_at(tag, "prefUnknownTLV") {
            "" => parts.iter().find_map(|(_, part)| part.wire.prefix),
            name => match self.length_named(entry, name) {
                Length::Prefixed(prefix) => Some(prefix),
                Length::Fixed | Length::FixedHex => None,
            },
        };
        let coding = self.coding(entry, tag);
        let len_bytes = number_at(tag, "length")
            .and_then(|n| u8::try_from(n).ok())
            .unwrap_or(2);
        // What is unknown is written like the known ones if they agree, else like its tag.
        let mut codings = parts.iter().map(|(_, part)| part.wire.coding);
        let first = codings.next().unwrap_or(coding);
        let default = if codings.all(|other| other == first) {
            first
        } else {
            coding
        };
        let parts = parts
            .into_iter()
            .map(|(key, part)| (padded_tag(tag, key, len_bytes), part))
            .collect();
        Some(Layout::Tlv(TlvSpec {
            tag: TagSpec { coding, len_bytes },
            length: length.unwrap_or(prefix(PrefixCoding::Ascii, 2)),
            length_first: false,
            default,
            own_lengths: true,
            lead: None,
            parts,
        }))
    }

    fn numbered(&mut self, entry: &str, parts: Vec<(String, Field)>) -> Vec<(u16, Field)> {
        let mut out = Vec::with_capacity(parts.len());
        for (key, part) in parts {
            match key.parse() {
                Ok(number) => out.push((number, part)),
                Err(_) => self.warn(
                    &format!("{entry}.{key}"),
                    WarningCode::Ignored,
                    "not a number",
                ),
            }
        }
        sort_by_number(&mut out, |(number, _)| u64::from(*number));
        out
    }
}

/// A tag as it stands on the wire: keys are written without the padding of the tag.
fn padded_tag(tag: &Value, key: String, len: u8) -> String {
    let padding = tag.get("padding").unwrap_or(&Value::Null);
    let with = text_at(padding, "pad");
    let missing = usize::from(len).saturating_sub(key.chars().count());
    match text_at(padding, "type") {
        "Left" => with.repeat(missing) + &key,
        "Right" => key + &with.repeat(missing),
        _ => key,
    }
}

/// A `tag` that only says how to sort belongs to a positional composite.
fn is_tag(tag: &Value) -> bool {
    !text_at(tag, "enc").is_empty()
}
