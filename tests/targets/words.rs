//! What people read is right: a sentence for every message, a page for every finding code.
//!
//! `POSLAB_BLESS=1` rewrites the goldens and pages; the difference is reviewed like code.

use poslab_core::codec::{Dissection, dissect};
use poslab_core::frame::Framing;
use poslab_core::spec::builtin;
use poslab_core::view::decode::facts;
use poslab_core::words::{FindingWords, Glossary, Lang, describe, findings, sentence};
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Compares a file of the repository with what it should say, or writes it when blessing.
fn assert_file(relative: &str, expected: &str) {
    let path = root().join(relative);
    if std::env::var_os("POSLAB_BLESS").is_some() {
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(&path, expected).expect("writable");
        return;
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == expected,
        "{relative} is stale: POSLAB_BLESS=1 cargo test --test words"
    );
}

/// The UnionPay messages by name, with the framing that each has.
fn messages() -> Vec<(String, Vec<u8>, Framing)> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(poslab_tests::vectors("unionpay")).expect("vectors") {
        let text = std::fs::read_to_string(entry.expect("readable").path()).expect("readable");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let parts = [
            ("length", "len2be"),
            ("tpdu", "tpdu"),
            ("header", "header6"),
        ];
        let there = parts
            .iter()
            .filter(|(key, _)| json["expected"].get(key).is_some());
        let words: Vec<&str> = there.map(|(_, word)| *word).collect();
        let framing = if words.is_empty() {
            Framing::none()
        } else {
            words.join("+").parse().expect("known")
        };
        let frame = hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex");
        out.push((
            json["id"].as_str().expect("an id").to_owned(),
            frame,
            framing,
        ));
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

#[test]
fn every_message_has_its_sentence() {
    let dialect = builtin("unionpay-pos").expect("built in");
    let mut golden = String::new();
    for (name, frame, framing) in messages() {
        let tree = dissect(&dialect, &frame, &framing);
        let said = [Lang::En, Lang::Zh].map(|lang| sentence(&facts(&tree), lang));
        golden.push_str(&format!("{name}\n  {}\n  {}\n", said[0], said[1]));
    }
    assert!(golden.lines().count() > 200);
    assert_file("tests/golden/sentences.txt", &golden);
}

/// What is said of every node of a tree, with its path.
fn said(tree: &Dissection<'_>, lang: Lang) -> Vec<(String, String)> {
    let other = |path: &str| match path {
        "MTI" => tree.mti().map(str::to_owned),
        path => tree.find(path).map(|id| tree.value(id)),
    };
    let nodes = tree.walk().map(|(_, id)| (tree.path(id), tree.value(id)));
    nodes
        .filter_map(|(path, value)| Some((path.clone(), describe(&path, &value, &other, lang)?)))
        .collect()
}

#[test]
fn nothing_that_is_said_of_a_message_holds_a_whole_card_number() {
    let dialect = builtin("unionpay-pos").expect("built in");
    let mut count = 0;
    for (name, frame, framing) in messages() {
        let tree = dissect(&dialect, &frame, &framing);
        let pan = tree
            .find("DE2")
            .map(|id| tree.value(id))
            .filter(|pan| pan.len() > 12);
        for lang in [Lang::En, Lang::Zh] {
            for (path, text) in said(&tree, lang) {
                count += 1;
                let shown = pan.as_ref().is_some_and(|pan| text.contains(pan.as_str()));
                assert!(!shown, "{name} {path}: {text}");
            }
        }
    }
    assert!(count > 2_000, "only {count} meanings");
}

#[test]
fn every_finding_code_has_its_page_in_both_languages() {
    let all = findings();
    let mut pages = vec![("README.md".to_owned(), index(&all, Lang::En))];
    pages.push(("README.zh-CN.md".to_owned(), index(&all, Lang::Zh)));
    for finding in &all {
        pages.push((format!("{}.md", finding.slug), finding.page(Lang::En)));
        pages.push((format!("{}.zh-CN.md", finding.slug), finding.page(Lang::Zh)));
    }
    for (name, page) in &pages {
        assert_file(&format!("docs/findings/{name}"), page);
    }
    let folder = std::fs::read_dir(root().join("docs/findings")).expect("the pages");
    assert_eq!(folder.count(), pages.len(), "a page without a code");
}

/// The list of all codes.
fn index(all: &[FindingWords], lang: Lang) -> String {
    let (title, other, end) = match lang {
        Lang::En => ("Finding codes", "[简体中文](README.zh-CN.md)", "md"),
        Lang::Zh => ("诊断代码", "[English](README.md)", "zh-CN.md"),
    };
    let rows = all
        .iter()
        .map(|f| format!("- [`{0}`]({0}.{end}) {1}\n", f.slug, f.title.say(lang)));
    format!("# {title}\n\n{other}\n\n{}", rows.collect::<String>())
}

/// The slugs that a source file gives: every `=> "two-words"` and `Undecodable("two-words"`.
fn slugs_of(relative: &str) -> Vec<String> {
    let source = std::fs::read_to_string(root().join(relative)).expect("a source file");
    let quoted = source
        .split("=> \"")
        .chain(source.split("Undecodable(\""))
        .skip(1);
    let words = quoted
        .filter_map(|rest| rest.split_once('"'))
        .map(|(slug, _)| slug.to_owned());
    let is_slug =
        |s: &String| s.contains('-') && s.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    words.filter(is_slug).collect()
}

#[test]
fn every_code_that_is_given_anywhere_is_explained() {
    let all = findings();
    let sources = [
        ("core/src/codec/fault.rs", 15),
        ("core/src/codec/causes.rs", 1),
        ("core/src/intake/say.rs", 5),
        ("cli/src/command/encode.rs", 1),
        ("cli/src/command/decode.rs", 1),
    ];
    for (file, least) in sources {
        let slugs = slugs_of(file);
        assert!(slugs.len() >= least, "{file}: {slugs:?}");
        for slug in slugs {
            assert!(
                all.iter().any(|f| f.slug == slug),
                "{file}: {slug} has no page"
            );
        }
    }
}

/// The terms that a panel's sentences mark, in one language: `[[term]]` or `[[term|label]]`.
fn marked(panel: &Value, language: &str) -> Vec<String> {
    let texts = panel.as_object().expect("phrases").values();
    let mut terms: Vec<String> = texts
        .flat_map(|phrase| {
            phrase[language]
                .as_str()
                .unwrap_or_default()
                .split("[[")
                .skip(1)
        })
        .filter_map(|mark| Some(mark.split_once("]]")?.0.split('|').next()?.to_owned()))
        .collect();
    terms.sort();
    terms
}

#[test]
fn every_term_in_a_sentence_of_the_page_is_explained_once_in_both_languages() {
    let glossary = Glossary::builtin();
    let panels = [
        "bench", "break-it", "build", "compare", "dialects", "learn", "pin-pad", "theatre",
    ];
    for name in panels {
        let path = root().join(format!("core/words/page/{name}.json"));
        let text = std::fs::read_to_string(path).expect("the words of a panel");
        let panel: Value = serde_json::from_str(&text).expect("JSON");
        let terms = marked(&panel, "en");
        assert!(!terms.is_empty(), "{name} marks no term");
        assert_eq!(terms, marked(&panel, "zh"), "{name}");
        let once: BTreeSet<&String> = terms.iter().collect();
        assert_eq!(
            once.len(),
            terms.len(),
            "{name} marks a term twice: {terms:?}"
        );
        for term in &terms {
            let found = glossary.find(term);
            let found = found.unwrap_or_else(|| panic!("{name}: no term \"{term}\""));
            assert_eq!(&found.en, term, "{name}: by its own name");
            assert!(
                !found.say.en.is_empty() && !found.say.zh.is_empty(),
                "{term}"
            );
        }
    }
}
