//! Turns `core/words/page/*.json` into constants: one module per file, one `Phrase` per key.
//!
//! A phrase without English or without Chinese stops the build here; a key that is used and not
//! written does not compile. `[[PIN]]` in a phrase, or `[[ledger|books]]`, is a term of the
//! glossary: a second constant, `KEY_TERMS`, has the phrase in parts, each term with what the
//! glossary says of it. A term that the glossary does not have, that one language marks and the
//! other does not, or that a panel marks twice stops the build.

use serde_json::{Map, Value};
use std::collections::BTreeMap;
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
    let glossary = glossary(Path::new("../core/words/glossary.json"));
    let mut code = String::new();
    for file in &files {
        println!("cargo::rerun-if-changed={}", file.display());
        module(&mut code, file, &glossary);
    }
    let out = std::env::var_os("OUT_DIR").expect("cargo sets OUT_DIR");
    std::fs::write(Path::new(&out).join("words.rs"), code).expect("OUT_DIR is writable");
}

/// What the glossary says of each term, in English and Chinese.
type Glossary = BTreeMap<String, [String; 2]>;

fn glossary(file: &Path) -> Glossary {
    println!("cargo::rerun-if-changed={}", file.display());
    let text = std::fs::read_to_string(file).expect("core/words has a glossary");
    let terms: Vec<Value> = serde_json::from_str(&text).expect("the glossary is a list");
    let said = |term: &Value, language: &str| term["say"][language].as_str().map(str::to_owned);
    terms
        .iter()
        .filter_map(|term| {
            let both = [said(term, "en")?, said(term, "zh")?];
            Some((term["en"].as_str()?.to_owned(), both))
        })
        .collect()
}

/// A phrase in parts: text before a term, the term and its label; the rest comes last.
struct Marked<'t> {
    terms: Vec<(&'t str, &'t str, &'t str)>,
    rest: &'t str,
}

impl<'t> Marked<'t> {
    fn of(mut text: &'t str) -> Self {
        let mut terms = Vec::new();
        while let Some((before, after)) = text.split_once("[[") {
            let (mark, rest) = after.split_once("]]").expect("a mark ends with ]]");
            let (term, label) = mark.split_once('|').unwrap_or((mark, mark));
            terms.push((before, term, label));
            text = rest;
        }
        Self { terms, rest: text }
    }

    fn plain(&self) -> String {
        let parts = self
            .terms
            .iter()
            .flat_map(|(before, _, label)| [*before, *label]);
        parts.chain([self.rest]).collect()
    }

    /// The parts as Rust.
    fn parts(&self, glossary: &Glossary, language: usize) -> String {
        let mut code = String::new();
        for (before, term, label) in &self.terms {
            let said = glossary
                .get(*term)
                .unwrap_or_else(|| panic!("the glossary has no term `{term}`"));
            let (href, said) = (
                format!("#learn?{}", term.replace(' ', "%20")),
                &said[language],
            );
            write!(
                code,
                "Part::Text({before:?}), Part::Term {{ label: {label:?}, href: {href:?}, said: {said:?} }}, "
            )
            .expect("writing to a string");
        }
        write!(code, "Part::Text({:?})", self.rest).expect("writing to a string");
        code
    }
}

/// Writes the module of one file.
fn module(code: &mut String, file: &Path, glossary: &Glossary) {
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
    writeln!(code, "    #[allow(unused_imports, reason = \"not every panel marks terms\")]\n    use super::{{Marked, Part, Phrase}};").expect("writing to a string");
    let mut marked_so_far: Vec<String> = Vec::new();
    for (key, phrase) in &phrases {
        let [en, zh] = ["en", "zh"].map(|language| {
            phrase[language]
                .as_str()
                .filter(|text| !text.is_empty())
                .unwrap_or_else(|| panic!("{}: `{key}` lacks `{language}`", file.display()))
        });
        let constant = key.replace('-', "_").to_uppercase();
        let [en, zh] = [en, zh].map(Marked::of);
        let terms = |marked: &Marked<'_>| -> Vec<String> {
            let mut terms: Vec<_> = marked
                .terms
                .iter()
                .map(|(_, term, _)| (*term).to_owned())
                .collect();
            terms.sort();
            terms
        };
        let place = format!("{}: `{key}`", file.display());
        assert!(
            terms(&en) == terms(&zh),
            "{place} marks other terms in Chinese"
        );
        for term in terms(&en) {
            assert!(
                !marked_so_far.contains(&term),
                "{place} marks `{term}` once more"
            );
            marked_so_far.push(term);
        }
        if !en.terms.is_empty() {
            writeln!(
                code,
                "    /// The same with its terms.\n    pub const {constant}_TERMS: Marked = Marked {{ en: &[{}], zh: &[{}] }};",
                en.parts(glossary, 0),
                zh.parts(glossary, 1)
            )
            .expect("writing to a string");
        }
        let [en, zh] = [en.plain(), zh.plain()];
        writeln!(code, "    /// {}", en.replace('\n', " ")).expect("writing to a string");
        writeln!(
            code,
            "    pub const {constant}: Phrase = Phrase {{ en: {en:?}, zh: {zh:?} }};"
        )
        .expect("writing to a string");
    }
    code.push_str("}\n");
}
