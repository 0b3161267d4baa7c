//! Messages that fail as people met them: each gets the findings that it deserves.

use poslab_core::codec::detect;
use poslab_core::intake::{Content, read_text};
use poslab_core::view::decode::choose;
use poslab_core::view::findings::tell;
use serde_json::Value;

/// File, and what a good tool says: slugs of findings, all of which must be there.
const DESERVED: [(&str, &[&str]); 24] = [
    (
        "broken-alxnik10-length-bytes-as-mti",
        &[
            "length-header-mismatch",
            "truncated-paste",
            "truncated-field",
        ],
    ),
    ("broken-ebcdic-0410-f127-no-length", &["truncated-field"]),
    (
        "broken-i8583-bit128-no-data",
        &["truncated-field", "mac-missing"],
    ),
    (
        "broken-iso8583studio-readme-sample",
        &["bitmap-bits-swapped"],
    ),
    ("broken-j8583-testparsing-01", &["empty-input"]),
    ("broken-j8583-testparsing-03", &["no-message"]),
    ("broken-j8583-testparsing-04", &["bitmap-truncated"]),
    ("broken-j8583-testparsing-06", &["truncated-field"]),
    ("broken-j8583-testparsing-08", &["truncated-field"]),
    ("broken-j8583-testparsing-09", &["truncated-field"]),
    ("broken-j8583-testparsing-11", &["truncated-field"]),
    ("broken-j8583-testparsing-13", &["length-beyond-data"]),
    (
        "broken-jreactive65-header-as-mti",
        &["unknown-header", "truncated-field"],
    ),
    (
        "broken-juks64-length-as-mti",
        &["length-header-mismatch", "length-header-wrong"],
    ),
    (
        "broken-moov-iso-reversal-message-advice-missing-field",
        &["mandatory-missing"],
    ),
    (
        "broken-moov-iso-reversal-message-advice-unexpected-field",
        &["mandatory-missing", "value-implausible"],
    ),
    (
        "broken-moov-message-with-error-indicate-numeric",
        &["not-in-charset", "truncated-field"],
    ),
    (
        "broken-moov-network-management-message-with-error-track",
        &["not-in-charset"],
    ),
    (
        "broken-moov327-odd-bcd-track2",
        &["trailing-bytes", "data-shifted", "odd-digits"],
    ),
    ("broken-php-network-cut2", &["truncated-field"]),
    (
        "broken-pyiso8-wrong-spec",
        &["unknown-header", "whitespace-collapsed"],
    ),
    ("broken-tilln41-shifted-bitmap", &["truncated-field"]),
    ("broken-zemuldo-ebcdic-hextext", &["double-encoded"]),
    (
        "broken-zoukankan-length-mismatch",
        &["length-header-mismatch", "length-header-wrong"],
    ),
];

fn said(name: &str) -> (Vec<String>, Vec<usize>, usize) {
    let path = poslab_tests::vectors(&format!("iso8583/broken/{name}.json"));
    let json: Value =
        serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON");
    let read = match read_text(json["raw_hex"].as_str().expect("hex")) {
        Ok(read) => read,
        Err(unread) => return (vec![unread.slug().to_owned()], vec![], 0),
    };
    let Content::Bytes(octets) = &read.items[0].content else {
        panic!("bytes")
    };
    let (octets, candidates) = choose(octets, &detect);
    let frame = &octets.bytes;
    let Some(best) = candidates.first() else {
        return (vec!["no-message".to_owned()], vec![], frame.len());
    };
    let tree = best.dissect(frame);
    let mut slugs: Vec<String> = read
        .notes
        .iter()
        .map(|note| note.code.slug().to_owned())
        .collect();
    let told = tell(&tree, best, octets.double_encoded);
    slugs.extend(told.iter().map(|one| one.code.to_owned()));
    let offsets = told.iter().map(|one| one.span.start as usize / 8).collect();
    (slugs, offsets, frame.len())
}

#[test]
fn every_broken_message_gets_what_it_deserves() {
    let mut wrong = Vec::new();
    for (name, deserved) in DESERVED {
        let (slugs, offsets, len) = said(name);
        for slug in deserved {
            if !slugs.iter().any(|s| s == slug) {
                wrong.push(format!("{name}: no {slug} in {slugs:?}"));
            }
        }
        assert!(
            offsets.iter().all(|at| *at <= len),
            "{name}: {offsets:?} of {len}"
        );
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let files = std::fs::read_dir(poslab_tests::vectors("iso8583/broken"))
        .expect("a folder")
        .count();
    assert_eq!(files, DESERVED.len(), "a file without a row");
}
