//! A pasted table of field numbers and the standard's notation, with one block of encodings.
//!
//! ```text
//! encoding: bcd
//! 2   n..19      Primary account number
//! DE35 | z..37   | Track 2 data
//! 55  b...255    ICC data
//! ```
//!
//! `encoding: ascii | bcd | ebcdic` sets everything; `mti: bcd`, `bitmap: raw`, `length: bcd`,
//! `n: bcd digits pad-left-0`, `z: …`, `text: …`, `b: …` set one kind.

use super::super::load_json;
use super::super::notation::parse_notation;
use super::error::{ImportError, Report, WarningCode};
use super::{Format, Imported, builtin_source};
use serde_json::{Map, Value, json};

const KINDS: [&str; 7] = ["mti", "bitmap", "length", "n", "z", "text", "b"];

/// Whether at least two lines are a number and a notation.
pub(super) fn looks_like(text: &str) -> bool {
    text.lines().filter(|line| row(line).is_some()).count() >= 2
}

pub(super) fn read(text: &str, name: &str) -> Result<Imported, ImportError> {
    let mut report = Report::default();
    let (mut fields, mut own, mut base) = (Map::new(), Map::new(), None);
    for (index, line) in text.lines().enumerate() {
        let line_number = index + 1;
        if let Some(row) = row(line) {
            let entry = json!({ "is": row.notation, "name": row.title });
            if fields.insert(row.number.clone(), entry).is_some() {
                report.warn(line_number, &row.number, WarningCode::Conflict, line.trim());
            }
        } else if let Some((key, value)) = setting(line) {
            match (key.as_str(), value) {
                ("encoding", value) => base = Some(whole(value, line_number)?),
                (_, value) => {
                    own.insert(key, json!(value));
                }
            }
        } else if starts_with_number(line) {
            report.warn(
                line_number,
                first_word(line),
                WarningCode::Ignored,
                line.trim(),
            );
        }
    }
    let mut coding = match base {
        Some(base) => base,
        None => {
            if own.len() < KINDS.len() {
                report.warn(1, "encoding", WarningCode::Assumed, "everything in ASCII");
            }
            whole("ascii", 1)?
        }
    };
    coding.extend(own);
    // The MTI and the bitmap are not fields, whatever a table lists.
    fields.retain(|key, _| !matches!(key.as_str(), "0" | "1"));
    let dialect = json!({ "poslab-dialect": 1, "name": name, "coding": coding, "fields": fields });
    let dialect = load_json(dialect, &builtin_source).map_err(|error| {
        let key = error
            .entry
            .rsplit('.')
            .next()
            .unwrap_or_default()
            .to_owned();
        let line = text
            .lines()
            .position(|l| row(l).is_some_and(|r| r.number == key));
        ImportError::Dialect {
            line: line.map_or(1, |index| index + 1),
            error,
        }
    })?;
    let warnings = report.warnings;
    Ok(Imported::new(Format::Table, dialect, warnings))
}

struct Row {
    number: String,
    notation: String,
    title: String,
}

/// A field number, a notation, and whatever else stands in the line as its name.
fn row(line: &str) -> Option<Row> {
    let cleaned = line.replace(['|', '\t', ';', ',', '"'], " ");
    let mut words = cleaned.split_whitespace().peekable();
    let first = words.next()?.to_uppercase();
    let digits = ["DE", "F", "BIT", "FIELD", "P-", "S-"]
        .iter()
        .find_map(|lead| first.strip_prefix(lead))
        .unwrap_or(&first)
        .trim_matches(['-', '.', ':', '#']);
    let digits = if digits.is_empty() {
        words.next()?
    } else {
        digits
    };
    let number: u8 = digits.parse().ok().filter(|n| *n <= 192)?;
    let rest: Vec<&str> = words.collect();
    let at = (0..rest.len()).find(|&i| notation_at(&rest, i).is_some())?;
    let (notation, used) = notation_at(&rest, at)?;
    let title: Vec<&str> = rest
        .iter()
        .enumerate()
        .filter(|(i, _)| *i < at || *i >= at + used)
        .map(|(_, w)| *w)
        .collect();
    Some(Row {
        number: number.to_string(),
        notation,
        title: title.join(" "),
    })
}

/// A notation at word `i`, in one word (`n..19`) or two (`n 6`, `an ..99`).
fn notation_at(words: &[&str], i: usize) -> Option<(String, usize)> {
    let one = words.get(i)?;
    // A notation begins with its class letters; "2" or "n" alone is none.
    if one.chars().next().is_some_and(|c| c.is_ascii_lowercase()) {
        if parse_notation(one).is_some() {
            return Some(((*one).to_owned(), 1));
        }
        let two = format!("{one}{}", words.get(i + 1)?);
        let sized = words
            .get(i + 1)
            .is_some_and(|w| w.chars().all(|c| c.is_ascii_digit() || c == '.'));
        if sized && one.len() <= 4 && parse_notation(&two).is_some() {
            return Some((two, 2));
        }
    }
    None
}

fn setting(line: &str) -> Option<(String, &str)> {
    let (key, value) = line.split_once([':', '='])?;
    let key = key.trim().to_lowercase();
    let known = KINDS.contains(&key.as_str()) || key == "encoding";
    (known && !value.trim().is_empty()).then_some((key, value.trim()))
}

fn first_word(line: &str) -> &str {
    line.split_whitespace().next().unwrap_or_default()
}

fn starts_with_number(line: &str) -> bool {
    first_word(line).parse::<u8>().is_ok()
}

fn whole(name: &str, line: usize) -> Result<Map<String, Value>, ImportError> {
    let block = match name {
        "ascii" => json!({"mti": "ascii", "bitmap": "hex-ascii", "length": "ascii",
            "n": "ascii bytes", "z": "ascii bytes", "text": "ascii bytes", "b": "hex-ascii bytes"}),
        "bcd" | "binary" => json!({"mti": "bcd", "bitmap": "raw", "length": "bcd",
            "n": "bcd digits pad-left-0", "z": "bcd digits pad-right-0", "text": "ascii bytes",
            "b": "raw bytes"}),
        "ebcdic" => json!({"mti": "ebcdic", "bitmap": "raw", "length": "ebcdic",
            "n": "ebcdic bytes", "z": "ebcdic bytes", "text": "ebcdic bytes", "b": "raw bytes"}),
        other => {
            let allowed = "ascii, bcd or ebcdic";
            return Err(ImportError::Entry {
                line,
                entry: "encoding".into(),
                found: other.into(),
                allowed,
            });
        }
    };
    Ok(block.as_object().cloned().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_as_people_paste_them() {
        let read =
            |line: &str| row(line).map(|r| format!("{} {} {}", r.number, r.notation, r.title));
        assert_eq!(
            read("2  n..19  Primary account number").unwrap(),
            "2 n..19 Primary account number"
        );
        assert_eq!(
            read("| DE 35 | Track 2 data | z..37 |").unwrap(),
            "35 z..37 Track 2 data"
        );
        assert_eq!(read("F4\tn 12\tAmount").unwrap(), "4 n12 Amount");
        assert_eq!(read("43: ans 40").unwrap(), "43 ans40 ");
        assert!(read("nothing here").is_none());
    }

    #[test]
    fn the_encoding_block_reaches_every_field() {
        let table = "encoding: bcd\nb: raw bytes\n2 n..19 PAN\n52 b64 PIN\n";
        let imported = read(table, "mine").unwrap();
        let wire = imported.dialect.wire(2).unwrap();
        assert_eq!(wire.prefix.unwrap().coding, crate::spec::PrefixCoding::Bcd);
        assert_eq!(imported.dialect.wire(52).unwrap().size.max(), 8);
    }
}
