//! Random specifications and messages on which pyiso8583 agrees: values, bytes, and where a cut
//! message stops making sense. And one j8583 configuration in every mode of its factory.

use poslab_core::codec::{detect_among, dissect, pack, unpack};
use poslab_core::frame::Framing;
use poslab_core::spec::Dialect;
use poslab_core::spec::import::import;
use poslab_core::view::findings::tell_findings;
use serde_json::Value;
use std::sync::Arc;

fn cases() -> Vec<(Dialect, Value)> {
    let path = poslab_tests::vectors("peers/pyiso8583.json");
    let text = std::fs::read_to_string(path).expect("it stands in the repository");
    let list: Vec<Value> = serde_json::from_str(&text).expect("a list");
    let with_dialect = |case: Value| {
        let spec = case["spec"].to_string();
        let imported = import(&spec, "peer").unwrap_or_else(|error| panic!("{spec}: {error}"));
        (imported.dialect, case)
    };
    list.into_iter().map(with_dialect).collect()
}

fn list<'a>(case: &'a Value, name: &str) -> &'a [Value] {
    case[name].as_array().expect("a list")
}

fn frame(item: &Value) -> Vec<u8> {
    hex::decode(item["hex"].as_str().expect("a text")).expect("hexadecimal")
}

#[test]
fn every_value_is_the_one_that_was_written_and_the_bytes_come_back() {
    let mut values = 0;
    for (dialect, case) in &cases() {
        for message in list(case, "messages") {
            let frame = frame(message);
            let tree = dissect(dialect, &frame, &Framing::none());
            assert_eq!(tree.stopped, None, "{message}");
            for (de, theirs) in message["fields"].as_object().expect("fields") {
                let theirs = theirs.as_str().expect("a text");
                let ours = match de.as_str() {
                    "t" => tree.mti().map(str::to_owned),
                    _ => tree.find(de).map(|id| tree.value(id).to_string()),
                };
                assert_eq!(ours.as_deref(), Some(theirs), "DE{de} of {message}");
                values += 1;
            }
            let read = unpack(dialect, &frame).unwrap_or_else(|error| panic!("{error}: {message}"));
            let again = pack(dialect, &read.to_draft());
            assert_eq!(
                again.ok().map(hex::encode_upper),
                Some(hex::encode_upper(&frame))
            );
        }
    }
    println!("{values} values");
    assert!(values > 300, "the vectors were not read");
}

#[test]
fn a_cut_message_is_found_to_end_in_the_same_field() {
    let mut broken = 0;
    for (dialect, case) in &cases() {
        for cut in list(case, "broken") {
            let frame = frame(cut);
            let tree = dissect(dialect, &frame, &Framing::none());
            let field = cut["field"].as_str().expect("a text");
            let fault = tree.stopped.as_ref().unwrap_or_else(|| panic!("{cut}"));
            let path = fault.path.to_string();
            assert_eq!(path, format!("DE{field}"), "{cut}");
            // A length that promises too much is at fault, where the peer blames what follows it.
            let theirs = cut["offset"].as_u64().expect("a number") as usize;
            assert!(
                (theirs.saturating_sub(4)..=theirs).contains(&fault.offset),
                "{cut}"
            );
            assert!(!tell_findings(&tree, &Framing::none()).is_empty(), "{cut}");
            broken += 1;
        }
    }
    println!("{broken} cut messages");
    assert!(broken > 50, "the vectors were not read");
}

/// Neither the mode of the whole message nor the guide of its type stands in the bytes: the right
/// reading among the nine is found by itself.
#[test]
fn a_j8583_configuration_reads_every_mode_and_every_guide() {
    let path = poslab_tests::vectors("peers/j8583.json");
    let text = std::fs::read_to_string(path).expect("it stands in the repository");
    let vectors: Value = serde_json::from_str(&text).expect("JSON");
    let spec = vectors["spec"].as_str().expect("a text");
    let imported = import(spec, "peer").unwrap_or_else(|error| panic!("{error}"));
    let dialects: Vec<Arc<Dialect>> = std::iter::once(imported.dialect)
        .chain(imported.alternatives)
        .map(Arc::new)
        .collect();
    let mut values = 0;
    for message in list(&vectors, "messages") {
        let frame = frame(message);
        let found = detect_among(&frame, &dialects);
        let tree = found[0].dissect(&frame);
        let mode = message["mode"].as_str().expect("a text");
        assert!(tree.stopped.is_none(), "{message}: {:?}", tree.stopped);
        assert_eq!(tree.mti(), message["mti"].as_str(), "{mode}");
        for members in ["fields", "parts"] {
            for (path, theirs) in message[members].as_object().expect("an object") {
                let ours = tree.find(path).map(|id| tree.value(id));
                assert_eq!(ours.as_deref(), theirs.as_str(), "DE{path} of {message}");
                values += 1;
            }
        }
        let dialect = &found[0].dialect;
        let read = unpack(dialect, &frame).unwrap_or_else(|error| panic!("{error}: {message}"));
        let again = pack(dialect, &read.to_draft()).map(hex::encode_upper);
        assert_eq!(again.ok().as_deref(), message["hex"].as_str());
    }
    println!("{values} values");
    assert!(values > 150, "the vectors were not read");
}

/// **Source**: j8583, `TestHexadecimalLengthDecoding`: the same configuration, once with lengths in
/// packed digits and once in hex.
#[test]
fn lengths_of_j8583_are_digits_or_hex_as_its_own_test_has_them() {
    let kinds = [
        "LLBCDBIN",
        "LLBCDBIN",
        "LLBIN",
        "LLLBCDBIN",
        "LLLBIN",
        "LLLLBCDBIN",
        "LLLLBIN",
    ];
    let fields: String = (2..)
        .zip(kinds)
        .map(|(de, kind)| format!("<field num=\"{de}\" type=\"{kind}\"/>"))
        .collect();
    let spec = format!(
        "<j8583-config><parse type=\"0100\">{fields}<field num=\"9\" type=\"BINARY\" length=\"4\"/></parse></j8583-config>"
    );
    let imported = import(&spec, "own").unwrap_or_else(|error| panic!("{error}"));
    let all = std::iter::once(imported.dialect).chain(imported.alternatives);
    let dialects: Vec<Arc<Dialect>> = all.map(Arc::new).collect();
    for (lengths, three, four) in [(["26", "18"], 112, 1112), (["1A", "12"], 274, 4370)] {
        let values = [
            "666666666".to_owned(),
            "01234567890123456789012345".to_owned(),
            "C0".repeat(18),
            "5".repeat(three),
            "C1".repeat(three),
            "6".repeat(four),
            "C2".repeat(four),
            "88888888".to_owned(),
        ];
        let [a, b, c, d, e, f, g, h] = &values;
        let [two, one] = lengths;
        let hex =
            format!("01007F80000000000000090{a}{two}{b}{one}{c}0112{d}0112{e}1112{f}1112{g}{h}");
        let frame = hex::decode(hex).expect("hexadecimal");
        let found = detect_among(&frame, &dialects);
        let tree = found[0].dissect(&frame);
        for (de, value) in (2..).zip(&values) {
            let ours = tree.find(&format!("{de}")).map(|id| tree.value(id));
            assert_eq!(
                ours.as_ref(),
                Some(value),
                "DE{de} of {}",
                found[0].dialect.name()
            );
        }
    }
}
