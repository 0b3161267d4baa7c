//! j8583 and NetCore8583: parse guides per message type, one coding mode for the whole message.
//!
//! The file does not say whether messages are text or binary, so both readings are given.

use super::super::dialect::{BitmapSpec, Dialect, MtiSpec};
use super::super::field::{Field, Name};
use super::super::layout::Layout;
use super::super::wire::{Class, Coding, Counts, PrefixCoding, Wire};
use super::carrier::{ASCII, prefix, rest, wire};
use super::error::{ImportError, Report, WarningCode};
use super::xml::Element;
use super::{Format, Imported};
use crate::bytes::Charset;

pub(super) fn read(root: &Element, name: &str) -> Result<Imported, ImportError> {
    let guides: Vec<&Element> = root.children.iter().filter(|e| e.name == "parse").collect();
    if guides.is_empty() {
        return Err(ImportError::Entry {
            line: root.line,
            entry: root.name.clone(),
            found: "no parse guide".into(),
            allowed: "at least one <parse type=\"...\">",
        });
    }
    let mut report = Report::default();
    let text = build(&guides, name, false, &mut report);
    let mut silent = Report::default();
    let mut binary = build(&guides, &format!("{name}-binary"), true, &mut silent);
    let headers = root.children.iter().filter(|e| e.name == "header");
    for header in headers {
        let mti = header.attribute("type").unwrap_or_default();
        report.warn(
            header.line,
            mti,
            WarningCode::Ignored,
            "header; give it with --frame",
        );
    }
    binary.title.zh = format!("{name}（二进制）");
    let mut imported = Imported::new(Format::J8583, text, report.warnings);
    imported.alternatives.push(binary);
    Ok(imported)
}

/// The union of all guides: a dialect has one entry per field.
fn build(guides: &[&Element], name: &str, binary: bool, report: &mut Report) -> Dialect {
    let (mti, bitmap) = if binary {
        (Coding::Bcd, Coding::Raw)
    } else {
        (ASCII, Coding::HexChars(Charset::Ascii))
    };
    let mut dialect = Dialect::new(name, MtiSpec { coding: mti }, BitmapSpec::usual(bitmap));
    for guide in guides {
        for element in guide.children.iter().filter(|e| e.name == "field") {
            let number = element.attribute("num").unwrap_or_default();
            let Ok(de @ 2..=192) = number.parse::<u8>() else {
                report.warn(element.line, number, WarningCode::Ignored, "field number");
                continue;
            };
            let Some(field) = field(element, number, binary, report) else {
                continue;
            };
            match dialect.field(de) {
                Some(earlier) if earlier.wire != field.wire => {
                    let guide = guide.attribute("type").unwrap_or_default();
                    report.warn(
                        element.line,
                        number,
                        WarningCode::Conflict,
                        format!("guide {guide}"),
                    );
                }
                Some(_) => {}
                None => dialect.set_field(de, field),
            }
        }
    }
    dialect
}

fn field(element: &Element, entry: &str, binary: bool, report: &mut Report) -> Option<Field> {
    let kind = element.attribute("type").unwrap_or_default().to_uppercase();
    let size = element.number("length").unwrap_or(0);
    let text = charset(element, entry, report);
    if kind == "EXCLUDE" {
        return None;
    }
    let Some(wire) = wire_of(&kind, size, binary, text) else {
        report.warn(element.line, entry, WarningCode::Ignored, kind);
        return None;
    };
    let mut field = Field::plain(wire);
    field.name = Name {
        en: element.attribute("name").unwrap_or_default().to_owned(),
        zh: String::new(),
    };
    let inner = element.children.iter().filter(|e| e.name == "field");
    let mut parts = Vec::new();
    for (index, child) in (1u16..).zip(inner) {
        let number = child
            .attribute("num")
            .and_then(|n| n.parse().ok())
            .unwrap_or(index);
        let number = if parts.iter().any(|(n, _)| *n == number) {
            index
        } else {
            number
        };
        if let Some(part) = self::field(child, &format!("{entry}.{number}"), binary, report) {
            parts.push((number, part));
        }
    }
    if !parts.is_empty() {
        field.layout = Some(Layout::Positional {
            parts,
            repeat: None,
        });
    }
    Some(field)
}

fn charset(element: &Element, entry: &str, report: &mut Report) -> Coding {
    let name = element
        .attribute("encoding")
        .unwrap_or("ascii")
        .to_lowercase();
    Coding::Chars(match name.as_str() {
        "ascii" | "us-ascii" | "iso-8859-1" | "latin1" => Charset::Ascii,
        "utf-8" | "utf8" => Charset::Utf8,
        "gbk" | "gb2312" | "gb18030" => Charset::Gbk,
        "cp1047" | "ibm1047" => Charset::Ebcdic1047,
        "cp500" | "ibm500" => Charset::Ebcdic500,
        _ => {
            report.warn(
                element.line,
                entry,
                WarningCode::Assumed,
                format!("{name} read as Latin-1"),
            );
            Charset::Ascii
        }
    })
}

fn wire_of(kind: &str, size: u32, binary: bool, text: Coding) -> Option<Wire> {
    let digits = |len| {
        let (class, coding) = if binary {
            (Class::Hex, Coding::Bcd)
        } else {
            (Class::N, ASCII)
        };
        wire(class, coding, len, None)
    };
    let variable = |width: u8, bytes: bool| {
        let length = if binary {
            PrefixCoding::Bcd
        } else {
            PrefixCoding::Ascii
        };
        let length = prefix(length, width);
        let max = if size > 0 { size } else { length.max() };
        match (bytes, binary) {
            (false, _) => wire(Class::Text, text, max, Some(length)),
            (true, true) => wire(Class::B, Coding::Raw, max, Some(length)),
            // Text mode counts the hex characters.
            (true, false) => Wire {
                counts: Counts::HexDigits,
                ..wire(
                    Class::B,
                    Coding::HexChars(Charset::Ascii),
                    max,
                    Some(length),
                )
            },
        }
    };
    Some(match kind {
        "ALPHA" => wire(Class::Text, text, size, None),
        "NUMERIC" => digits(size),
        "AMOUNT" => digits(12),
        "DATE10" => digits(10),
        "DATE4" | "DATE_EXP" => digits(4),
        "DATE6" | "TIME" => digits(6),
        "DATE12" => digits(12),
        "DATE14" => digits(14),
        "LLVAR" => variable(2, false),
        "LLLVAR" => variable(3, false),
        "LLLLVAR" => variable(4, false),
        "LLBIN" | "LLBCDBIN" => variable(2, true),
        "LLLBIN" | "LLLBCDBIN" => variable(3, true),
        "LLLLBIN" | "LLLLBCDBIN" => variable(4, true),
        "BINARY" if binary => wire(Class::B, Coding::Raw, size, None),
        "BINARY" => wire(Class::B, Coding::HexChars(Charset::Ascii), size, None),
        "VAR" => rest(Class::Text, text),
        _ => return None,
    })
}
