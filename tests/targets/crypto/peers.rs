//! Random inputs on which other programs gave the same answer: values, refusals and mistakes.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::{calc, explain::explain};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::path::Path;

fn list(name: &str) -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/peers");
    let text = std::fs::read_to_string(folder.join(name)).expect("it stands in the repository");
    serde_json::from_str(&text).expect("a list")
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().expect("a text")
}

fn inputs(vector: &Value) -> &Map<String, Value> {
    vector["inputs"].as_object().expect("an object")
}

#[test]
fn values_are_those_of_other_programs() {
    let list = list("values.json");
    for vector in &list {
        let made = calc(text(vector, "op"), inputs(vector), &mut Working::off());
        let made = made.unwrap_or_else(|error| panic!("{vector}: {error}"));
        for (name, theirs) in vector["expected"].as_object().expect("an object") {
            assert_eq!(&made[name], theirs, "{name} of {vector}");
        }
    }
    let ops: BTreeSet<&str> = list.iter().map(|vector| text(vector, "op")).collect();
    println!("{} values, {} operations", list.len(), ops.len());
    assert!(ops.len() > 55, "the vectors were not read");
}

#[test]
fn every_fault_has_its_code_and_every_code_a_fault() {
    let list = list("refused.json");
    let mut raised = BTreeSet::new();
    for vector in &list {
        let made = calc(text(vector, "op"), inputs(vector), &mut Working::off());
        let error = made.expect_err(&vector.to_string());
        assert_eq!(error.code(), text(vector, "error"), "{vector}");
        raised.insert(error.code());
    }
    let index = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/crypto/index.json");
    let index = std::fs::read_to_string(index).expect("it stands in the repository");
    let index: Value = serde_json::from_str(&index).expect("JSON");
    for code in index["error_codes"].as_array().expect("a list") {
        let code = code.as_str().expect("a text");
        assert!(raised.contains(code), "nothing raises {code}");
    }
    println!("{} faults, {} codes", list.len(), raised.len());
}

#[test]
fn a_mistake_made_elsewhere_is_named_and_a_right_value_is_not() {
    let mistakes = list("explained.json");
    for vector in &mistakes {
        let op = text(vector, "op");
        let found = explain(op, inputs(vector), text(vector, "observed"));
        let found = found.unwrap_or_else(|error| panic!("{vector}: {error}"));
        let codes: Vec<&str> = found.into_iter().map(|mistake| mistake.code()).collect();
        let wanted = |code: &&str| {
            let also = vector["also"].as_array().into_iter().flatten();
            *code == text(vector, "cause") || also.into_iter().any(|name| name == *code)
        };
        assert!(codes.iter().any(wanted), "{codes:?}: {vector}");
    }
    println!("{} mistakes named", mistakes.len());
    assert!(mistakes.len() > 90, "the vectors were not read");
    let mut asked = 0;
    for vector in list("values.json") {
        let answers = vector["expected"].as_object().expect("an object");
        for name in poslab_core::crypto::calc::explain::answers(text(&vector, "op")) {
            let Some(Value::String(right)) = answers.get(*name) else {
                continue;
            };
            let found = explain(text(&vector, "op"), inputs(&vector), right);
            assert_eq!(found, Ok(Vec::new()), "{vector}");
            asked += 1;
        }
    }
    assert!(asked > 60, "no right value was asked about");
}
