//! The older moov format: the standard's notation for every element, one encoding for each kind.

use super::super::load_json;
use super::super::notation::parse_notation;
use super::error::{ImportError, Report, WarningCode};
use super::{Format, Imported, builtin_source, line_of};
use serde_json::{Map, Value, json};

pub(super) fn read(
    elements: &Map<String, Value>,
    whole: &Value,
    text: &str,
    name: &str,
) -> Result<Imported, ImportError> {
    let mut report = Report::default();
    let mut fields = Map::new();
    for (key, element) in elements {
        let notation = element
            .get("Describe")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let title = element
            .get("Description")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let line = line_of(text, key);
        let number = key.parse::<u8>().ok().filter(|de| (2..=192).contains(de));
        match (number, parse_notation(notation)) {
            (Some(_), Some(_)) => {
                let is = notation.split(';').next().unwrap_or_default().trim();
                fields.insert(key.clone(), json!({ "is": is, "name": title }));
            }
            (None, _) if matches!(key.as_str(), "0" | "1") => {}
            (None, _) => report.warn(line, key, WarningCode::Ignored, "field number"),
            (Some(_), None) => report.warn(line, key, WarningCode::Ignored, notation),
        }
    }
    let coding = coding(whole.get("encoding"), &mut report);
    let dialect = json!({ "poslab-dialect": 1, "name": name, "coding": coding, "fields": fields });
    let dialect = load_json(dialect, &builtin_source).map_err(|error| {
        let key = error.entry.rsplit('.').next().unwrap_or_default();
        ImportError::Dialect {
            line: line_of(text, key),
            error,
        }
    })?;
    let warnings = report.warnings;
    Ok(Imported::new(Format::MoovElements, dialect, warnings))
}

/// Their words for encodings in ours.
fn coding(encoding: Option<&Value>, report: &mut Report) -> Value {
    let said = |key: &str| {
        encoding
            .and_then(|e| e.get(key))
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_uppercase()
    };
    if encoding.is_none() {
        report.warn(1, "encoding", WarningCode::Assumed, "everything in ASCII");
    }
    let text = |key: &str| match said(key).as_str() {
        "EBCDIC" => "ebcdic bytes",
        "UTF8" | "UTF-8" => "utf8 bytes",
        _ => "ascii bytes",
    };
    let digits = |key: &str| match said(key).as_str() {
        "BCD" => "bcd digits pad-left-0",
        "RBCD" => "bcd digits pad-right-0",
        "EBCDIC" => "ebcdic bytes",
        _ => "ascii bytes",
    };
    let bits = |key: &str| match said(key).as_str() {
        "HEX" | "BINARY" | "RAW" => "raw",
        "EBCDIC" => "hex-ebcdic",
        _ => "hex-ascii",
    };
    json!({
        "mti": match said("mti_enc").as_str() { "BCD" => "bcd", "EBCDIC" => "ebcdic", _ => "ascii" },
        "bitmap": bits("bmp_enc"),
        "length": match said("len_enc").as_str() {
            "BCD" | "RBCD" => "bcd", "EBCDIC" => "ebcdic", "HEX" | "BINARY" => "binary", _ => "ascii",
        },
        "n": digits("num_enc"),
        "z": digits("trk_enc"),
        "text": text("chr_enc"),
        "b": format!("{} bytes", bits("bin_enc")),
    })
}
