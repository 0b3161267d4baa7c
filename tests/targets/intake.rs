//! Every form in which people paste messages: one file per form, with what must be understood.
//!
//! `NAME.txt` (or `.bin`) is the paste, `NAME.json` the reading: `what`, and for each message its
//! bytes in hex or its fields.

use poslab_core::intake::{
    Content, FieldEntry, FieldValue, LineRead, LineReader, encode_hex, read_bytes, read_text,
};
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

#[test]
fn every_form_is_understood() {
    let mut count = 0;
    for path in fixtures() {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let read =
            read_bytes(&std::fs::read(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        let items: Vec<Value> = read.items.iter().map(|item| show(&item.content)).collect();
        let notes: Vec<&str> = read.notes.iter().map(|note| note.code.slug()).collect();
        let found = json!({ "what": read.what(), "items": items, "notes": notes });
        let golden = path.with_extension("json");
        if std::env::var_os("POSLAB_BLESS").is_some() {
            std::fs::write(
                &golden,
                serde_json::to_string_pretty(&found).unwrap() + "\n",
            )
            .unwrap();
        }
        let wanted: Value = serde_json::from_slice(&std::fs::read(&golden).unwrap()).unwrap();
        assert_eq!(found, wanted, "{name}");
        count += 1;
    }
    assert!(count >= 30, "only {count} fixtures");
}

/// Most fixtures are one and the same message, so that no form can be read to its own golden.
#[test]
fn the_forms_agree_on_the_message() {
    let sale = std::fs::read_to_string(poslab_tests::vectors("intake/hex-digits.txt")).unwrap();
    let mut same = 0;
    for path in fixtures() {
        let text = std::fs::read_to_string(path.with_extension("json")).unwrap();
        same += usize::from(text.contains(sale.trim()));
    }
    assert!(same >= 24, "only {same} fixtures hold the message");
}

#[test]
fn every_byte_names_characters_that_spell_it() {
    for path in fixtures() {
        let Ok(text) = std::fs::read_to_string(&path) else {
            continue;
        };
        let Ok(read) = read_text(&text) else { continue };
        for item in &read.items {
            let Content::Bytes(octets) = &item.content else {
                continue;
            };
            for index in 0..octets.bytes.len() {
                let Some(chars) = octets.chars(index..index + 1) else {
                    continue;
                };
                assert!(
                    text.get(chars.clone()).is_some(),
                    "{path:?} byte {index} at {chars:?}"
                );
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_read_or_refused(text in "\\PC{0,200}") {
        let _ = read_text(&text);
    }

    #[test]
    fn any_bytes_are_read_or_refused(file in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = read_bytes(&file);
        let mut reader = LineReader::new();
        let _ = reader.read(&file);
    }

    #[test]
    fn text_like_what_people_paste_is_read_or_refused(
        text in "([0-9a-fA-F]{1,8}|0x[0-9a-f]{2}|\\\\x[0-9a-f]{0,2}|[ \\n\\t,:|'\"{}\\[\\]<>()*+-]|b'|0000  |<isomsg>|</isomsg>|<field id=\"|０|，){0,60}"
    ) {
        let _ = read_text(&text);
    }

    #[test]
    fn hex_lines_stream_to_their_bytes(bytes in prop::collection::vec(any::<u8>(), 1..200)) {
        let mut reader = LineReader::new();
        prop_assert_eq!(reader.read(encode_hex(&bytes).as_bytes()), LineRead::Bytes);
        prop_assert_eq!(reader.bytes(), bytes);
    }
}

fn fixtures() -> Vec<PathBuf> {
    let folder = std::fs::read_dir(poslab_tests::vectors("intake")).unwrap();
    let mut paths: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|e| e == "txt" || e == "bin"));
    paths.sort();
    paths
}

fn show(content: &Content) -> Value {
    match content {
        Content::Bytes(octets) if octets.alternatives.is_empty() => {
            json!({ "bytes": encode_hex(&octets.bytes) })
        }
        Content::Bytes(octets) => json!({
            "bytes": encode_hex(&octets.bytes),
            "alternatives": octets.alternatives.iter().map(|a| encode_hex(&a.bytes)).collect::<Vec<_>>(),
        }),
        Content::Fields(fields) => json!({ "mti": fields.mti, "fields": entries(&fields.entries) }),
    }
}

fn entries(list: &[FieldEntry]) -> Value {
    let value = |entry: &FieldEntry| match &entry.value {
        FieldValue::Text(text) => json!(text),
        FieldValue::Binary(hex) => json!({ "hex": hex }),
        FieldValue::Nested(nested) => entries(nested),
    };
    list.iter()
        .map(|entry| (entry.id.clone(), value(entry)))
        .collect::<Map<_, _>>()
        .into()
}
