//! One field entry of a dialect file, with its inner structure.

use super::wire_words::{Defaults, PREFIXES, coding_word, phrase, prefix_word};
use super::{bitmap_details, coding_error, known_keys, missing, name_of, number, object, string};
use crate::bytes::sort_by_number;
use crate::spec::dialect::BitmapSpec;
use crate::spec::error::SpecError;
use crate::spec::field::{Field, Secrecy};
use crate::spec::layout::{Layout, Lead, Repeat, TagSpec, TlvSpec, Variant};
use crate::spec::notation::parse_notation;
use crate::spec::wire::{Class, Coding, Counts, Fill, Prefix, Side, Size, Wire};
use serde_json::{Map, Value};

const KEYS: &[&str] = &["is", "name", "wire", "length", "min", "secret", "layout"];
const NOTATION: &str = "a notation such as \"n6\", \"n..19\", \"ans...999\", \"b64\", \"rest\"";

/// Reads one field.
pub(super) fn read(json: &Value, entry: &str, defaults: &Defaults) -> Result<Field, SpecError> {
    let json = object(json, entry)?;
    known_keys(json, entry, KEYS)?;
    let is = string(json, entry, "is")?.ok_or_else(|| missing(entry, "is", NOTATION))?;
    let mut wire = wire(json, entry, is, defaults)?;
    if let (Size::Var { max, .. }, Some(min)) = (wire.size, number(json, entry, "min")?) {
        wire.size = Size::Var { min, max };
    }
    let layout = match json.get("layout") {
        None => None,
        Some(value) => Some(layout(value, &format!("{entry}.layout"), defaults)?),
    };
    let secrecy = secrecy(json, entry, &wire)?;
    Ok(Field {
        name: name_of(json, entry, "name")?,
        wire,
        layout,
        secrecy,
    })
}

fn wire(
    json: &Map<String, Value>,
    entry: &str,
    is: &str,
    defaults: &Defaults,
) -> Result<Wire, SpecError> {
    let wrong = || SpecError::new(entry, "is", format!("\"{is}\""), NOTATION);
    let (class, mut size, dots) = match is.strip_suffix(" rest") {
        Some(letters) => {
            let notation = parse_notation(&format!("{letters}1")).ok_or_else(wrong)?;
            (notation.class, Size::Rest, 0)
        }
        None => {
            let notation = parse_notation(is).ok_or_else(wrong)?;
            (notation.class, notation.size, notation.dots)
        }
    };
    let base = defaults.of(class);
    let said = match string(json, entry, "wire")? {
        None => base,
        Some(words) => phrase(words, Some(base), entry, "wire")?,
    };
    if class == Class::B && dots == 0 && said.counts == Counts::Bytes {
        size = bits_to_bytes(size).ok_or_else(wrong)?;
    }
    let prefix = match (size, string(json, entry, "length")?) {
        (Size::Var { .. }, Some(words)) => Some(prefix_of(words, entry)?),
        (Size::Var { .. }, None) => Some(super::prefix(defaults.length, dots)),
        (_, Some(words)) => {
            return Err(SpecError::new(
                entry,
                "length",
                words,
                "no length, as the size is fixed",
            ));
        }
        (_, None) => None,
    };
    if let Some(p) = prefix.filter(|p| size.max() > p.max()) {
        let most = format!("at most {} with this length prefix", p.max());
        return Err(SpecError::new(entry, "is", format!("\"{is}\""), &most));
    }
    let fill = said.fill.or_else(|| usual_fill(class, said.coding, size));
    Ok(Wire {
        class,
        coding: said.coding,
        size,
        counts: said.counts,
        prefix,
        pad: said.pad,
        fill,
        filled: said.filled,
    })
}

fn bits_to_bytes(size: Size) -> Option<Size> {
    match size {
        Size::Fixed(bits) if bits.is_multiple_of(8) => Some(Size::Fixed(bits / 8)),
        Size::Fixed(_) => None,
        other => Some(other),
    }
}

/// Fixed text is filled with spaces behind, fixed digits with zeros in front, as practice has it.
fn usual_fill(class: Class, coding: Coding, size: Size) -> Option<Fill> {
    if !matches!(size, Size::Fixed(_)) {
        return None;
    }
    match (class, coding) {
        (Class::N, _) => Some(Fill {
            side: Side::Left,
            with: '0',
        }),
        (_, Coding::Chars(_)) => Some(Fill {
            side: Side::Right,
            with: ' ',
        }),
        _ => None,
    }
}

/// A prefix in words: `bcd 2`, `ascii 3`, `binary 1`, `ascii 3 adds 2`, `ber`.
fn prefix_of(words: &str, entry: &str) -> Result<Prefix, SpecError> {
    let wrong = || SpecError::new(entry, "length", format!("\"{words}\""), PREFIXES);
    let mut parts = words.split_whitespace();
    let coding = parts.next().and_then(prefix_word).ok_or_else(wrong)?;
    let width = match parts.next() {
        None => 1,
        Some(digits) => digits
            .parse()
            .ok()
            .filter(|w| (1..=9).contains(w))
            .ok_or_else(wrong)?,
    };
    let adds = match (parts.next(), parts.next()) {
        (None, _) => 0,
        (Some("adds"), Some(number)) => number.parse().map_err(|_| wrong())?,
        _ => return Err(wrong()),
    };
    Ok(Prefix {
        coding,
        width,
        adds,
    })
}

fn secrecy(json: &Map<String, Value>, entry: &str, _wire: &Wire) -> Result<Secrecy, SpecError> {
    Ok(match string(json, entry, "secret")? {
        None => Secrecy::Open,
        Some("pan") => Secrecy::Pan,
        Some("track") => Secrecy::Track,
        Some("secret") => Secrecy::Secret,
        Some("nested") => Secrecy::Nested,
        Some(other) => {
            let allowed = "one of pan, track, secret, nested";
            return Err(SpecError::new(
                entry,
                "secret",
                format!("\"{other}\""),
                allowed,
            ));
        }
    })
}

fn layout(json: &Value, entry: &str, defaults: &Defaults) -> Result<Layout, SpecError> {
    if json.as_str() == Some("ber-tlv") {
        return Ok(Layout::BerTlv);
    }
    let json = object(json, entry)?;
    known_keys(json, entry, &["parts", "repeat", "bitmap", "tlv", "choice"])?;
    if let Some(choice) = json.get("choice") {
        return variants(choice, entry, defaults).map(Layout::Choice);
    }
    if let Some(value) = json.get("tlv") {
        return tlv(object(value, entry)?, json, entry, defaults).map(Layout::Tlv);
    }
    let parts = parts(json, entry, defaults)?;
    if let Some(value) = json.get("bitmap") {
        let details = object(value, entry)?;
        let mut bitmap = BitmapSpec::usual(Coding::Raw);
        bitmap.max_blocks = 1;
        bitmap.continues = false;
        bitmap_details(details, &format!("{entry}.bitmap"), &mut bitmap)?;
        let header = number(details, entry, "header_bytes")?.unwrap_or(0);
        return Ok(Layout::Bitmapped {
            header_bytes: u8::try_from(header).unwrap_or(0),
            bitmap,
            parts,
        });
    }
    Ok(Layout::Positional {
        parts,
        repeat: repeat(json, entry, defaults)?,
    })
}

fn parts(
    json: &Map<String, Value>,
    entry: &str,
    defaults: &Defaults,
) -> Result<Vec<(u16, Field)>, SpecError> {
    let Some(value) = json.get("parts") else {
        return Ok(Vec::new());
    };
    let mut parts = Vec::new();
    for (key, value) in object(value, entry)? {
        let place = format!("{entry}.parts.{key}");
        let number = key
            .parse()
            .map_err(|_| SpecError::new(&place, "", format!("\"{key}\""), "a part number"))?;
        parts.push((number, read(value, &place, defaults)?));
    }
    sort_by_number(&mut parts, |(number, _)| u64::from(*number));
    Ok(parts)
}

fn repeat(
    json: &Map<String, Value>,
    entry: &str,
    defaults: &Defaults,
) -> Result<Option<Repeat>, SpecError> {
    let Some(value) = json.get("repeat") else {
        return Ok(None);
    };
    let place = format!("{entry}.repeat");
    let mut fields = object(value, &place)?.clone();
    let number = number(&fields, &place, "number")?
        .and_then(|n| u16::try_from(n).ok())
        .ok_or_else(|| missing(&place, "number", "the part number of each group"))?;
    fields.shift_remove("number");
    let field = Box::new(read(&Value::Object(fields), &place, defaults)?);
    Ok(Some(Repeat { number, field }))
}

fn variants(json: &Value, entry: &str, defaults: &Defaults) -> Result<Vec<Variant>, SpecError> {
    let list = json
        .as_array()
        .ok_or_else(|| SpecError::new(entry, "choice", super::kind_of(json), "a list"))?;
    let mut out = Vec::with_capacity(list.len());
    for (index, item) in list.iter().enumerate() {
        let place = format!("{entry}.choice.{index}");
        let item = object(item, &place)?;
        known_keys(item, &place, &["when", "name", "layout"])?;
        let inner = item
            .get("layout")
            .ok_or_else(|| missing(&place, "layout", "a layout"))?;
        out.push(Variant {
            when: super::messages::when(item.get("when"), &place)?,
            name: name_of(item, &place, "name")?,
            layout: layout(inner, &format!("{place}.layout"), defaults)?,
        });
    }
    Ok(out)
}

/// A part in front of tagged values: a field, with its number and whether it may be absent.
fn lead(json: Option<&Value>, entry: &str, defaults: &Defaults) -> Result<Option<Lead>, SpecError> {
    let Some(json) = json else { return Ok(None) };
    let place = format!("{entry}.lead");
    let mut fields = object(json, &place)?.clone();
    let number = number(&fields, &place, "number")?
        .and_then(|n| u16::try_from(n).ok())
        .ok_or_else(|| missing(&place, "number", "the part number it is shown under"))?;
    let optional = fields.get("optional").and_then(Value::as_bool);
    fields.shift_remove("number");
    fields.shift_remove("optional");
    let field = Box::new(read(&Value::Object(fields), &place, defaults)?);
    Ok(Some(Lead {
        number,
        optional: optional.unwrap_or(false),
        field,
    }))
}

fn tlv(
    tlv: &Map<String, Value>,
    json: &Map<String, Value>,
    entry: &str,
    defaults: &Defaults,
) -> Result<TlvSpec, SpecError> {
    let keys = [
        "tag",
        "length",
        "length_first",
        "default",
        "own_lengths",
        "lead",
    ];
    known_keys(tlv, entry, &keys)?;
    let tag =
        string(tlv, entry, "tag")?.ok_or_else(|| missing(entry, "tag", "such as \"ascii 2\""))?;
    let (word, width) = tag.split_once(' ').unwrap_or((tag, "2"));
    let tag = TagSpec {
        coding: coding_word(word).ok_or_else(|| coding_error(entry, "tag", tag))?,
        len_bytes: width
            .parse()
            .map_err(|_| SpecError::new(entry, "tag", tag, "such as \"ascii 2\""))?,
    };
    let length = string(tlv, entry, "length")?.ok_or_else(|| missing(entry, "length", PREFIXES))?;
    let default = string(tlv, entry, "default")?.unwrap_or("ascii");
    let mut known = Vec::new();
    if let Some(value) = json.get("parts") {
        for (key, value) in object(value, entry)? {
            known.push((
                key.clone(),
                read(value, &format!("{entry}.parts.{key}"), defaults)?,
            ));
        }
    }
    let flag = |key: &str| tlv.get(key).and_then(Value::as_bool).unwrap_or(false);
    Ok(TlvSpec {
        tag,
        length: prefix_of(length, entry)?,
        length_first: flag("length_first"),
        own_lengths: flag("own_lengths"),
        lead: lead(tlv.get("lead"), entry, defaults)?,
        default: coding_word(default).ok_or_else(|| coding_error(entry, "default", default))?,
        parts: known,
    })
}
