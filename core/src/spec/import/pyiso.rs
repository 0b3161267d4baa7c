//! pyiso8583: one flat dict, every fact in bytes or nibbles.

use super::super::dialect::{BitmapSpec, Dialect, MtiSpec};
use super::super::field::{Field, Name};
use super::super::wire::{Class, Coding, Counts, Pad, PrefixCoding, Side, Size, Wire};
use super::carrier::{prefix, wire};
use super::error::{ImportError, Report, WarningCode};
use super::{Format, Imported, line_of};
use crate::bytes::{Charset, hex_value};
use serde_json::{Map, Value};

pub(super) fn read(
    fields: &Map<String, Value>,
    fixed_bitmap: bool,
    text: &str,
    name: &str,
) -> Result<Imported, ImportError> {
    let mut report = Report::default();
    let mut entries = Vec::new();
    for (key, value) in fields {
        if let Some(object) = value.as_object() {
            entries.push(Entry {
                key,
                object,
                line: line_of(text, key),
            });
        }
    }
    let find = |key: &str| entries.iter().find(|entry| entry.key == key);
    let mti = match find("t") {
        Some(entry) => entry.coding(&mut report)?,
        None => return Err(missing("t", "the message type")),
    };
    let bitmap = match find("p") {
        Some(entry) => bitmap(entry, &entries, fixed_bitmap, &mut report)?,
        None => return Err(missing("p", "the primary bitmap")),
    };
    let mut dialect = Dialect::new(name, MtiSpec { coding: mti }, bitmap);
    dialect.header_bytes = find("h").and_then(|h| h.number("max_len")).unwrap_or(0) as usize;
    for entry in &entries {
        let third = entry.key == "65" && bitmap.max_blocks == 3;
        match entry.key.parse::<u8>() {
            Ok(de @ 2..=192) if !third => dialect.set_field(de, entry.field(&mut report)?),
            Ok(_) => {}
            Err(_) if matches!(entry.key.as_str(), "h" | "t" | "p") => {}
            Err(_) => report.warn(entry.line, entry.key, WarningCode::Ignored, "unknown key"),
        }
    }
    Ok(Imported::new(Format::Pyiso8583, dialect, report.warnings))
}

fn missing(key: &str, allowed: &'static str) -> ImportError {
    ImportError::Entry {
        line: 1,
        entry: key.into(),
        found: "nothing".into(),
        allowed,
    }
}

/// One bitmap block is eight bytes; more follow when the first bit says so, save in the mode that
/// always writes two.
fn bitmap(
    primary: &Entry<'_>,
    entries: &[Entry<'_>],
    fixed: bool,
    report: &mut Report,
) -> Result<BitmapSpec, ImportError> {
    let coding = match primary.coding(report)? {
        Coding::Chars(charset) => Coding::HexChars(charset),
        _ => Coding::Raw,
    };
    let above = |limit: u8| {
        entries
            .iter()
            .any(|e| e.key.parse::<u8>().is_ok_and(|de| de > limit))
    };
    let tertiary = entries.iter().any(|e| {
        e.key == "65" && e.number("max_len").is_some_and(|n| n == 8 || n == 16) && above(128)
    });
    let mut spec = BitmapSpec::usual(coding);
    if fixed {
        spec.continues = false;
        spec.block_bytes = 16;
        spec.max_blocks = 1;
    } else if tertiary || above(128) {
        spec.max_blocks = 3;
    }
    Ok(spec)
}

/// Whether a codec name is one of those of ASCII itself.
fn is_ascii(codec: &str) -> bool {
    let name = codec.to_lowercase().replace('_', "-");
    matches!(name.as_str(), "ascii" | "us-ascii" | "646")
}

/// One item of the dict.
struct Entry<'a> {
    key: &'a String,
    object: &'a Map<String, Value>,
    line: usize,
}

impl Entry<'_> {
    /// The first releases wrote `data_encoding` and `len_encoding`.
    fn text(&self, key: &str) -> Option<&str> {
        let older = || key.ends_with("_enc").then(|| format!("{key}oding"));
        let found = self.object.get(key).or_else(|| self.object.get(&older()?));
        found.and_then(Value::as_str)
    }

    fn number(&self, key: &str) -> Option<u32> {
        self.object
            .get(key)
            .and_then(Value::as_u64)
            .and_then(|n| u32::try_from(n).ok())
    }

    fn wrong(&self, key: &str, allowed: &'static str) -> ImportError {
        let found = self
            .object
            .get(key)
            .map_or("nothing".into(), Value::to_string);
        let entry = format!("{}, key \"{key}\"", self.key);
        ImportError::Entry {
            line: self.line,
            entry,
            found,
            allowed,
        }
    }

    fn nibbles(&self) -> bool {
        self.text("len_count") == Some("nibbles")
    }

    fn coding(&self, report: &mut Report) -> Result<Coding, ImportError> {
        let name = self
            .text("data_enc")
            .ok_or_else(|| self.wrong("data_enc", "a codec or \"b\""))?;
        if name == "b" {
            let packed = self.nibbles() || self.key == "t";
            return Ok(if packed { Coding::Bcd } else { Coding::Raw });
        }
        Ok(Coding::Chars(self.charset(name, report)))
    }

    fn charset(&self, name: &str, report: &mut Report) -> Charset {
        match name.to_lowercase().replace('_', "-").as_str() {
            "ascii" | "us-ascii" | "latin-1" | "latin1" | "iso-8859-1" | "iso8859-1" | "cp1252" => {
                Charset::Ascii
            }
            "cp500" | "ibm500" => Charset::Ebcdic500,
            "cp1047" | "ibm1047" => Charset::Ebcdic1047,
            "cp037" | "cp1140" | "cp273" => {
                report.warn(
                    self.line,
                    self.key,
                    WarningCode::Assumed,
                    format!("{name} read as cp1047"),
                );
                Charset::Ebcdic1047
            }
            "utf-8" | "utf8" => Charset::Utf8,
            "gbk" | "gb2312" | "gb18030" | "cp936" => Charset::Gbk,
            _ => {
                report.warn(
                    self.line,
                    self.key,
                    WarningCode::Assumed,
                    format!("{name} read as Latin-1"),
                );
                Charset::Ascii
            }
        }
    }

    fn field(&self, report: &mut Report) -> Result<Field, ImportError> {
        let coding = self.coding(report)?;
        let max = self
            .number("max_len")
            .ok_or_else(|| self.wrong("max_len", "a length"))?;
        let width = self
            .number("len_type")
            .ok_or_else(|| self.wrong("len_type", "0 to 9"))?;
        let width = u8::try_from(width)
            .ok()
            .filter(|w| *w <= 9)
            .ok_or_else(|| self.wrong("len_type", "0 to 9"))?;
        let length = match (width, self.text("len_enc").unwrap_or("ascii")) {
            (0, _) => None,
            (width, "b") => Some(prefix(PrefixCoding::Binary, width)),
            (width, "bcd") => Some(prefix(PrefixCoding::Bcd, width.saturating_mul(2))),
            (width, codec) => Some(match self.charset(codec, report) {
                Charset::Ebcdic500 | Charset::Ebcdic1047 => prefix(PrefixCoding::Ebcdic, width),
                Charset::Ascii | Charset::Gbk | Charset::Utf8 => prefix(PrefixCoding::Ascii, width),
            }),
        };
        let class = match coding {
            Coding::Bcd => Class::Hex,
            Coding::Raw => Class::B,
            // Python's codec of that name refuses what is beyond ASCII.
            _ if self.text("data_enc").is_some_and(is_ascii) => Class::Ascii,
            _ => Class::Text,
        };
        let mut wire = self.padded(wire(class, coding, max, length));
        if self.nibbles() && !matches!(coding, Coding::Bcd) {
            wire.counts = Counts::HexDigits;
            report.warn(
                self.line,
                self.key,
                WarningCode::Assumed,
                "text counted in nibbles",
            );
        }
        if let (Some(p), Size::Var { min, max }) = (wire.prefix, wire.size)
            && max > p.max()
        {
            report.warn(
                self.line,
                self.key,
                WarningCode::Clamped,
                format!("max_len {max}"),
            );
            wire.size = Size::Var { min, max: p.max() };
        }
        let mut field = Field::plain(wire);
        field.name = Name {
            en: self.text("desc").unwrap_or_default().to_owned(),
            zh: String::new(),
        };
        Ok(field)
    }

    fn padded(&self, wire: Wire) -> Wire {
        let nibble = |key: &str| {
            self.text(key)
                .and_then(|t| t.bytes().next())
                .and_then(hex_value)
        };
        let pad = match (nibble("left_pad"), nibble("right_pad")) {
            (Some(nibble), _) => Pad {
                side: Side::Left,
                nibble,
            },
            (None, Some(nibble)) => Pad {
                side: Side::Right,
                nibble,
            },
            (None, None) => wire.pad,
        };
        Wire { pad, ..wire }
    }
}
