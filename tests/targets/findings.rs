//! Findings as people get them: every code comes from somewhere, every repair repairs, nothing that
//! conforms is called wrong.

use poslab_core::codec::{
    Candidate, Draft, Finding, Severity, detect, detect_among, detect_framed, dissect, pack,
};
use poslab_core::frame::Framing;
use poslab_core::intake::{Content, read_text};
use poslab_core::spec::builtin;
use poslab_core::spec::import::import;
use poslab_core::view::decode::choose;
use poslab_core::view::diff::{DiffOptions, DiffRow, diff};
use poslab_core::view::findings::{tell, tell_findings};
use poslab_core::words::{FindingExample, findings};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// What gives a code that no bytes on a page can show.
enum By {
    /// A text that is pasted.
    Paste(&'static str),
    /// The same, from a file of the reader's vectors.
    File(&'static str),
    /// A request and its answer, in a dialect.
    Echo(&'static str, &'static str, &'static str),
    /// A frame in a dialect of one's own.
    Own(&'static str, &'static str),
    /// The binary: the file of its tests that shows it.
    Binary(&'static str),
}

/// The codes that are not about the bytes of one message.
const OTHERS: &[(&str, By)] = &[
    (
        "double-encoded",
        By::Paste(
            "33303338333033303332333033303330333033303330333033303330333833303330333033303330333033303331333233333334333533363337333833393330333133323333",
        ),
    ),
    (
        "echo-broken",
        By::Echo(
            "iso8583-1987-bcd",
            "080020200000008000009200000001323931313030303031",
            "081020200000008000009200000001333931313030303031",
        ),
    ),
    ("empty-input", By::Paste("  ")),
    (
        "length-under-minimum",
        By::Own(INCLUSIVE, "0800400000000000000001"),
    ),
    ("mac-wrong", By::Binary("cli/tests/cmd/mac.md")),
    ("no-message", By::Paste("hello, world")),
    ("not-fields", By::Binary("cli/tests/cmd/encode.md")),
    (
        "odd-digits",
        By::Paste("0800202000000080000092000000013239313130303030310"),
    ),
    ("packet-headers", By::File("wireshark.txt")),
    (
        "skipped-lines",
        By::Paste(
            "some log starts\n080020200000008000009200000001323931313030303031\nsome log ends\n",
        ),
    ),
];

/// A dialect whose lengths count themselves.
const INCLUSIVE: &str = r#"{"poslab-dialect": 1, "name": "inclusive", "coding": {"mti": "bcd", "bitmap": "raw", "length": "bcd",
  "n": "bcd digits pad-left-0", "z": "bcd digits pad-left-0", "text": "ascii bytes", "b": "raw bytes"},
 "fields": {"2": {"is": "n..19", "length": "bcd 2 adds 2"}, "11": {"is": "n6"}}}"#;

/// Every code that a text gives, as `poslab decode` would say it.
fn of_text(text: &str, candidates: &dyn Fn(&[u8]) -> Vec<Candidate>) -> BTreeSet<String> {
    let read = match read_text(text) {
        Ok(read) => read,
        Err(unread) => return BTreeSet::from([unread.slug().to_owned()]),
    };
    let mut codes: BTreeSet<String> = read
        .notes
        .iter()
        .map(|note| note.code.slug().to_owned())
        .collect();
    for item in &read.items {
        let Content::Bytes(octets) = &item.content else {
            continue;
        };
        let (octets, found) = choose(octets, candidates);
        if let Some(best) = found.first() {
            let told = tell(&best.dissect(&octets.bytes), best, octets.double_encoded);
            codes.extend(told.iter().map(|one| one.code.to_owned()));
        }
    }
    codes
}

/// What the command on a page prints.
fn of_example(example: &FindingExample) -> BTreeSet<String> {
    let dialects = [builtin(example.dialect).expect("a built-in dialect")];
    let framing: Option<Framing> = example
        .frame
        .map(|words| words.parse().expect("known parts"));
    of_text(example.hex, &|bytes| match &framing {
        Some(framing) => detect_framed(bytes, framing, &dialects),
        None => detect_among(bytes, &dialects),
    })
}

fn of_other(by: &By, slug: &str) -> BTreeSet<String> {
    match by {
        By::Paste(text) => of_text(text, &detect),
        By::File(name) => {
            let path = poslab_tests::vectors(&format!("intake/{name}"));
            of_text(&std::fs::read_to_string(path).expect("a vector"), &detect)
        }
        By::Own(spec, hex) => {
            let dialect = import(spec, "own").expect("a dialect").dialect;
            let frame = hex::decode(hex).expect("hexadecimal");
            codes(&dissect(&dialect, &frame, &Framing::none()).findings)
        }
        By::Echo(dialect, request, answer) => {
            let dialect = builtin(dialect).expect("a built-in dialect");
            let [request, answer] = [request, answer].map(|hex| hex::decode(hex).expect("hex"));
            let [request, answer] =
                [&request, &answer].map(|bytes| dissect(&dialect, bytes, &Framing::none()));
            let options = DiffOptions {
                echo: true,
                ..DiffOptions::default()
            };
            let said = diff(&request, &answer, options);
            let said: Vec<Finding> = said.iter().filter_map(DiffRow::finding).collect();
            codes(&said)
        }
        By::Binary(file) => {
            let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
            let text = std::fs::read_to_string(root.join(file)).expect("a file of tests");
            let shown = [format!("[{slug}]"), format!("\"{slug}\"")];
            let there = shown.iter().any(|one| text.contains(one.as_str()));
            there.then(|| slug.to_owned()).into_iter().collect()
        }
    }
}

fn codes(findings: &[Finding]) -> BTreeSet<String> {
    findings
        .iter()
        .map(|one| one.fault.code().to_owned())
        .collect()
}

#[test]
fn every_code_of_the_table_is_raised() {
    let mut wrong = Vec::new();
    for words in findings() {
        let other = OTHERS.iter().find(|(slug, _)| *slug == words.slug);
        let codes = match (&words.example, other) {
            (Some(example), None) => of_example(example),
            (None, Some((slug, by))) => of_other(by, slug),
            (Some(_), Some(_)) => panic!("{}: shown twice", words.slug),
            (None, None) => panic!("{}: shown nowhere", words.slug),
        };
        if !codes.contains(words.slug) {
            wrong.push(format!("{}: {codes:?}", words.slug));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Frames with the reading that fits them best: the broken ones, and whole ones cut and changed.
fn damaged() -> Vec<(String, Vec<u8>, Candidate)> {
    let mut out = Vec::new();
    for folder in ["iso8583/broken", "iso8583"] {
        for (name, json) in files(folder) {
            // One of them has a digit too few, as it was found.
            let Ok(frame) = hex::decode(json["raw_hex"].as_str().expect("hex")) else {
                continue;
            };
            let mut frames = vec![frame.clone()];
            if folder == "iso8583" {
                let cut = frame.len() * 2 / 3;
                frames.push(frame[..cut].to_vec());
                frames.push([frame.as_slice(), &[0xAB; 3]].concat());
                frames.push([&[0, 0x21], frame.as_slice()].concat());
            }
            for bytes in frames {
                if let Some(best) = detect(&bytes).into_iter().next() {
                    out.push((name.clone(), bytes, best));
                }
            }
        }
    }
    out
}

fn files(folder: &str) -> Vec<(String, Value)> {
    let entries = std::fs::read_dir(poslab_tests::vectors(folder)).expect("vectors");
    let paths = entries.map(|entry| entry.expect("readable").path());
    let json = paths.filter(|path| path.extension().is_some_and(|end| end == "json"));
    json.map(|path| {
        let text = std::fs::read(&path).expect("readable");
        let name = path
            .file_stem()
            .expect("a name")
            .to_string_lossy()
            .into_owned();
        (name, serde_json::from_slice(&text).expect("JSON"))
    })
    .collect()
}

#[test]
fn every_repair_repairs() {
    let mut tried = BTreeSet::new();
    let errors = |findings: &[Finding]| {
        let error = |one: &&Finding| one.severity == Severity::Error;
        findings.iter().filter(error).count()
    };
    for (name, bytes, best) in damaged() {
        let tree = best.dissect(&bytes);
        for told in tell_findings(&tree, &best.framing) {
            let Some(fix) = told.fix else { continue };
            let after = fix.apply(&bytes).expect("whole bytes");
            let again = best.dissect(&after);
            let same = |one: &Finding| one.fault.code() == told.code && one.path == told.path;
            let still = again.findings.iter().any(same);
            assert!(!still, "{name}: {} is still there after {fix:?}", told.code);
            assert!(
                errors(&again.findings) <= errors(&tree.findings),
                "{name}: {fix:?}"
            );
            assert!(again.stopped.is_none(), "{name}: {fix:?}");
            tried.insert(told.code);
        }
    }
    let wanted = [
        "length-header-mismatch",
        "trailing-bytes",
        "truncated-field",
    ];
    assert!(wanted.iter().all(|code| tried.contains(code)), "{tried:?}");
}

#[test]
fn what_conforms_is_not_called_wrong() {
    let (mut count, mut wrong) = (0, Vec::new());
    for (name, json) in files("iso8583") {
        let imported = import(&json.to_string(), &name).expect("every vector has a spec");
        let frame = hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex");
        let found = detect_among(&frame, &[Arc::new(imported.dialect)]);
        let mut best = found
            .into_iter()
            .next()
            .expect("a named dialect is a candidate");
        best.drop_misfits(&frame, &imported.assumed_layouts);
        let tree = best.dissect(&frame);
        let errors = tree
            .findings
            .iter()
            .filter(|one| one.severity == Severity::Error);
        wrong.extend(errors.map(|one| format!("{name}: {one}")));
        count += 1;
    }
    assert!(count >= 107, "{count}");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Ciphertext has its separator by chance: where DE53 says that tracks are enciphered, no place of
/// it is doubted.
#[test]
fn an_enciphered_track_may_look_like_anything() {
    let dialect = builtin("unionpay-pos").expect("built in");
    let doubts = |security: &str| {
        let draft = Draft::new("0200")
            .with(35, "999999000000000012345678901234D60")
            .with(53, security);
        let bytes = pack(&dialect, &draft).expect("a message");
        let tree = dissect(&dialect, &bytes, &Framing::none());
        codes(&tree.findings).contains("value-implausible")
    };
    assert!(doubts("2600000000000000"));
    assert!(!doubts("2610000000000000"));
}
