//! Messages from about thirty sources decode to what their sources say, whatever language the
//! specification is written in, and pack back to the same bytes.

use poslab_core::bytes::Charset;
use poslab_core::codec::{Dissection, dissect, pack, unpack};
use poslab_core::frame::{FramePart, Framing};
use poslab_core::spec::Dialect;
use poslab_core::spec::import::{Format, Imported, import};
use serde_json::Value;
use std::path::PathBuf;

struct Vector {
    name: String,
    frame: Vec<u8>,
    header_bytes: usize,
    json: Value,
    text: String,
}

fn vectors() -> Vec<Vector> {
    let folder = poslab_tests::vectors("iso8583");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the vectors are part of the repository") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        out.push(Vector {
            name: json["id"].as_str().expect("an id").to_owned(),
            frame: hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex"),
            header_bytes: json["header_bytes"]["count"].as_u64().unwrap_or(0) as usize,
            text,
            json,
        });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(out.len() >= 100);
    out
}

fn other_spec(name: &str, suffix: &str) -> Option<String> {
    let path: PathBuf = poslab_tests::vectors(&format!("iso8583/specs/{name}{suffix}"));
    std::fs::read_to_string(path).ok()
}

fn imported(text: &str, name: &str) -> Imported {
    import(text, name).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// Other formats say nothing of the header: it is a fixed part of the frame.
fn framing(vector: &Vector, dialect: &Dialect) -> Framing {
    match vector.header_bytes - dialect.header_bytes.min(vector.header_bytes) {
        0 => Framing::none(),
        more => Framing {
            parts: vec![FramePart::Fixed(more as u16)],
        },
    }
}

/// What differs between the values found and those expected.
fn differences(tree: &Dissection<'_>, vector: &Vector) -> Vec<String> {
    let mut out = Vec::new();
    if tree.mti() != vector.json["expected"]["mti"].as_str() {
        out.push(format!("MTI {:?}", tree.mti()));
    }
    let fields = vector.json["expected"]["fields"]
        .as_object()
        .expect("fields");
    for (de, wanted) in fields {
        let Some(id) = tree.find(de) else {
            out.push(format!("DE{de} missing"));
            continue;
        };
        match wanted {
            Value::String(text) => {
                let found = tree.value(id);
                let raw = tree.node(tree.data(id)).expect("a node").span.byte_range();
                let gbk = Charset::Gbk.decode(&tree.frame()[raw]);
                if !same(&found, text) && gbk != *text {
                    out.push(format!("DE{de}: {found:?}, expected {text:?}"));
                }
            }
            Value::Object(parts) => {
                for (part, text) in parts.iter().filter(|(key, _)| key.parse::<u16>().is_ok()) {
                    let found = tree.child(id, part).map(|part| tree.value(part));
                    if found.as_deref() != text.as_str() {
                        out.push(format!("DE{de}.{part}: {found:?}, expected {text}"));
                    }
                }
            }
            other => panic!("{other}"),
        }
    }
    let count = tree
        .fields()
        .filter(|(de, _)| *de > 1 && !matches!(de, 65))
        .count();
    if count < fields.keys().filter(|k| *k != "1").count() {
        out.push(format!("{count} fields, expected {}", fields.len()));
    }
    out.extend(tree.stopped.iter().map(ToString::to_string));
    out
}

/// Two specifications of one message may disagree on text or hex, never on the bytes.
fn same(found: &str, wanted: &str) -> bool {
    let hex_of = |text: &str| -> String {
        text.chars()
            .map(|c| format!("{:02X}", u32::from(c)))
            .collect()
    };
    // jPOS shows the packed separator as "=".
    found == wanted
        || found.replacen('D', "=", 1) == wanted
        || hex_of(found) == wanted.to_uppercase()
        || found.to_uppercase() == hex_of(wanted)
        || found.trim_end() == wanted.trim_end()
        || found.strip_suffix(['0', 'F']) == Some(wanted)
        || (found.to_uppercase() == wanted.to_uppercase()
            && found.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// Bitmaps of 128 bits without a continuation bit: only the wrapper of the first language says so.
const WIDE_BITMAPS: [&str; 5] = [
    "iso8583tool-basei-0100-auth-request",
    "iso8583tool-basei-0200-financial-request",
    "iso8583tool-basei-0210-financial-response",
    "iso8583tool-basei-0430-reversal-response",
    "iso8583tool-basei-0810-network-echo-response",
];

/// What the canonical form does not keep, for a reason: lower-case hex in a bitmap, a pad nibble that the specification does not mention.
const NOT_CANONICAL: [&str; 4] = [
    "castles-0200-b.jpos.xml",
    "issue-moov327.jpos.xml",
    "planet-0200.jpos.xml",
    "netcore8583-issue34-0410-lowerhex",
];

fn check(suffix: Option<&str>, format: Option<Format>, known: &[&str]) -> usize {
    let (mut checked, mut failures) = (0, Vec::new());
    for vector in vectors() {
        let text = match suffix {
            None => Some(vector.text.clone()),
            Some(suffix) => other_spec(&vector.name, suffix),
        };
        let Some(text) = text else { continue };
        let imported = imported(&text, &vector.name);
        assert!(
            format.is_none_or(|f| f == imported.format),
            "{}",
            vector.name
        );
        let tree = dissect(
            &imported.dialect,
            &vector.frame,
            &framing(&vector, &imported.dialect),
        );
        let wrong = differences(&tree, &vector);
        if !wrong.is_empty() && !known.contains(&vector.name.as_str()) {
            failures.push(format!("{}: {}", vector.name, wrong.join("; ")));
        }
        checked += 1;
    }
    assert!(
        failures.is_empty(),
        "{} of {checked}:\n{}",
        failures.len(),
        failures.join("\n")
    );
    checked
}

#[test]
fn with_the_specification_they_name() {
    assert!(check(None, None, &[]) >= 107);
}

#[test]
fn with_the_same_specification_as_jpos_xml() {
    assert!(check(Some(".jpos.xml"), Some(Format::Jpos), &WIDE_BITMAPS) >= 99);
}

#[test]
fn with_the_same_specification_as_moov_json() {
    assert!(check(Some(".moov.json"), Some(Format::Moov), &WIDE_BITMAPS) >= 80);
}

#[test]
fn what_conforms_packs_back_to_the_same_bytes() {
    let (mut packed, mut refused, mut changed) = (0, Vec::new(), Vec::new());
    for vector in vectors() {
        for suffix in ["", ".jpos.xml", ".moov.json"] {
            let text = match suffix {
                "" => Some(vector.text.clone()),
                suffix => other_spec(&vector.name, suffix),
            };
            let Some(text) = text else { continue };
            let dialect = imported(&text, &vector.name).dialect;
            let body = &vector.frame[vector.header_bytes..];
            let place = format!("{}{suffix}", vector.name);
            let name = vector.name.as_str();
            if NOT_CANONICAL
                .iter()
                .any(|n| *n == place || *n == name && n.ends_with("lowerhex"))
                || (!suffix.is_empty() && WIDE_BITMAPS.contains(&name))
            {
                continue;
            }
            match unpack(&dialect, body) {
                Ok(message) => match pack(&dialect, &message.to_draft()) {
                    Ok(again) if again == body => packed += 1,
                    Ok(_) => changed.push(place),
                    Err(error) => changed.push(format!("{place}: {error}")),
                },
                Err(error) => refused.push(format!("{place}: {error}")),
            }
        }
    }
    assert!(
        packed > 250 && changed.is_empty() && refused.is_empty(),
        "{packed} packed\nchanged:\n{}\nrefused:\n{}",
        changed.join("\n"),
        refused.join("\n")
    );
}
