//! A dialect as its own file: what `spec show` and `spec import` print and the loader reads again.

use super::dialect::{BitmapSpec, Dialect, MacRule};
use super::field::{Field, Name, Secrecy};
use super::layout::{Layout, TlvSpec, Variant, When};
use super::rules::{MessageRule, Presence};
use super::wire::{Class, Coding, Counts, Fill, Prefix, PrefixCoding, Side, Size, Wire};
use crate::bytes::Charset;
use serde_json::{Map, Value, json};

/// The dialect as JSON, every field in full: nothing is inherited and nothing left to a default.
#[must_use]
pub fn to_json(dialect: &Dialect) -> Value {
    let mut out = Map::new();
    out.insert("poslab-dialect".into(), json!(1));
    out.insert("name".into(), json!(dialect.name));
    put_name(&mut out, "title", &dialect.title);
    put_name(&mut out, "about", &dialect.about);
    if !dialect.frame.is_empty() {
        out.insert("frame".into(), json!(dialect.frame));
    }
    if dialect.header_bytes > 0 {
        out.insert("header_bytes".into(), json!(dialect.header_bytes));
    }
    if dialect.mac != MacRule::default() {
        out.insert("mac".into(), json!(dialect.mac.word()));
    }
    if dialect.charset_open {
        out.insert("charset_open".into(), json!(true));
    }
    out.insert(
        "coding".into(),
        json!({
            "mti": coding_word(dialect.mti.coding),
            "bitmap": coding_word(dialect.bitmap.coding),
            "length": "ascii",
            "n": "ascii bytes", "z": "ascii bytes", "text": "ascii bytes", "b": "raw bytes",
        }),
    );
    out.insert("bitmap".into(), Value::Object(bitmap(&dialect.bitmap)));
    let fields = dialect
        .fields()
        .map(|(de, f)| (de.to_string(), Value::Object(field(f))));
    out.insert("fields".into(), Value::Object(fields.collect()));
    if !dialect.messages.is_empty() {
        out.insert(
            "messages".into(),
            dialect.messages.iter().map(message).collect(),
        );
    }
    Value::Object(out)
}

/// The standard's notation of a field, such as `n..19`, as tables print it.
#[must_use]
pub fn notation(wire: &Wire) -> String {
    let class = wire.class.letters();
    let bits = wire.class == Class::B && wire.counts == Counts::Bytes;
    match wire.size {
        Size::Fixed(len) if bits => format!("{class}{}", len * 8),
        Size::Fixed(len) => format!("{class}{len}"),
        Size::Var { max, .. } => format!("{class}{}{max}", ".".repeat(dots(max, wire.prefix))),
        Size::Rest => format!("{class} rest"),
    }
}

/// As many dots as the length has digits, by the standard's habit at least two.
fn dots(max: u32, prefix: Option<Prefix>) -> usize {
    let digits = max.to_string().len().max(2);
    match prefix {
        Some(Prefix {
            coding: PrefixCoding::Ascii | PrefixCoding::Bcd | PrefixCoding::Ebcdic,
            width,
            ..
        }) => usize::from(width).min(6),
        _ => digits.min(6),
    }
}

fn put_name(out: &mut Map<String, Value>, key: &str, name: &Name) {
    if !name.en.is_empty() || !name.zh.is_empty() {
        out.insert(key.into(), json!({ "en": name.en, "zh": name.zh }));
    }
}

fn bitmap(spec: &BitmapSpec) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("coding".into(), json!(coding_word(spec.coding)));
    out.insert("block_bytes".into(), json!(spec.block_bytes));
    out.insert("blocks".into(), json!(spec.max_blocks));
    out.insert("min_blocks".into(), json!(spec.min_blocks));
    out.insert("continues".into(), json!(spec.continues));
    if let Some(de) = spec.third_in_field {
        out.insert("third_in_field".into(), json!(de));
    }
    out
}

fn field(field: &Field) -> Map<String, Value> {
    let mut out = Map::new();
    out.insert("is".into(), json!(notation(&field.wire)));
    put_name(&mut out, "name", &field.name);
    out.insert("wire".into(), json!(wire_words(&field.wire)));
    if let Some(length) = field.wire.prefix {
        out.insert("length".into(), json!(prefix_words(length)));
    }
    if let Size::Var { min: min @ 1.., .. } = field.wire.size {
        out.insert("min".into(), json!(min));
    }
    let secret = match field.secrecy {
        Secrecy::Open => None,
        Secrecy::Pan => Some("pan"),
        Secrecy::Track => Some("track"),
        Secrecy::Secret => Some("secret"),
        Secrecy::Nested => Some("nested"),
    };
    out.extend(secret.map(|word| ("secret".into(), json!(word))));
    if let Some(inner) = &field.layout {
        out.insert("layout".into(), layout(inner));
    }
    out
}

fn wire_words(wire: &Wire) -> String {
    let counts = match wire.counts {
        Counts::Bytes => "bytes",
        Counts::Digits => "digits",
        Counts::HexDigits => "hex-digits",
    };
    let mut words = format!("{} {counts}", coding_word(wire.coding));
    let side = |side| if side == Side::Left { "left" } else { "right" };
    if matches!(wire.coding, Coding::Bcd | Coding::SignBcd) {
        words += &format!(" pad-{}-{:X}", side(wire.pad.side), wire.pad.nibble);
    }
    if let Some(Fill { side: at, with }) = wire.fill {
        let with = if with == ' ' {
            "space".to_owned()
        } else {
            with.to_string()
        };
        words += &format!(" fill-{}-{with}", side(at));
    }
    if wire.filled {
        words += " filled";
    }
    words
}

fn prefix_words(prefix: Prefix) -> String {
    let coding = match prefix.coding {
        PrefixCoding::Ascii => "ascii",
        PrefixCoding::Bcd => "bcd",
        PrefixCoding::Ber => "ber",
        PrefixCoding::Binary => "binary",
        PrefixCoding::Ebcdic => "ebcdic",
        PrefixCoding::HexAscii => "hex",
    };
    match prefix.adds {
        0 => format!("{coding} {}", prefix.width),
        adds => format!("{coding} {} adds {adds}", prefix.width),
    }
}

fn coding_word(coding: Coding) -> &'static str {
    match coding {
        Coding::Chars(Charset::Ascii) => "ascii",
        Coding::Chars(Charset::Ebcdic500) => "ebcdic",
        Coding::Chars(Charset::Ebcdic1047) => "ebcdic1047",
        Coding::Chars(Charset::Gbk) => "gbk",
        Coding::Chars(Charset::Utf8) => "utf8",
        Coding::HexChars(Charset::Ebcdic500) => "hex-ebcdic",
        Coding::HexChars(Charset::Ebcdic1047) => "hex-ebcdic1047",
        Coding::HexChars(_) => "hex-ascii",
        Coding::Bcd => "bcd",
        Coding::Raw => "raw",
        Coding::Zoned => "zoned",
        Coding::SignBcd => "sign-bcd",
    }
}

fn layout(layout: &Layout) -> Value {
    match layout {
        Layout::BerTlv => json!("ber-tlv"),
        Layout::Positional { parts, repeat } => {
            let mut out = Map::new();
            if !parts.is_empty() {
                out.insert("parts".into(), numbered(parts));
            }
            if let Some(repeat) = repeat {
                let mut group = field(&repeat.field);
                group.insert("number".into(), json!(repeat.number));
                out.insert("repeat".into(), Value::Object(group));
            }
            Value::Object(out)
        }
        Layout::Bitmapped {
            header_bytes,
            bitmap: spec,
            parts,
        } => {
            let mut bits = bitmap(spec);
            if *header_bytes > 0 {
                bits.insert("header_bytes".into(), json!(header_bytes));
            }
            json!({ "bitmap": bits, "parts": numbered(parts) })
        }
        Layout::Tlv(spec) => tlv(spec),
        Layout::Choice(variants) => {
            json!({ "choice": variants.iter().map(variant).collect::<Vec<_>>() })
        }
    }
}

fn numbered(parts: &[(u16, Field)]) -> Value {
    parts
        .iter()
        .map(|(n, part)| (n.to_string(), Value::Object(field(part))))
        .collect::<Map<_, _>>()
        .into()
}

fn tlv(spec: &TlvSpec) -> Value {
    let mut shape = Map::new();
    let tag = format!("{} {}", coding_word(spec.tag.coding), spec.tag.len_bytes);
    shape.insert("tag".into(), json!(tag));
    shape.insert("length".into(), json!(prefix_words(spec.length)));
    shape.insert("length_first".into(), json!(spec.length_first));
    shape.insert("default".into(), json!(coding_word(spec.default)));
    if spec.own_lengths {
        shape.insert("own_lengths".into(), json!(true));
    }
    if let Some(lead) = &spec.lead {
        let mut part = field(&lead.field);
        part.insert("number".into(), json!(lead.number));
        part.insert("optional".into(), json!(lead.optional));
        shape.insert("lead".into(), Value::Object(part));
    }
    let parts = spec
        .parts
        .iter()
        .map(|(tag, part)| (tag.clone(), Value::Object(field(part))));
    json!({ "tlv": shape, "parts": parts.collect::<Map<_, _>>() })
}

fn variant(variant: &Variant) -> Value {
    let mut out = Map::new();
    put_name(&mut out, "name", &variant.name);
    out.insert("when".into(), when(&variant.when));
    out.insert("layout".into(), layout(&variant.layout));
    Value::Object(out)
}

fn when(when: &When) -> Value {
    let mut out = Map::new();
    if !when.mti.is_empty() {
        out.insert("mti".into(), json!(when.mti));
    }
    if when.min_bytes > 0 {
        out.insert("min_bytes".into(), json!(when.min_bytes));
    }
    if when.max_bytes > 0 {
        out.insert("max_bytes".into(), json!(when.max_bytes));
    }
    out.extend(
        when.values
            .iter()
            .map(|(path, values)| (path.clone(), json!(values))),
    );
    Value::Object(out)
}

fn message(rule: &MessageRule) -> Value {
    let mut out = Map::new();
    out.insert("key".into(), json!(rule.key));
    put_name(&mut out, "name", &rule.name);
    out.insert("when".into(), when(&rule.when));
    for (key, presence) in [
        ("mandatory", Presence::Mandatory),
        ("conditional", Presence::Conditional),
        ("echoed", Presence::Echoed),
        ("never", Presence::Never),
    ] {
        let fields: Vec<u8> = rule.with(presence).collect();
        if !fields.is_empty() {
            out.insert(key.into(), json!(fields));
        }
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::{builtin, builtin_names, builtin_source, load_json};

    #[test]
    fn every_built_in_dialect_is_written_and_read_again() {
        for name in builtin_names() {
            let dialect = builtin(name).unwrap();
            let again = load_json(to_json(&dialect), &builtin_source);
            let again = again.unwrap_or_else(|error| panic!("{name}: {error}"));
            for (de, field) in dialect.fields() {
                assert_eq!(again.field(de), Some(field), "{name} DE{de}");
            }
            assert_eq!(again, *dialect, "{name}");
        }
    }
}
