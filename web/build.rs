//! Turns `core/words/page/*.json` into constants: one module per file, one `Phrase` per key.
//!
//! A phrase without English or without Chinese stops the build here; a key that is used and not
//! written does not compile.

use serde_json::{Map, Value};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    let folder = Path::new("../core/words/page");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("core/words/page holds the words of the page")
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "json")
        })
        .collect();
    files.sort();
    let mut code = String::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        module(&mut code, file);
    }
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR is writable");
}

/// Writes the module of one file.
fn module(code: &mut String, file: &Path) {
    let stem = file
        .file_stem()
        .and_then(|stem| stem.to_str())
        .expect("file names are plain");
    let text = std::fs::read_to_string(file).expect("the file was just listed");
    let phrases: Map<String, Value> =
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let name = stem.replace('-', "_");
    writeln!(
        code,
        "/// The phrases of `core/words/page/{stem}.json`.\npub mod {name} {{"
    )
    .expect("writing to a string");
    writeln!(code, "    use super::Phrase;").expect("writing to a string");
    for (key, phrase) in &phrases {
        let [en, zh] = ["en", "zh"].map(|language| {
            phrase[language]
                .as_str()
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| panic!("{}: `{key}` lacks `{language}`", file.display()))
        });
        let constant = key.replace('-', "_").to_uppercase();
        writeln!(code, "    /// {}", en.replace('\n', " ")).expect("writing to a string");
        writeln!(
            code,
            "    pub const {constant}: Phrase = Phrase {{ en: {en:?}, zh: {zh:?} }};"
        )
        .expect("writing to a string");
    }
    code.push_str("}\n");
}
