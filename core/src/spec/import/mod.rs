//! Specifications that other tools keep, read into a [`Dialect`].
//!
//! Each format is recognised by its content, never by its file name. What it cannot say is added
//! from practice (names, which fields are secret, BER-TLV in DE55); what poslab cannot say is kept
//! as opaque bytes in the right carrier and reported with its line. Framing stands in none of
//! these formats.

mod carrier;
mod complete;
mod elements;
mod error;
mod j8583;
mod jpos;
mod jpos_class;
mod literal;
mod moov;
mod pyiso;
mod table;
mod xml;
#[cfg(feature = "yaml")]
mod yaml;

pub use error::{ImportError, Warning, WarningCode};

use super::dialect::Dialect;
use super::{builtin_source, load_json};
use serde_json::Value;

/// A specification format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// j8583 or NetCore8583 XML.
    J8583,
    /// jPOS GenericPackager XML.
    Jpos,
    /// The classes of jPOS, keyed by field number in JSON.
    JposJson,
    /// moov-io/iso8583 JSON or YAML.
    Moov,
    /// The older moov format: the standard's notation and one block of encodings.
    MoovElements,
    /// poslab's own.
    Poslab,
    /// A pyiso8583 dict, as JSON or as a Python literal.
    Pyiso8583,
    /// A pasted table of field numbers and notations.
    Table,
}

impl Format {
    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::J8583 => "j8583 XML",
            Self::Jpos => "jPOS packager XML",
            Self::JposJson => "jPOS classes in JSON",
            Self::Moov => "moov-io/iso8583",
            Self::MoovElements => "moov elements",
            Self::Poslab => "poslab dialect",
            Self::Pyiso8583 => "pyiso8583",
            Self::Table => "table of notations",
        }
    }
}

/// An imported specification.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// Which format it was.
    pub format: Format,
    /// The dialect.
    pub dialect: Dialect,
    /// Other readings of the same file, where the file leaves the encoding of the whole message
    /// open; detection chooses.
    pub alternatives: Vec<Dialect>,
    /// What could not be represented, or was assumed.
    pub warnings: Vec<Warning>,
    /// Fields whose inner structure is a guess from practice: where it does not fit, it is wrong,
    /// not the message.
    pub assumed_layouts: Vec<u8>,
}

impl Imported {
    fn new(format: Format, dialect: Dialect, warnings: Vec<Warning>) -> Self {
        Self {
            format,
            dialect,
            alternatives: Vec::new(),
            warnings,
            assumed_layouts: Vec::new(),
        }
    }
}

/// Reads a specification of any known format; `name` becomes the name of the dialect unless the
/// file gives one.
///
/// # Errors
/// [`ImportError`] says where the file stops making sense.
pub fn import(text: &str, name: &str) -> Result<Imported, ImportError> {
    let text = text.trim_start_matches('\u{feff}');
    let lead = text.trim_start();
    let mut imported = if lead.starts_with('<') {
        of_xml(text, name)?
    } else if lead.starts_with('{') {
        of_json(text, name)?
    } else {
        of_plain(text, name)?
    };
    if imported.format != Format::Poslab {
        imported.assumed_layouts = complete::complete(&mut imported.dialect);
        imported
            .alternatives
            .iter_mut()
            .for_each(|dialect| drop(complete::complete(dialect)));
    }
    Ok(imported)
}

fn of_xml(text: &str, name: &str) -> Result<Imported, ImportError> {
    let root = xml::parse(text)?;
    match root.name.as_str() {
        "isopackager" => jpos::read(&root, name, Format::Jpos),
        "j8583-config" | "n8583-config" => j8583::read(&root, name),
        other => Err(ImportError::UnknownFormat {
            found: format!("<{other}>"),
        }),
    }
}

fn of_json(text: &str, name: &str) -> Result<Imported, ImportError> {
    match serde_json::from_str(text) {
        Ok(value) => of_value(&value, text, name),
        // Python: single quotes, comments, trailing commas, no null.
        Err(json) => match literal::parse(text) {
            Ok(value) => of_value(&value, text, name),
            Err(line) => Err(ImportError::NotJson {
                line: line.max(json.line()),
                what: json.to_string(),
            }),
        },
    }
}

/// YAML, a Python assignment, or a table.
fn of_plain(text: &str, name: &str) -> Result<Imported, ImportError> {
    if table::looks_like(text) {
        return table::read(text, name);
    }
    if let Some(value) = literal::find_dict(text) {
        return of_value(&value, text, name);
    }
    #[cfg(feature = "yaml")]
    if let Ok(value @ Value::Object(_)) = yaml::parse(text) {
        return of_value(&value, text, name);
    }
    let found = text
        .trim()
        .lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(40)
        .collect();
    Err(ImportError::UnknownFormat { found })
}

fn of_value(value: &Value, text: &str, name: &str) -> Result<Imported, ImportError> {
    let empty = || ImportError::UnknownFormat {
        found: "JSON without fields".into(),
    };
    let name = value
        .get("name")
        .or(value.get("id"))
        .and_then(Value::as_str)
        .unwrap_or(name);
    if let Some(spec) = value.get("spec").filter(|spec| spec.is_object()) {
        return of_value(spec, text, name);
    }
    if value.get("poslab-dialect").is_some() || value.get("extends").is_some() {
        return poslab(value, text);
    }
    if let Some(elements) = value.get("elements").and_then(Value::as_object) {
        return elements::read(elements, value, text, name);
    }
    let fields = value
        .get("fields")
        .unwrap_or(value)
        .as_object()
        .ok_or_else(empty)?;
    let has = |key: &str| fields.values().any(|field| field.get(key).is_some());
    if has("data_enc") || has("data_encoding") {
        let fixed = value.get("bitmap_mode").and_then(Value::as_str);
        pyiso::read(
            fields,
            fixed.is_some_and(|m| m.starts_with("fixed-128")),
            text,
            name,
        )
    } else if has("class") {
        jpos::read(
            &jpos::tree_of_json(value, fields, text),
            name,
            Format::JposJson,
        )
    } else if has("Describe") {
        elements::read(fields, value, text, name)
    } else if has("prefix") || has("enc") {
        moov::read(fields, text, name)
    } else {
        Err(empty())
    }
}

fn poslab(value: &Value, text: &str) -> Result<Imported, ImportError> {
    let dialect = load_json(value.clone(), &builtin_source).map_err(|error| {
        let key = error.entry.rsplit('.').next().unwrap_or_default();
        ImportError::Dialect {
            line: line_of(text, key),
            error,
        }
    })?;
    Ok(Imported::new(Format::Poslab, dialect, Vec::new()))
}

/// The first line that holds `"key"` as a key, or 1.
fn line_of(text: &str, key: &str) -> usize {
    let is_key = |line: &str| {
        [format!("\"{key}\""), format!("'{key}'"), key.to_owned()]
            .iter()
            .any(|form| {
                line.find(form.as_str())
                    .and_then(|at| line.get(at + form.len()..))
                    .is_some_and(|rest| rest.trim_start().starts_with(':'))
            })
    };
    text.lines().position(is_key).map_or(1, |index| index + 1)
}

#[cfg(test)]
mod tests;
