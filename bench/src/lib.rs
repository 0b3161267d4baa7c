//! The workload of the benchmarks: 100,000 messages in two codings, made by `tests/perf/gen.py`.

use serde_json::{Map, Value, json};
use std::path::PathBuf;
use std::process::Command;

/// The folder of generated files, made on first use.
///
/// # Panics
/// When Python is missing or the generator fails.
#[must_use]
pub fn workload() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let folder = root.join("target/perf");
    if !folder.join("bcd.hexl").exists() {
        std::fs::create_dir_all(&folder).expect("target is writable");
        let status = Command::new("python3")
            .arg(root.join("tests/perf/gen.py"))
            .arg(&folder)
            .args(["100000", "8583"])
            .status()
            .expect("python3 runs");
        assert!(status.success(), "gen.py failed");
    }
    folder
}

/// The dialect file of one form of the workload (`ascii` or `bcd`), from its neutral spec.
///
/// # Panics
/// When the neutral spec is not as expected.
#[must_use]
pub fn dialect(form: &str) -> Value {
    let text = std::fs::read_to_string(workload().join("spec.json")).expect("just made");
    let spec: Value = serde_json::from_str(&text).expect("JSON");
    let coding = if form == "ascii" {
        json!({"mti": "ascii", "bitmap": "hex-ascii", "length": "ascii", "n": "ascii bytes",
               "z": "ascii bytes", "text": "ascii bytes", "b": "hex-ascii hex-digits"})
    } else {
        json!({"mti": "bcd", "bitmap": "raw", "length": "bcd", "n": "bcd digits pad-right-0",
               "z": "bcd digits pad-right-0", "text": "ascii bytes", "b": "raw bytes"})
    };
    let mut fields = Map::new();
    for (de, field) in spec[form].as_object().expect("fields") {
        let kind = field["kind"].as_str().expect("a kind");
        let max = field["max"].as_u64().expect("a size");
        let max = if kind == "b" && field["L"] == 0 && form == "bcd" {
            max * 8
        } else {
            max
        };
        let dots = ".".repeat(usize::try_from(field["L"].as_u64().expect("digits")).expect("few"));
        fields.insert(de.clone(), json!({"is": format!("{kind}{dots}{max}")}));
    }
    json!({"name": format!("perf-{form}"), "coding": coding, "fields": fields})
}

/// The peer's spec (YAML) for the ASCII form.
///
/// # Panics
/// As [`dialect`].
#[must_use]
pub fn peer_spec() -> String {
    let text = std::fs::read_to_string(workload().join("spec.json")).expect("just made");
    let spec: Value = serde_json::from_str(&text).expect("JSON");
    let mut out = String::from(
        "0:\n  ContentType: \"n\"\n  Label: MTI\n  LenType: fixed\n  MaxLen: 4\n\
         1:\n  ContentType: \"b\"\n  Label: Bitmap\n  LenType: fixed\n  MaxLen: 8\n",
    );
    for (de, field) in spec["ascii"].as_object().expect("fields") {
        let kind = field["kind"].as_str().expect("a kind");
        let len = match field["L"].as_u64() {
            Some(0) => "fixed",
            Some(2) => "llvar",
            _ => "lllvar",
        };
        let max = field["max"].as_u64().expect("a size");
        out += &format!(
            "{de}:\n  ContentType: \"{kind}\"\n  Label: field {de}\n  LenType: {len}\n  MaxLen: {max}\n"
        );
    }
    out
}
