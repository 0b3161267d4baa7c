//! Every UnionPay POS message decodes to its published values and packs back to its bytes.

#[path = "unionpay/macs.rs"]
mod macs;

use poslab_core::codec::{NodeKind, dissect, pack, unpack};
use poslab_core::frame::Framing;
use poslab_core::spec::{Dialect, Size, builtin};
use serde_json::Value;
use std::sync::Arc;

struct Vector {
    name: String,
    frame: Vec<u8>,
    expected: Value,
}

fn vectors() -> Vec<Vector> {
    let folder = poslab_tests::vectors("unionpay");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(folder).expect("the vectors are part of the repository") {
        let path = entry.expect("readable").path();
        let text = std::fs::read_to_string(&path).expect("readable");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        out.push(Vector {
            name: json["id"].as_str().expect("an id").to_owned(),
            frame: hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex"),
            expected: json["expected"].clone(),
        });
    }
    out.sort_by(|a, b| a.name.cmp(&b.name));
    out
}

/// The dialect of a vector: one bank sends two bytes in DE26.
fn dialect_of(name: &str) -> Arc<Dialect> {
    let dialect = builtin("unionpay-pos").expect("built in");
    if name != "pub_compl_req_bcom" {
        return dialect;
    }
    let mut own = (*dialect).clone();
    own.change_field(26, |field| field.wire.size = Size::Fixed(4));
    Arc::new(own)
}

fn framing_of(vector: &Vector) -> Framing {
    let parts = [
        ("length", "len2be"),
        ("tpdu", "tpdu"),
        ("header", "header6"),
    ];
    let there = parts
        .iter()
        .filter(|(key, _)| vector.expected.get(key).is_some());
    let words: Vec<&str> = there.map(|(_, word)| *word).collect();
    if words.is_empty() {
        return Framing::none();
    }
    words.join("+").parse().expect("known words")
}

#[test]
fn every_field_has_its_published_value() {
    let mut checked = 0;
    for vector in vectors() {
        let dialect = dialect_of(&vector.name);
        let tree = dissect(&dialect, &vector.frame, &framing_of(&vector));
        assert_eq!(
            tree.mti(),
            vector.expected["mti"].as_str(),
            "{}",
            vector.name
        );
        for (de, value) in vector.expected["fields"].as_object().expect("fields") {
            let Some(id) = tree.find(de) else {
                panic!("{}: DE{de} is not there: {:?}", vector.name, tree.findings);
            };
            let found = tree.value(id);
            // GBK is shown as text by the dialect, and as bytes by the vectors.
            let expected = value.as_str().expect("text");
            let raw = tree.node(tree.data(id)).expect("a node").span.byte_range();
            let raw = hex::encode_upper(&vector.frame[raw]);
            assert!(
                found == expected || raw == expected,
                "{} DE{de}: {found}",
                vector.name
            );
            checked += 1;
        }
    }
    assert!(checked > 900, "only {checked} values were compared");
}

#[test]
fn what_conforms_packs_back_to_the_same_bytes() {
    let deviant = ["pub_sale_req_yzsam", "pub_reversal_req_mpos_23103943048"];
    let mut packed = 0;
    for vector in vectors() {
        let dialect = dialect_of(&vector.name);
        let tree = dissect(&dialect, &vector.frame, &framing_of(&vector));
        let body = &vector.frame[tree.body.clone()];
        match unpack(&dialect, body) {
            Ok(message) => {
                let again =
                    pack(&dialect, &message.to_draft()).expect("it was read, so it can be written");
                assert_eq!(hex::encode(again), hex::encode(body), "{}", vector.name);
                packed += 1;
            }
            Err(error) => assert!(
                deviant.contains(&vector.name.as_str()),
                "{}: {error}",
                vector.name
            ),
        }
    }
    assert!(packed > 80, "only {packed} messages were packed");
}

#[test]
fn every_bit_belongs_to_exactly_one_leaf() {
    for vector in vectors() {
        let dialect = dialect_of(&vector.name);
        for cut in 0..=vector.frame.len() {
            let frame = &vector.frame[..cut];
            let tree = dissect(&dialect, frame, &framing_of(&vector));
            let mut at = 0;
            for leaf in tree.leaves() {
                let node = tree.node(leaf).expect("a leaf");
                assert_eq!(
                    node.span.start,
                    at,
                    "{} cut at {cut}: {}",
                    vector.name,
                    tree.path(leaf)
                );
                at = node.span.end;
            }
            assert_eq!(at as usize, cut * 8, "{} cut at {cut}", vector.name);
            let root_only = tree
                .node(tree.root())
                .is_some_and(|node| node.kind == NodeKind::Root);
            assert!(root_only);
            if cut < vector.frame.len() {
                let inside = tree.findings.iter().any(|finding| finding.offset() <= cut);
                assert!(inside, "{} cut at {cut} has no finding", vector.name);
            }
        }
    }
}
