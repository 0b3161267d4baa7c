//! What the Bench marks, held against what happens: a bit is turned in an input, and every place
//! that changes must have been marked as coming from it.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::calc;
use poslab_core::view::working::{Origin, Sheet, Tie};
use serde_json::{Map, Value};

/// The inputs of every algorithm of the Bench, each operation by itself.
fn questions() -> Vec<(String, Map<String, Value>)> {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/words/bench.json");
    let text = std::fs::read_to_string(file).expect("it is there");
    let list: Vec<Value> = serde_json::from_str(&text).expect("JSON");
    let mut questions = Vec::new();
    for bench in &list {
        let mut out = Map::new();
        for stage in bench["stages"].as_array().expect("stages") {
            let op = stage["op"].as_str().expect("an operation");
            let mut inputs = stage["inputs"].as_object().expect("inputs").clone();
            for (to, from) in stage["take"].as_object().into_iter().flatten() {
                inputs.insert(to.clone(), out[from.as_str().expect("a name")].clone());
            }
            out = calc(op, &inputs, &mut Working::off()).expect("it runs");
            questions.push((op.to_owned(), inputs));
        }
    }
    questions
}

fn sheet(op: &str, inputs: &Map<String, Value>) -> Option<Sheet> {
    let mut working = Working::recording();
    calc(op, inputs, &mut working).ok()?;
    Some(Sheet::of(&working, inputs))
}

/// The same inputs with one place of a text turned into another of its kind.
fn bent(inputs: &Map<String, Value>, name: &str, at: usize) -> Option<Map<String, Value>> {
    let text = inputs.get(name)?.as_str()?;
    let old = char::from(*text.as_bytes().get(at)?);
    let new = match old {
        '0'..='8' => char::from(old as u8 + 1),
        '9' => '0',
        'A'..='E' | 'a'..='e' => char::from(old as u8 + 1),
        'F' => 'E',
        'f' => 'e',
        _ => return None,
    };
    let mut text = text.to_owned();
    text.replace_range(at..=at, new.encode_utf8(&mut [0; 4]));
    let mut bent = inputs.clone();
    bent.insert(name.to_owned(), Value::from(text));
    Some(bent)
}

#[test]
fn every_place_that_changes_was_marked() {
    let (mut turned, mut compared, mut unmarked) = (0, 0, Vec::new());
    for (op, inputs) in questions() {
        let Some(before) = sheet(&op, &inputs) else {
            continue;
        };
        for (index, value) in before.values().iter().enumerate() {
            if value.origin != Origin::Given || value.is_empty() {
                continue;
            }
            let text = inputs[&value.name].as_str().unwrap_or_default();
            let digits = text.len() / value.len();
            // The first, the last and one in the middle say what every other place says.
            for place in [0, value.len() / 2, value.len() - 1] {
                let Some(bent) = bent(&inputs, &value.name, place * digits) else {
                    continue;
                };
                let Some(after) = sheet(&op, &bent) else {
                    continue;
                };
                let shape = |sheet: &Sheet| -> Vec<(String, usize)> {
                    let values = sheet.values().iter();
                    values.map(|one| (one.name.clone(), one.len())).collect()
                };
                if shape(&before) != shape(&after) {
                    continue;
                }
                turned += 1;
                let ties = before.ties(index, place..place + 1);
                for (row, (old, new)) in before.values().iter().zip(after.values()).enumerate() {
                    let pairs = old.reveal().iter().zip(new.reveal()).enumerate();
                    for (at, _) in pairs.filter(|(_, (old, new))| old != new) {
                        compared += 1;
                        if !matches!(ties[row][at], Tie::Result | Tie::Picked) {
                            unmarked.push(format!(
                                "{op}: {} changes {} unmarked",
                                value.name, old.name
                            ));
                        }
                    }
                }
            }
        }
    }
    println!("{turned} inputs turned, {compared} places changed and marked");
    unmarked.dedup();
    assert!(unmarked.is_empty(), "{}", unmarked.join("\n"));
    assert!(turned > 150 && compared > 2_000);
}
