//! Specifications of other tools whose fields have structures of their own: what is imported reads
//! the messages of their authors' tests, and packs them back to the same bytes.

use poslab_core::codec::{Draft, Value as Part, dissect, pack, unpack};
use poslab_core::frame::Framing;
use poslab_core::spec::import::{Imported, import};
use poslab_core::spec::{builtin_source, load_json, to_json};
use serde_json::Value;

struct Vector {
    name: String,
    spec: String,
    frame: Vec<u8>,
    fields: Vec<(String, String)>,
}

fn vectors() -> Vec<Vector> {
    let text = std::fs::read(poslab_tests::vectors("imports.json")).expect("readable");
    let list: Vec<Value> = serde_json::from_slice(&text).expect("JSON");
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    list.iter()
        .map(|json| {
            assert!(!text(&json["source"]).is_empty());
            let fields = json["fields"].as_object().expect("fields");
            Vector {
                name: text(&json["name"]),
                spec: text(&json["spec"]),
                frame: hex::decode(text(&json["hex"])).expect("hex"),
                fields: fields.iter().map(|(k, v)| (k.clone(), text(v))).collect(),
            }
        })
        .collect()
}

fn imported(vector: &Vector) -> Imported {
    import(&vector.spec, &vector.name).unwrap_or_else(|error| panic!("{}: {error}", vector.name))
}

#[test]
fn the_parts_have_the_values_that_their_authors_put_in() {
    for vector in vectors() {
        let imported = imported(&vector);
        let name = &vector.name;
        let lost: Vec<String> = imported.warnings.iter().map(|w| w.text()).collect();
        let lost: Vec<_> = lost.iter().filter(|w| !w.contains("limited to")).collect();
        assert!(lost.is_empty(), "{name}: {lost:?}");
        let tree = dissect(&imported.dialect, &vector.frame, &Framing::none());
        for (path, value) in &vector.fields {
            let id = tree
                .find(path)
                .unwrap_or_else(|| panic!("{name}: no {path}"));
            assert_eq!(&tree.value(id), value, "{name}: {path}");
        }
        let said: Vec<_> = tree.findings.iter().map(|f| (&f.path, &f.fault)).collect();
        assert!(said.is_empty(), "{name}: {said:?}");
    }
}

#[test]
fn they_pack_back_from_whole_fields_and_from_their_parts() {
    for vector in vectors() {
        let dialect = imported(&vector).dialect;
        let message =
            unpack(&dialect, &vector.frame).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
        let mut in_parts = Draft::new(message.mti());
        for (de, value) in parts(&vector.fields) {
            in_parts.set(de.parse().expect("a field number"), value);
        }
        for draft in [message.to_draft(), in_parts] {
            let again = pack(&dialect, &draft).unwrap_or_else(|e| panic!("{}: {e}", vector.name));
            assert_eq!(again, vector.frame, "{}", vector.name);
        }
    }
}

/// Paths as a tree, in their order.
fn parts(fields: &[(String, String)]) -> Vec<(String, Part<'static>)> {
    let mut out: Vec<(String, Part<'static>)> = Vec::new();
    for (path, value) in fields {
        let Some((first, rest)) = path.split_once('.') else {
            out.push((path.clone(), Part::Text(value.clone().into())));
            continue;
        };
        let inner = parts(&[(rest.to_owned(), value.clone())]);
        match out.last_mut() {
            Some((key, Part::Parts(known))) if key == first => known.extend(inner),
            _ => out.push((first.to_owned(), Part::Parts(inner))),
        }
    }
    out
}

#[test]
fn an_imported_dialect_is_written_and_read_again() {
    for vector in vectors() {
        let dialect = imported(&vector).dialect;
        let again = load_json(to_json(&dialect), &builtin_source);
        assert_eq!(again.as_ref(), Ok(&dialect), "{}", vector.name);
    }
}
