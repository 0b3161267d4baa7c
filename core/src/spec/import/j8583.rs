//! j8583 and NetCore8583: parse guides per message type, one coding mode for the whole message.
//!
//! The file does not say whether messages are text or binary, and guides may disagree about a
//! field, so several readings are given: for every mode, and every group of guides that agree.

use super::super::dialect::{BitmapSpec, Dialect, MtiSpec};
use super::super::field::{Field, Name};
use super::super::layout::{Layout, When};
use super::super::rules::MessageRule;
use super::super::wire::{Class, Coding, Counts, PrefixCoding, Wire};
use super::carrier::{ASCII, prefix, rest, wire};
use super::error::{ImportError, Report, WarningCode};
use super::xml::Element;
use super::{Format, Imported};
use crate::bytes::Charset;
use std::collections::BTreeMap;

/// How the factory, not the file, codes a whole message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mode {
    /// What the name of the dialect ends in, and its title in Chinese.
    name: (&'static str, &'static str),
    /// Message type and bitmap as bytes.
    binary_head: bool,
    /// Numbers packed, binary values as bytes, and how their lengths are written.
    binary_fields: Option<PrefixCoding>,
}

/// The factory's `useBinaryMessages`, `binaryHeader`, `binaryFields` and
/// `variableLengthFieldsInHex`; the first is its default.
const MODES: [Mode; 5] = [
    Mode {
        name: ("", ""),
        binary_head: false,
        binary_fields: None,
    },
    Mode {
        name: ("-binary", "（二进制）"),
        binary_head: true,
        binary_fields: Some(PrefixCoding::Bcd),
    },
    Mode {
        name: ("-binary-hex-lengths", "（二进制，十六进制长度）"),
        binary_head: true,
        binary_fields: Some(PrefixCoding::Binary),
    },
    Mode {
        name: ("-binary-header", "（二进制报文头）"),
        binary_head: true,
        binary_fields: None,
    },
    Mode {
        name: ("-binary-fields", "（二进制域）"),
        binary_head: false,
        binary_fields: Some(PrefixCoding::Bcd),
    },
];

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
    let mut dialects = Vec::new();
    for mode in MODES {
        let mut silent = Report::default();
        let first = dialects.is_empty();
        let said = if first { &mut report } else { &mut silent };
        let resolved: Vec<Guide> = guides
            .iter()
            .map(|g| guide(g, &guides, mode, said))
            .collect();
        dialects.extend(grouped(&resolved, name, mode));
    }
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
    let mut dialects = dialects.into_iter();
    let first = dialects.next().unwrap_or_else(|| empty(name, MODES[0]));
    let mut imported = Imported::new(Format::J8583, first, report.warnings);
    imported.alternatives.extend(dialects);
    Ok(imported)
}

/// What messages of one type hold.
struct Guide {
    mti: String,
    fields: BTreeMap<u8, Field>,
}

impl Guide {
    fn agrees(&self, other: &Self) -> bool {
        self.fields.iter().all(|(de, field)| {
            let theirs = other.fields.get(de);
            theirs.is_none_or(|theirs| theirs.wire == field.wire && theirs.layout == field.layout)
        })
    }
}

/// The fields of a guide, those of the one it extends first.
fn guide(element: &Element, all: &[&Element], mode: Mode, report: &mut Report) -> Guide {
    let mut silent = Report::default();
    let mut chain = vec![element];
    while let Some(parent) = chain.last().and_then(|e| e.attribute("extends")) {
        match all.iter().find(|e| e.attribute("type") == Some(parent)) {
            Some(found) if chain.len() < all.len() => chain.push(found),
            _ => break,
        }
    }
    let mut fields = BTreeMap::new();
    for (depth, part) in chain.iter().enumerate().rev() {
        // What a parent has to say is said where it stands itself.
        let said = if depth == 0 {
            &mut *report
        } else {
            &mut silent
        };
        for element in part.children.iter().filter(|e| e.name == "field") {
            let number = element.attribute("num").unwrap_or_default();
            let Ok(de @ 2..=192) = number.parse::<u8>() else {
                said.warn(element.line, number, WarningCode::Ignored, "field number");
                continue;
            };
            if element.attribute("type").is_some_and(is_exclude) {
                fields.remove(&de);
            } else if let Some(field) = field(element, number, mode, said) {
                fields.insert(de, field);
            }
        }
    }
    let mti = element.attribute("type").unwrap_or_default();
    Guide {
        mti: format!("{mti:0>4}"),
        fields,
    }
}

fn is_exclude(kind: &str) -> bool {
    kind.eq_ignore_ascii_case("exclude")
}

/// A dialect has one entry per field: guides that agree share one, each other group has its own,
/// which says for which message types it stands.
fn grouped(guides: &[Guide], name: &str, mode: Mode) -> Vec<Dialect> {
    let mut groups: Vec<Vec<&Guide>> = Vec::new();
    for guide in guides {
        let fits = |group: &&mut Vec<&Guide>| group.iter().all(|other| other.agrees(guide));
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(guide),
            None => groups.push(vec![guide]),
        }
    }
    let several = groups.len() > 1;
    let dialect = |(index, group): (usize, &Vec<&Guide>)| {
        let first = group.first().map_or("", |guide| guide.mti.as_str());
        let part = if index > 0 {
            format!("-{first}")
        } else {
            String::new()
        };
        let mut dialect = empty(&format!("{name}{part}"), mode);
        // A message type without a guide is read with all there is.
        for (de, field) in group.iter().copied().chain(guides).flat_map(|g| &g.fields) {
            if dialect.field(*de).is_none() {
                dialect.set_field(*de, field.clone());
            }
        }
        if several {
            dialect.messages = group.iter().map(|guide| rule(guide)).collect();
        }
        dialect
    };
    groups.iter().enumerate().map(dialect).collect()
}

fn rule(guide: &Guide) -> MessageRule {
    MessageRule {
        name: Name {
            en: format!("guide {}", guide.mti),
            zh: format!("{} 解析规则", guide.mti),
        },
        key: format!("guide-{}", guide.mti),
        when: When {
            mti: vec![guide.mti.clone()],
            ..When::default()
        },
        fields: Vec::new(),
    }
}

fn empty(name: &str, mode: Mode) -> Dialect {
    let (mti, bitmap) = if mode.binary_head {
        (Coding::Bcd, Coding::Raw)
    } else {
        (ASCII, Coding::HexChars(Charset::Ascii))
    };
    let name = format!("{name}{}", mode.name.0);
    let mut dialect = Dialect::new(&name, MtiSpec { coding: mti }, BitmapSpec::usual(bitmap));
    if !mode.name.1.is_empty() {
        dialect.title.zh = format!("{name}{}", mode.name.1);
    }
    dialect.charset_open = true;
    dialect
}

fn field(element: &Element, entry: &str, mode: Mode, report: &mut Report) -> Option<Field> {
    let kind = element.attribute("type").unwrap_or_default().to_uppercase();
    let size = element.number("length").unwrap_or(0);
    let text = charset(element, entry, report);
    let Some(wire) = wire_of(&kind, size, mode.binary_fields, text) else {
        report.warn(element.line, entry, WarningCode::Ignored, kind);
        return None;
    };
    let mut field = Field::plain(wire);
    field.name = Name {
        en: element.attribute("name").unwrap_or_default().to_owned(),
        zh: String::new(),
    };
    // What a text is made of is read from its characters, in a binary message too.
    let inside = Mode {
        binary_fields: mode.binary_fields.filter(|_| kind.ends_with("BIN")),
        ..mode
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
        if let Some(part) = self::field(child, &format!("{entry}.{number}"), inside, report) {
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

fn wire_of(kind: &str, size: u32, binary: Option<PrefixCoding>, text: Coding) -> Option<Wire> {
    let digits = |len| match binary {
        Some(_) => wire(Class::Hex, Coding::Bcd, len, None),
        None => wire(Class::N, ASCII, len, None),
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
        "BINARY" if binary.is_some() => wire(Class::B, Coding::Raw, size, None),
        "BINARY" => wire(Class::B, Coding::HexChars(Charset::Ascii), size, None),
        "VAR" => rest(Class::Text, text),
        _ => return variable(kind, size, binary, text),
    })
}

/// The types with a length in front: two, three or four digits, or one or two bytes.
fn variable(kind: &str, size: u32, binary: Option<PrefixCoding>, text: Coding) -> Option<Wire> {
    let content = kind.trim_start_matches('L');
    let width = u8::try_from(kind.len() - content.len()).ok()?;
    let (binary, content) = match content.strip_prefix("BINLENGTH") {
        // Their length is a byte whatever the factory says.
        Some(content) => (binary.map(|_| PrefixCoding::Binary), content),
        None => (binary, content),
    };
    let length = match binary {
        Some(PrefixCoding::Binary) => prefix(PrefixCoding::Binary, width.div_ceil(2)),
        Some(coding) => prefix(coding, width),
        None => prefix(PrefixCoding::Ascii, width),
    };
    let max = if size > 0 { size } else { length.max() };
    let of = |class, coding| wire(class, coding, max, Some(length));
    let wire = match (content, binary) {
        ("VAR" | "ALPHANUM", _) => of(Class::Text, text),
        ("BIN", Some(_)) => of(Class::B, Coding::Raw),
        // Packed digits, which the length counts.
        ("BCDBIN" | "NUM", Some(_)) => of(Class::Hex, Coding::Bcd),
        ("NUM", None) => of(Class::N, ASCII),
        // Text mode counts the hex characters.
        ("BIN" | "BCDBIN", None) => Wire {
            counts: Counts::HexDigits,
            ..of(Class::B, Coding::HexChars(Charset::Ascii))
        },
        _ => return None,
    };
    (2..=4).contains(&width).then_some(wire)
}
