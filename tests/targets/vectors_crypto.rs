//! Every published, constructed, negative and differential crypto vector runs through the same
//! call as `poslab calc`, and every value on the way that a vector lists is checked too.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::{CalcError, calc, ops};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

const FAMILIES: [&str; 17] = [
    "ciphers",
    "cvv",
    "dukpt_aes",
    "dukpt_tdes",
    "emv",
    "kcv",
    "keys",
    "mac_cmac",
    "mac_hmac",
    "mac_iso9797",
    "mac_unionpay",
    "pan",
    "pin_translate",
    "pin_verification",
    "pinblock",
    "sm_national",
    "tr31",
];

fn read(name: &str) -> Value {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("vectors/crypto")
        .join(name);
    let text = std::fs::read_to_string(&path).expect("the vectors stand in the repository");
    serde_json::from_str(&text).expect("vectors are JSON")
}

fn list(name: &str) -> Vec<Value> {
    match read(name) {
        Value::Array(list) => list,
        _ => panic!("{name} is a list"),
    }
}

fn text<'a>(vector: &'a Value, field: &str) -> &'a str {
    vector[field].as_str().unwrap_or("")
}

fn run(vector: &Value, working: &mut Working) -> Result<Map<String, Value>, CalcError> {
    let inputs = vector["inputs"].as_object().expect("inputs are an object");
    calc(text(vector, "op"), inputs, working)
}

/// Values are compared as people do: hexadecimal whatever its case.
fn same(ours: &Value, theirs: &Value) -> bool {
    match (ours, theirs) {
        (Value::String(a), Value::String(b)) => a.eq_ignore_ascii_case(b),
        (a, b) => a == b,
    }
}

/// What is wrong with one vector, and how many values on the way were checked.
fn judge(vector: &Value) -> Result<usize, String> {
    let mut working = Working::recording();
    let made = run(vector, &mut working);
    if let Some(code) = vector["expected"]["error"].as_str() {
        return match made {
            Err(error) if error.code() == code => Ok(0),
            Err(error) => Err(format!("wants error {code}, has {}", error.code())),
            Ok(_) => Err(format!("wants error {code}, has outputs")),
        };
    }
    let made = made.map_err(|error| format!("refused with {}", error.code()))?;
    let empty = Map::new();
    let expected = vector["expected"].as_object().unwrap_or(&empty);
    for (name, theirs) in expected {
        let ours = made.get(name).ok_or(format!("no output {name}"))?;
        if !same(ours, theirs) {
            return Err(format!("{name} is {ours}, wants {theirs}"));
        }
    }
    let between = vector["intermediate"].as_object().unwrap_or(&empty);
    let mut checked = 0;
    for (name, theirs) in between {
        let step = working
            .value(name)
            .map(|value| Value::String(value.reveal_text()));
        let ours = made
            .get(name)
            .cloned()
            .or(step)
            .ok_or(format!("no value {name} on the way"))?;
        if !same(&ours, theirs) {
            return Err(format!("{name} on the way is {ours}, wants {theirs}"));
        }
        checked += 1;
    }
    if made.is_empty() {
        return Err("no outputs".to_owned());
    }
    Ok(checked)
}

#[test]
fn every_vector_passes() {
    let (mut total, mut between, mut wrong) = (0, 0, Vec::new());
    for family in FAMILIES {
        let vectors = list(&format!("{family}.json"));
        let mut passed = 0;
        for vector in &vectors {
            match judge(vector) {
                Ok(checked) => {
                    passed += 1;
                    between += checked;
                }
                Err(why) => wrong.push(format!(
                    "{} {}: {why}",
                    text(vector, "id"),
                    text(vector, "op")
                )),
            }
        }
        println!("{family:<18} {passed:>5} of {:>5}", vectors.len());
        total += vectors.len();
    }
    println!(
        "{:<18} {:>5} vectors, {between} values on the way",
        "all", total
    );
    assert!(
        wrong.is_empty(),
        "{} wrong:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    assert!(
        total >= 4_000 && between >= 1_500,
        "the vectors were not read"
    );
}

#[test]
fn every_operation_and_input_of_the_index_is_there() {
    let index = read("index.json");
    let ours: BTreeMap<&str, BTreeSet<&str>> = ops()
        .map(|op| (op.name, op.inputs.iter().copied().collect()))
        .collect();
    for (name, op) in index["ops"].as_object().expect("ops are an object") {
        let inputs = ours
            .get(name.as_str())
            .unwrap_or_else(|| panic!("no operation {name}"));
        for input in op["inputs"].as_array().expect("inputs are a list") {
            assert!(
                inputs.contains(input.as_str().unwrap_or("")),
                "{name} takes no {input}"
            );
        }
    }
}

#[test]
fn what_other_tools_get_wrong_is_right_here() {
    let list = list("known_wrong.json");
    for entry in &list {
        let made = run(entry, &mut Working::off());
        let id = text(entry, "id");
        match (&entry["correct"], made) {
            (Value::String(right), Ok(made)) => {
                let values: Vec<&Value> = made.values().collect();
                let right = Value::String(right.clone());
                assert!(
                    values.iter().any(|v| same(v, &right)),
                    "{id}: {right} not in {made:?}"
                );
                assert!(
                    !same(&right, &entry["tool_output"]),
                    "{id}: the tool's output is the right value"
                );
            }
            (Value::Object(right), Err(error)) => {
                assert_eq!(right["error"].as_str(), Some(error.code()), "{id}");
            }
            (right, made) => panic!("{id}: wants {right}, has {made:?}"),
        }
    }
    println!(
        "{} values that other tools print wrong are right",
        list.len()
    );
}
