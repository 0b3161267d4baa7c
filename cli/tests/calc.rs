//! `poslab calc` answers every crypto vector, in order, through the real binary.

use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Feeds lines to `poslab calc` and gives the lines that come back.
fn ask(lines: &str) -> Vec<Value> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_poslab"))
        .arg("calc")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary was built");
    let mut stdin = child.stdin.take().expect("it is piped");
    let lines = lines.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(lines.as_bytes()));
    let output = child.wait_with_output().expect("it ran");
    writer.join().expect("no panic").expect("it read all lines");
    assert!(output.status.success());
    let text = String::from_utf8(output.stdout).expect("JSON is UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("each line is JSON"))
        .collect()
}

fn vectors() -> Vec<Value> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/vectors/crypto");
    let mut all = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the vectors are there") {
        let path = entry.expect("readable").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let Ok(Value::Array(list)) = serde_json::from_str(&text) else {
            continue;
        };
        all.extend(
            list.into_iter()
                .filter(|vector| vector.get("expected").is_some()),
        );
    }
    all
}

#[test]
fn every_vector_has_its_answer_in_its_place() {
    let vectors = vectors();
    let lines: String = vectors
        .iter()
        .map(|v| json!({"id": v["id"], "op": v["op"], "inputs": v["inputs"]}).to_string() + "\n")
        .collect();
    let answers = ask(&lines);
    assert_eq!(answers.len(), vectors.len());
    for (vector, answer) in vectors.iter().zip(&answers) {
        assert_eq!(answer["id"], vector["id"]);
        if let Some(code) = vector["expected"]["error"].as_str() {
            assert_eq!(answer["error"]["code"], code, "{}", vector["id"]);
            continue;
        }
        for (name, value) in vector["expected"].as_object().expect("an object") {
            assert_eq!(&answer["outputs"][name], value, "{} {name}", vector["id"]);
        }
    }
    println!("{} vectors through the binary", answers.len());
    assert!(answers.len() >= 4_000);
}

#[test]
fn a_malformed_line_is_answered_and_the_next_one_too() {
    let answers = ask(
        "{\"id\": 1\n\u{0}\n{\"id\":2,\"op\":\"pan.check\",\"inputs\":{\"pan\":\"4111111111111111\"}}\n",
    );
    assert_eq!(answers[0]["error"]["code"], "MALFORMED_LINE");
    assert_eq!(answers[1]["error"]["code"], "MALFORMED_LINE");
    assert_eq!(answers[2]["outputs"]["luhn"], true);
}
