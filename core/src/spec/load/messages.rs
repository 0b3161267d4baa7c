//! The message tables of a dialect file.

use super::{known_keys, missing, name_of, number, object, string, strings, texts};
use crate::spec::error::SpecError;
use crate::spec::layout::When;
use crate::spec::rules::{MessageRule, Presence};
use serde_json::{Map, Value};

/// Reads the list of messages.
pub(super) fn read(json: &Value) -> Result<Vec<MessageRule>, SpecError> {
    let list = json
        .as_array()
        .ok_or_else(|| SpecError::new("", "messages", super::kind_of(json), "a list"))?;
    list.iter()
        .enumerate()
        .map(|(index, item)| message(item, &format!("messages.{index}")))
        .collect()
}

fn message(json: &Value, entry: &str) -> Result<MessageRule, SpecError> {
    let json = object(json, entry)?;
    let keys = [
        "key",
        "name",
        "when",
        "mandatory",
        "conditional",
        "echoed",
        "never",
    ];
    known_keys(json, entry, &keys)?;
    let key = string(json, entry, "key")?.ok_or_else(|| missing(entry, "key", "a short name"))?;
    let mut fields = Vec::new();
    for (name, presence) in [
        ("mandatory", Presence::Mandatory),
        ("conditional", Presence::Conditional),
        ("echoed", Presence::Echoed),
        ("never", Presence::Never),
    ] {
        fields.extend(
            numbers(json, entry, name)?
                .into_iter()
                .map(|de| (de, presence)),
        );
    }
    Ok(MessageRule {
        name: name_of(json, entry, "name")?,
        key: key.to_owned(),
        when: when(json.get("when"), entry)?,
        fields,
    })
}

/// Reads a condition: `mti`, `min_bytes`, `max_bytes`, and any field by path.
pub(super) fn when(json: Option<&Value>, entry: &str) -> Result<When, SpecError> {
    let Some(json) = json else {
        return Ok(When::default());
    };
    let json = object(json, entry)?;
    let mut out = When {
        mti: strings(json, entry, "mti")?,
        min_bytes: number(json, entry, "min_bytes")?.unwrap_or(0),
        max_bytes: number(json, entry, "max_bytes")?.unwrap_or(0),
        values: Vec::new(),
    };
    for (key, value) in json {
        if !matches!(key.as_str(), "mti" | "min_bytes" | "max_bytes") {
            out.values.push((key.clone(), texts(value, entry, key)?));
        }
    }
    Ok(out)
}

fn numbers(json: &Map<String, Value>, entry: &str, key: &str) -> Result<Vec<u8>, SpecError> {
    let Some(value) = json.get(key) else {
        return Ok(Vec::new());
    };
    let wrong = || SpecError::new(entry, key, value.to_string(), "a list of field numbers");
    let list = value.as_array().ok_or_else(wrong)?;
    list.iter()
        .map(|item| {
            item.as_u64()
                .and_then(|n| u8::try_from(n).ok())
                .ok_or_else(wrong)
        })
        .collect()
}
