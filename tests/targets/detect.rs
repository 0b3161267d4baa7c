//! Without being told anything: is the right dialect and the right frame found first?
//!
//! A message fits a built-in dialect when that dialect, under the frame that the source names,
//! gives the published values. For those, the first guess must give them too.

use poslab_core::bytes::{Charset, to_hex};
use poslab_core::codec::{Candidate, Dissection, detect, detect_among, detect_quickly, dissect};
use poslab_core::frame::{FramePart, Framing};
use poslab_core::spec::import::import;
use poslab_core::spec::{Dialect, builtin, builtin_names};
use serde_json::Value;
use std::sync::Arc;

struct Vector {
    name: String,
    frame: Vec<u8>,
    header_bytes: usize,
    expected: Value,
}

fn vectors() -> Vec<Vector> {
    let mut out = Vec::new();
    for folder in ["iso8583", "unionpay"] {
        for entry in std::fs::read_dir(poslab_tests::vectors(folder)).expect("the vectors") {
            let path = entry.expect("readable").path();
            if path.extension().is_none_or(|e| e != "json") {
                continue;
            }
            let text = std::fs::read_to_string(&path).expect("readable");
            let json: Value = serde_json::from_str(&text).expect("JSON");
            let expected = json["expected"].clone();
            let unionpay: usize = [("length", 2), ("tpdu", 5), ("header", 6)]
                .iter()
                .filter(|(key, _)| expected.get(key).is_some())
                .map(|(_, len)| len)
                .sum();
            out.push(Vector {
                name: json["id"].as_str().expect("an id").to_owned(),
                frame: hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex"),
                header_bytes: json["header_bytes"]["count"]
                    .as_u64()
                    .map_or(unionpay, |n| n as usize),
                expected,
            });
        }
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// Whether a dissection gives the published values, as text or as the same bytes.
fn right(tree: &Dissection<'_>, vector: &Vector) -> bool {
    if tree.mti() != vector.expected["mti"].as_str() || tree.stopped.is_some() {
        return false;
    }
    let fields = vector.expected["fields"].as_object().expect("fields");
    let all = fields
        .iter()
        .filter(|(de, _)| *de != "1")
        .all(|(de, wanted)| {
            let Some(id) = tree.find(de) else {
                return false;
            };
            let Some(wanted) = wanted.as_str() else {
                return true;
            };
            let found = tree.value(id);
            let raw = &tree.frame()[tree.node(tree.data(id)).expect("a node").span.byte_range()];
            found == wanted
                || to_hex(raw) == wanted
                || Charset::Gbk.decode(raw) == wanted
                || Charset::Ascii.decode(raw) == wanted
                || Charset::Ebcdic500.decode(raw) == wanted
                || found.replacen('D', "=", 1) == wanted
                || found.eq_ignore_ascii_case(wanted)
        });
    all && tree.fields().filter(|(de, _)| *de > 1).count()
        >= fields.keys().filter(|k| *k != "1").count()
}

fn fits_a_builtin(vector: &Vector) -> bool {
    let parts = match vector.header_bytes {
        0 => Vec::new(),
        n => vec![FramePart::Fixed(n as u16)],
    };
    let framing = Framing { parts };
    builtin_names().any(|name| {
        let dialect = builtin(name).expect("built in");
        right(&dissect(&dialect, &vector.frame, &framing), vector)
    })
}

fn say(candidate: &Candidate) -> String {
    let reasons: Vec<String> = candidate.reasons.iter().map(|r| r.text()).collect();
    format!(
        "{} {} {}: {}",
        candidate.score,
        candidate.dialect.name(),
        candidate.framing,
        reasons.join("; ")
    )
}

#[test]
fn the_first_guess_gives_the_published_values() {
    let (mut fitting, mut hit, mut others, mut misses, mut sure_and_wrong) =
        (0, 0, 0, vec![], vec![]);
    for vector in vectors() {
        let found = detect(&vector.frame);
        let Some(best) = found.first() else {
            misses.push(format!("{}: nothing found", vector.name));
            continue;
        };
        let is_right = right(&best.dissect(&vector.frame), &vector);
        if fits_a_builtin(&vector) {
            fitting += 1;
            hit += usize::from(is_right);
            if !is_right {
                let lines: Vec<String> = found.iter().take(3).map(say).collect();
                misses.push(format!("{}:\n    {}", vector.name, lines.join("\n    ")));
            }
        } else {
            others += usize::from(is_right);
        }
        if !is_right && best.score > 90 {
            sure_and_wrong.push(format!("{}: {}", vector.name, say(best)));
        }
    }
    assert!(
        sure_and_wrong.is_empty(),
        "sure and wrong:\n{}",
        sure_and_wrong.join("\n")
    );
    println!(
        "{hit} of {fitting} that fit, and {others} bent to fit\n{}",
        misses.join("\n")
    );
    assert!(
        fitting >= 130 && hit * 100 >= fitting * 95,
        "{hit} of {fitting}:\n{}",
        misses.join("\n")
    );
}

#[test]
fn the_quick_guess_is_the_full_one() {
    for vector in vectors() {
        let (quick, full) = (detect_quickly(&vector.frame), detect(&vector.frame));
        let shape = |found: &[Candidate]| {
            found
                .first()
                .map(|c| (c.dialect.name().to_owned(), c.framing.to_string()))
        };
        assert_eq!(shape(&quick), shape(&full), "{}", vector.name);
    }
}

fn imported(name: &str, file: &str) -> (Vec<u8>, Vec<Arc<Dialect>>) {
    let vector = vectors().into_iter().find(|one| one.name == name);
    let path = poslab_tests::vectors(&format!("iso8583/{file}"));
    let text = std::fs::read_to_string(path).expect("a specification");
    let dialect = import(&text, name).expect("readable").dialect;
    (vector.expect("a vector").frame, vec![Arc::new(dialect)])
}

#[test]
fn text_without_a_character_set_is_chinese_where_it_plainly_is() {
    let (frame, dialects) = imported("unionpay-pos-dl-rsp", "specs/unionpay-pos-dl-rsp.jpos.xml");
    let best = &detect_among(&frame, &dialects)[0];
    let tree = best.dissect(&frame);
    let of = |path| tree.value(tree.find(path).expect("a field"));
    assert_eq!(
        (of("56").as_str(), of("43").trim_end()),
        ("成功", "墨文哲有限公司")
    );
    let bent: Vec<String> = best.changes.iter().map(ToString::to_string).collect();
    assert_eq!(bent, ["DE43.text=gbk", "DE56.text=gbk"]);
}

#[test]
fn a_header_of_unionpay_makes_up_for_a_message_type_of_nobody() {
    let vector = vectors()
        .into_iter()
        .find(|one| one.name == "unionpay-pos-esign-rsp");
    let frame = vector.expect("a vector").frame;
    let best = &detect(&frame)[0];
    assert_eq!(best.dialect.name(), "unionpay-pos");
    assert_eq!(best.dissect(&frame).mti(), Some("0930"));
}

#[test]
fn a_byte_beyond_ascii_is_told_and_kept() {
    let spec = r#"{"t":{"data_enc":"ascii","len_enc":"ascii","len_type":0,"max_len":4,"desc":""},
        "p":{"data_enc":"b","len_enc":"ascii","len_type":0,"max_len":8,"desc":""},
        "43":{"data_enc":"ascii","len_enc":"ascii","len_type":2,"max_len":9,"desc":""},
        "44":{"data_enc":"latin-1","len_enc":"ascii","len_type":2,"max_len":9,"desc":""}}"#;
    let dialect = import(spec, "mine").expect("readable").dialect;
    let frame = b"0800\x00\x00\x00\x00\x00\x30\x00\x0004caf\xe904caf\xe9";
    let tree = dissect(&dialect, frame, &Framing::none());
    let told: Vec<_> = tree
        .findings
        .iter()
        .map(|one| (one.path.as_str(), one.offset()))
        .collect();
    assert_eq!(told, [("DE43", 17)]);
    assert_eq!(tree.value(tree.find("43").expect("a field")), "café");
}
