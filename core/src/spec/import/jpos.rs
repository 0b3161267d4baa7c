//! jPOS GenericPackager: the tree of fields and their sub-packagers.

use super::super::dialect::{BitmapSpec, Dialect, MtiSpec};
use super::super::field::{Field, Name};
use super::super::layout::{Layout, Lead, TagSpec, TlvSpec};
use super::super::wire::{Coding, Prefix, PrefixCoding, Size, Wire};
use super::carrier::{ASCII, EBCDIC, prefix, rest};
use super::error::{ImportError, Report, WarningCode};
use super::jpos_class::{Leaf, Tagged, leaf};
use super::xml::Element;
use super::{Format, Imported, line_of};
use crate::bytes::sort_by_number;
use crate::spec::Class;
use serde_json::{Map, Value};

/// Reads the tree.
pub(super) fn read(root: &Element, name: &str, format: Format) -> Result<Imported, ImportError> {
    let mut report = Report::default();
    let mut dialect = Dialect::new(name, mti(root, &mut report)?, bitmap(root, &mut report));
    dialect.header_bytes = root.number("headerLength").unwrap_or(0) as usize;
    dialect.charset_open = true;
    for element in fields_of(root) {
        let Some(id) = id_of(element, &mut report) else {
            continue;
        };
        let is_bitmap = matches!(class_of(element), Leaf::Bitmap(_));
        match u8::try_from(id) {
            Ok(0 | 1) => {}
            Ok(de @ 2..=192) if !is_bitmap => {
                if let Some(field) = field(element, &id.to_string(), &mut report) {
                    dialect.set_field(de, field);
                }
            }
            Ok(de) if Some(de) == dialect.bitmap.third_in_field || de == 65 => {}
            _ => report.warn(
                element.line,
                &id.to_string(),
                WarningCode::Ignored,
                "field number",
            ),
        }
    }
    Ok(Imported::new(format, dialect, report.warnings))
}

/// The same tree from JSON that is keyed by field number.
pub(super) fn tree_of_json(spec: &Value, fields: &Map<String, Value>, text: &str) -> Element {
    let text_of = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let attributes = |object: &Map<String, Value>| -> Vec<(String, String)> {
        object
            .iter()
            .filter_map(|(k, v)| Some((k.clone(), text_of(v)?)))
            .collect()
    };
    let children = fields.iter().filter_map(|(id, value)| {
        let object = value.as_object()?;
        let nested = object
            .get("sub")
            .or(object.get("fields"))
            .and_then(Value::as_object);
        let inner = nested.map(|sub| tree_of_json(value, sub, text).children);
        let mut attributes = attributes(object);
        attributes.push(("id".into(), id.clone()));
        Some(Element {
            name: if inner.is_some() {
                "isofieldpackager"
            } else {
                "isofield"
            }
            .into(),
            line: line_of(text, id),
            attributes,
            children: inner.unwrap_or_default(),
        })
    });
    let root = spec.get("isopackager").and_then(Value::as_object);
    Element {
        name: "isopackager".into(),
        line: 1,
        attributes: root.map(attributes).unwrap_or_default(),
        children: children.collect(),
    }
}

fn fields_of(parent: &Element) -> impl Iterator<Item = &Element> {
    parent
        .children
        .iter()
        .filter(|e| matches!(e.name.as_str(), "isofield" | "isofieldpackager"))
}

fn by_id(parent: &Element, id: u32) -> Option<&Element> {
    fields_of(parent).find(|element| element.number("id") == Some(id))
}

fn id_of(element: &Element, report: &mut Report) -> Option<u16> {
    let id = element.attribute("id").unwrap_or_default();
    let number = id.parse().ok();
    if number.is_none() {
        report.warn(element.line, id, WarningCode::Ignored, "id is not a number");
    }
    number
}

fn class_of(element: &Element) -> Leaf {
    let class = element.attribute("class").unwrap_or_default();
    leaf(
        class,
        element.number("length").unwrap_or(0),
        element.flag("pad").unwrap_or(false),
    )
}

fn mti(root: &Element, report: &mut Report) -> Result<MtiSpec, ImportError> {
    if fields_of(root).next().is_none() {
        return Err(ImportError::Entry {
            line: root.line,
            entry: "isopackager".into(),
            found: "no isofield".into(),
            allowed: "at least one isofield",
        });
    }
    let coding = match by_id(root, 0).map(class_of) {
        Some(Leaf::Value(wire)) => wire.coding,
        _ => {
            report.warn(root.line, "0", WarningCode::Assumed, "MTI in ASCII");
            ASCII
        }
    };
    Ok(MtiSpec { coding })
}

fn bitmap(root: &Element, report: &mut Report) -> BitmapSpec {
    let id = root.number("bitmapField").unwrap_or(1);
    let third = root
        .number("thirdBitmapField")
        .and_then(|n| u8::try_from(n).ok());
    let highest = fields_of(root)
        .filter_map(|e| e.number("id"))
        .max()
        .unwrap_or(0);
    let element = by_id(root, id);
    let (coding, length) = match element.map(|e| (class_of(e), e)) {
        Some((Leaf::Bitmap(coding), e)) => (coding, e.number("length").unwrap_or(16)),
        _ => {
            report.warn(
                root.line,
                &id.to_string(),
                WarningCode::Assumed,
                "bitmap of raw bytes",
            );
            (Coding::Raw, 16)
        }
    };
    let blocks = length.div_ceil(8).max(if highest > 64 { 2 } else { 1 });
    let blocks = if highest > 128 && third.is_none() {
        3
    } else {
        blocks
    };
    BitmapSpec {
        max_blocks: u8::try_from(blocks.clamp(1, 3)).unwrap_or(2),
        continues: blocks > 1,
        third_in_field: third,
        ..BitmapSpec::usual(coding)
    }
}

fn field(element: &Element, entry: &str, report: &mut Report) -> Option<Field> {
    let class = element.attribute("class").unwrap_or_default();
    let mut wire = match class_of(element) {
        Leaf::Value(wire) => wire,
        Leaf::Nothing | Leaf::Bitmap(_) => return None,
        // On its own a tagged value is a value with a length.
        Leaf::Tagged(tagged) => {
            report.warn(element.line, entry, WarningCode::Opaque, class);
            Wire {
                size: Size::Var { min: 0, max: 999 },
                ..tagged_wire(tagged, 999)
            }
        }
        Leaf::Unknown => carrier_of(class, element, entry, report),
    };
    clamp(&mut wire, element, entry, report);
    let name = element.attribute("name").unwrap_or_default();
    let mut field = Field::plain(wire);
    field.name = Name {
        en: name.to_owned(),
        zh: String::new(),
    };
    if element.name == "isofieldpackager" {
        field.layout = layout(element, entry, report);
        if field.layout.is_none() {
            let packager = element.attribute("packager").unwrap_or("no packager");
            report.warn(element.line, entry, WarningCode::Opaque, packager);
        }
    }
    Some(field)
}

/// The carrier of an unknown class: what its name says of the length, raw bytes inside.
fn carrier_of(class: &str, element: &Element, entry: &str, report: &mut Report) -> Wire {
    report.warn(element.line, entry, WarningCode::Opaque, class);
    let kind = class.trim().rsplit('_').next().unwrap_or_default();
    let digits = kind.bytes().take_while(|b| *b == b'L').count();
    let size = element.number("length").unwrap_or(999);
    let length = match u8::try_from(digits) {
        Ok(width @ 1..=6) if class.contains("IFB") => Some(prefix(PrefixCoding::Bcd, width)),
        Ok(width @ 1..=6) if class.contains("IFE") => Some(prefix(PrefixCoding::Ebcdic, width)),
        Ok(width @ 1..=6) => Some(prefix(PrefixCoding::Ascii, width)),
        _ => None,
    };
    super::carrier::wire(Class::B, Coding::Raw, size, length)
}

fn clamp(wire: &mut Wire, element: &Element, entry: &str, report: &mut Report) {
    let (Some(length), Size::Var { min, max }) = (wire.prefix, wire.size) else {
        return;
    };
    if max > length.max() {
        report.warn(
            element.line,
            entry,
            WarningCode::Clamped,
            format!("length {max}"),
        );
        wire.size = Size::Var {
            min,
            max: length.max(),
        };
    } else if max == 0 {
        report.warn(element.line, entry, WarningCode::Assumed, "greatest length");
        wire.size = Size::Var {
            min,
            max: length.max(),
        };
    }
}

fn layout(element: &Element, entry: &str, report: &mut Report) -> Option<Layout> {
    let packager = element.attribute("packager").unwrap_or_default().trim();
    let short = packager.rsplit('.').next().unwrap_or_default();
    match short {
        // Written as characters of hex, it is not read inside.
        _ if packager.contains(".bertlv.") && short.contains("Hex") => None,
        _ if packager.contains(".bertlv.") => Some(Layout::BerTlv),
        "ICCDataPackager" => Some(Layout::BerTlv),
        "DatasetPackager" => {
            report.warn(
                element.line,
                entry,
                WarningCode::Opaque,
                "inside of datasets",
            );
            Some(Layout::Tlv(datasets()))
        }
        "GenericPackager" | "GenericSubFieldPackager" | "GenericValidatingPackager" => {
            generic(element, entry, report)
        }
        "Base1SubFieldPackager" | "CTCSubFieldPackager" | "CTCSubElementPackager" => {
            generic(element, entry, report)
        }
        "EuroSubFieldPackager" | "MasterCardEBCDICSubFieldPackager" | "GICCSubFieldPackager" => {
            tagged_parts(element, entry, report)
        }
        "GenericTaggedFieldsPackager" => tagged_parts(element, entry, report)
            .or_else(|| Some(Layout::Tlv(tagged_fields(element, entry, report)))),
        "TaggedSequencePackager" => sequence(element, entry, report),
        _ => None,
    }
}

/// The datasets of the 2003 and later editions: an identifier and a length of two bytes.
fn datasets() -> TlvSpec {
    TlvSpec {
        tag: TagSpec {
            coding: Coding::Raw,
            len_bytes: 1,
        },
        length: prefix(PrefixCoding::Binary, 2),
        length_first: false,
        default: Coding::Raw,
        own_lengths: false,
        lead: None,
        parts: Vec::new(),
    }
}

/// Parts behind a bitmap, tagged parts, or parts in order.
fn generic(element: &Element, entry: &str, report: &mut Report) -> Option<Layout> {
    let bitmap_id = element.number("bitmapField").unwrap_or(1);
    let candidates = [by_id(element, bitmap_id), by_id(element, 0)];
    let bitmap = candidates
        .into_iter()
        .flatten()
        .find_map(|e| match class_of(e) {
            Leaf::Bitmap(coding) => Some((coding, e.number("length").unwrap_or(8))),
            _ => None,
        });
    let emits = element.flag("emitBitmap").unwrap_or(bitmap.is_some());
    if let Some(tlv) = tagged_parts(element, entry, report) {
        return Some(tlv);
    }
    let parts = parts(element, entry, report);
    match bitmap.filter(|_| emits) {
        None if element.flag("emitBitmap") == Some(true) => None,
        None => Some(Layout::Positional {
            parts,
            repeat: None,
        }),
        Some((coding, length)) => {
            let (block, blocks) = if length > 8 {
                (8, length.div_ceil(8))
            } else {
                (length.max(1), 1)
            };
            let bitmap = BitmapSpec {
                block_bytes: u8::try_from(block).unwrap_or(8),
                max_blocks: u8::try_from(blocks.min(3)).unwrap_or(3),
                continues: blocks > 1,
                ..BitmapSpec::usual(coding)
            };
            let header = element
                .number("headerLength")
                .and_then(|n| u8::try_from(n).ok());
            Some(Layout::Bitmapped {
                header_bytes: header.unwrap_or(0),
                bitmap,
                parts,
            })
        }
    }
}

fn parts(element: &Element, entry: &str, report: &mut Report) -> Vec<(u16, Field)> {
    let mut parts: Vec<(u16, Field)> = fields_of(element)
        .filter_map(|child| {
            let id = id_of(child, report)?;
            Some((id, field(child, &format!("{entry}.{id}"), report)?))
        })
        .collect();
    sort_by_number(&mut parts, |(id, _)| u64::from(*id));
    parts
}

/// Parts whose classes carry a tag: the layout they share.
fn tagged_parts(element: &Element, entry: &str, report: &mut Report) -> Option<Layout> {
    let shape = fields_of(element).find_map(|child| match class_of(child) {
        Leaf::Tagged(tagged) => Some(tagged),
        _ => None,
    })?;
    let (mut known, mut lead, mut own_lengths) = (Vec::new(), None, false);
    for child in fields_of(element) {
        let Some(id) = id_of(child, report) else {
            continue;
        };
        let tag = match child.attribute("token") {
            Some(token) if !token.is_empty() => token.to_owned(),
            _ => format!("{id:0width$}", width = usize::from(shape.tag_len)),
        };
        let place = format!("{entry}.{tag}");
        let class = child.attribute("class").unwrap_or_default();
        match class_of(child) {
            Leaf::Tagged(tagged) => {
                own_lengths |= tagged.length != shape.length;
                if tagged.length != shape.length && shape.length_first {
                    report.warn(child.line, &place, WarningCode::Conflict, class);
                }
                known.push((tag, tagged_field(child, tagged, &place, report)));
            }
            Leaf::Nothing | Leaf::Bitmap(_) => {}
            Leaf::Value(_) if id == 0 => lead = lead_of(element, child, entry, report),
            Leaf::Value(_) | Leaf::Unknown => {
                report.warn(child.line, &place, WarningCode::Ignored, class);
            }
        }
    }
    Some(Layout::Tlv(TlvSpec {
        own_lengths: own_lengths && !shape.length_first,
        lead,
        ..shaped(shape, shape.tag_len, known)
    }))
}

/// The part in front of the tagged ones: some packagers and classes take it only if it is there.
fn lead_of(parent: &Element, child: &Element, entry: &str, report: &mut Report) -> Option<Lead> {
    let packager = parent.attribute("packager").unwrap_or_default();
    let class = child.attribute("class").unwrap_or_default();
    Some(Lead {
        number: 0,
        optional: packager.contains("GICC") || class.contains("TCC"),
        field: Box::new(field(child, &format!("{entry}.0"), report)?),
    })
}

fn shaped(shape: Tagged, tag_len: u8, parts: Vec<(String, Field)>) -> TlvSpec {
    TlvSpec {
        tag: TagSpec {
            coding: shape.tag_coding,
            len_bytes: tag_len,
        },
        length: shape.length,
        length_first: shape.length_first,
        default: shape.data,
        own_lengths: false,
        lead: None,
        parts,
    }
}

/// A tagged part, with the structure of its own if its element names one.
fn tagged_field(element: &Element, tagged: Tagged, entry: &str, report: &mut Report) -> Field {
    let mut field = named(element, tagged_wire(tagged, tagged.length.max()));
    if element.name == "isofieldpackager" {
        field.layout = layout(element, entry, report);
    }
    field
}

fn tagged_wire(tagged: Tagged, max: u32) -> Wire {
    let class = if tagged.data == Coding::Raw {
        Class::B
    } else {
        Class::Text
    };
    super::carrier::wire(class, tagged.data, max, Some(tagged.length))
}

fn named(element: &Element, wire: Wire) -> Field {
    let mut field = Field::plain(wire);
    field.name.en = element.attribute("name").unwrap_or_default().to_owned();
    field
}

/// `GenericTaggedFieldsPackager`: tag and length of fixed widths, in either order.
fn tagged_fields(element: &Element, entry: &str, report: &mut Report) -> TlvSpec {
    let width =
        |name: &str, usual: u32| u8::try_from(element.number(name).unwrap_or(usual)).unwrap_or(2);
    let tag_len = width("tagSize", 2);
    let inclusive = element.flag("inclusive").unwrap_or(false);
    let ebcdic = fields_of(element)
        .any(|child| matches!(class_of(child), Leaf::Value(wire) if wire.coding == EBCDIC));
    let (text, length) = if ebcdic {
        (EBCDIC, PrefixCoding::Ebcdic)
    } else {
        (ASCII, PrefixCoding::Ascii)
    };
    let mut known = Vec::new();
    for child in fields_of(element) {
        let Some(id) = id_of(child, report) else {
            continue;
        };
        let tag = match child.attribute("token") {
            Some(token) if !token.is_empty() => token.to_owned(),
            _ => format!("{id:0width$}", width = usize::from(tag_len)),
        };
        if let Some(inner) = field(child, &format!("{entry}.{tag}"), report) {
            // The packager writes the length itself; what is left is the value.
            let value = Wire {
                ..rest(inner.wire.class, inner.wire.coding)
            };
            known.push((
                tag,
                Field {
                    wire: value,
                    ..inner
                },
            ));
        }
    }
    TlvSpec {
        tag: TagSpec {
            coding: text,
            len_bytes: tag_len,
        },
        length: Prefix {
            coding: length,
            width: width("lenSize", 3),
            adds: if inclusive { tag_len } else { 0 },
        },
        length_first: element.flag("swapTagAndLen").unwrap_or(false),
        default: text,
        own_lengths: false,
        lead: None,
        parts: known,
    }
}

/// `TaggedSequencePackager`: tags as long as the outer token, repeats allowed.
fn sequence(element: &Element, entry: &str, report: &mut Report) -> Option<Layout> {
    let tag_len = element.attribute("token").map_or(2, str::len);
    let tag_len = u8::try_from(tag_len)
        .ok()
        .filter(|len| *len > 0)
        .unwrap_or(2);
    let (mut shape, mut lead, mut own_lengths) = (None::<Tagged>, None, false);
    let mut known = Vec::new();
    for child in fields_of(element) {
        let token = child.attribute("token").unwrap_or_default();
        let place = format!("{entry}.{token}");
        let tagged = match class_of(child) {
            Leaf::Tagged(tagged) => tagged,
            Leaf::Value(_) if shape.is_none() && lead.is_none() => {
                lead = lead_of(element, child, entry, report);
                continue;
            }
            _ => {
                let class = child.attribute("class").unwrap_or_default();
                report.warn(child.line, &place, WarningCode::Ignored, class);
                continue;
            }
        };
        let first = *shape.get_or_insert(tagged);
        own_lengths |= first.length != tagged.length;
        if token.starts_with('#') {
            shape = Some(tagged);
        } else {
            known.push((
                token.to_owned(),
                tagged_field(child, tagged, &place, report),
            ));
        }
    }
    Some(Layout::Tlv(TlvSpec {
        own_lengths,
        lead,
        ..shaped(shape?, tag_len, known)
    }))
}
