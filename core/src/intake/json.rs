//! Messages written as JSON: our own output, plain `{"mti","fields"}`, a numbered map, an array of
//! numbers, or an object that carries hex under a telling name; one document or one a line.

use super::{
    Content, FieldEntry, FieldValue, Fields, Form, Intake, Item, Note, NoteCode, Octets, decode_hex,
};
use serde_json::{Map, Value};
use std::ops::Range;

/// Names under which others keep the raw message.
const RAW_KEYS: [&str; 8] = [
    "raw_hex",
    "hex",
    "raw",
    "message_hex",
    "data_hex",
    "payload",
    "packed",
    "iso",
];

/// What may stand in front of a document.
pub(super) const BLANK: [char; 5] = ['\u{feff}', ' ', '\t', '\r', '\n'];

pub(super) fn read(text: &str) -> Option<Intake> {
    let lead = text.trim_start_matches(BLANK);
    if !lead.starts_with(['{', '[']) {
        return None;
    }
    let start = text.len() - lead.len();
    match serde_json::from_str::<Value>(lead) {
        Ok(value) => {
            let items = items_of(&value, start..text.trim_end().len(), 1);
            let form = items.first().map_or(Form::Json, |item| item.form);
            intake(items, form, text.lines().count(), Vec::new())
        }
        Err(_) => read_lines(text),
    }
}

fn read_lines(text: &str) -> Option<Intake> {
    let (mut items, mut lines, mut skipped, mut at) = (Vec::new(), 0, 0, 0);
    for (index, line) in text.split_inclusive('\n').enumerate() {
        let range = at..at + line.trim_end().len();
        at += line.len();
        if line.trim().is_empty() {
            continue;
        }
        lines += 1;
        let found = match serde_json::from_str::<Value>(line) {
            Ok(value) => items_of(&value, range, index + 1),
            Err(_) => Vec::new(),
        };
        skipped += usize::from(found.is_empty());
        items.extend(found);
    }
    let note = Note {
        code: NoteCode::SkippedLines,
        chars: 0..0,
        count: skipped,
    };
    // Mostly something else: a log or source code that happens to begin with a brace.
    if skipped * 2 > lines {
        return None;
    }
    intake(
        items,
        Form::JsonLines,
        lines,
        if skipped > 0 { vec![note] } else { Vec::new() },
    )
}

fn intake(items: Vec<Item>, form: Form, lines: usize, notes: Vec<Note>) -> Option<Intake> {
    (!items.is_empty()).then_some(Intake {
        form,
        lines,
        items,
        notes,
    })
}

fn items_of(value: &Value, chars: Range<usize>, line: usize) -> Vec<Item> {
    let item = |form, content| Item {
        form,
        chars: chars.clone(),
        line,
        content,
    };
    match value {
        Value::Object(object) => content_of(object)
            .map(|content| item(Form::Json, content))
            .into_iter()
            .collect(),
        Value::Array(list) => match bytes_of(list) {
            Some(bytes) => vec![item(Form::Array, Content::Bytes(Octets::unmapped(bytes)))],
            None => list
                .iter()
                .flat_map(|v| items_of(v, chars.clone(), line))
                .collect(),
        },
        Value::String(text) => hex_of(text)
            .map(|bytes| item(Form::HexDigits, Content::Bytes(Octets::unmapped(bytes))))
            .into_iter()
            .collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn content_of(object: &Map<String, Value>) -> Option<Content> {
    let raw = RAW_KEYS
        .iter()
        .find_map(|key| object.get(*key)?.as_str().and_then(hex_of));
    if let Some(bytes) = raw {
        return Some(Content::Bytes(Octets::unmapped(bytes)));
    }
    fields_of(object).map(Content::Fields)
}

fn fields_of(object: &Map<String, Value>) -> Option<Fields> {
    let text = |key: &str| object.get(key).and_then(scalar);
    let numbered = object.keys().filter(|k| k.parse::<u8>().is_ok()).count();
    let listed = object
        .get("fields")
        .or_else(|| object.get("data"))
        .and_then(Value::as_object);
    let source = match listed {
        Some(fields) => fields,
        None if numbered > 0 => object,
        None => return None,
    };
    let mti = ["mti", "MTI", "t", "0"]
        .iter()
        .find_map(|k| text(k).or_else(|| source.get(*k).and_then(scalar)));
    let named = mti.is_some() || object.get("schema").is_some();
    let entries: Vec<_> = source
        .iter()
        .filter(|(id, _)| is_field(id))
        .filter_map(entry)
        .collect();
    if !named || (entries.is_empty() && listed.is_none()) {
        return None;
    }
    let frame = object.get("frame");
    let in_frame = |key: &str| frame.and_then(|frame| frame.get(key));
    Some(Fields {
        mti,
        header: header_of(object),
        tpdu: in_frame("tpdu").and_then(scalar),
        length: in_frame("length").is_some(),
        framing: in_frame("framing").and_then(scalar),
        dialect: text("dialect").or_else(|| dialect_of(object)),
        set: set_of(object),
        bitmap: text("bitmap"),
        entries,
    })
}

/// `"dialect"` may be an object with a name and a score.
fn dialect_of(object: &Map<String, Value>) -> Option<String> {
    object.get("dialect")?.get("name").and_then(scalar)
}

fn set_of(object: &Map<String, Value>) -> Vec<String> {
    let list = object.get("set").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(scalar).collect()
}

fn header_of(object: &Map<String, Value>) -> Option<String> {
    object
        .get("header")
        .or_else(|| object.get("frame")?.get("header"))
        .and_then(scalar)
}

/// Whether a key names a data element; message type and bitmaps are made anew.
fn is_field(id: &str) -> bool {
    !matches!(id, "0" | "1" | "mti" | "MTI" | "t" | "p" | "h" | "bitmap")
        && id.parse::<u8>().is_ok()
}

fn entry((id, value): (&String, &Value)) -> Option<FieldEntry> {
    Some(FieldEntry {
        id: id.clone(),
        value: value_of(value)?,
        chars: 0..0,
    })
}

fn value_of(value: &Value) -> Option<FieldValue> {
    let Value::Object(object) = value else {
        return scalar(value).map(FieldValue::Text);
    };
    // Our own shape keeps both; the whole value is the more exact of the two.
    if let Some(text) = object.get("value").and_then(scalar) {
        return Some(FieldValue::Text(text));
    }
    if let Some(hex) = object.get("hex").and_then(scalar) {
        return Some(FieldValue::Binary(hex.to_ascii_uppercase()));
    }
    let nested = object
        .get("fields")
        .and_then(Value::as_object)
        .unwrap_or(object);
    Some(FieldValue::Nested(
        nested.iter().filter_map(entry).collect(),
    ))
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn bytes_of(list: &[Value]) -> Option<Vec<u8>> {
    let byte = |v: &Value| {
        let n = v.as_i64()?;
        u8::try_from(n)
            .ok()
            .or_else(|| i8::try_from(n).ok().map(i8::cast_unsigned))
    };
    (!list.is_empty()).then(|| list.iter().map(byte).collect())?
}

fn hex_of(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let mut bytes = Vec::new();
    decode_hex(&digits, &mut bytes).ok()?;
    (!bytes.is_empty()).then_some(bytes)
}
