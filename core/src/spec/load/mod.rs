//! From a dialect's JSON to a [`Dialect`]: inheritance, defaults and exact errors.
//!
//! `docs/dialect-format.md` describes the file. A dialect that `extends` another is merged with it
//! key by key before anything is read, so a change of coding reaches every inherited field.

mod field;
mod messages;
mod wire_words;

use super::dialect::{BitmapSpec, Dialect, MacRule, MtiSpec};
use super::error::SpecError;
use super::field::Name;
use super::wire::{Coding, Prefix, PrefixCoding};
use serde_json::{Map, Value};
use wire_words::{Defaults, coding_word};

/// How deep one dialect may extend another.
const MAX_EXTENDS: usize = 8;

/// Loads a dialect from the text of its file; `parent` gives the text of the dialects that it may
/// extend.
///
/// **Errors**: the entry, the key, what was found and what is allowed.
pub fn load(
    text: &str,
    parent: &dyn Fn(&str) -> Option<&'static str>,
) -> Result<Dialect, SpecError> {
    let json = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    load_json(json, parent)
}

/// Loads a dialect from JSON that is already parsed.
///
/// **Errors**: as [`load`].
pub fn load_json(
    json: Value,
    parent: &dyn Fn(&str) -> Option<&'static str>,
) -> Result<Dialect, SpecError> {
    let merged = with_parents(json, parent, 0)?;
    build(object(&merged, "")?)
}

fn not_json(error: &serde_json::Error) -> SpecError {
    let place = format!("line {} column {}", error.line(), error.column());
    SpecError::new(&place, "", error.to_string(), "JSON")
}

fn with_parents(
    json: Value,
    parent: &dyn Fn(&str) -> Option<&'static str>,
    depth: usize,
) -> Result<Value, SpecError> {
    let Some(name) = json.get("extends").and_then(Value::as_str) else {
        return Ok(json);
    };
    if depth >= MAX_EXTENDS {
        return Err(SpecError::new(
            "",
            "extends",
            name,
            "at most eight dialects in a row",
        ));
    }
    let text = parent(name)
        .ok_or_else(|| SpecError::new("", "extends", name, "the name of a built-in dialect"))?;
    let base = serde_json::from_str(text).map_err(|error| not_json(&error))?;
    let mut merged = with_parents(base, parent, depth + 1)?;
    merge(&mut merged, json);
    Ok(merged)
}

/// Objects merge key by key, `null` removes, everything else replaces.
fn merge(base: &mut Value, over: Value) {
    let (Value::Object(base), Value::Object(over)) = (&mut *base, &over) else {
        *base = over;
        return;
    };
    for (key, value) in over {
        match base.get_mut(key) {
            _ if value.is_null() => {
                base.shift_remove(key);
            }
            Some(slot) => merge(slot, value.clone()),
            None => {
                base.insert(key.clone(), value.clone());
            }
        }
    }
}

const KEYS: &[&str] = &[
    "poslab-dialect",
    "name",
    "extends",
    "title",
    "about",
    "frame",
    "coding",
    "bitmap",
    "header_bytes",
    "mac",
    "charset_open",
    "fields",
    "messages",
];

fn build(json: &Map<String, Value>) -> Result<Dialect, SpecError> {
    known_keys(json, "", KEYS)?;
    let name = string(json, "", "name")?.ok_or_else(|| missing("", "name", "a name"))?;
    let coding = match json.get("coding") {
        Some(value) => object(value, "coding")?,
        None => return Err(missing("", "coding", "an object of codings")),
    };
    let defaults = Defaults::read(coding)?;
    let mti = MtiSpec {
        coding: coding_at(coding, "mti")?,
    };
    let mut dialect = Dialect::new(name, mti, bitmap_spec(json, coding)?);
    dialect.title = name_of(json, "", "title")?;
    dialect.about = name_of(json, "", "about")?;
    dialect.frame = strings(json, "", "frame")?;
    dialect.header_bytes = number(json, "", "header_bytes")?.unwrap_or(0) as usize;
    dialect.mac = mac_rule(json)?;
    dialect.charset_open = flag(json, "charset_open")?;
    if let Some(fields) = json.get("fields") {
        for (key, value) in object(fields, "fields")? {
            let entry = format!("fields.{key}");
            let de = de_number(key, &entry)?;
            dialect.set_field(de, field::read(value, &entry, &defaults)?);
        }
    }
    if let Some(messages) = json.get("messages") {
        dialect.messages = messages::read(messages)?.into();
    }
    Ok(dialect)
}

fn flag(json: &Map<String, Value>, key: &str) -> Result<bool, SpecError> {
    let wrong = |value: &Value| SpecError::new("", key, value.to_string(), "true or false");
    let read = |value: &Value| value.as_bool().ok_or_else(|| wrong(value));
    json.get(key).map_or(Ok(false), read)
}

fn mac_rule(json: &Map<String, Value>) -> Result<MacRule, SpecError> {
    let Some(word) = string(json, "", "mac")? else {
        return Ok(MacRule::default());
    };
    [MacRule::Cbc, MacRule::UnionPay]
        .into_iter()
        .find(|rule| rule.word() == word)
        .ok_or_else(|| SpecError::new("", "mac", word, "cbc or unionpay"))
}

fn bitmap_spec(
    json: &Map<String, Value>,
    coding: &Map<String, Value>,
) -> Result<BitmapSpec, SpecError> {
    let mut spec = BitmapSpec::usual(coding_at(coding, "bitmap")?);
    if let Some(value) = json.get("bitmap") {
        bitmap_details(object(value, "bitmap")?, "bitmap", &mut spec)?;
    }
    Ok(spec)
}

/// Reads the keys that say how a bitmap continues.
fn bitmap_details(
    json: &Map<String, Value>,
    entry: &str,
    spec: &mut BitmapSpec,
) -> Result<(), SpecError> {
    known_keys(
        json,
        entry,
        &[
            "coding",
            "block_bytes",
            "blocks",
            "min_blocks",
            "continues",
            "third_in_field",
            "header_bytes",
        ],
    )?;
    if let Some(words) = string(json, entry, "coding")? {
        spec.coding = coding_word(words).ok_or_else(|| coding_error(entry, "coding", words))?;
    }
    let small = |key: &str, old: u8, max: u32| -> Result<u8, SpecError> {
        match number(json, entry, key)? {
            None => Ok(old),
            Some(n) if (1..=max).contains(&n) => Ok(u8::try_from(n).unwrap_or(old)),
            Some(n) => Err(SpecError::new(
                entry,
                key,
                n.to_string(),
                "a small positive number",
            )),
        }
    };
    spec.block_bytes = small("block_bytes", spec.block_bytes, 24)?;
    spec.max_blocks = small("blocks", spec.max_blocks, 3)?;
    spec.min_blocks = small("min_blocks", spec.min_blocks, 3)?;
    spec.third_in_field = match number(json, entry, "third_in_field")? {
        None => spec.third_in_field,
        Some(n) => Some(de_number(&n.to_string(), entry)?),
    };
    if let Some(value) = json.get("continues") {
        spec.continues = value.as_bool().ok_or_else(|| {
            SpecError::new(entry, "continues", value.to_string(), "true or false")
        })?;
    }
    Ok(())
}

fn coding_at(coding: &Map<String, Value>, key: &str) -> Result<Coding, SpecError> {
    let words = string(coding, "coding", key)?.ok_or_else(|| missing("coding", key, CODINGS))?;
    coding_word(words).ok_or_else(|| coding_error("coding", key, words))
}

const CODINGS: &str = "one of ascii, ebcdic, ebcdic1047, gbk, utf8, bcd, raw, hex-ascii, \
                       hex-ebcdic, hex-ebcdic1047, zoned, sign-bcd";

fn coding_error(entry: &str, key: &str, found: &str) -> SpecError {
    SpecError::new(entry, key, format!("\"{found}\""), CODINGS)
}

fn missing(entry: &str, key: &str, allowed: &str) -> SpecError {
    SpecError::new(entry, key, "nothing", allowed)
}

fn de_number(key: &str, entry: &str) -> Result<u8, SpecError> {
    match key.parse::<u8>() {
        Ok(de) if (1..=192).contains(&de) => Ok(de),
        _ => Err(SpecError::new(
            entry,
            "",
            format!("\"{key}\""),
            "a field number from 1 to 192",
        )),
    }
}

fn object<'v>(value: &'v Value, entry: &str) -> Result<&'v Map<String, Value>, SpecError> {
    value
        .as_object()
        .ok_or_else(|| SpecError::new(entry, "", kind_of(value), "an object"))
}

fn string<'v>(
    json: &'v Map<String, Value>,
    entry: &str,
    key: &str,
) -> Result<Option<&'v str>, SpecError> {
    match json.get(key) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(SpecError::new(entry, key, kind_of(other), "text")),
    }
}

fn number(json: &Map<String, Value>, entry: &str, key: &str) -> Result<Option<u32>, SpecError> {
    match json.get(key) {
        None => Ok(None),
        Some(value) => value
            .as_u64()
            .and_then(|n| u32::try_from(n).ok())
            .map(Some)
            .ok_or_else(|| SpecError::new(entry, key, value.to_string(), "a whole number")),
    }
}

/// A text, or a list of texts.
fn strings(json: &Map<String, Value>, entry: &str, key: &str) -> Result<Vec<String>, SpecError> {
    match json.get(key) {
        None => Ok(Vec::new()),
        Some(value) => texts(value, entry, key),
    }
}

fn texts(value: &Value, entry: &str, key: &str) -> Result<Vec<String>, SpecError> {
    let wrong = |v: &Value| SpecError::new(entry, key, kind_of(v), "text or a list of texts");
    match value {
        Value::String(text) => Ok(vec![text.clone()]),
        Value::Array(items) => items
            .iter()
            .map(|item| item.as_str().map(str::to_owned).ok_or_else(|| wrong(item)))
            .collect(),
        other => Err(wrong(other)),
    }
}

/// A name: a text (English), or an object with `en` and `zh`.
fn name_of(json: &Map<String, Value>, entry: &str, key: &str) -> Result<Name, SpecError> {
    match json.get(key) {
        None => Ok(Name::default()),
        Some(Value::String(en)) => Ok(Name {
            en: en.clone(),
            zh: String::new(),
        }),
        Some(value) => {
            let names = object(value, entry)?;
            let text = |lang| string(names, entry, lang).map(|t| t.unwrap_or_default().to_owned());
            Ok(Name {
                en: text("en")?,
                zh: text("zh")?,
            })
        }
    }
}

fn known_keys(json: &Map<String, Value>, entry: &str, keys: &[&str]) -> Result<(), SpecError> {
    match json.keys().find(|key| !keys.contains(&key.as_str())) {
        None => Ok(()),
        Some(key) => Err(SpecError::new(
            entry,
            key,
            "an unknown key",
            &keys.join(", "),
        )),
    }
}

fn kind_of(value: &Value) -> String {
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    };
    kind.to_owned()
}

/// The prefix that `dots` digits of length have in a coding.
fn prefix(coding: PrefixCoding, digits: u8) -> Prefix {
    let width = match coding {
        PrefixCoding::Binary | PrefixCoding::HexAscii => {
            if digits <= 2 {
                1
            } else {
                2
            }
        }
        _ => digits,
    };
    Prefix {
        coding,
        width,
        adds: 0,
    }
}
