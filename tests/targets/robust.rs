//! Damaged messages: nothing panics, every bit is accounted for, every damage is seen or harmless.

use poslab_core::bytes::Span;
use poslab_core::codec::{Dissection, detect, dissect, pack, unpack};
use poslab_core::frame::{FramePart, Framing};
use poslab_core::spec::import::import;
use poslab_core::spec::{Dialect, builtin, builtin_names};
use proptest::prelude::*;
use serde_json::Value;

struct Message {
    name: String,
    frame: Vec<u8>,
    dialect: Dialect,
    framing: Framing,
}

/// Every message of the corpus with the specification it names.
fn messages() -> Vec<Message> {
    let mut out = Vec::new();
    for entry in std::fs::read_dir(poslab_tests::vectors("iso8583")).expect("the vectors") {
        let path = entry.expect("readable").path();
        if path.extension().is_none_or(|e| e != "json") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("readable");
        let json: Value = serde_json::from_str(&text).expect("JSON");
        let name = json["id"].as_str().expect("an id").to_owned();
        let mut dialect = import(&text, &name).expect("imports").dialect;
        dialect.header_bytes = 0;
        let header = json["header_bytes"]["count"].as_u64().unwrap_or(0);
        let parts = match u16::try_from(header) {
            Ok(len @ 1..) => vec![FramePart::Fixed(len)],
            _ => Vec::new(),
        };
        let frame = hex::decode(json["raw_hex"].as_str().expect("hex")).expect("hex");
        out.push(Message {
            name,
            frame,
            dialect,
            framing: Framing { parts },
        });
    }
    assert!(out.len() > 100);
    out
}

/// The leaves stand in order, without gap or overlap, from the first bit to the last.
fn covered(tree: &Dissection<'_>) -> Result<(), String> {
    let mut at = 0;
    for id in tree.leaves() {
        let Span { start, end } = tree.node(id).expect("a leaf").span;
        if start != at || end < start {
            return Err(format!(
                "{} covers {start}..{end}, expected from {at}",
                tree.path(id)
            ));
        }
        at = end;
    }
    let bits = tree.frame().len() * 8;
    if at as usize == bits {
        Ok(())
    } else {
        Err(format!("{at} of {bits} bits are covered"))
    }
}

#[test]
fn every_cut_gives_a_finding_inside_the_data() {
    let mut cuts = 0;
    for message in messages() {
        for len in 0..message.frame.len() {
            let frame = &message.frame[..len];
            let tree = dissect(&message.dialect, frame, &message.framing);
            assert!(
                covered(&tree).is_ok(),
                "{} cut to {len}: {:?}",
                message.name,
                covered(&tree)
            );
            let first = tree.findings.first();
            let Some(finding) = first else {
                panic!("{} cut to {len}: nothing said", message.name)
            };
            assert!(
                finding.offset() <= len,
                "{} cut to {len}: {finding}",
                message.name
            );
            cuts += 1;
        }
    }
    assert!(cuts > 15_000, "{cuts}");
}

#[test]
fn every_flipped_bit_gives_a_finding_or_packs_back() {
    let (mut seen, mut harmless) = (0, 0);
    for message in messages() {
        let start = message.framing.split(&message.frame).body.start;
        for bit in start * 8..message.frame.len() * 8 {
            let mut frame = message.frame.clone();
            frame[bit / 8] ^= 0x80 >> (bit % 8);
            let tree = dissect(&message.dialect, &frame, &message.framing);
            if !tree.findings.is_empty() {
                seen += 1;
                continue;
            }
            let body = &frame[start..];
            let read = unpack(&message.dialect, body);
            let read =
                read.unwrap_or_else(|e| panic!("{} bit {bit}: no finding, but {e}", message.name));
            let again = pack(&message.dialect, &read.to_draft());
            let again = again.unwrap_or_else(|e| panic!("{} bit {bit}: {e}", message.name));
            assert!(
                again == body
                    || equal_but_for_case(&again, body)
                    || is_first_of_wide_bitmap(&message, &frame, &again),
                "{} bit {bit}: {} became {}",
                message.name,
                hex::encode(body),
                hex::encode(again)
            );
            harmless += 1;
        }
    }
    assert!(seen > 30_000 && harmless > 30_000, "{seen} {harmless}");
}

/// Where one bitmap of 128 bits always stands, its first bit means nothing and is written as 0.
fn is_first_of_wide_bitmap(message: &Message, frame: &[u8], again: &[u8]) -> bool {
    let wide = message.dialect.bitmap.block_bytes == 16;
    let mut cleared = frame.to_vec();
    cleared[4] = message.frame[4];
    wide && cleared == again
}

/// Hex digits as characters are written in upper case (0x20 apart in ASCII, 0x40 in EBCDIC); an
/// empty last bitmap is not written.
fn equal_but_for_case(again: &[u8], body: &[u8]) -> bool {
    let same = |(a, b): (&u8, &u8)| {
        a == b
            || (a ^ b == 0x20 && a.is_ascii_uppercase())
            || (a ^ b == 0x40 && (0xC1..=0xC6).contains(a))
    };
    again.len() < body.len() || (again.len() == body.len() && again.iter().zip(body).all(same))
}

#[test]
fn broken_messages_are_covered_too() {
    for entry in std::fs::read_dir(poslab_tests::vectors("iso8583/broken")).expect("the vectors") {
        let json: Value = serde_json::from_slice(
            &std::fs::read(entry.expect("readable").path()).expect("readable"),
        )
        .expect("JSON");
        let Ok(frame) = hex::decode(json["raw_hex"].as_str().expect("hex")) else {
            continue;
        };
        for candidate in detect(&frame) {
            assert_eq!(
                covered(&candidate.dissect(&frame)),
                Ok(()),
                "{}",
                json["id"]
            );
        }
    }
}

fn any_framing() -> impl Strategy<Value = Framing> {
    let words = [
        "none",
        "len2be",
        "len2be+tpdu+header6",
        "len4ascii+iso12",
        "tpdu",
        "base1",
        "len2bcd-inclusive",
        "fixed9",
    ];
    prop::sample::select(words.to_vec()).prop_map(|words| words.parse().expect("known words"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_in_any_dialect_are_covered(
        bytes in prop::collection::vec(any::<u8>(), 0..400),
        framing in any_framing(),
        name in prop::sample::select(builtin_names().collect::<Vec<_>>()),
    ) {
        let dialect = builtin(name).expect("built in");
        let tree = dissect(&dialect, &bytes, &framing);
        prop_assert_eq!(covered(&tree), Ok(()));
        tree.walk().for_each(|(_, id)| drop((tree.path(id), tree.value(id))));
    }

    #[test]
    fn any_bytes_behind_a_message_head_are_covered(
        bitmap in any::<u64>(),
        tail in prop::collection::vec(prop_oneof![Just(0x30u8), Just(0u8), Just(0x12u8), any::<u8>()], 0..300),
        name in prop::sample::select(vec!["unionpay-pos", "hypercom-pos", "base1", "iso8583-1987-bcd"]),
    ) {
        let dialect = builtin(name).expect("built in");
        let mut bytes = vec![0x02, 0x00];
        bytes.extend((bitmap & 0x7FFF_FFFF_FFFF_FFFF).to_be_bytes());
        bytes.extend(tail);
        let tree = dissect(&dialect, &bytes, &Framing::none());
        prop_assert_eq!(covered(&tree), Ok(()));
        if let Ok(message) = unpack(&dialect, &bytes) {
            let again = pack(&dialect, &message.to_draft()).map_err(|e| TestCaseError::fail(e.to_string()))?;
            let harmless = !tree.findings.is_empty();
            prop_assert!(again == bytes || harmless, "{} became {}", hex::encode(&bytes), hex::encode(again));
        }
    }

    #[test]
    fn detection_survives_anything(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        for candidate in detect(&bytes) {
            prop_assert!(candidate.score <= 100);
            prop_assert_eq!(covered(&candidate.dissect(&bytes)), Ok(()));
        }
    }
}
