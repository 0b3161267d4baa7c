//! Is the wasm build, under Node, the same as the native one? Every crypto vector, and the traces of
//! every scenario for a thousand seeds.
//!
//! `cargo test -p poslab-tests --features wasm --test wasm`; needs Node and the wasm target.

use poslab_core::crypto::Working;
use poslab_core::crypto::calc::calc;
use poslab_core::sim::scenarios;
use poslab_wasm_door::traces;
use serde_json::{Map, Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Reads questions line by line, answers line by line.
const SCRIPT: &str = r#"
const fs = require("fs");
const [, , wasm, questions, answers] = process.argv;
WebAssembly.instantiate(fs.readFileSync(wasm), {}).then(({ instance }) => {
  const { push, answer, pull } = instance.exports;
  const lines = fs.readFileSync(questions, "utf8").split("\n").filter(Boolean);
  const out = lines.map((line) => {
    for (const byte of Buffer.from(line)) push(byte);
    answer();
    const bytes = [];
    for (let byte = pull(); byte < 256; byte = pull()) bytes.push(byte);
    return Buffer.from(bytes.reverse()).toString();
  });
  fs.writeFileSync(answers, out.join("\n"));
});
"#;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn run(command: &mut Command) {
    let status = command
        .status()
        .unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?} failed");
}

/// The core as a wasm file.
fn built() -> PathBuf {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    run(Command::new(cargo).current_dir(root()).args([
        "build",
        "-q",
        "-p",
        "poslab-wasm-door",
        "--profile",
        "gate",
        "--target",
        "wasm32-unknown-unknown",
    ]));
    root().join("target/wasm32-unknown-unknown/gate/poslab_wasm_door.wasm")
}

fn vectors() -> Vec<Value> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(root().join("tests/vectors/crypto")).expect("it is there") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("readable");
        if let Ok(Value::Array(list)) = serde_json::from_str(&text) {
            all.extend(list.into_iter().filter(|vector| vector.get("op").is_some()));
        }
    }
    all
}

fn natively(vector: &Value) -> Value {
    let empty = Map::new();
    let inputs = vector["inputs"].as_object().unwrap_or(&empty);
    match calc(
        vector["op"].as_str().unwrap_or(""),
        inputs,
        &mut Working::off(),
    ) {
        Ok(outputs) => json!({"outputs": outputs}),
        Err(error) => json!({"error": error.code()}),
    }
}

/// Asks the wasm build, a question a line; its answers.
fn ask(name: &str, lines: &[String]) -> Vec<Value> {
    let wasm = built();
    let folder = root().join("target").join(name);
    std::fs::create_dir_all(&folder).expect("target is writable");
    let (script, questions, answers) = (
        folder.join("ask.cjs"),
        folder.join("questions.jsonl"),
        folder.join("answers.jsonl"),
    );
    std::fs::write(&script, SCRIPT).expect("writable");
    std::fs::write(&questions, lines.join("\n")).expect("writable");
    run(Command::new("node")
        .arg(&script)
        .arg(&wasm)
        .arg(&questions)
        .arg(&answers));
    let text = std::fs::read_to_string(&answers).expect("Node wrote it");
    let json = |line| serde_json::from_str(line).expect("JSON");
    text.lines().map(json).collect()
}

#[test]
fn every_vector_has_the_same_answer_in_wasm() {
    let vectors = vectors();
    let lines: Vec<String> = vectors
        .iter()
        .map(|vector| json!({"op": vector["op"], "inputs": vector["inputs"]}).to_string())
        .collect();
    let answers = ask("wasm-vectors", &lines);
    assert_eq!(answers.len(), vectors.len());
    let mut expected = 0;
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer, &natively(vector), "{}", vector["id"]);
        if let Some(code) = vector["expected"]["error"].as_str() {
            assert_eq!(answer["error"], code, "{}", vector["id"]);
            expected += 1;
        } else if let Some(outputs) = vector["expected"].as_object() {
            for (name, value) in outputs {
                assert_eq!(&answer["outputs"][name], value, "{} {name}", vector["id"]);
            }
            expected += 1;
        }
    }
    println!(
        "{expected} vectors pass in wasm, {} answers equal to native ones",
        answers.len()
    );
    assert!(expected >= 4_000, "the vectors were not read");
}

/// Seeds of each scenario, and how many a question asks for.
const SEEDS: u64 = 1_000;
const PART: u64 = 100;

#[test]
fn every_scenario_gives_the_same_trace_in_wasm() {
    let parts: Vec<(&str, u64)> = scenarios()
        .flat_map(|(name, _)| (0..SEEDS / PART).map(move |part| (name, part * PART)))
        .collect();
    let question = |(name, from): &(&str, u64)| {
        json!({"scenario": name, "from": from, "to": from + PART}).to_string()
    };
    let lines: Vec<String> = parts.iter().map(question).collect();
    let natively = |(name, from): &(&str, u64)| traces(name, *from..from + PART);
    let (answers, native) = std::thread::scope(|scope| {
        let wasm = scope.spawn(|| ask("wasm-world", &lines));
        let native: Vec<Option<String>> = parts.iter().map(natively).collect();
        (wasm.join().expect("Node answers"), native)
    });
    assert_eq!(answers.len(), parts.len());
    let mut different = std::collections::BTreeSet::new();
    for ((part, answer), native) in parts.iter().zip(&answers).zip(&native) {
        assert!(native.is_some(), "{part:?} was not played");
        if answer["sha256"].as_str() != native.as_deref() {
            different.insert(part);
        }
    }
    let distinct: std::collections::BTreeSet<_> = native.iter().collect();
    assert!(distinct.len() > scenarios().count(), "seeds change nothing");
    println!(
        "{} scenarios, {SEEDS} seeds each: {} hashes equal",
        scenarios().count(),
        parts.len() - different.len()
    );
    assert!(different.is_empty(), "other traces in wasm: {different:?}");
}
